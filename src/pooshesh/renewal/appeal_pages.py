"""Pages of decile appeals."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.people import queries as people
from pooshesh.people.page_parts import form_page
from pooshesh.renewal import appeals as acting
from pooshesh.renewal import forms, papers, queries, tables
from pooshesh.renewal.models import Appeal
from pooshesh.renewal.pages import answer
from pooshesh.renewal.states import APPEAL, WORK
from pooshesh.web.pdf import pdf_response

FORMS = {
    "uphold": forms.AnswerForm, "correct": forms.CorrectForm, "withdraw": forms.AnswerForm,
}  # fmt: skip


@require_safe
@needs(WORK)
def appeals(request: SignedIn) -> HttpResponseBase:
    """Appeals of households of one's area."""
    narrow = forms.AppealNarrow(request.GET)
    rows = queries.appeals(request.user, narrow.asked("state"))
    return answer(
        request,
        tables.AppealTable(request, rows),
        "renewal/appeals.html",
        {"narrow": narrow},
        queries.persons_of_appeals,
    )


@needs(WORK)
def file(request: SignedIn, household_id: UUID) -> HttpResponse:
    """Take down that a household contests its decile."""
    household = people.household(request.user, household_id, WORK)
    if household is None:
        raise Http404

    def save(data: dict[str, Any]) -> str:
        made = acting.file(household, data["text"], actor=request.user.pk)
        return reverse("renewal:appeal", args=[made.pk])

    return form_page(
        request, forms.AppealForm(request.POST or None), save, title=_("File a decile appeal"),
        about=str(household.area), back=reverse("people:household", args=[household.pk]),
    )  # fmt: skip


def _appeal(request: SignedIn, appeal_id: UUID) -> Appeal:
    found = queries.appeal(request.user, appeal_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WORK)
def appeal(request: SignedIn, appeal_id: UUID) -> HttpResponse:
    """One appeal, its clock and its next steps."""
    found = _appeal(request, appeal_id)
    steps = [APPEAL.transition(found.state, verb) for verb in APPEAL.verbs(found.state)]
    late = acting.is_late(found, timezone.localdate())
    context = {"appeal": found, "steps": steps, "late": late, "open": bool(steps)}
    return render(request, "renewal/appeal.html", context)


@needs(WORK)
def move(request: SignedIn, appeal_id: UUID, verb: str) -> HttpResponse:
    """Take a step of an appeal."""
    found = _appeal(request, appeal_id)
    back = reverse("renewal:appeal", args=[found.pk])
    try:
        step = APPEAL.transition(found.state, verb)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect(back)
    if verb not in FORMS:
        if request.method != "POST":
            raise Http404
        acting.move(found, verb, actor=request.user.pk)
        messages.success(request, _("It was recorded."))
        return redirect(back)

    def save(data: dict[str, Any]) -> None:
        acting.move(
            found, verb, answer=data["answer"], decile=data.get("decile"), actor=request.user.pk
        )

    return form_page(
        request, FORMS[verb](request.POST or None), save, title=str(step.title),
        about=str(found.who or ""), back=back,  # type: ignore[attr-defined]
    )  # fmt: skip


@require_safe
@needs(WORK)
def letter(request: SignedIn, appeal_id: UUID) -> HttpResponse:
    """The appeal as a letter to the ministry."""
    found = _appeal(request, appeal_id)
    audit.record(
        "renewal.letter", actor=request.user.pk, kind="appeal", object_id=found.pk,
        area_path=found.area_path,
    )  # fmt: skip
    return pdf_response(papers.appeal_letter(found), "appeal")
