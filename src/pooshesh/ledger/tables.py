"""The tables of the ledger."""

from functools import cached_property
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.money import Rial
from pooshesh.ledger import lists
from pooshesh.ledger.models import (
    Advance,
    CertificateState,
    Commitment,
    Finding,
    LineKind,
    Order,
    OrderState,
    PayeeRecord,
    PayeeState,
    Payment,
    Statement,
    StatementLine,
    Voucher,
    VoucherState,
)
from pooshesh.ledger.payees import opened
from pooshesh.ledger.queries import Totals
from pooshesh.ledger.registry import kind_of
from pooshesh.people.tables import full_name
from pooshesh.web.cells import dash, identifier
from pooshesh.web.format import digits, percent
from pooshesh.web.table import Column, Table

#: Entry.verb → what happened, as histories and the journal call it.
VERBS = {
    "enact": _("Budget law"),
    "allocate": _("Allocated to a province"),
    "take_back": _("Taken back from a province"),
    "close_year": _("End of the year"),
    "commit": _("Committed by decisions"),
    "undo": _("Commitments set free"),
    "draw": _("Voucher drawn"),
    "order": _("Put in a payment order"),
    "refuse": _("Release refused"),
    "send": _("Sent to the bank"),
    "match": _("The bank answered"),
    "reissue": _("To be paid again"),
    "cancel": _("Voucher cancelled"),
    "refund": _("Money given back"),
    "certify": _("Use of an advance shown"),
}


def shown_number(row: Voucher | Order) -> str:
    """Year, province and number, as on the paper: 1404/15/12."""
    return f"{row.year}/{row.province}/{row.number}"


def voucher_link(row: Voucher) -> SafeString:
    """The number of a voucher, leading to its page."""
    address = reverse("ledger:voucher", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, identifier(shown_number(row)))


def order_link(row: Order) -> SafeString:
    """The number of an order, leading to its page."""
    address = reverse("ledger:order", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, identifier(shown_number(row)))


def masked(sheba: str) -> str:
    """A sheba of which only the beginning and end are read."""
    return f"{sheba[:4]}…{sheba[-4:]}"


def _kind(row: Commitment) -> str:
    return str(kind_of(row.kind).title)


class TotalsTable(Table[Totals]):
    """The money of each province in a budget year."""

    name = "budget"
    caption = _("Credit by province")
    empty = _("Nothing has been allocated in this year.")
    page_size = 40

    @cached_property
    def names(self) -> dict[str, str]:
        return {code: str(area) for code, area in lists.provinces().items()}

    @property
    def columns(self) -> tuple[Column[Totals], ...]:  # type: ignore[override]
        """The names of provinces are read once."""
        return (
            Column("province", _("Province"), lambda t: self.names.get(t.province, t.province),
                   sort="province"),
            Column("allocated", _("Allocated"), "allocated", kind="money", sort="x"),
            Column("committed", _("Committed"), "committed", kind="money", sort="x"),
            Column("vouchered", _("On vouchers"), "vouchered", kind="money", sort="x"),
            Column("paid", _("Paid"), "paid", kind="money", sort="x"),
            Column("absorption", _("Absorption"), lambda t: t.absorption, sort="x",
                   render=_absorption),
            Column("available", _("Free"), "available", kind="money", sort="x"),
            Column("returned", _("Returned by the bank"), "returned", kind="money", sort="x",
                   hidden=True),
            Column("advanced", _("Advances not yet shown"), "advanced", kind="money", sort="x",
                   hidden=True),
            Column("lapsed", _("Lapsed"), "lapsed", kind="money", sort="x", hidden=True),
        )  # fmt: skip

    order = "-allocated"


def _absorption(row: Totals) -> SafeString:
    if row.absorption is None:
        return dash()
    return format_html('<span class="number">{}</span>', percent(row.absorption))


class AllocationTable(Table[Any]):
    """Allocations of a year."""

    name = "allocations"
    caption = _("Allocations")
    empty = _("Nothing has been allocated in this year.")
    columns = (
        Column("at", _("Date"), "at", kind="date", sort="at"),
        Column("province", _("Province"), "province_name", sort="province"),
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("note", _("Note"), "note"),
    )
    order = "-at"


def _draw_link(row: Commitment) -> SafeString:
    name = full_name(row.person) if row.person else _kind(row)
    address = reverse("ledger:draw", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, name)


class CommitmentTable(Table[Any]):
    """Decisions that wait for a voucher."""

    name = "commitments"
    caption = _("Decisions waiting for a voucher")
    empty = _("Every decision of your area stands on a voucher.")
    columns = (
        Column("person", _("Patient"), lambda c: full_name(c.person) if c.person else "",
               sort="person__sort_key", render=_draw_link),
        Column("kind", _("Decision"), _kind, sort="kind"),
        Column("disease", _("Disease"), "disease_name", sort="disease"),
        Column("amount", _("Committed"), "rial", kind="money", sort="amount"),
        Column("left", _("On no voucher"), lambda c: Rial(c.amount - c.drawn), kind="money"),
        Column("year", _("Budget year"), lambda c: digits(str(c.year)), sort="year"),
        Column("at", _("Decided"), "at", kind="date", sort="at"),
    )  # fmt: skip
    order = "at"


def _payee(row: Voucher) -> str:
    return opened(row.payee).name


class VoucherTable(Table[Any]):
    """Vouchers."""

    name = "vouchers"
    caption = _("Vouchers")
    empty = _("No voucher of your area fits.")
    search_label = _("Number, sheba or reference")
    columns: ClassVar[tuple[Column[Any], ...]] = (
        Column("number", _("Voucher number"), shown_number, kind="id", sort="number",
               render=voucher_link),
        Column("payee", _("Paid to"), _payee),
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("state", _("State"), lambda v: VoucherState(v.state), kind="state", sort="state"),
        Column("at", _("Drawn on"), "at", kind="date", sort="at"),
        Column("paid", _("Paid on"), "paid_on", kind="date", sort="paid_on"),
        Column("disease", _("Disease"), "disease_name", hidden=True),
        Column("kind", _("Decision"), lambda v: _kind(v.commitment), hidden=True),
        Column("order", _("Payment order"), lambda v: shown_number(v.order) if v.order else "",
               kind="id", hidden=True),
    )  # fmt: skip
    order = "-at"

    def search(self, rows: Any, text: str) -> Any:
        return lists.search_vouchers(rows, text)


def _account(row: Voucher) -> str:
    return masked(opened(row.payee).sheba)


def _origin(row: Voucher) -> PayeeState:
    return PayeeState(row.payee.state)


#: Into which account, and who vouches for it: what a releaser looks at.
ACCOUNT: tuple[Column[Any], ...] = (
    Column("account", _("Account"), _account, kind="id"),
    Column("origin", _("Payee agreed"), _origin, kind="state", sort="payee__state"),
)


class OrderVoucherTable(VoucherTable):
    """The vouchers of an order."""

    name = "order-vouchers"
    caption = _("Vouchers of this order")
    order = "number"
    columns = (*VoucherTable.columns[:2], *ACCOUNT, *VoucherTable.columns[2:])


def _tick(row: Voucher) -> SafeString:
    return format_html(
        # Of a form below the table: one around it would be closed by the table's own.
        '<input type="checkbox" form="order" name="voucher" value="{}" checked aria-label="{}">',
        row.pk, gettext("Voucher %(number)s") % {"number": shown_number(row)},
    )  # fmt: skip


class WaitingTable(Table[Any]):
    """Vouchers to be put in an order; each row is ticked."""

    name = "waiting"
    caption = _("Vouchers waiting to be ordered")
    empty = _("No voucher waits to be ordered.")
    page_size = 200
    columns = (
        Column("tick", _("Chosen"), lambda _v: "", render=_tick),
        Column(
            "number",
            _("Voucher number"),
            shown_number,
            kind="id",
            sort="number",
            render=voucher_link,
        ),
        Column("payee", _("Paid to"), _payee),
        *ACCOUNT,
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("at", _("Drawn on"), "at", kind="date", sort="at"),
    )
    order = "number"


class ChangeTable(Table[PayeeRecord]):
    """Changes of payees that wait for a second person."""

    name = "changes"
    caption = _("Changes of payees that wait")
    empty = _("No change of a payee waits.")
    columns = (
        Column("voucher", _("Voucher"), lambda c: shown_number(c.voucher), kind="id",
               render=lambda c: voucher_link(c.voucher)),
        Column("now", _("Paid to now"), lambda c: opened(c.voucher.payee).name),
        Column("then", _("Is to become"), lambda c: opened(c).name),
        Column("why", _("Reason"), lambda c: c.why or gettext("Nobody named this account before.")),
        Column("at", _("Proposed on"), "proposed_at", kind="date", sort="proposed_at"),
    )  # fmt: skip
    order = "at"


class OrderTable(Table[Order]):
    """Payment orders."""

    name = "orders"
    caption = _("Payment orders")
    empty = _("No payment has been ordered in your area.")
    columns = (
        Column(
            "number", _("Order number"), shown_number, kind="id", sort="number", render=order_link
        ),
        Column("state", _("State"), lambda o: OrderState(o.state), kind="state", sort="state"),
        Column("total", _("Total"), lambda o: Rial(o.total), kind="money", sort="total"),
        Column("count", _("Vouchers"), "count", kind="number", sort="count"),
        Column("at", _("Ordered at"), "ordered_at", kind="moment", sort="ordered_at"),
        Column("decided", _("Released at"), "decided_at", kind="moment", sort="decided_at"),
    )
    order = "-at"


def _statement_link(row: Statement) -> SafeString:
    address = reverse("ledger:statement", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, row.name)


class StatementTable(Table[Any]):
    """Statements of the bank."""

    name = "statements"
    caption = _("Statements brought")
    empty = _("No statement of the bank has been brought.")
    columns = (
        Column("name", _("File"), "name", sort="name", render=_statement_link),
        Column("province", _("Province"), "province_name", sort="province"),
        Column("lines", _("Lines"), "count", kind="number", sort="count"),
        Column("known", _("Known from before"), "known", kind="number", sort="known"),
        Column("open", _("To be looked into"), lambda s: s.open or 0, kind="number", sort="open"),
        Column("at", _("Brought at"), "at", kind="moment", sort="at"),
    )
    order = "-at"


def _line_link(row: StatementLine) -> SafeString:
    address = reverse("ledger:line", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, identifier(row.bank_id))


class LineTable(Table[StatementLine]):
    """Lines of statements that somebody must look into."""

    name = "lines"
    caption = _("Lines to be looked into")
    empty = _("Every line of the bank's statements was matched.")
    search_label = _("Reference or the bank's number")
    columns = (
        Column("bank_id", _("The bank's number of the line"), "bank_id", kind="id", sort="bank_id",
               render=_line_link),
        Column("finding", _("Why"), lambda x: Finding(x.finding) if x.finding else None,
               kind="state", sort="finding"),
        Column("kind", _("The bank says"), lambda x: LineKind(x.kind).label, sort="kind"),
        Column("reference", _("Reference"), "reference", kind="id"),
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("on", _("Date"), "on", kind="date", sort="on"),
    )  # fmt: skip
    order = "on"

    def search(self, rows: Any, text: str) -> Any:
        typed = text.upper().replace(" ", "")
        return rows.filter(reference__startswith=typed) | rows.filter(bank_id__startswith=typed)


class UnansweredTable(Table[Payment]):
    """Payments the bank has not answered."""

    name = "unanswered"
    caption = _("Payments the bank has not answered")
    empty = _("The bank has answered every payment.")
    columns = (
        Column("voucher", _("Voucher"), lambda p: shown_number(p.voucher), kind="id",
               render=lambda p: voucher_link(p.voucher)),
        Column("reference", _("Reference"), "reference", kind="id", sort="reference"),
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("sent", _("Sent at"), "sent_at", kind="moment", sort="sent_at"),
    )  # fmt: skip
    order = "sent"


def _advance_link(row: Advance) -> SafeString:
    address = reverse("ledger:advance", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, row.facility)


def left_of(row: Any) -> Rial:
    """What of an advance, as lists bring it, was neither shown nor given back."""
    return Rial(row.amount - (row.certified or 0) - (row.refunded or 0))


class AdvanceTable(Table[Any]):
    """Advances to providers."""

    name = "advances"
    caption = _("Advances to providers")
    empty = _("No provider of your area was paid ahead.")
    columns = (
        Column("facility", _("Provider"), lambda a: str(a.facility), sort="facility__sort_key",
               render=_advance_link),
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("state", _("State"),
               lambda a: VoucherState(a.voucher_state) if a.voucher_state else None, kind="state"),
        Column("certified", _("Use shown"), lambda a: Rial(a.certified or 0), kind="money"),
        Column("refunded", _("Given back"), lambda a: Rial(a.refunded or 0), kind="money"),
        Column("left", _("Still to be shown"), left_of, kind="money"),
        Column("at", _("Date"), "at", kind="date", sort="at"),
    )  # fmt: skip
    order = "-at"


class CertificateTable(Table[Any]):
    """Certificates of an advance."""

    name = "certificates"
    caption = _("Certificates of use")
    empty = _("The provider has not shown any use yet.")
    columns = (
        Column("number", _("Number of the certificate"), "number", kind="id", sort="number"),
        Column("on", _("Date"), "on", kind="date", sort="on"),
        Column("amount", _("Amount"), "rial", kind="money", sort="amount"),
        Column("disease", _("Disease"), "disease_name", sort="disease"),
        Column("patients", _("Patients"), "patients", kind="number", sort="patients"),
        Column("state", _("State"), lambda c: CertificateState(c.state), kind="state",
               sort="state"),
    )  # fmt: skip
    order = "-on"


class JournalTable(Table[Any]):
    """The journal: every entry of the books."""

    name = "journal"
    caption = _("Journal")
    empty = _("Nothing has been posted in this year.")
    page_size = 50
    columns = (
        Column("at", _("At"), "at", kind="moment", sort="at"),
        Column("verb", _("Movement"), lambda e: str(VERBS[e.verb]), sort="verb"),
        Column("moved", _("Amount moved"), lambda e: Rial(int(e.moved or 0)), kind="money"),
        Column("why", _("Reason"), "why"),
        Column("by", _("By"), "actor", kind="text", hidden=True),
        Column("id", _("Entry"), "id", kind="id", hidden=True),
    )
    order = "-at"
