"""Pages of agreements: the register, one agreement, its renewals, end and signed papers."""

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.partners import agreement_queries as queries
from pooshesh.partners import agreements, forms, tables
from pooshesh.partners.models import Agreement
from pooshesh.partners.queries import WRITE, organisations
from pooshesh.partners.titles import STANDINGS


@needs("partners.read")
def agreement_list(request: SignedIn) -> HttpResponseBase:
    """The register of agreements; narrowed to those that end soon, expired, and so on."""
    narrow = forms.AgreementNarrow(request.GET)
    rows = queries.agreements(request.user)
    if narrow.is_valid():
        rows = queries.of_standing(rows, narrow.cleaned_data["standing"])
        if scope := narrow.cleaned_data["scope"]:
            rows = rows.filter(scopes__contains=[scope])
    return tables.AgreementTable(request, rows).respond(
        "partners/agreements.html", {"narrow": narrow, "may_write": request.user.may(WRITE)}
    )


@needs("partners.write")
def agreement_new(request: SignedIn) -> HttpResponse:
    """Put an agreement into the register."""
    form = forms.AgreementForm(
        request.POST or None, request.FILES or None,
        reach=request.user.reach(WRITE), parties=organisations(request.user),
    )  # fmt: skip
    if form.is_valid():
        try:
            made = _register(request, form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:agreement", made.id)
    title = _("Register an agreement")
    return render(request, "partners/form.html", {"form": form, "title": title})


def _register(request: SignedIn, given: dict[str, Any]) -> Agreement:
    """The agreement with its paper: both or neither."""
    paper, area = given.pop("paper"), given.pop("area")
    with transaction.atomic():
        made = agreements.register(actor=request.user.id, areas=[area] if area else [], **given)
        if paper:
            agreements.keep_paper(
                actor=request.user.id, agreement=made, name=paper.name, source=paper,
                size=paper.size,
            )  # fmt: skip
    return made


def found(request: SignedIn, agreement_id: UUID) -> Agreement:
    """The agreement, or 404 where the viewer does not see it."""
    try:
        return queries.agreement(request.user, agreement_id)
    except Agreement.DoesNotExist as error:
        raise Http404 from error


#: What may be asked of an agreement by its register's keepers.
FORMS = {"renew": forms.TermForm, "end": forms.EndForm, "paper": forms.PaperForm}


@needs("partners.read")
def agreement(request: SignedIn, agreement_id: UUID) -> HttpResponse:
    """One agreement: parties, what it is for, its terms; renew it, end it, keep its paper."""
    one = found(request, agreement_id)
    may_write = queries.may_write(request.user, one)
    asked = request.POST.get("verb", "")
    if request.method == "POST" and not (may_write and asked in FORMS):
        raise Http404
    shown = {verb: form(prefix=verb) for verb, form in FORMS.items()}
    if asked:
        shown[asked] = FORMS[asked](request.POST, request.FILES, prefix=asked)
    if asked and shown[asked].is_valid():
        try:
            _act(request, one, asked, shown[asked].cleaned_data)
        except Invalid as error:
            shown[asked].add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("partners:agreement", one.id)
    standing = queries.standing_of(one)
    context = {
        "one": one, "standing": standing, "standing_title": STANDINGS[standing],
        "terms": queries.terms(one), "papers": one.documents.order_by("kept_at"),
        "may_read_paper": queries.may_read_paper(request.user, one), "may_write": may_write,
        "forms": shown, "data_classes": queries.data_titles(one),
        "scope_titles": queries.scope_titles(one),
    }  # fmt: skip
    return render(request, "partners/agreement.html", context)


def _act(request: SignedIn, one: Agreement, verb: str, given: dict[str, Any]) -> None:
    actor = request.user.id
    if verb == "renew":
        agreements.renew(actor=actor, agreement=one, **given)
    elif verb == "end":
        agreements.end_early(actor=actor, agreement=one, **given)
    else:
        paper = given["paper"]
        agreements.keep_paper(
            actor=actor, agreement=one, name=paper.name, source=paper, size=paper.size
        )


@require_safe
@needs("partners.read")
def paper(request: SignedIn, agreement_id: UUID, paper_id: UUID) -> FileResponse:
    """The signed paper of an agreement, for the register's keepers and the parties."""
    one = found(request, agreement_id)
    if not queries.may_read_paper(request.user, one):
        raise Http404
    kept = get_object_or_404(one.documents, id=paper_id)
    content = agreements.read_paper(actor=request.user.id, paper=kept)
    return FileResponse(
        io.BytesIO(content), as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
