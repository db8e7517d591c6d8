"""Every read of the fund's money, within the reach of who asks."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Model, QuerySet, Sum

from pooshesh.access.reach import Reach
from pooshesh.kernel.money import Rial
from pooshesh.ledger.models import (
    Account,
    Code,
    Commitment,
    CommitmentState,
    Posting,
    Voucher,
    VoucherState,
)

READ, BUDGET, ORDER, RELEASE = "ledger.read", "ledger.budget", "ledger.order", "ledger.release"
M = TypeVar("M", bound=Model)


def within(reach: Reach, rows: QuerySet[M], prefix: str = "") -> QuerySet[M]:
    """Rows within reach. Money is kept by province and path: sets of areas do not reach it."""
    own = replace(reach, areas=())
    return own.limit(rows, path=f"{prefix}area_path", province=f"{prefix}province", area="pk")


# --- what others ask ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MoneyState:
    """Where the money of a decision is. `committed` is all of it; the others are parts.

    `vouchered` stands on vouchers that were not cancelled, `paid` was confirmed by the bank and is
    still out, `returned` waits to be paid again, `refunded` was given back. `state` is that of the
    part that is furthest behind: committed, vouchered, ordered, sent, returned, paid, cancelled.
    """

    committed: Rial
    vouchered: Rial
    paid: Rial
    returned: Rial
    refunded: Rial
    state: str
    paid_on: dt.date | None
    vouchers: tuple[UUID, ...] = ()


#: From what is furthest behind; a return goes first, since somebody must act.
_BEHIND = ("returned", "committed", "vouchered", "ordered", "sent", "paid")


def money_of(object_ids: Iterable[UUID]) -> dict[UUID, MoneyState]:
    """Object → where its money is; without a commitment there is no key. 2 statements."""
    ids = list(object_ids)
    found: dict[UUID, Commitment] = {}
    for one in Commitment.objects.filter(object_id__in=ids).order_by("at", "id"):
        if one.state != CommitmentState.CANCELLED or one.object_id not in found:
            found[one.object_id] = one
    vouchers: dict[UUID, list[Voucher]] = defaultdict(list)
    live = Voucher.objects.filter(commitment__in=[one.pk for one in found.values()])
    for voucher in live.exclude(state=VoucherState.CANCELLED).order_by("number"):
        vouchers[voucher.commitment_id].append(voucher)
    return {pk: _money(one, vouchers[one.pk]) for pk, one in found.items()}


def _money(one: Commitment, vouchers: Sequence[Voucher]) -> MoneyState:
    def of(*states: str) -> int:
        return sum(v.amount for v in vouchers if v.state in states)

    states = {v.state for v in vouchers} | ({"committed"} if one.drawn < one.amount else set())
    cancelled = one.state == CommitmentState.CANCELLED
    refunded = sum(v.refunded for v in vouchers)
    return MoneyState(
        committed=Rial(0 if cancelled else one.amount), vouchered=Rial(one.drawn),
        paid=Rial(of("paid") - refunded), returned=Rial(of("returned")), refunded=Rial(refunded),
        state="cancelled" if cancelled else next(s for s in _BEHIND if s in states),
        paid_on=max((v.paid_on for v in vouchers if v.paid_on), default=None),
        vouchers=tuple(v.pk for v in vouchers),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Totals:
    """The money of a province ("" the nation's own) in a budget year, in rial, as of a moment.

    allocated = available + committed + lapsed; `committed` is all that was decided and not undone,
    `vouchered` what of it stands or stood on vouchers, `paid` what the bank confirmed less refunds,
    of which `advanced` is out as advances whose use was not shown. Each contains the next.
    """

    province: str
    balances: dict[str, int] = field(default_factory=dict)

    def _sum(self, *codes: str) -> Rial:
        return Rial(sum(self.balances.get(code, 0) for code in codes))

    @property
    def budget(self) -> Rial:
        """What the law gave; of the nation alone."""
        return -self._sum(Code.LAW)

    @property
    def unallocated(self) -> Rial:
        return self._sum(Code.UNALLOCATED)

    @property
    def allocated(self) -> Rial:
        return self.available + self.committed + (self.lapsed if self.province else Rial(0))

    @property
    def available(self) -> Rial:
        return self._sum(Code.AVAILABLE)

    @property
    def committed(self) -> Rial:
        return self._sum(Code.COMMITTED) + self.vouchered

    @property
    def vouchered(self) -> Rial:
        waiting = self._sum(Code.VOUCHERED, Code.ORDERED, Code.SENT, Code.RETURNED)
        return waiting + self.paid

    @property
    def paid(self) -> Rial:
        return self._sum(Code.PAID) + self.advanced

    @property
    def advanced(self) -> Rial:
        return self._sum(Code.ADVANCED)

    @property
    def returned(self) -> Rial:
        return self._sum(Code.RETURNED)

    @property
    def lapsed(self) -> Rial:
        return self._sum(Code.LAPSED)

    @property
    def absorption(self) -> float | None:
        """Paid over allocated, 0 to 1; None where nothing was allocated."""
        return self.paid.amount / self.allocated.amount if self.allocated else None


def totals(reach: Reach, year: int, as_of: dt.datetime | None = None) -> list[Totals]:
    """The totals of each province within reach, the nation's own first. 1 statement.

    `as_of` adds up what was posted by then; without it the balances are read.
    """
    rows: QuerySet[Any, Any]
    if as_of is None:
        accounts = within(reach, Account.objects.filter(year=year))
        rows = accounts.values_list("province", "code", "balance")
    else:
        posted = Posting.objects.filter(account__year=year, entry__at__lte=as_of)
        rows = (
            within(reach, posted, "account__")
            .values_list("account__province", "account__code")
            .annotate(sum=Sum("amount"))
            .order_by()
        )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for province, code, amount in rows:
        found[province][code] = int(amount)
    return [Totals(province, found[province]) for province in sorted(found)]


def whole(rows: Sequence[Totals]) -> Totals:
    """All provinces together, as one; the nation's own accounts with them."""
    summed: dict[str, int] = defaultdict(int)
    for one in rows:
        for code, amount in one.balances.items():
            if one.province or code != Code.LAPSED:
                summed[code] += amount
    return Totals("all", dict(summed))


@dataclass(frozen=True, slots=True)
class Spent:
    """Money of one disease in a budget year; persons are counted once, in rial."""

    disease: str
    persons: int
    committed: Rial
    paid: Rial
    paid_persons: int


def by_disease(reach: Reach, year: int) -> list[Spent]:
    """Decisions by disease, each rial under one disease. Not masked: for who may see persons."""
    decided = (
        within(reach, _live(year)).values_list("disease")
        .annotate(persons=Count("person", distinct=True), sum=Sum("amount")).order_by("disease")
    )  # fmt: skip
    vouchers = Voucher.objects.filter(year=year, state=VoucherState.PAID)
    paid = {
        disease: (int(amount), persons)
        for disease, amount, persons in within(reach, vouchers)
        .values_list("commitment__disease")
        .annotate(sum=Sum("amount") - Sum("refunded"), n=Count("commitment__person", distinct=True))
        .order_by()
    }
    nothing = (0, 0)
    return [
        Spent(disease, persons, Rial(int(amount)), Rial(paid.get(disease, nothing)[0]),
              paid.get(disease, nothing)[1])
        for disease, persons, amount in decided
    ]  # fmt: skip


def persons_decided(reach: Reach, year: int) -> int:
    """Persons about whom something was decided, each once however many their diseases."""
    return within(reach, _live(year)).values("person").distinct().count()


def _live(year: int) -> QuerySet[Commitment]:
    return Commitment.objects.filter(year=year, state=CommitmentState.COMMITTED)
