"""Pages about a household: enrolment, what it owes, what it paid."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.coverage import (
    documents,
    forms,
    households,
    ledger,
    papers,
    payments,
    queries,
    reading,
    states,
)
from pooshesh.coverage.models import Invoice, Method
from pooshesh.coverage.proposals import Proposal, proposals, total_share
from pooshesh.kernel.crypto import CannotOpen
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.people import queries as people
from pooshesh.people.models import Household
from pooshesh.people.page_parts import form_page, purpose_of
from pooshesh.people.queries import HouseholdRecord
from pooshesh.policy.words import lang
from pooshesh.web.pdf import pdf_response


def panel(request: HttpRequest, household: Household) -> Mapping[str, Any] | None:
    """What a household owes, for who may see cover where it lives."""
    if not queries.may_read(request.user, household):
        return None
    return {"household": household, "account": ledger.balance(household.pk)}


def _household(request: SignedIn, household_id: UUID, permission: str) -> Household:
    found = people.household(request.user, household_id, permission)
    if found is None:
        raise Http404
    return found


def _record(request: SignedIn, household_id: UUID, permission: str) -> HouseholdRecord:
    """The household with members; enrolling and reading cover both need the right to see names."""
    _household(request, household_id, permission)
    record = people.household_record(request.user, household_id)
    if record is None:
        raise Http404
    return record


def _back(found: Household) -> dict[str, str]:
    return {"about": str(found.area), "back": reverse("coverage:household", args=[found.pk])}


@require_safe
@needs("coverage.read")
def household(request: SignedIn, household_id: UUID) -> HttpResponse:
    """The cover of a household: members, account, invoices, payments, applications."""
    record = _record(request, household_id, queries.READ)
    found, today = record.household, timezone.localdate()
    ids = [one.person_id for one in record.members]
    reading.note_household(found, ids, purpose_of(request), actor=request.user.pk)
    account = ledger.balance(found.pk)
    cover = queries.covered_many(ids, today)
    context = {
        "household": found, "hidden": record.hidden, "account": account,
        "members": [(one, states.said(cover[one.person_id])) for one in record.members],
        "invoices": reversed(ledger.invoices(found.pk, account)), "today": today,
        "may_change": request.user.reach(queries.WRITE).covers(found.area_path, found.area_id),
        **reading.household_rows(found),
    }  # fmt: skip
    return render(request, "coverage/household.html", context)


@needs("coverage.write")
def enrol(request: SignedIn, household_id: UUID) -> HttpResponse:
    """Enrol members of a household: what the rules say, why, and what it costs."""
    record = _record(request, household_id, queries.WRITE)
    found = record.household
    asked = forms.DayForm(request.GET if "on" in request.GET else None)
    day = asked.cleaned_data["on"] if asked.is_valid() else timezone.localdate()
    form = forms.EnrolForm(request.POST or None, request.FILES or None, initial={"on": day})
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["on"]
    members = people.household_record(request.user, household_id, day) or record
    shown: list[Proposal] = []
    refused = ""
    try:
        shown = proposals(members.members, day, lang())
    except Invalid as error:
        refused = error.message()
    chosen = {one.person_id for one in shown if one.proposed}
    if form.is_bound:
        picked = set(request.POST.getlist("member"))
        chosen = {one.person_id for one in shown if str(one.person_id) in picked}
        if form.is_valid() and not refused:
            try:
                made = households.enrol_household(
                    found, members.members, chosen, on=day,
                    scheme=form.cleaned_data["scheme"], note=form.cleaned_data["note"],
                    uploads=form.uploads(), actor=request.user.pk,
                )  # fmt: skip
            except Invalid as error:
                form.add_error(None, error.message())
            else:
                messages.success(
                    request, _("The members were enrolled. Print the form and let it be signed.")
                )
                return redirect(
                    f"{reverse('coverage:household', args=[found.pk])}#application-{made.pk}"
                )
    context = {
        "household": found, "asked": forms.DayForm(initial={"on": day}), "day": day,
        "form": form, "refused": refused, "hidden": members.hidden,
        "proposals": [(one, one.person_id in chosen) for one in shown],
        "total": total_share([one for one in shown if one.person_id in chosen]),
        "anybody": any(one.possible for one in shown), "chosen": len(chosen),
    }  # fmt: skip
    return render(request, "coverage/enrol.html", context)


# --- money ----------------------------------------------------------------------------------


@needs("coverage.write")
def invoice_new(request: SignedIn, household_id: UUID) -> HttpResponse:
    """Ask a household for the premium of a year or a month."""
    found = _household(request, household_id, queries.WRITE)
    form = forms.InvoiceForm(request.POST or None)
    return form_page(
        request, form,
        lambda data: payments.issue_invoice(found, *form.period(), actor=request.user.pk) and None,
        title=_("Issue an invoice"), **_back(found),
    )  # fmt: skip


@needs("coverage.write")
def invoice_cancel(request: SignedIn, invoice_id: UUID) -> HttpResponse:
    """Take an invoice back, with the reason."""
    one = _invoice(request, invoice_id, queries.WRITE)
    return form_page(
        request, forms.ReasonForm(request.POST or None),
        lambda data: payments.cancel_invoice(one, reason=data["reason"], actor=request.user.pk),
        title=_("Cancel the invoice"), **_back(one.household),
    )  # fmt: skip


def _invoice(request: SignedIn, invoice_id: UUID, permission: str) -> Invoice:
    found = reading.invoice(request.user, invoice_id, permission)
    if found is None:
        raise Http404
    return found


@needs("coverage.write")
def pay(request: SignedIn, household_id: UUID) -> HttpResponse:
    """Write down money a household paid."""
    found = _household(request, household_id, queries.WRITE)
    owed = ledger.balance(found.pk).owed

    def save(data: dict[str, Any]) -> None:
        _made, fresh = payments.record_payment(
            found, data["amount"], reference=data["reference"], paid_on=data["paid_on"],
            method=Method(data["method"]), actor=request.user.pk,
        )  # fmt: skip
        if not fresh:
            messages.info(request, _("This payment was recorded before; nothing was added."))

    form = forms.PaymentForm(
        request.POST or None, expected=owed, initial={"amount": owed} if owed else {}
    )
    return form_page(request, form, save, title=_("Record a payment"), **_back(found))


@needs("coverage.write")
def refund(request: SignedIn, household_id: UUID) -> HttpResponse:
    """Write down credit given back to a household."""
    found = _household(request, household_id, queries.WRITE)
    credit = ledger.balance(found.pk).credit
    form = forms.RefundForm(
        request.POST or None, expected=credit, initial={"amount": credit} if credit else {}
    )
    return form_page(
        request, form,
        lambda data: payments.refund(
            found, data["amount"], reference=data["reference"], refunded_on=data["refunded_on"],
            reason=data["reason"], actor=request.user.pk,
        ) and None,
        title=_("Record a refund"), **_back(found),
    )  # fmt: skip


# --- papers ---------------------------------------------------------------------------------


def _printed(request: SignedIn, kind: str, row: UUID, found: Household, persons: Any = ()) -> None:
    reading.note_paper(
        kind, row, found.area_path, persons, purpose_of(request), actor=request.user.pk
    )


@require_safe
@needs("coverage.read")
def invoice(request: SignedIn, invoice_id: UUID) -> HttpResponse:
    """An invoice to print."""
    one = _invoice(request, invoice_id, queries.READ)
    head = reading.head_of(one.household_id)
    standing = ledger.invoices(one.household_id, ledger.balance(one.household_id))
    unpaid = next((s.unpaid for s in standing if s.invoice.pk == one.pk), Rial(0))
    _printed(request, "invoice", one.pk, one.household, queries.billed_persons(one))
    return pdf_response(papers.bill(one, head, unpaid), f"invoice-{one.number}")


@require_safe
@needs("coverage.read")
def receipt(request: SignedIn, payment_id: UUID) -> HttpResponse:
    """A receipt to print."""
    one = reading.payment(request.user, payment_id)
    if one is None:
        raise Http404
    _printed(request, "payment", one.pk, one.household)
    return pdf_response(papers.receipt(one, reading.head_of(one.household_id)), f"receipt-{one.pk}")


@require_safe
@needs("coverage.read")
def application(request: SignedIn, application_id: UUID) -> HttpResponse:
    """The enrolment form of a household, to be signed."""
    one = reading.application(request.user, application_id)
    if one is None:
        raise Http404
    spells = queries.spells_by(one)
    _printed(request, "application", one.pk, one.household, [s.person_id for s in spells])
    made = papers.enrolment_form(one, one.household, reading.head_of(one.household_id), spells)
    return pdf_response(made, f"enrolment-{one.pk}")


@require_safe
@needs("coverage.read")
def document(request: SignedIn, document_id: UUID) -> HttpResponseBase:
    """A document of an application, opened for who may see the household."""
    one = reading.document(request.user, document_id)
    if one is None:
        raise Http404
    try:
        with documents.opened(one, purpose_of(request), actor=request.user.pk) as path:
            answer = FileResponse(path.open("rb"), content_type=one.content_type)
    except (CannotOpen, FileNotFoundError) as error:
        raise Http404 from error
    name = f"document-{one.pk}.{documents.ENDINGS[one.content_type]}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
