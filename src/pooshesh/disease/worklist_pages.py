"""Pages of the ministry's registry and of wishes to add a disease."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease import (
    forms,
    queries,
    reading,
    registry,
    registry_sheet,
    tables,
    wishes,
    worklist_queries,
)
from pooshesh.disease.models import RegistryImport, RegistryRow, Wish
from pooshesh.disease.pages import writes_list
from pooshesh.disease.states import WRITE
from pooshesh.kernel.errors import Invalid
from pooshesh.people import looking
from pooshesh.people.tables import full_name
from pooshesh.policy.words import lang
from pooshesh.web.progress import JobView


@needs(WRITE)
def import_list(request: SignedIn) -> HttpResponseBase:
    """Sheets of the ministry's registry, and the form to bring one."""
    reach = request.user.reach(WRITE)
    form = forms.RegistryForm(reach, request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        made = registry.bring(
            str(file.name), file, form.cleaned_data["area"], actor=request.user.pk
        )
        return redirect("disease:import", made.pk)
    context = {
        "form": form, "columns": registry_sheet.columns(()),
        "waiting": worklist_queries.rows(request.user).count(),
    }  # fmt: skip
    table = tables.ImportTable(request, worklist_queries.imports(request.user))
    return table.respond("disease/imports.html", context)


def _import(request: SignedIn, import_id: UUID) -> RegistryImport:
    found = worklist_queries.import_of(request.user, import_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WRITE)
def import_one(request: SignedIn, import_id: UUID) -> HttpResponse:
    """One sheet: progress, what was attached, what is refused."""
    found = _import(request, import_id)
    here = reverse("disease:import", args=[found.pk])
    job = worklist_queries.job_of(found.job_id)
    view = JobView(job, _("Attaching tags"), here, result_address=here) if job else None
    if view and request.headers.get("HX-Request"):
        return render(request, "web/job.html", {"view": view})
    titles = {one.name: one.title for one in registry_sheet.columns(())}
    problems = [
        {"row": one["row"], "field": titles[one["field"]], "said": one[lang()]}
        for one in found.found.get("problems", [])
    ]
    context = {
        "import": found,
        "view": view if view and not view.done else None,
        "problems": problems,
    }
    return render(request, "disease/import.html", context)


@require_safe
@needs(WRITE)
def row_list(request: SignedIn) -> HttpResponseBase:
    """Rows of the registry that stand for nobody yet, oldest first."""
    narrow = forms.RowNarrow(request.GET)
    rows = worklist_queries.rows(request.user)
    if reason := narrow.asked("reason"):
        rows = rows.filter(reason=reason)
    return tables.RowTable(request, rows).respond("disease/rows.html", {"narrow": narrow})


def _row(request: SignedIn, row_id: UUID) -> RegistryRow:
    found = worklist_queries.row(request.user, row_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(WRITE)
def row(request: SignedIn, row_id: UUID) -> HttpResponse:
    """One row of the registry: whom it names, and the person it may stand for."""
    found = _row(request, row_id)
    reading.note_row(found, actor=request.user.pk)
    form = forms.FindForm(request.GET or None)
    number = form.number() if request.GET else ""
    met = worklist_queries.persons_of(request.user, number)
    if met:
        looking.note_number([one.pk for one in met], actor=request.user.pk)
    context = {
        "row": found, "said": registry.opened(found), "form": form, "aside": forms.AsideForm(),
        "met": [(one, full_name(one)) for one in met], "nobody": bool(number) and not met,
        "number": number,
    }  # fmt: skip
    return render(request, "disease/row.html", context)


@require_POST
@needs(WRITE)
def row_attach(request: SignedIn, row_id: UUID) -> HttpResponse:
    """Attach the tag of a row to the person who holds the typed number."""
    found = _row(request, row_id)
    met = worklist_queries.persons_of(request.user, request.POST.get("number", ""))
    chosen = [one for one in met if str(one.pk) == request.POST.get("person")]
    if not chosen:
        raise Http404
    try:
        registry.attach_row(found, chosen[0], actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("disease:row", found.pk)
    messages.success(request, _("It was recorded."))
    return redirect("disease:rows")


@require_POST
@needs(WRITE)
def row_aside(request: SignedIn, row_id: UUID) -> HttpResponse:
    """Set a row aside that stands for nobody here, with the reason."""
    found = _row(request, row_id)
    try:
        registry.set_aside(found, why=request.POST.get("why", ""), actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
        return redirect("disease:row", found.pk)
    messages.success(request, _("It was recorded."))
    return redirect("disease:rows")


# --- wishes ------------------------------------------------------------------------------------


@require_safe
@needs(WRITE)
def wish_list(request: SignedIn) -> HttpResponseBase:
    """Wishes to add a disease, those asked for most first."""
    return tables.WishTable(request, worklist_queries.wishes()).respond(
        "disease/wishes.html", {"may_answer": writes_list(request)}
    )


@needs(WRITE)
def wish(request: SignedIn, wish_id: UUID) -> HttpResponse:
    """One wish: how often and from where, in whose words, and what the public is answered."""
    one: Wish | None = worklist_queries.wishes().filter(pk=wish_id).first()
    if one is None:
        raise Http404
    may_answer = writes_list(request)
    form = forms.WishAnswerForm(
        request.POST or None, diseases=list(queries.diseases()),
        initial={"name": one.name, "state": one.state, "disease": one.disease_id,
                 "words": one.answer},
    )  # fmt: skip
    if request.method == "POST" and not may_answer:
        raise Http404
    if form.is_valid():
        data = dict(form.cleaned_data)
        code = data.pop("disease")
        try:
            disease = queries.disease(code) if code else None
            wishes.answer(one, disease=disease, actor=request.user.pk, **data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("It was recorded."))
            return redirect("disease:wishes")
    context = {
        "wish": one, "form": form, "may_answer": may_answer,
        "voices": worklist_queries.voices(one), "provinces": worklist_queries.by_province(one),
    }  # fmt: skip
    return render(request, "disease/wish_one.html", context)
