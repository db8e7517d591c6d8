"""What a patient asks the fund for: new requests, what became of each, answers and appeals."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.db import transaction
from django.forms import BaseFormSet, formset_factory
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pooshesh.disease.queries import package_on
from pooshesh.documents import actions as documents
from pooshesh.documents.models import DocumentKind
from pooshesh.documents.reading import Cleaned
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.portal import drafts, mine
from pooshesh.portal.door import Visited, brings_too_much, visited
from pooshesh.portal.forms import AnswerForm, BringForm, WhyForm
from pooshesh.portal.mine import PORTAL, Whole
from pooshesh.portal.my_pages import shown
from pooshesh.requests import appeals, bringing, ending, evidence, forms
from pooshesh.requests import queries as asking
from pooshesh.requests.bringing import Asked
from pooshesh.requests.models import Ground, Kind, Request

ROWS, MOST_ROWS = 2, 20


@require_safe
@visited
def choose(request: Visited) -> HttpResponse:
    """For which disease something is asked, and of which kind."""
    diseases = mine.tagged_diseases(request.visit)
    what = forms.WhatForm(request.GET if "disease" in request.GET else None, diseases=diseases)
    if what.is_valid():
        return redirect("portal:request_new", what.cleaned_data["disease"],
                        what.cleaned_data["kind"])  # fmt: skip
    return shown(request, "portal/request_what.html", "file", form=what, diseases=diseases)


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def new(request: Visited, disease: str, kind: str) -> HttpResponse:
    """Takes a request line by line with its invoices; what is inside the package is decided."""
    diseases = dict(mine.tagged_diseases(request.visit))
    file = mine.file(request.visit)
    if disease not in diseases or kind not in Kind or file is None:
        raise Http404
    entry = Entry(request, disease, Kind(kind))
    if request.method == "POST" and entry.is_valid() and not request.POST.get("more"):
        visit = request.visit
        try:
            asked = Asked(
                file, disease, entry.lines(), kind=Kind(kind), channel=PORTAL,
                urgent=entry.head.cleaned_data["urgent"], payee=entry.head.given(),
                letter=entry.letter(), once=entry.head.cleaned_data["once"],
            )  # fmt: skip
            with transaction.atomic():
                before = bringing.before(asked, visit.pk)
                made = before or bringing.bring(asked, actor=visit.pk, draft=True)
            if before:
                return redirect("portal:request", before.pk)
        except Invalid as error:
            entry.head.add_error(None, error.message())
        else:
            _keep(request, made, entry.head.cleaned_data["uploads"], DocumentKind.INVOICE)
            return _go_on(request, made)
    return entry.show(diseases[disease])


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def change(request: Visited, request_id: UUID) -> HttpResponse:
    """Corrects a request that was not sent yet or came back."""
    found = _whole(request, request_id)
    row = found.asked.row
    if not found.may_change:
        raise Http404
    entry = Entry(request, row.disease_id, Kind(row.kind), row)
    if request.method == "POST" and entry.is_valid() and not request.POST.get("more"):
        try:
            made = bringing.change(
                row, entry.lines(), payee=entry.head.given(), actor=request.visit.pk,
                urgent=entry.head.cleaned_data["urgent"],
            )  # fmt: skip
        except Invalid as error:
            entry.head.add_error(None, error.message())
        else:
            _keep(request, made, entry.head.cleaned_data["uploads"], DocumentKind.INVOICE)
            return redirect("portal:request", row.pk)
    return entry.show(str(row.disease))


def _keep(request: Visited, row: Request, uploads: list[Cleaned], kind: str) -> int:
    """Keep documents of a request; how many. What is refused says so."""
    kept = 0
    if uploads and brings_too_much(request):
        notes.warning(request, _("Too many documents came from here; try again in an hour."))
        return kept
    for upload in uploads:
        try:
            documents.keep(
                upload, owner_kind=evidence.OWNER, owner_id=row.pk, person_id=row.person_id,
                kind=kind, area_path=str(row.area_path), province=row.province,
                actor=request.visit.pk,
            )  # fmt: skip
            kept += 1
        except Invalid as error:
            notes.warning(request, error.message())
    return kept


def _go_on(request: Visited, row: Request) -> HttpResponse:
    """Send a request that is complete; one that is not stays the patient's."""
    if request.POST.get("draft") or evidence.missing(row):
        notes.info(request, _("Your request is kept. Bring what is missing, then send it."))
    else:
        _submit(request, row)
    return redirect("portal:request", row.pk)


def _submit(request: Visited, row: Request) -> None:
    try:
        evidence.check(row)
        bringing.submit(row, actor=request.visit.pk)
    except Invalid as error:
        notes.error(request, error.message())
    else:
        notes.success(request, _("Your request was sent."))


class Entry:
    """The form of a request: its head and lines, as typed, kept, or still empty."""

    def __init__(self, request: Visited, disease: str, kind: Kind, of: Request | None = None):
        self.request, self.kind, self.of = request, kind, of
        taken = drafts.take(request.visit, request.path) if request.method == "GET" else None
        self.kept = taken is not None
        posted = request.POST if request.method == "POST" else taken
        package = package_on(disease, timezone.localdate())
        self.offers = {code: line.title for code, line in package.lines.items()} if package else {}
        self.prices = {
            code: (line.unit_price_rial, line.unit_price_rial)
            for code, line in (package.lines.items() if package else ())
            if line.unit_price_rial
        }
        self.letters = self._letters(disease)
        self.head = forms.HeadForm(
            posted, request.FILES or None, prefix="head",
            initial=_head(of) if of else {"payee_name": _name(request)},
            letters=[(pk, str(one.request.number)) for pk, one in self.letters.items()],
        )  # fmt: skip
        self.rows = self._rows(posted)

    def _letters(self, disease: str) -> dict[str, Any]:
        file = mine.file(self.request.visit)
        if self.kind != Kind.EXPENSE or self.of or file is None:
            return {}
        return {
            str(one.pk): one
            for one in asking.open_letters(file)
            if one.request.disease_id == disease
        }

    def _rows(self, posted: QueryDict | None) -> BaseFormSet[Any]:
        usual = {**self._lately(posted), **self.prices}
        if posted and posted.get("more"):
            posted = posted.copy()
            total = int(posted.get("lines-TOTAL_FORMS") or 0)
            posted["lines-TOTAL_FORMS"] = str(min(total + ROWS, MOST_ROWS))
        made = formset_factory(forms.LineForm, extra=0 if self.of else ROWS, max_num=MOST_ROWS)
        return made(
            posted, prefix="lines",
            initial=[_line(row) for row in asking.lines(self.of)] if self.of else [],
            form_kwargs={
                "offers": list(self.offers.items()), "kind": self.kind, "usual": usual,
                "sure": bool(posted and posted.get("sure")),
            },
        )  # fmt: skip

    @staticmethod
    def _lately(posted: QueryDict | None) -> dict[str, tuple[int, int]]:
        """Prices that were granted lately for the codes that were typed: the guard of toman."""
        codes = [str(v) for k, v in posted.items() if k.endswith("-code") and v] if posted else []
        return asking.typical(codes) if codes else {}

    def is_valid(self) -> bool:
        head, rows = self.head.is_valid(), self.rows.is_valid()
        if head and rows and not self._filled():
            self.head.add_error(None, Invalid("request.no_lines").message())
            return False
        return head and rows

    def _filled(self) -> list[forms.LineForm]:
        return [row for row in self.rows.forms if row.has_changed() and row.cleaned_data]

    def lines(self) -> list[Any]:
        return [row.line(self.offers, {}) for row in self._filled()]

    def letter(self) -> Any:
        return self.letters.get(self.head.cleaned_data.get("letter", ""))

    def show(self, disease: str) -> HttpResponse:
        """The page of the form."""
        return shown(
            self.request, "portal/request_form.html", "file", head=self.head, rows=self.rows,
            disease=disease, kind=self.kind, of=self.of, kept=self.kept,
            doubted=any(getattr(row, "doubted", False) for row in self.rows.forms),
            full=self.rows.total_form_count() >= MOST_ROWS,
        )  # fmt: skip


def _name(request: Visited) -> str:
    person = request.visit.person
    return f"{person.first_name} {person.last_name}".strip()


def _head(of: Request) -> dict[str, Any]:
    return {"payee": of.payee, "payee_name": of.payee_name, "urgent": of.urgent}


def _line(row: Any) -> dict[str, Any]:
    other = row.code.startswith("other:")
    return {
        "code": "" if other else row.code, "title": row.title if other else "", "on": row.on,
        "provider": row.provider, "invoice": row.invoice, "count": row.count,
        "asked": Rial(row.asked),
    }  # fmt: skip


# --- one request ----------------------------------------------------------------------------


def _whole(request: Visited, request_id: UUID) -> Whole:
    found = mine.request(request.visit, request_id)
    if found is None:
        raise Http404
    return found


@require_safe
@visited
def one(request: Visited, request_id: UUID) -> HttpResponse:
    """One request: where it is, each line with its reasons, money, documents."""
    return _show(request, _whole(request, request_id))


def _show(request: Visited, found: Whole, *, status: int = 200, **given: Any) -> HttpResponse:
    def kept(verb: str) -> QueryDict | None:
        return drafts.take(request.visit, f"{request.path}{verb}/")

    context = {
        "one": found, "bring_form": BringForm(found.checklist),
        "why_form": WhyForm(kept("withdraw")), "answer_form": AnswerForm(kept("answer")),
        "appeal_form": forms.AppealForm(kept("appeal")),
        "appeal_answer_form": AnswerForm(kept("appeal/answer"), prefix="appeal"), **given,
    }  # fmt: skip
    answer = shown(request, "portal/request.html", "file", **context)
    answer.status_code = status
    return answer


@require_POST
@visited
def bring(request: Visited, request_id: UUID) -> HttpResponse:
    """Brings documents for a request."""
    found = _whole(request, request_id)
    if not (found.may_change or found.may_answer):
        raise Http404
    form = BringForm(found.checklist, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, status=422, bring_form=form)
    said = form.cleaned_data
    if _keep(request, found.asked.row, said["uploads"], said["kind"]):
        notes.success(request, _("Thank you, we have your document."))
    return redirect("portal:request", found.asked.row.pk)


@require_POST
@visited
def submit(request: Visited, request_id: UUID) -> HttpResponse:
    """Sends a request that is complete."""
    found = _whole(request, request_id)
    _submit(request, found.asked.row)
    return redirect("portal:request", found.asked.row.pk)


@require_POST
@visited
def withdraw(request: Visited, request_id: UUID) -> HttpResponse:
    """Takes a request back, with the reason."""
    found, form = _whole(request, request_id), WhyForm(request.POST)
    if form.is_valid():
        try:
            ending.withdraw(found.asked.row, why=form.cleaned_data["why"], actor=request.visit.pk)
        except Invalid as error:
            form.add_error("why", error.message())
        else:
            notes.success(request, _("You took the request back."))
            return redirect("portal:request", found.asked.row.pk)
    return _show(request, found, status=422, why_form=form)


@require_POST
@visited
def answer(request: Visited, request_id: UUID) -> HttpResponse:
    """Answers the question of a committee."""
    found, form = _whole(request, request_id), AnswerForm(request.POST)
    if form.is_valid():
        try:
            ending.answer(found.asked.row, text=form.cleaned_data["text"], actor=request.visit.pk)
        except Invalid as error:
            form.add_error("text", error.message())
        else:
            notes.success(request, _("Your answer goes before the committee."))
            return redirect("portal:request", found.asked.row.pk)
    return _show(request, found, status=422, answer_form=form)


@require_POST
@visited
def appeal(request: Visited, request_id: UUID) -> HttpResponse:
    """Appeals a decision about money; other people decide."""
    found, form = _whole(request, request_id), forms.AppealForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            appeals.bring(
                found.asked.row, Ground(said["ground"]), said["text"], actor=request.visit.pk
            )
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            notes.success(request, _("Your appeal was sent; other people decide it."))
            return redirect("portal:request", found.asked.row.pk)
    return _show(request, found, status=422, appeal_form=form)


@require_POST
@visited
def appeal_answer(request: Visited, request_id: UUID) -> HttpResponse:
    """Answers the question of those who decide an appeal; it comes before them again."""
    found = _whole(request, request_id)
    if found.live is None:
        raise Http404
    form = AnswerForm(request.POST, prefix="appeal")
    if form.is_valid():
        try:
            appeals.answer(found.live, text=form.cleaned_data["text"], actor=request.visit.pk)
        except Invalid as error:
            form.add_error("text", error.message())
        else:
            notes.success(request, _("Your answer goes before those who decide the appeal."))
            return redirect("portal:request", found.asked.row.pk)
    return _show(request, found, status=422, appeal_answer_form=form)


@require_POST
@visited
def appeal_withdraw(request: Visited, request_id: UUID) -> HttpResponse:
    """Takes an appeal back; the decision stands."""
    found = _whole(request, request_id)
    if found.live is None:
        raise Http404
    try:
        appeals.withdraw(found.live, actor=request.visit.pk)
    except Invalid as error:
        notes.error(request, error.message())
    else:
        notes.success(request, _("You took the appeal back; the decision stands."))
    return redirect("portal:request", found.asked.row.pk)
