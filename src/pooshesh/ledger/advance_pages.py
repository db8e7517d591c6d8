"""Pages of advances: money for providers ahead of care, and the certificates of its use."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease.queries import diseases
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger import advances, forms, lists, queries, tables
from pooshesh.ledger.models import CertificateState, VoucherState
from pooshesh.ledger.payees import Payee
from pooshesh.places import queries as places

READ, ORDER = queries.READ, queries.ORDER
CHOICES = 12


@require_safe
@needs(ORDER)
def facility_choices(request: SignedIn) -> HttpResponse:
    """Providers to choose from that fit what was typed."""
    rows = places.facilities(request.user.reach(ORDER))
    found = places.search_facilities(rows, request.GET.get("q", "")[:200])[:CHOICES]
    shown = [(f"{one} ({one.code})", one.area) for one in found]
    return render(request, "web/choices.html", {"choices": shown})


@needs(READ)
def advance_list(request: SignedIn) -> HttpResponseBase:
    """Advances to providers, and what of each is still to be shown."""
    table = tables.AdvanceTable(request, lists.advances(request.user.reach(READ)))
    return table.respond("ledger/advances.html", {"may_order": request.user.may(ORDER)})


@needs(ORDER)
def advance_new(request: SignedIn) -> HttpResponse:
    """Commit an advance to a provider and draw its voucher."""
    form = forms.AdvanceForm(request.POST or None, reach=request.user.reach(ORDER))
    if form.is_valid():
        data = form.cleaned_data
        payee = Payee("provider", data["name"], data["sheba"].value, data["facility"].pk)
        try:
            made = advances.advance(
                data["facility"], data["year"], data["amount"], payee, purpose=data["purpose"],
                once=data["once"], actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The advance stands on a voucher; order its payment."))
            return redirect("ledger:advance", made.pk)
    context = {
        "form": form, "title": _("Pay a provider ahead"),
        "lead": _("The provider shows by certificates what the money was used for."),
    }  # fmt: skip
    return render(request, "ledger/form.html", context)


@require_safe
@needs(READ)
def advance(request: SignedIn, advance_id: UUID) -> HttpResponseBase:
    """One advance: its voucher, certificates and what is still to be shown."""
    one = lists.found(lists.advances(request.user.reach(READ)), advance_id)
    if one is None:
        raise Http404
    may_order = request.user.reach(ORDER).covers(one.area_path)
    state = one.voucher_state
    waiting = [c for c in lists.certificates(one) if c.state == CertificateState.WAITING]
    context = {
        "one": one, "left": tables.left_of(one), "certified": Rial(one.certified or 0),
        "refunded": Rial(one.refunded or 0), "state": VoucherState(state) if state else None,
        "may_certify": may_order and state == VoucherState.PAID and bool(tables.left_of(one)),
        "waiting": waiting if may_order else [], "me": request.user.pk,
    }  # fmt: skip
    table = tables.CertificateTable(request, lists.certificates(one))
    return table.respond("ledger/advance.html", context)


@needs(ORDER)
def certificate_new(request: SignedIn, advance_id: UUID) -> HttpResponse:
    """Record a provider's certificate; a second person accepts it."""
    one = lists.found(lists.advances(request.user.reach(ORDER)), advance_id)
    if one is None:
        raise Http404
    names = [(each.code, str(each)) for each in diseases()]
    form = forms.CertificateForm(request.POST or None, diseases=names)
    form.usual = (Rial(1), tables.left_of(one))
    if form.is_valid():
        data = form.cleaned_data
        try:
            advances.certify(
                one, data["amount"], number=data["number"], on=data["on"],
                patients=data["patients"], disease=data["disease"], actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The certificate waits for a second person."))
            return redirect("ledger:advance", one.pk)
    context = {"form": form, "title": _("Record a certificate of use"), "lead": str(one.facility)}
    return render(request, "ledger/form.html", context)


@require_POST
@needs(ORDER)
def certificate_decide(request: SignedIn, certificate_id: UUID, verb: str) -> HttpResponse:
    """Accept or refuse a certificate that somebody else recorded."""
    found = lists.found(lists.waiting_certificates(request.user.reach(ORDER)), certificate_id)
    if found is None or verb not in ("accept", "refuse"):
        raise Http404
    why = request.POST.get("why", "")
    try:
        advances.decide(found, accept=verb == "accept", why=why, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("ledger:advance", found.advance_id)
