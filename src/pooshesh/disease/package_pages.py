"""Pages of versions of packages: bring a sheet, look at what changes, answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease import forms, package_sheet, packages, queries, tables
from pooshesh.disease.models import Package, PackageState
from pooshesh.disease.pages import found
from pooshesh.disease.states import READ, WRITE
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial

SHOWN = 200


@needs(WRITE)
def package_new(request: SignedIn, code: str) -> HttpResponse:
    """Propose a version of a package with a sheet; every fault of the sheet is shown."""
    one = found(code)
    form = forms.PackageForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"one": one, "form": form, "columns": package_sheet.COLUMNS}
    if form.is_valid():
        data = form.cleaned_data
        file = data["file"]
        try:
            sheet = package_sheet.read(str(file.name), file)
            context |= {"troubles": sheet.troubles[:SHOWN], "count": sheet.count}
            made = packages.propose(
                one, sheet, name=str(file.name), digest=packages.digest_of(file),
                starts=data["starts"], ceiling=data["ceiling"], note=data["note"],
                actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Proposed; another person puts it in force."))
            return redirect("disease:package", made.pk)
    return render(request, "disease/package_new.html", context)


@needs(WRITE)
def package_end(request: SignedIn, code: str) -> HttpResponse:
    """Propose that a disease has no package from a day on; says first what that means."""
    one = found(code)
    asked = request.POST if request.method == "POST" else request.GET or None
    form = forms.EndPackageForm(asked)
    data = form.cleaned_data if form.is_bound and form.is_valid() else None
    if request.method == "POST" and data:
        try:
            made = packages.propose_end(one, **data, actor=request.user.pk)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Proposed; another person puts it in force."))
            return redirect("disease:package", made.pk)
    day = (data or {}).get("starts") or timezone.localdate()
    context = {"one": one, "form": form, "day": day, "ending": queries.ending(one.code, day)}
    return render(request, "disease/package_end.html", context)


def _package(package_id: UUID) -> Package:
    one = queries.package(package_id)
    if one is None:
        raise Http404
    return one


@require_safe
@needs(READ)
def package(request: SignedIn, package_id: UUID) -> HttpResponseBase:
    """A version of a package: its lines, and what it changes in the one before."""
    one = _package(package_id)
    lines = queries.lines_of(one.pk)
    before = queries.package_before(one)
    changes = package_sheet.difference(queries.lines_of(before.pk) if before else {}, lines)
    proposed = one.state == PackageState.PROPOSED
    own = one.proposed_by == request.user.pk
    context = {
        "one": one, "ceiling": tables.ceiling_of(one), "before": before,
        "changes": [_said(change) for change in changes[:SHOWN]], "count": len(changes),
        "more": len(changes) > SHOWN, "answer": forms.AnswerForm(),
        "may_answer": proposed and not own and request.user.reach(WRITE).everywhere,
        "may_withdraw": proposed and own, "today": timezone.localdate(), "day": one.starts,
        "ending": queries.ending(one.disease_id, one.starts) if one.ending else None,
    }  # fmt: skip
    return tables.LineTable(request, list(lines.values())).respond("disease/package.html", context)


def _said(change: package_sheet.Change) -> dict[str, Any]:
    """A change for the page: its line, and each field before and after."""
    titles = {one.name: one.title for one in package_sheet.COLUMNS} | {
        "percents": _("Fund's shares by decile")
    }
    pairs = [
        (titles[name], _value(name, getattr(change.before, name)),
         _value(name, getattr(change.after, name)))
        for name in change.fields
    ]  # fmt: skip
    return {"what": change.what, "line": change.line, "pairs": pairs}


def _value(name: str, value: Any) -> Any:
    if name == "percents":
        return package_sheet.write_shares(value)
    return Rial(value) if name == "unit_price_rial" and value is not None else value


@require_POST
@needs(WRITE)
def package_act(request: SignedIn, package_id: UUID, verb: str) -> HttpResponse:
    """Put a version in force or refuse it, as another than who proposed it; or withdraw it."""
    one, actor = _package(package_id), request.user.pk
    try:
        if verb == "withdraw":
            packages.withdraw(one, actor=actor)
        elif not request.user.reach(WRITE).everywhere:
            raise Http404
        elif verb == "approve":
            packages.approve(one, actor=actor)
        elif verb == "refuse":
            packages.refuse(one, answer=request.POST.get("answer", ""), actor=actor)
        else:
            raise Http404
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("It was recorded."))
    return redirect("disease:package", one.pk)
