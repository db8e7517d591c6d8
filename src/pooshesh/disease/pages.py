"""Pages of the list of diseases and of the evidence they ask for."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease import catalogue, forms, queries, tables
from pooshesh.disease.models import Disease
from pooshesh.disease.states import READ, VERIFY, WRITE
from pooshesh.kernel.errors import Invalid
from pooshesh.people.page_parts import form_page


def found(code: str) -> Disease:
    """The disease of a code, or 404."""
    try:
        return queries.disease(code)
    except Disease.DoesNotExist as error:
        raise Http404 from error


def writes_list(request: SignedIn) -> bool:
    """Whether the list is the viewer's to change: it is the nation's."""
    return bool(request.user.reach(WRITE).everywhere)


def changed(request: SignedIn, code: str) -> Disease:
    """The disease, or 404 for who may not change the list."""
    if not writes_list(request):
        raise Http404
    return found(code)


@require_safe
@needs(READ)
def diseases(request: SignedIn) -> HttpResponseBase:
    """Diseases of the fund's list, with their codes and the package in force."""
    rows = queries.with_package(queries.diseases(), timezone.localdate())
    context = {"unconfirmed": queries.unconfirmed(), "may_write": writes_list(request),
               "proposed": queries.proposed(request.user)}  # fmt: skip
    return tables.DiseaseTable(request, rows).respond("disease/diseases.html", context)


@require_safe
@needs(READ)
def disease(request: SignedIn, code: str) -> HttpResponseBase:
    """One disease: its codes, the versions of its package, the evidence asked for."""
    one, today = found(code), timezone.localdate()
    narrow = forms.OnDay(request.GET)
    day = narrow.asked("on") or today
    package = queries.package_on(one.code, day)
    context = {
        "one": one, "day": day, "narrow": narrow, "package": package,
        "ceiling": tables.ceiling_of(package) if package else None,
        "ended": None if package else queries.ended_by(one.code, day),
        "needed": queries.needed(one.code, day), "may_write": writes_list(request),
        "own": queries.own_evidence(one.code, today) if writes_list(request) else [],
        "may_propose": request.user.may(WRITE),
        "may_confirm": request.user.may(VERIFY) and not one.confirmed_on,
    }  # fmt: skip
    table = tables.PackageTable(request, queries.packages(one.code))
    return table.respond("disease/disease.html", context)


@needs(WRITE)
def disease_new(request: SignedIn) -> HttpResponse:
    """Add a disease to the list."""
    if not writes_list(request):
        raise Http404

    def save(data: dict[str, object]) -> str:
        made = catalogue.add(actor=request.user.pk, **data)  # type: ignore[arg-type]
        return reverse("disease:disease", args=[made.code])

    return form_page(
        request, forms.NewDiseaseForm(request.POST or None), save, title=_("Add a disease"),
        about=_("Its names and codes are to be confirmed by a clinician afterwards."),
        back=reverse("disease:diseases"),
    )  # fmt: skip


@needs(WRITE)
def disease_change(request: SignedIn, code: str) -> HttpResponse:
    """Correct names and codes of a disease."""
    one = changed(request, code)
    form = forms.ChangeDiseaseForm(
        request.POST or None,
        initial={name: getattr(one, name) for name in forms.ChangeDiseaseForm.base_fields},
    )
    return form_page(
        request, form,
        lambda data: catalogue.change(one, actor=request.user.pk, **data) and None,
        title=_("Change the disease"), about=str(one),
        back=reverse("disease:disease", args=[one.code]),
    )  # fmt: skip


@require_POST
@needs(VERIFY)
def confirm(request: SignedIn, code: str) -> HttpResponse:
    """Confirm, as a clinician, that names and codes belong together."""
    one = found(code)
    try:
        catalogue.confirm(one, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("It was recorded."))
    return redirect("disease:disease", one.code)


@needs(WRITE)
def evidence_new(request: SignedIn, code: str) -> HttpResponse:
    """Ask for a document, from a day on."""
    one = changed(request, code)
    return form_page(
        request, forms.EvidenceForm(request.POST or None),
        lambda data: catalogue.ask_for(one, actor=request.user.pk, **data) and None,
        title=_("Ask for evidence"), about=str(one),
        back=reverse("disease:disease", args=[one.code]),
    )  # fmt: skip


@require_POST
@needs(WRITE)
def evidence_end(request: SignedIn, code: str, evidence: int) -> HttpResponse:
    """Ask for a document no longer, from today on."""
    one = changed(request, code)
    asked = queries.own_evidence(one.code, timezone.localdate()).filter(pk=evidence).first()
    if asked is None:
        raise Http404
    catalogue.ask_no_more(asked, timezone.localdate(), actor=request.user.pk)
    messages.success(request, _("It was recorded."))
    return redirect("disease:disease", one.code)
