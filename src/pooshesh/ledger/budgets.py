"""The writers of the budget: the law, allocations to provinces, the end of the year, limits."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.kernel.once import made_before
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import state
from pooshesh.ledger import purse
from pooshesh.ledger.models import Account, Allocation, Budget, Code, Limit, YearEnd
from pooshesh.ledger.purse import NATION, NATION_PATH, Books, Line, Purse, checked
from pooshesh.places.models import Area, AreaKind

FIRST_YEAR, LAST_YEAR = 1390, 1500

explain(
    {
        "ledger.year": gettext_noop("%(read)s is not a budget year; expected one such as 1404."),
        "ledger.citation": gettext_noop("The law is not named; expected its title or article."),
        "ledger.not_a_province": gettext_noop("“%(read)s” is not a province."),
        "ledger.closed_before": gettext_noop("The year %(year)s was closed before."),
        "ledger.no_budget": gettext_noop("No budget law was entered for the year %(year)s."),
    }
)


@transaction.atomic
def enact(
    year: int, amount: Rial, citation: str, *, once: UUID | None = None, actor: UUID | None,
    at: dt.datetime | None = None,
) -> Budget:  # fmt: skip
    """Enter what the budget law, or a supplement of it, gives for a year; once for each `once`."""
    cited = clean(citation)[:200]
    before = made_before(Budget, once, year=year, amount=amount.amount, citation=cited, actor=actor)
    if before:
        return before
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("ledger.year", read=year)
    if not clean(citation):
        raise Invalid("ledger.citation")
    nation = Purse(year, NATION)
    purse.open_purse(nation, NATION_PATH)
    books = purse.lock([nation])
    _still_open(books, nation)
    made = Budget.objects.create(
        id=once or uuid7(), year=year, amount=checked(amount.amount),
        citation=cited, actor=actor, at=at or timezone.now(),
    )  # fmt: skip
    purse.post(
        "enact", books.move(nation, Code.LAW, Code.UNALLOCATED, made.amount),
        actor=actor, key=f"enact {made.pk}", about=made.pk, why=made.citation, at=made.at,
    )  # fmt: skip
    audit.record(
        "ledger.enact", actor=actor, kind="budget", object_id=made.pk,
        content={"year": year, "amount": made.amount, "citation": made.citation},
    )  # fmt: skip
    return made


@transaction.atomic
def allocate(
    area: Area, year: int, amount: Rial, *, note: str = "", once: UUID | None = None,
    actor: UUID | None, at: dt.datetime | None = None,
) -> Allocation:  # fmt: skip
    """Give a province money of a year, once for each `once`.

    Raises Invalid beyond what is not yet allocated.
    """
    before = _allocated(once, area, year, amount.amount, actor)
    if before:
        return before
    nation, own, books = _purses(area, year)
    _still_open(books, nation)
    asked, left = checked(amount.amount), books.account(nation, Code.UNALLOCATED).balance
    if asked > left:
        raise Invalid("ledger.exceeded", left=Rial(left), asked=Rial(asked))
    return _allocation(area, books, nation, own, asked, note, "allocate", once, actor, at)


@transaction.atomic
def take_back(
    area: Area, year: int, amount: Rial, *, note: str, once: UUID | None = None,
    actor: UUID | None,
) -> Allocation:  # fmt: skip
    """Take money back that a province has not committed, once for each `once`.

    Raises Invalid beyond what is free.
    """
    before = _allocated(once, area, year, -amount.amount, actor)
    if before:
        return before
    nation, own, books = _purses(area, year)
    _still_open(books, nation)
    asked, left = checked(amount.amount), books.left(own)
    if asked > left:
        raise Invalid("ledger.exceeded", left=Rial(left), asked=Rial(asked))
    return _allocation(area, books, nation, own, -asked, note, "take_back", once, actor)


def _allocated(
    once: UUID | None, area: Area, year: int, amount: int, actor: UUID | None
) -> Allocation | None:
    return made_before(
        Allocation, once, year=year, province=area.province, amount=amount, actor=actor
    )


def _purses(area: Area, year: int) -> tuple[Purse, Purse, Books]:
    if area.kind != AreaKind.PROVINCE:
        raise Invalid("ledger.not_a_province", read=str(area))
    nation, own = Purse(year, NATION), Purse(year, area.province)
    if not Budget.objects.filter(year=year).exists():
        raise Invalid("ledger.no_budget", year=year)
    purse.open_purse(own, area.path)
    return nation, own, purse.lock([nation, own])


def _still_open(books: Books, nation: Purse) -> None:
    if books.account(nation, Code.UNALLOCATED).closed:
        raise Invalid("ledger.year_closed", year=nation.year)


def _allocation(
    area: Area, books: Books, nation: Purse, own: Purse, amount: int, note: str, verb: str,
    once: UUID | None, actor: UUID | None, at: dt.datetime | None = None,
) -> Allocation:  # fmt: skip
    made = Allocation.objects.create(
        id=once or uuid7(), year=own.year, province=area.province, area_path=area.path,
        amount=amount, note=clean(note)[:300], actor=actor, at=at or timezone.now(),
    )  # fmt: skip
    lines = (
        Line(books.account(nation, Code.UNALLOCATED).id, -amount),
        Line(books.account(own, Code.AVAILABLE).id, amount),
    )
    purse.post(
        verb, lines, actor=actor, key=f"{verb} {made.pk}", about=made.pk, why=made.note, at=made.at
    )
    audit.record(
        f"ledger.{verb}", actor=actor, kind="allocation", object_id=made.pk,
        content={"year": own.year, "province": own.province, "amount": amount},
        area_path=area.path,
    )  # fmt: skip
    return made


@transaction.atomic
def close_year(year: int, *, actor: UUID | None) -> YearEnd:
    """End a budget year: what is free in every purse lapses, and later whatever gets free.

    What was committed before is still paid. Raises Invalid the second time.
    """
    purses = {
        Purse(year, p) for p in Account.objects.filter(year=year).values_list("province", flat=True)
    }
    if not purses:
        raise Invalid("ledger.no_budget", year=year)
    books = purse.lock(purses)
    if any(held.closed for held in books.accounts.values()):
        raise Invalid("ledger.closed_before", year=year)
    lines = [
        line
        for (own, code), held in books.accounts.items()
        if code in (Code.AVAILABLE, Code.UNALLOCATED) and held.balance
        for line in books.move(own, code, Code.LAPSED, held.balance)
    ]
    lapsed = sum(line.amount for line in lines if line.amount > 0)
    made = YearEnd.objects.create(year=year, lapsed=lapsed, actor=actor)
    if lines:
        purse.post("close_year", lines, actor=actor, key=f"close_year {year}")
    Account.objects.filter(year=year).update(closed=True)
    audit.record(
        "ledger.close_year", actor=actor, kind="budget", object_id=str(year),
        content={"year": year, "lapsed": lapsed},
    )  # fmt: skip
    return made


@transaction.atomic
def set_limit(verb: str, holder: UUID | None, most: Rial, *, actor: UUID | None) -> Limit | None:
    """The most somebody (None: whoever has no own limit) orders or releases, from today on."""
    if most.amount < 0:
        raise Invalid("ledger.no_amount")
    made = state(
        Limit, {"verb": verb, "holder": str(holder or "")},
        {"most": most.amount, "actor": actor}, timezone.localdate(),
    )  # fmt: skip
    audit.record(
        "ledger.set_limit", actor=actor, kind="user", object_id=holder or "",
        content={"verb": verb, "most": most.amount},
    )  # fmt: skip
    return made
