"""Pages of vouchers: decisions that wait for one, drawing, one with its history, its payee."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger import changing, forms, lists, papers, payees, queries, tables, vouchers
from pooshesh.ledger.models import (
    Commitment,
    PayeeKind,
    PayeeRecord,
    PayeeState,
    Voucher,
    VoucherState,
)
from pooshesh.ledger.registry import kind_of
from pooshesh.ledger.states import VOUCHER
from pooshesh.people.merged import died
from pooshesh.people.models import Person
from pooshesh.people.tables import full_name
from pooshesh.web.format import number
from pooshesh.web.pdf import pdf_response
from pooshesh.web.table import Table
from pooshesh.web.timeline import Event

READ, ORDER, RELEASE = queries.READ, queries.ORDER, queries.RELEASE


def _note(request: SignedIn, table: Table[Any], persons: list[UUID]) -> None:
    """Write down whose payments were shown, or taken away as a file."""
    if persons:
        audit.record(
            "ledger.list", actor=request.user.pk, kind="voucher",
            purpose=request.GET.get("export", ""), persons=persons,
        )  # fmt: skip


def _shown(request: SignedIn, table: Table[Any]) -> list[Any]:
    export = request.GET.get("export") in ("csv", "xlsx")
    return list(table.rows) if export else table.page_rows


@needs(ORDER)
def commitment_list(request: SignedIn) -> HttpResponseBase:
    """Decisions whose money stands on no voucher yet."""
    table = tables.CommitmentTable(request, lists.commitments(request.user.reach(ORDER)))
    _note(request, table, [c.person_id for c in _shown(request, table) if c.person_id])
    return table.respond("ledger/commitments.html")


@require_POST
@needs(ORDER)
def draw_known(request: SignedIn) -> HttpResponse:
    """Draw vouchers for all waiting decisions whose payee is known from their request."""
    rows: list[Commitment] = list(lists.commitments(request.user.reach(ORDER)))
    known = payees.agreed(rows)
    dead = died({one.person_id for one in rows if one.person_id})
    drawings = [
        vouchers.Drawing(one, known[one.pk])
        for one in rows
        if one.pk in known
        and not (one.person_id in dead and known[one.pk].kind == PayeeKind.PATIENT)
    ]
    try:
        made = vouchers.draw_many(drawings, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Vouchers drawn: %(count)s") % {"count": number(len(made))})
        if len(made) < len(rows):
            left_out = {"count": number(len(rows) - len(made))}
            messages.warning(
                request,
                _("Left out: %(count)s, whose account is not known or whose patient died.")
                % left_out,
            )
    return redirect("ledger:commitments")


@needs(ORDER)
def draw(request: SignedIn, commitment_id: UUID) -> HttpResponse:
    """Draw a voucher over a decision, or over a share of it."""
    one = lists.found(lists.commitments(request.user.reach(ORDER)), commitment_id)
    if one is None:
        raise Http404
    kind, left = kind_of(one.kind), Rial(one.amount - one.drawn)
    named = kind.payees([one.object_id]).get(one.object_id)
    known = payees.agreed([one]).get(one.pk) or named
    initial: dict[str, Any] = {"amount": left, "kind": "patient"}
    if known:
        initial |= {"kind": known.kind, "name": known.name, "sheba": known.sheba}
    elif one.person:
        initial["name"] = full_name(one.person)
    form = forms.DrawForm(request.POST or None, initial=initial)
    form.usual = (left, left)
    if form.is_valid():
        try:
            made = vouchers.draw(
                one, form.payee(), form.cleaned_data["amount"], why=form.cleaned_data["why"],
                once=form.cleaned_data["once"], actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            if made.payees.filter(state=PayeeState.WAITING).exists():
                messages.warning(request, _("The voucher was drawn; its payee waits for a second"
                                            " person."))  # fmt: skip
            else:
                messages.success(request, _("The voucher was drawn."))
            return redirect("ledger:voucher", made.pk)
    context = {"form": form, "one": one, "kind": kind, "left": left,
               "name": full_name(one.person) if one.person else kind.title,
               "address": kind.address(one.object_id)}  # fmt: skip
    return render(request, "ledger/draw.html", context)


@needs(READ)
def voucher_list(request: SignedIn) -> HttpResponseBase:
    """Vouchers, narrowed by state and budget year."""
    rows, narrow = (
        lists.vouchers(request.user.reach(READ)),
        forms.VoucherNarrow(request.GET, years=lists.years()),
    )
    if narrow.is_valid():
        wanted = {key: value for key, value in narrow.cleaned_data.items() if value}
        rows = rows.filter(**wanted)
    table = tables.VoucherTable(request, rows)
    _note(request, table, lists.persons_of(_shown(request, table)))
    return table.respond("ledger/vouchers.html", {"narrow": narrow})


def _voucher(request: SignedIn, voucher_id: UUID, permission: str = READ) -> Voucher:
    rows = lists.vouchers(request.user.reach(permission)).select_related(
        "commitment__person", "payee__facility", "order"
    )
    one: Voucher | None = lists.found(rows, voucher_id)
    if one is None:
        raise Http404
    return one


@require_safe
@needs(READ)
def voucher(request: SignedIn, voucher_id: UUID) -> HttpResponse:
    """One voucher: whom it is paid to, where its money is, what may be done."""
    one = _voucher(request, voucher_id)
    may_order = _may(request, one)
    whole = may_order or request.user.reach(RELEASE).covers(one.area_path)
    audit.record(
        "ledger.open", actor=request.user.pk, kind="voucher", object_id=one.pk,
        area_path=one.area_path, persons=lists.persons_of([one]),
    )  # fmt: skip
    had, steps = list(lists.payees(one)), lists.history(one)
    names = lists.names_of(
        [step.actor for step in steps]
        + [actor for p in had for actor in (p.proposed_by, p.decided_by)]
    )
    steps_shown = [
        Event(tables.VERBS[step.verb], step.at, step.why, names.get(step.actor, ""))
        for step in steps
    ]
    titles = {t.verb: t.title for t in VOUCHER.transitions}
    by_hand = [v for v in VOUCHER.verbs(one.state) if v in ("reissue", "cancel")]
    context = {
        "one": one, "number": tables.shown_number(one),
        "order_number": tables.shown_number(one.order) if one.order else "",
        "person": one.commitment.person,
        "kind": kind_of(one.commitment.kind), "events": steps_shown,
        "address": kind_of(one.commitment.kind).address(one.commitment.object_id),
        "payee": _opened(one.payee, whole), "payments": one.payments.order_by("sent_at"),
        "changes": [
            (p, _opened(p, whole), names.get(p.proposed_by, ""), names.get(p.decided_by, ""))
            for p in had if p.state not in (PayeeState.FIRST, PayeeState.KNOWN)
        ],
        "verbs": [(v, titles[v]) for v in by_hand] if may_order else [],
        "may_change": may_order and one.state in (VoucherState.VOUCHERED, VoucherState.RETURNED)
        and all(p.state != PayeeState.WAITING for p in had),
        "may_refund": may_order and one.state == VoucherState.PAID
        and one.amount > one.refunded + one.certified,
        "may_decide": may_order, "me": request.user.pk, "form": forms.ReasonForm(),
        "refunded": Rial(one.refunded), "certified": Rial(one.certified),
    }  # fmt: skip
    return render(request, "ledger/voucher.html", context)


def _may(request: SignedIn, one: Voucher) -> bool:
    return request.user.reach(ORDER).covers(one.area_path)


def _opened(record: PayeeRecord, whole: bool) -> payees.Payee:
    """The payee; only who pays or releases reads the whole sheba."""
    read = payees.opened(record)
    return payees.Payee(
        record.get_kind_display(), read.name, read.sheba if whole else tables.masked(read.sheba),
        read.facility_id,
    )  # fmt: skip


@require_safe
@needs(READ)
def voucher_pdf(request: SignedIn, voucher_id: UUID) -> HttpResponse:
    """The voucher on paper, its amount in words in rial and toman."""
    one = _voucher(request, voucher_id)
    audit.record(
        "ledger.print", actor=request.user.pk, kind="voucher", object_id=one.pk,
        area_path=one.area_path, persons=lists.persons_of([one]),
    )  # fmt: skip
    made = papers.voucher(one, _opened(one.payee, _may(request, one)))
    return pdf_response(made, f"voucher-{one.year}-{one.province}-{one.number}")


@require_POST
@needs(ORDER)
def voucher_act(request: SignedIn, voucher_id: UUID, verb: str) -> HttpResponse:
    """Let a returned voucher be paid again, or cancel one that is not with the bank."""
    one = _voucher(request, voucher_id, ORDER)
    act = {"reissue": vouchers.reissue, "cancel": vouchers.cancel}.get(verb)
    if act is None:
        raise Http404
    try:
        act(one, why=request.POST.get("why", ""), actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("ledger:voucher", one.pk)


@needs(ORDER)
def payee_change(request: SignedIn, voucher_id: UUID) -> HttpResponse:
    """Propose another payee or sheba; somebody else confirms it."""
    one = _voucher(request, voucher_id, ORDER)
    now = payees.opened(one.payee)
    initial = {"kind": now.kind, "name": now.name}
    form = forms.ChangeForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            changing.propose_payee(
                one, form.payee(), why=form.cleaned_data["why"], actor=request.user.pk
            )
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The change waits for a second person."))
            return redirect("ledger:voucher", one.pk)
    context = {
        "form": form, "one": one, "title": _("Propose another payee"),
        "lead": _("A voucher is paid to whom it was drawn for, unless two people agree."),
    }  # fmt: skip
    return render(request, "ledger/voucher_form.html", context)


@needs(READ)
def change_list(request: SignedIn) -> HttpResponseBase:
    """Changes of payees that wait for a second person."""
    table = tables.ChangeTable(request, lists.changes(request.user.reach(READ)))
    _note(request, table, lists.persons_of([c.voucher for c in _shown(request, table)]))
    return table.respond("ledger/changes.html")


@require_POST
@needs(ORDER)
def payee_decide(request: SignedIn, change_id: UUID, verb: str) -> HttpResponse:
    """Confirm or refuse a change of the payee that somebody else proposed."""
    change = lists.found(lists.changes(request.user.reach(ORDER)), change_id)
    if change is None or verb not in ("accept", "refuse"):
        raise Http404
    try:
        changing.decide_payee(change, accept=verb == "accept", actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("ledger:voucher", change.voucher_id)


@needs(ORDER)
def refund(request: SignedIn, voucher_id: UUID) -> HttpResponse:
    """Write down money a payee gave back."""
    one = _voucher(request, voucher_id, ORDER)
    form = forms.RefundForm(request.POST or None)
    left = Rial(one.amount - one.refunded - one.certified)
    form.usual = (Rial(1), left)
    if form.is_valid():
        try:
            vouchers.refund(
                one, form.cleaned_data["amount"], reference=form.cleaned_data["reference"],
                on=form.cleaned_data["on"], why=form.cleaned_data["why"], actor=request.user.pk,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The refund was recorded."))
            return redirect("ledger:voucher", one.pk)
    context = {"form": form, "one": one, "title": _("Record a refund"), "left": left,
               "lead": _("Money the payee sent back to the fund's account.")}  # fmt: skip
    return render(request, "ledger/voucher_form.html", context)


def panel(request: HttpRequest, person: Person) -> Mapping[str, Any] | None:
    """Payments of the fund for a person, for who may see them."""
    from pooshesh.access.models import User

    assert isinstance(request.user, User)
    rows = lists.of_person(request.user.reach(READ), person.pk)
    return {"rows": [(one, one.rial, kind_of(one.kind)) for one in rows]} if rows else None
