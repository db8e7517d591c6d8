"""Pages of briefings: made by one press, looked at, signed, downloaded; and their templates."""

import hashlib
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.briefing import actions, forms, queries, signing, tables
from pooshesh.briefing.models import Briefing, Template
from pooshesh.briefing.queries import READ, SIGN, WRITE
from pooshesh.insight import figures
from pooshesh.insight.months import code_of
from pooshesh.insight.queries import home
from pooshesh.kernel.errors import Invalid
from pooshesh.web.format import language
from pooshesh.web.pdf import pdf_response


@require_safe
@needs(READ)
def briefing_list(request: SignedIn) -> HttpResponseBase:
    """Briefings of the viewer's area."""
    context = {"may_make": bool(queries.maker_reach(request.user))}
    table = tables.BriefingTable(request, queries.briefings(request.user))
    return table.respond("briefing/list.html", context)


@needs(READ)
def make(request: SignedIn) -> HttpResponse:
    """One press makes the briefing in both languages; pressed twice it is the same."""
    reach = queries.maker_reach(request.user)
    if not reach:
        raise Http404
    last = figures.latest_month()
    initial = {"area": home(request.user).code, "month": code_of(last) if last else ""}
    form = forms.MakeForm(reach, request.POST or None, initial=initial)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            made = actions.make(
                queries.newest(chosen["template"]), chosen["area"], chosen["month"], reach=reach,
                address=request.build_absolute_uri("/").rstrip("/"), actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return redirect("briefing:briefing", made.pk)
    return render(request, "briefing/make.html", {"form": form, "counted": last})


@require_safe
@needs(READ)
def briefing(request: SignedIn, briefing_id: UUID) -> HttpResponse:
    """One briefing as it reads in the viewer's language, its papers and signatures."""
    one = _found(request, briefing_id)
    papers = list(queries.papers(one))
    shown = next(paper for paper in papers if paper.language == language())
    context = {
        "one": one, "papers": papers, "words": shown.words, "title": one.inputs["title"][
            shown.language],
        "may_sign": queries.may_sign(request.user, one),
        "names": queries.names([one.made_by, one.signed_by]),
    }  # fmt: skip
    return render(request, "briefing/briefing.html", context)


@require_POST
@needs(SIGN)
def sign(request: SignedIn, briefing_id: UUID) -> HttpResponse:
    """Sign both papers."""
    one = _found(request, briefing_id)
    if not request.user.reach(SIGN).covers(str(one.area_path), one.area_id):
        raise Http404
    try:
        actions.sign(one, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Signed."))
    return redirect("briefing:briefing", one.pk)


@require_POST
@needs(READ)
def again(request: SignedIn, briefing_id: UUID) -> HttpResponse:
    """Make it again of the facts as they were known, and say whether it is the same."""
    one = _found(request, briefing_id)
    made = actions.made_again(one)
    kept = {paper.language: paper.sha256 for paper in queries.papers(one)}
    if {key: hashlib.sha256(pdf).hexdigest() for key, pdf in made.items()} == kept:
        messages.success(request, _("Made again, it is the same, byte for byte."))
    else:
        messages.error(request, _("Made again, it is not the same; the kept file holds."))
    return redirect("briefing:briefing", one.pk)


@require_safe
@needs(READ)
def file(request: SignedIn, briefing_id: UUID, name: str) -> HttpResponse:
    """briefing-fa.pdf, its signature briefing-fa.pdf.sig, or the key it is checked with."""
    one = _found(request, briefing_id)
    if name == "key.pem" and one.signed_key:
        return _download(one.signed_key.encode(), "application/x-pem-file", "pooshesh-key.pem")
    wanted, dot, ending = name.removeprefix("briefing-").partition(".")
    paper = queries.paper(one, wanted)
    if paper is None or not dot:
        raise Http404
    saved = f"briefing-{one.area.code}-{code_of(one.month)}-{one.digest[:8]}-{wanted}"
    if ending == "pdf":
        return pdf_response(bytes(paper.pdf), saved)
    if ending == "pdf.sig" and paper.signature:
        return _download(bytes(paper.signature), "application/octet-stream", f"{saved}.pdf.sig")
    raise Http404


@require_safe
@needs(READ)
def key(_request: SignedIn) -> HttpResponse:
    """The public key that this installation signs with."""
    return _download(signing.public_key().encode(), "application/x-pem-file", "pooshesh-key.pem")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(request: SignedIn, briefing_id: UUID) -> Briefing:
    try:
        return queries.briefings(request.user).get(pk=briefing_id)
    except Briefing.DoesNotExist as error:
        raise Http404 from error


# --- templates -----------------------------------------------------------------------------------


@require_safe
@needs(READ)
def template_list(request: SignedIn) -> HttpResponseBase:
    """Templates of briefings."""
    context = {"may_change": queries.may_change(request.user)}
    table = tables.TemplateTable(request, queries.templates())
    return table.respond("briefing/templates.html", context)


def _template(code: str) -> Template:
    found = queries.template(code)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(READ)
def template(request: SignedIn, code: str) -> HttpResponse:
    """A template's text with every version before it."""
    one = _template(code)
    versions = queries.versions(one)
    context = {
        "one": one, "versions": versions, "may_change": queries.may_change(request.user),
        "names": queries.names(version.made_by for version in versions),
    }  # fmt: skip
    return render(request, "briefing/template.html", context)


@needs(WRITE)
def add(request: SignedIn) -> HttpResponse:
    """A new template, empty or of the text of another (`from`)."""
    if not queries.may_change(request.user):
        raise Http404
    like = queries.template(request.GET.get("from", ""))
    text = queries.newest(like) if like else None
    initial = {"text_fa": text.text_fa, "text_en": text.text_en} if text else {}
    form = forms.NewForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = actions.add(
                said["code"], said["name_fa"], said["name_en"], said["text_fa"], said["text_en"],
                why=said["why"], actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error("code" if error.code == "briefing.code" else None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("briefing:template", made.code)
    return _text(request, form, None)


@needs(WRITE)
def change(request: SignedIn, code: str) -> HttpResponse:
    """Change a template's text: a new version, checked."""
    if not queries.may_change(request.user):
        raise Http404
    one = _template(code)
    now = queries.newest(one)
    initial = {"text_fa": now.text_fa, "text_en": now.text_en, "after": now.number}
    form = forms.TextForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.change(
                one, said["text_fa"], said["text_en"], why=said["why"], after=said["after"],
                actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("briefing:template", one.code)
    return _text(request, form, one)


def _text(request: SignedIn, form: forms.TextForm, one: Template | None) -> HttpResponse:
    """The form of a template's text beside the placeholders it may use; None is a new one."""
    codes = sorted(figures.book().indicators.values(), key=lambda known: known.code)
    return render(request, "briefing/change.html", {"one": one, "form": form, "codes": codes})
