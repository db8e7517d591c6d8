"""Tables of the funnel."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.funnel.benefit import Benefit
from pooshesh.funnel.board import Province, title
from pooshesh.funnel.models import Position, Unit
from pooshesh.funnel.money import Purse
from pooshesh.funnel.simulate import Share
from pooshesh.funnel.spending import Spending
from pooshesh.kernel.money import Rial
from pooshesh.meetings.tables import session_link, session_title
from pooshesh.web.cells import badge
from pooshesh.web.format import number
from pooshesh.web.table import Column, Table

#: Where one of a unit is looked at.
ADDRESSES: Mapping[str, str] = {
    Unit.PERSON: "fund:file",
    Unit.APPLICATION: "fund:application",
    Unit.REQUEST: "requests:request",
    Unit.APPROVAL: "requests:request",
    Unit.PAYMENT: "ledger:voucher",
}


def _link(row: Any) -> SafeString:
    """To the thing itself; of a payment to the patient's file for who may not open the ledger."""
    address = reverse(ADDRESSES[row.unit], args=[row.object_id])
    if row.unit == Unit.PAYMENT and not row.opens_money:
        address = reverse(ADDRESSES[Unit.PERSON], args=[row.file_id])
    return format_html('<a href="{}">{}</a>', address, Unit(row.unit).label)


class RowTable(Table[Position]):
    name = "funnel-rows"
    caption = _("Rows behind the number")
    empty = _("Nothing stands there now.")
    columns = (
        Column("unit", _("Unit"), lambda r: Unit(r.unit).label, render=_link),
        Column(
            "state", _("State"), lambda r: title(r.unit, r.state), sort="state",
            render=lambda r: badge(r.state, title(r.unit, r.state)),
        ),
        Column("disease", _("Disease code"), "disease", kind="id", sort="disease"),
        Column("area", _("Place"), "area"),
        Column("since", _("Since"), "since", kind="date", sort="since"),
        Column("amount", _("Rial"), lambda r: Rial(r.amount) if r.amount else None, kind="money",
               sort="amount"),
    )  # fmt: skip
    order = "since"


def _province(row: Province) -> SafeString:
    there = urlencode({"area": f"p{row.province}"})
    return format_html('<a href="{}?{}">{}</a>', reverse("funnel:board"), there, row.name)


class ProvinceTable(Table[Province]):
    name = "funnel-provinces"
    caption = _("Provinces: persons by how far they came")
    order = "-registered"
    columns = (
        Column("province", _("Province"), "name", sort="name", render=_province),
        Column("registered", _("Registered"), "registered", kind="number", sort="registered"),
        Column("no_request", _("No request yet"), "no_request", kind="number", sort="no_request"),
        Column("tagged", _("Tagged"), "tagged", kind="number", sort="tagged"),
        Column("asked", _("Asked for money"), "asked", kind="number", sort="asked"),
        Column("approved", _("Approved"), "approved", kind="number", sort="approved"),
        Column("paid", _("Paid"), "paid", kind="number", sort="paid"),
        Column("waiting", _("Requests that wait"), "waiting", kind="number", sort="waiting"),
        Column("paid_rial", _("Rial paid"), "paid_rial", kind="money", sort="paid_rial"),
    )


class BenefitTable(Table[Benefit]):
    name = "funnel-deciles"
    caption = _("Persons paid, by decile")
    columns = (
        Column("decile", _("Decile"), "name"),
        Column("persons", _("Persons"), lambda one: None if one.masked else one.persons,
               render=lambda one: conditional_escape(one.shown(one.persons))),
        Column("paid", _("Rial paid"), lambda one: None if one.masked else one.rial,
               render=lambda one: conditional_escape(one.shown(one.rial))),
    )  # fmt: skip


class SittingTable(Table[Any]):
    name = "funnel-meetings"
    caption = _("Meetings and what they decided")
    columns = (
        Column("meeting", _("Meeting"), session_title, render=session_link),
        Column("body", _("Body"), lambda one: str(one.body)),
        Column("at", _("Time"), "starts_at", kind="moment", sort="starts_at"),
        Column("decided", _("Files decided"), "decided", kind="number", sort="decided"),
        Column("refused", _("Rejected"), "refused", kind="number", sort="refused"),
    )  # fmt: skip
    order = "-at"
    empty = _("No meeting was closed, or none lies in your sight.")


class PurseTable(Table[Purse]):
    name = "funnel-money"
    caption = _("Credit by province")
    order = "-allocated"
    empty = _("No credit was allocated in this year.")
    columns = (
        Column("province", _("Province"), "name", sort="name"),
        Column("allocated", _("Allocated"), "totals.allocated", kind="money",
               sort="totals.allocated"),
        Column("committed", _("Committed"), "totals.committed", kind="money",
               sort="totals.committed"),
        Column("paid", _("Paid"), "totals.paid", kind="money", sort="totals.paid"),
        Column("absorbed", _("Absorbed, paid of allocated"), "absorbed", sort="totals.absorption"),
        Column("left", _("Free"), "totals.available", kind="money", sort="totals.available"),
        Column("runs_out", _("Runs out on"), "runs_out", kind="date", sort="runs_out"),
        Column("between", _("Between"), lambda p: p.between if p.forecast else ""),
    )  # fmt: skip


def _told(of: Callable[[Spending], int]) -> Callable[[Spending], int | None]:
    """A figure to sort by and to export; none where it is not told, so that no order tells it."""
    return lambda one: None if one.masked else of(one)


def _paid(one: Spending) -> int | None:
    return None if one.paid_masked else one.paid.amount


class DiseaseTable(Table[Spending]):
    name = "funnel-diseases"
    caption = _("Spending by disease")
    order = "-paid"
    empty = _("Nothing was decided in this year.")
    columns = (
        Column("code", _("Disease code"), "code", kind="id", sort="code"),
        Column("name", _("Disease"), "name", sort="name"),
        Column("persons", _("Persons"), _told(lambda one: one.persons), sort="persons",
               render=lambda one: conditional_escape(one.shown_persons)),
        Column("committed", _("Committed"), _told(lambda one: one.committed.amount),
               sort="committed", render=lambda one: conditional_escape(one.shown_committed)),
        Column("paid", _("Paid"), _paid, sort="paid",
               render=lambda one: conditional_escape(one.shown_paid)),
        Column("each", _("Paid a person"), lambda one: one.each and one.each.amount, sort="each",
               render=lambda one: conditional_escape(one.shown_each)),
    )  # fmt: skip


def _gain(row: "ShareRow") -> SafeString:
    gain = row.share.gain
    sign = "+" if gain > 0 else "−" if gain < 0 else ""
    tone = "good" if gain > 0 else "bad" if gain < 0 else ""
    return format_html('<bdi class="number {}" dir="ltr">{}{}</bdi>', tone, sign, number(abs(gain)))


@dataclass(frozen=True)
class ShareRow:
    """A share with the name of its province."""

    name: str
    share: Share


class ShareTable(Table[ShareRow]):
    name = "funnel-shares"
    caption = _("Who gains and who loses")
    order = "-gain"
    columns = (
        Column("province", _("Province"), "name", sort="name"),
        Column("now", _("Now"), lambda r: Rial(r.share.now), kind="money", sort="now"),
        Column("then", _("Then"), lambda r: Rial(r.share.then), kind="money", sort="then"),
        Column("gain", _("Difference"), "share.gain", kind="number", sort="gain", render=_gain),
        Column("each_now", _("A tagged patient, now"), "share.per_patient_now", kind="number",
               sort="each_now"),
        Column("each_then", _("A tagged patient, then"), "share.per_patient_then", kind="number",
               sort="each_then"),
    )  # fmt: skip
