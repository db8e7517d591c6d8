"""Pages of cases: counts, lists, one case with its steps, pseudo-IDs, what is held."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.people.models import Person
from pooshesh.people.page_parts import change_person, form_page, purpose_of
from pooshesh.people.queries import READ as READ_PEOPLE
from pooshesh.people.queries import person as person_within
from pooshesh.people.queries import records_of
from pooshesh.people.tables import full_name
from pooshesh.policy.explained import Explained
from pooshesh.regularisation import actions, forms, held, queries, tables
from pooshesh.regularisation.models import Case, CaseState, Ground, Proof, Step
from pooshesh.regularisation.states import CASE
from pooshesh.web import format as written
from pooshesh.web.charts import Datum, bar, figure
from pooshesh.web.pdf import pdf, pdf_response
from pooshesh.web.timeline import Event

EVERYWHERE = gettext_lazy("All of your area")


# --- counts -------------------------------------------------------------------------------


@require_safe
@needs("nationals.read")
def figures(request: SignedIn) -> HttpResponseBase:
    """Cases by step and place, refusals by ground, and how long cases stand at a step."""
    by = "province" if request.GET.get("by") == "province" else "city"
    found = queries.figures(request.user, by, str(EVERYWHERE))
    counted = [(step.label, found.total.counts.get(step.value, 0)) for step in found.steps]
    caption = _("Cases by step, in persons")
    chart = figure(
        bar(caption, [Datum(label, count) for label, count in counted if count is not None]),
        caption,
        [_("Step"), _("Persons")],
        [[label, tables.told(count)] for label, count in counted],
    )
    table = tables.ToldPlaceTable if found.municipal else tables.PlaceTable
    return table(request, found.lines).respond(
        "regularisation/figures.html",
        {
            "figures": found,
            "chart": chart,
            "by": by,
            "ages": [(CaseState(state), *rest) for state, rest in found.ages.items()],
            "late": queries.LATE,
            "few": queries.FEW,
            "may_see_cases": request.user.may(READ_PEOPLE),
        },
    )


# --- cases --------------------------------------------------------------------------------


@require_safe
@needs("nationals.read")
@needs("people.read")
def case_list(request: SignedIn) -> HttpResponseBase:
    """Cases of foreign nationals in the viewer's area."""
    rows = queries.cases(request.user)
    state, ground = request.GET.get("state", ""), request.GET.get("ground", "")
    if state in CaseState.values:
        rows = rows.filter(state=state)
    if ground in Ground.values:
        rows = rows.filter(ground=ground)
    table = tables.CaseTable(request, rows)
    _note_list("case.list", request, table)
    context = {"states": CaseState.choices, "state": state, "grounds": Ground.choices,
               "ground": ground}  # fmt: skip
    return table.respond("regularisation/cases.html", context)


def _note_list(action: str, request: SignedIn, table: Any) -> None:
    """Note whose names a list showed, or took away as a file."""
    export = request.GET.get("export", "")
    shown = table.rows if export in ("csv", "xlsx") else table.page_rows
    persons = [row.person_id for row in shown if row.person_id]
    if persons:
        audit.record(action, actor=request.user.pk, kind="case", purpose=export, persons=persons)


def _case(request: SignedIn, case_id: UUID) -> Case:
    found = queries.case(request.user, case_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs("nationals.read")
@needs("people.read")
def case(request: SignedIn, case_id: UUID) -> HttpResponse:
    """One case: where it stands, why, its documents and every step."""
    found = _case(request, case_id)
    audit.record(
        "case.look", actor=request.user.pk, kind="case", object_id=found.pk,
        purpose=purpose_of(request), area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
    shows_cover = request.user.reach("coverage.read").covers(found.area_path, found.area_id)
    decision = queries.decision(found) if shows_cover else None
    may_work = queries.may_work(request.user, found)
    return render(
        request,
        "regularisation/case.html",
        {
            "case": found,
            "name": full_name(found.person),
            "ground": Ground(found.ground).label if found.ground else "",
            "steps": [_event(step) for step in queries.steps(found)],
            "documents": [
                (one, tables.masked(actions.number_of(one))) for one in queries.documents(found)
            ],
            "explained": Explained(decision) if decision else None,
            "decision": decision,
            "days": tables.days_in_step(found),
            "verbs": [
                (one, CASE.transition(found.state, one).title)
                for one in CASE.verbs(found.state)
                if may_work and one in VERBS
            ],
            "may_work": may_work,
        },
    )


def _event(step: Step) -> Event:
    titles = {one.verb: one.title for one in CASE.transitions}
    titles |= {"open": _("Case opened"), "renew": _("Lawful stay renewed")}
    said: list[object] = [CaseState(step.target).label]
    if step.ground:
        said.append(Ground(step.ground).label)
    if step.document:
        said.append(step.document.get_kind_display())
    if step.text:
        said.append(step.text)
    tone = "bad" if step.verb in ("refuse", "revoke") else "info"
    who = getattr(step, "who", "") or (_("by itself") if step.actor is None else "")
    return Event(titles[step.verb], step.at, " · ".join(map(str, said)), who, tone)  # type: ignore[arg-type]


def _work(request: SignedIn, case_id: UUID) -> Case:
    found = queries.workable(request.user).filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


@needs("nationals.work")
def document(request: SignedIn, case_id: UUID) -> HttpResponse:
    """Record a document; one that proves a lawful status regularises or renews."""
    found = _work(request, case_id)
    form = forms.PaperForm(request.POST or None)
    return form_page(
        request, form,
        lambda data: actions.show_document(
            found.pk, form.paper(), consent_on=data["consent_on"], actor=request.user.pk
        ) and None,
        title=_("Record a document"), about=full_name(found.person), back=_back(found),
    )  # fmt: skip


def _back(found: Case) -> str:
    return reverse("regularisation:case", args=[found.pk])


@require_POST
@needs("nationals.work")
def reveal(request: SignedIn, document_id: UUID) -> HttpResponse:
    """Show the whole number of a document, and write down that it was asked for."""
    found = queries.document(request.user, document_id)
    if found is None:
        raise Http404
    number = actions.reveal(found, actor=request.user.pk)
    messages.info(request, _("Document number: %(number)s") % {"number": number or "—"})
    return redirect("regularisation:case", found.case_id)


Save = Callable[[UUID, dict[str, Any], UUID], object]

#: verb → (form, what it does): the steps a clerk takes by a form.
VERBS: dict[str, tuple[type[django_forms.Form], Save]] = {
    "refuse": (forms.RefuseForm, lambda case, data, by: actions.refuse(
        case, Ground(data["ground"]), data["text"], on=data["on"], actor=by)),
    "appeal": (forms.ReasonForm, lambda case, data, by: actions.appeal(case, **data, actor=by)),
    "reopen": (forms.ReasonForm, lambda case, data, by: actions.reopen(case, **data, actor=by)),
    "withdraw": (forms.ReasonForm, lambda case, data, by: actions.withdraw(
        case, **data, actor=by)),
    "leave": (forms.ReasonForm, lambda case, data, by: actions.leave(case, **data, actor=by)),
    "revoke": (forms.ReasonForm, lambda case, data, by: actions.revoke(case, **data, actor=by)),
    "enrol": (forms.EnrolForm, lambda case, data, by: actions.enrol(case, **data, actor=by)),
}  # fmt: skip


@needs("nationals.work")
def step(request: SignedIn, case_id: UUID, verb: str) -> HttpResponse:
    """Take a step in a case."""
    found = _work(request, case_id)
    if verb not in VERBS:
        raise Http404
    form, save = VERBS[verb]
    title = next(str(one.title) for one in CASE.transitions if one.verb == verb)
    about = full_name(found.person)
    if verb == "enrol" and (decision := queries.decision(found)):
        about = _("%(name)s · the household's share of the premium is %(share)s percent") % {
            "name": about, "share": written.number(decision.premium_percent or 0),
        }  # fmt: skip
    return form_page(
        request, form(request.POST or None),
        lambda data: save(found.pk, data, request.user.pk) and None,
        title=title, about=about, back=_back(found),
    )  # fmt: skip


@needs("nationals.work")
def open_case(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Open a case for a foreign person a clerk met."""
    found = queries.case_person(request.user, person_id)
    if found is None:
        raise Http404
    return form_page(
        request, forms.OpenForm(request.POST or None),
        lambda data: _back(actions.open_case(found, on=data["on"], actor=request.user.pk)),
        title=_("Open a case"), about=full_name(found),
        back=reverse("people:person", args=[found.pk]),
    )  # fmt: skip


# --- pseudo-IDs ---------------------------------------------------------------------------


@require_safe
@needs("nationals.read")
@needs("people.read")
def pseudo(request: SignedIn) -> HttpResponseBase:
    """Foreign nationals whose number is a pseudo-ID, to be worked off."""
    rows = queries.pseudo_ids(request.user)
    kinds = ("foreign_code", "national_id")
    kind = request.GET.get("kind", "")
    if kind in kinds:
        rows = rows.filter(kind=kind)
    works = request.user.may("nationals.work") and request.user.may("people.write")
    table = (tables.PseudoWorkTable if works else tables.PseudoTable)(request, rows)
    _note_list("pseudo.list", request, table)
    boxes = [(kinds[0], _("Foreign national's code")), (kinds[1], _("National ID number"))]
    return table.respond("regularisation/pseudo.html", {"boxes": boxes, "kind": kind})


@needs("nationals.work")
def pseudo_id(request: SignedIn, identifier_id: UUID) -> HttpResponse:
    """Enter the true 12-digit code in place of a pseudo-ID."""
    found = queries.pseudo_id(request.user, identifier_id)
    if found is None:
        raise Http404
    person = change_person(request, found.person_id)
    return form_page(
        request, forms.CodeForm(request.POST or None),
        lambda data: actions.replace_pseudo(person, data["code"].value, actor=request.user.pk),
        title=_("Enter the true code"),
        about=f"{full_name(person)} · {tables.why_pseudo(found)}",
        back=reverse("regularisation:pseudo"),
    )  # fmt: skip


# --- what is held -------------------------------------------------------------------------


def _asking(request: SignedIn, person_id: UUID) -> Person:
    found = person_within(request.user, person_id)
    reach = request.user.reach(READ_PEOPLE)
    if found is None or not reach.covers(found.area_path, found.area_id):
        raise Http404
    return found


@needs("people.read")
def ask(request: SignedIn, person_id: UUID) -> HttpResponse:
    """Note who asks what is held about them, then print it."""
    found = _asking(request, person_id)

    def save(data: dict[str, Any]) -> str:
        made = actions.note_inquiry(
            found, Proof(data["proof"]), data["note"], actor=request.user.pk
        )
        return reverse("regularisation:held", args=[made.pk])

    return form_page(
        request, forms.InquiryForm(request.POST or None), save,
        title=_("What is held about this person"), about=full_name(found),
        back=reverse("people:person", args=[found.pk]),
    )  # fmt: skip


@require_safe
@needs("people.read")
def held_sheet(request: SignedIn, inquiry_id: UUID) -> HttpResponse:
    """The sheet of what is held about a person: classes, purposes, who read it, when it goes."""
    inquiry = queries.inquiry(request.user, inquiry_id)
    if inquiry is None:
        raise Http404
    person = inquiry.person
    told = held.sheet(person, records_of(request.user, person))
    made = pdf(
        "regularisation/print/held.typ",
        _("What is held about you"),
        {
            "to": [_("Name"), full_name(person)],
            "proof": [_("How it was made sure who asks"), inquiry.get_proof_display()],
            "when": [_("Date"), written.jdate(inquiry.at, "moment")],
            "intro": _(
                "You asked what the insurer holds about you. Below stand the classes of data, how "
                "many of each, where they came from, what for, and when they are deleted. What is "
                "wrong is corrected when you show the paper that proves it."
            ),
            "head": [_("What"), _("How many"), _("From where"), _("What for"), _("Deleted on")],
            "parts": held.plain(told),
            "looks_title": _("Who looked and who changed"),
            "looks_head": [_("When"), _("Who"), _("What"), _("What for")],
            "looks": held.looks(told),
        },
        foot=_("Number of the question: %(number)s") % {"number": str(inquiry.pk)},
        on=inquiry.at.date(),
    )
    return pdf_response(made, "held")
