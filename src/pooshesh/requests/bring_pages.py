"""Pages on which requests are brought: whose, for what, line by line, with documents."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease.queries import package_on
from pooshesh.documents.models import DocumentKind
from pooshesh.fund import desk
from pooshesh.fund.models import PatientFile
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.people.tables import full_name
from pooshesh.requests import bringing, evidence, finding, forms, queries
from pooshesh.requests.bringing import Asked
from pooshesh.requests.models import Kind, Letter, Request, State
from pooshesh.requests.pages import keep, seen
from pooshesh.requests.states import APPLY

ROWS, MOST_ROWS = 3, 50


@needs(APPLY)
def find(request: SignedIn) -> HttpResponse:
    """Find the patient's file by a number that was shown, never by name."""
    form = forms.FindForm(request.POST or None)
    if form.is_valid():
        file = finding.by_number(request.user, form.cleaned_data["patient"])
        if file:
            return redirect("requests:new", file.pk)
        form.add_error("patient", _("No file of your area has this number; apply for a tag first."))
    context = {
        "form": form, "title": _("New expense request"), "about": "",
        "back": reverse("requests:brought"),
    }  # fmt: skip
    return render(request, "requests/find.html", context)


@needs(APPLY)
def new(request: SignedIn, file_id: UUID) -> HttpResponse:
    """Bring a request for a patient: first the disease and kind, then the lines."""
    file = finding.file(request.user, file_id)
    if file is None:
        raise Http404
    diseases = finding.diseases_of(file)
    audit.record(
        "requests.look", actor=request.user.pk, kind="patient_file", object_id=file.pk,
        area_path=str(file.area_path), persons=[file.person_id],
    )  # fmt: skip
    what = forms.WhatForm(request.GET if "disease" in request.GET else None, diseases=diseases)
    if not what.is_valid():
        context = {"form": what, "file": file, "name": full_name(file.person),
                   "diseases": diseases}  # fmt: skip
        return render(request, "requests/what.html", context)
    disease, kind = what.cleaned_data["disease"], Kind(what.cleaned_data["kind"])
    entry = Entry(request, disease, kind, file)
    if request.method == "POST" and entry.is_valid() and not request.POST.get("more"):
        try:
            # All or nothing: a draft left behind would hold the invoices against who tries again.
            with transaction.atomic():
                made = _bring(request, entry)
        except Invalid as error:
            entry.head.add_error(None, error.message())
        else:
            return redirect("requests:request", made.pk)
    return entry.show(dict(diseases)[disease])


def _bring(request: SignedIn, entry: "Entry") -> Request:
    """Keep a draft with its documents; decide it when it is complete and not kept back."""
    assert entry.file
    user = request.user
    asked = Asked(
        entry.file, entry.disease, entry.lines(), kind=entry.kind,
        urgent=entry.head.cleaned_data["urgent"], payee=entry.head.given(),
        channel="desk" if queries.works_anywhere(user) else "clinic", letter=entry.letter(),
        once=entry.head.cleaned_data["once"],
    )  # fmt: skip
    before = bringing.before(asked, user.pk)
    if before:
        return before
    made = bringing.bring(asked, actor=user.pk, draft=True)
    keep(made, entry.head.cleaned_data["uploads"], DocumentKind.INVOICE, user.pk)
    return _go_on(request, made)


def _go_on(request: SignedIn, made: Request) -> Request:
    if request.POST.get("draft"):
        messages.success(request, _("Kept as a draft."))
        return made
    needed = evidence.missing(made)
    if needed:
        messages.warning(
            request,
            _("Kept as a draft; bring what is missing and submit it: %(missing)s.")
            % {"missing": "، ".join(one.title for one in needed)},
        )
        return made
    made = bringing.submit(made, actor=request.user.pk)
    messages.success(request, _("Submitted: %(state)s") % {"state": State(made.state).label})
    return made


@needs(APPLY)
def change(request: SignedIn, request_id: UUID) -> HttpResponse:
    """Correct the lines of a draft, or of a request that was returned."""
    found = seen(request, request_id)
    if found.state not in evidence.STILL or not queries.may_bring(request.user, found):
        raise Http404
    entry = Entry(request, found.disease_id, Kind(found.kind), found.file, found)
    if request.method == "POST" and entry.is_valid() and not request.POST.get("more"):
        try:
            desk.check_free(request.user.pk, *queries.at_desk(found))
            made = bringing.change(
                found, entry.lines(), payee=entry.head.given(),
                urgent=entry.head.cleaned_data["urgent"], actor=request.user.pk,
            )  # fmt: skip
            keep(made, entry.head.cleaned_data["uploads"], DocumentKind.INVOICE, request.user.pk)
            _go_on(request, made)
        except Invalid as error:
            entry.head.add_error(None, error.message())
        else:
            return redirect("requests:request", found.pk)
    return entry.show(str(found.disease))


class Entry:
    """The form of a request: its head and as many lines as were asked for."""

    def __init__(
        self, request: SignedIn, disease: str, kind: Kind, file: PatientFile,
        of: Request | None = None,
    ) -> None:  # fmt: skip
        self.request, self.disease, self.kind, self.file, self.of = request, disease, kind, file, of
        package = package_on(disease, timezone.localdate())
        self.offers = {code: line.title for code, line in package.lines.items()} if package else {}
        prices = {
            code: (line.unit_price_rial, line.unit_price_rial)
            for code, line in (package.lines.items() if package else ())
            if line.unit_price_rial
        }
        posted = request.POST if request.method == "POST" else None
        self.letters: dict[str, Letter] = {}
        if kind == Kind.EXPENSE:
            rows = queries.open_letters(file).filter(request__disease=disease)
            self.letters = {str(one.pk): one for one in rows}
        self.head = forms.HeadForm(
            posted, request.FILES or None if posted else None, prefix="head",
            initial=_head(of) if of else None,
            letters=[] if of else [(pk, _letter(one)) for pk, one in self.letters.items()],
        )  # fmt: skip
        self.rows: BaseFormSet[Any] = self._rows(posted, prices)

    def _rows(self, posted: Any, prices: Mapping[str, tuple[int, int]]) -> BaseFormSet[Any]:
        kept = queries.lines(self.of) if self.of else []
        initial = [_line(row) for row in kept]
        usual = {**queries.typical(posted_codes(posted)), **prices} if posted else dict(prices)
        made = formset_factory(forms.LineForm, extra=ROWS, max_num=MOST_ROWS)
        if posted and posted.get("more"):
            posted = posted.copy()
            total = int(posted.get("lines-TOTAL_FORMS") or 0)
            posted["lines-TOTAL_FORMS"] = str(min(total + ROWS, MOST_ROWS))
        return made(
            posted, prefix="lines", initial=initial,
            form_kwargs={
                "offers": list(self.offers.items()), "kind": self.kind, "usual": usual,
                "sure": bool(posted and posted.get("sure")),
            },
        )  # fmt: skip

    def is_valid(self) -> bool:
        head, rows = self.head.is_valid(), self.rows.is_valid()
        if head and rows and not self._filled():
            self.head.add_error(None, Invalid("request.no_lines").message())
            return False
        return head and rows

    def _filled(self) -> list[forms.LineForm]:
        return [row for row in self.rows.forms if row.has_changed() and row.cleaned_data]

    def lines(self) -> list[Any]:
        filled = self._filled()
        names = {row.cleaned_data["provider"] for row in filled}
        places = finding.facilities_called(self.request.user, names)
        return [row.line(self.offers, places) for row in filled]

    def letter(self) -> Letter | None:
        return self.letters.get(self.head.cleaned_data.get("letter", ""))

    def show(self, disease: str) -> HttpResponse:
        """The page of the form."""
        context = {
            "head": self.head, "rows": self.rows, "file": self.file, "of": self.of,
            "name": full_name(self.file.person), "disease": disease, "kind": self.kind,
            "doubted": any(getattr(row, "doubted", False) for row in self.rows.forms),
            "full": self.rows.total_form_count() >= MOST_ROWS,
        }  # fmt: skip
        return render(self.request, "requests/form.html", context)


def posted_codes(posted: Any) -> list[str]:
    """Codes of the lines that were posted."""
    return [value for key, value in posted.items() if key.endswith("-code") and value]


def _letter(letter: Letter) -> str:
    return f"{letter.request.number} · {letter.provider}"


def _head(of: Request) -> dict[str, Any]:
    return {"payee": of.payee, "payee_name": of.payee_name, "urgent": of.urgent}


def _line(row: Any) -> dict[str, Any]:
    return {
        "code": "" if row.code.startswith("other:") else row.code,
        "title": row.title if row.code.startswith("other:") else "", "on": row.on,
        "provider": row.provider, "invoice": row.invoice, "count": row.count,
        "asked": Rial(row.asked),
    }  # fmt: skip
