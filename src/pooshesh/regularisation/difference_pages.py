"""Pages of cover that differs from the newest decision: list, one line, letter, what is done."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.people.page_parts import form_page, purpose_of
from pooshesh.people.tables import full_name
from pooshesh.policy.explained import Explained
from pooshesh.regularisation import differences, forms, queries, tables
from pooshesh.regularisation.models import (
    UNSETTLED,
    Difference,
    DifferenceKind,
    DifferenceState,
)
from pooshesh.regularisation.states import DIFFERENCE
from pooshesh.web.format import jdate, number
from pooshesh.web.pdf import pdf, pdf_response


@require_safe
@needs("coverage.read")
def difference_list(request: SignedIn) -> HttpResponseBase:
    """Cover given here that the newest decision does not give; unsettled lines at first."""
    rows = queries.differences(request.user)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in DifferenceState.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=UNSETTLED)
    if kind in DifferenceKind.values:
        rows = rows.filter(kind=kind)
    table = tables.DifferenceTable(request, rows)
    export = request.GET.get("export", "")
    shown = table.rows if export in ("csv", "xlsx") else table.page_rows
    if persons := [row.person_id for row in shown]:
        audit.record(
            "difference.look", actor=request.user.pk, kind="difference", purpose=export,
            persons=persons,
        )  # fmt: skip
    return table.respond(
        "regularisation/differences.html",
        {"states": DifferenceState.choices, "state": state, "kinds": DifferenceKind.choices,
         "kind": kind},
    )  # fmt: skip


def _difference(request: SignedIn, pk: UUID, permission: str) -> Difference:
    found = queries.difference(request.user, pk, permission)
    if found is None:
        raise Http404
    return found


def _back(found: Difference) -> str:
    return reverse("regularisation:difference", args=[found.pk])


@require_safe
@needs("coverage.read")
def difference(request: SignedIn, difference_id: UUID) -> HttpResponse:
    """What cover there is, what was decided and why, and what may be done."""
    found = _difference(request, difference_id, queries.COVER_READ)
    audit.record(
        "difference.look", actor=request.user.pk, kind="difference", object_id=found.pk,
        purpose=purpose_of(request), area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
    decision = queries.decision_of(found)
    may = queries.difference(request.user, found.pk, queries.COVER_WRITE) is not None
    return render(
        request,
        "regularisation/difference.html",
        {
            "one": found,
            "name": full_name(found.person),
            "spell": queries.spell_of(found),
            "decision": decision,
            "explained": Explained(decision),
            "verbs": [
                (verb, DIFFERENCE.transition(found.state, verb).title)
                for verb in DIFFERENCE.verbs(found.state)
                if may and verb in VERBS
            ],
        },
    )


Save = Callable[[UUID, dict[str, Any], UUID], object]
VERBS: dict[str, tuple[type[django_forms.Form], Save]] = {
    "tell": (forms.TellForm, lambda one, data, by: differences.tell(one, **data, actor=by)),
    "apply": (django_forms.Form, lambda one, data, by: differences.apply(one, actor=by)),
    "keep": (forms.KeepForm, lambda one, data, by: differences.keep(one, **data, actor=by)),
}


@needs("coverage.write")
def act(request: SignedIn, difference_id: UUID, verb: str) -> HttpResponse:
    """Tell the person, apply what they were told, or leave the cover as it is."""
    found = _difference(request, difference_id, queries.COVER_WRITE)
    if verb not in VERBS:
        raise Http404
    form, save = VERBS[verb]
    title = next(str(one.title) for one in DIFFERENCE.transitions if one.verb == verb)
    # The form that asks nothing is bound by the post itself.
    bound = form(request.POST) if request.method == "POST" else form()
    return form_page(
        request, bound, lambda data: save(found.pk, data, request.user.pk) and None,
        title=title, about=_about(found), back=_back(found),
    )  # fmt: skip


def _about(found: Difference) -> str:
    day = f" · {jdate(found.from_day)}" if found.from_day else ""
    return f"{full_name(found.person)} · {found.get_kind_display()}{day}"


@require_safe
@needs("coverage.write")
def letter(request: SignedIn, difference_id: UUID) -> HttpResponse:
    """The letter that tells a person from which day their cover is otherwise, and why."""
    found = _difference(request, difference_id, queries.COVER_WRITE)
    if found.from_day is None:
        raise Http404
    decision = queries.decision_of(found)
    explained = Explained(decision)
    audit.record(
        "difference.look", actor=request.user.pk, kind="difference", object_id=found.pk,
        purpose="letter", area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
    share = (
        _("%(share)s percent") % {"share": number(decision.premium_percent)}
        if decision.premium_percent is not None
        else "—"
    )
    ends = found.kind == DifferenceKind.ENDS
    made = pdf(
        "regularisation/print/letter.typ",
        _("Your health cover changes"),
        {
            "facts": [
                [_("To"), full_name(found.person)],
                [_("Date"), jdate(found.told_at, "prose")],
                [_("First day it is otherwise"), jdate(found.from_day, "prose")],
                [_("Decided"), explained.outcome],
                [_("Household's share of the premium"), share],
            ],
            "says": (
                _("From that day on this insurer no longer covers you.")
                if ends
                else _("From that day on you are insured in another fund or for another share.")
            ),
            "why_title": _("Why"),
            "why": [
                [one.sentence, one.law, *(str(change) for change in one.changes)]
                for one in explained.reasons
            ],
            "object_title": _("If you do not agree"),
            "object": _(
                "Bring the paper that shows what is wrong, or write why you object, to the health "
                "insurance office of your province before that day. Your cover stays as it is "
                "until then, and it is answered with its reasons."
            ),
        },
        foot=str(found.pk),
    )
    return pdf_response(made, "letter")
