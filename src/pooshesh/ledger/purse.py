"""The purse of a province in a budget year: its accounts, locked, and the one way to move money.

Whoever moves money locks the purses first, in one order, and only then reads what it decides by.
So two of them follow each other, and no check is made on what has changed meanwhile.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import LARGEST
from pooshesh.ledger.models import Code

NATION, NATION_PATH = "", "ir"
OF_NATION = (Code.LAW, Code.UNALLOCATED, Code.LAPSED)
OF_PROVINCE = tuple(code for code in Code if code not in (Code.LAW, Code.UNALLOCATED))

explain(
    {
        "ledger.no_purse": gettext_noop(
            "Nothing was allocated to this province for the year %(year)s; expected an allocation"
            " first."
        ),
        "ledger.exceeded": gettext_noop(
            "The credit does not suffice: %(left)s are left, and %(asked)s are asked."
        ),
        "ledger.no_amount": gettext_noop("The amount is zero or less; expected more."),
        "ledger.amount_too_large": gettext_noop(
            "“%(read)s” is larger than any amount that can be kept."
        ),
        "ledger.year_closed": gettext_noop(
            "The year %(year)s is closed; nothing new is committed in it."
        ),
    }
)


class Purse(NamedTuple):
    """A budget year and a province ("" is the nation)."""

    year: int
    province: str


@dataclass(frozen=True, slots=True)
class Held:
    """An account as it stands under the lock."""

    id: int
    balance: int
    closed: bool
    path: str


class Line(NamedTuple):
    """So much into an account, out of it below zero, for a commitment or a voucher."""

    account: int
    amount: int
    commitment: UUID | None = None
    voucher: UUID | None = None


class Books:
    """Locked accounts."""

    def __init__(self, accounts: Mapping[tuple[Purse, str], Held]) -> None:
        self.accounts = accounts

    def account(self, purse: Purse, code: str) -> Held:
        """Raises Invalid where nothing was ever allocated."""
        found = self.accounts.get((purse, code))
        if found is None:
            raise Invalid("ledger.no_purse", year=purse.year)
        return found

    def free(self, purse: Purse) -> str:
        """Where money goes that is not bound any more: it lapses once the year has ended."""
        return Code.LAPSED if self.account(purse, Code.AVAILABLE).closed else Code.AVAILABLE

    def left(self, purse: Purse) -> int:
        """What may still be committed; 0 where nothing was allocated."""
        found = self.accounts.get((purse, Code.AVAILABLE))
        return found.balance if found else 0

    def move(
        self,
        purse: Purse,
        source: str,
        target: str,
        amount: int,
        *,
        commitment: UUID | None = None,
        voucher: UUID | None = None,
    ) -> tuple[Line, Line]:
        """Two postings: out of one account of a purse, into another."""
        return (
            Line(self.account(purse, source).id, -amount, commitment, voucher),
            Line(self.account(purse, target).id, amount, commitment, voucher),
        )


def lock(purses: Iterable[Purse]) -> Books:
    """The accounts of these purses, until the transaction ends. 1 statement."""
    wanted = sorted(set(purses))
    with connection.cursor() as cursor:
        cursor.execute(
            """select a.year, a.province, a.code, a.id, a.balance, a.closed, a.area_path::text
               from ledger_account a
               join unnest(%s::int[], %s::text[]) as w(year, province)
                 on a.year = w.year and a.province = w.province
               order by a.id for no key update of a""",
            [[p.year for p in wanted], [p.province for p in wanted]],
        )
        return Books({(Purse(r[0], r[1]), r[2]): Held(*r[3:]) for r in cursor.fetchall()})


def open_purse(purse: Purse, path: str) -> None:
    """Its accounts, empty; those that are there stay as they are."""
    codes = [code.value for code in (OF_PROVINCE if purse.province else OF_NATION)]
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into ledger_account (year, province, area_path, code, balance, closed)
               select %s, %s, %s::ltree, code, 0,
                 exists (select 1 from ledger_yearend e where e.year = %s)
               from unnest(%s::text[]) as c(code)
               order by code on conflict (year, province, code) do nothing""",
            [purse.year, purse.province, path, purse.year, codes],
        )


def post(
    verb: str,
    lines: Sequence[Line],
    *,
    actor: UUID | None,
    key: str,
    about: UUID | None = None,
    why: str = "",
    at: dt.datetime | None = None,
) -> UUID:
    """Write an entry with its postings; the entry's id. 1 statement.

    `key` is the idempotency key: Django's IntegrityError where the same was posted before. `at`
    is when it was, for what is entered later; the trail tells when it was entered.
    """
    entry = uuid7()
    with connection.cursor() as cursor:
        cursor.execute(
            """with made as (
                 insert into ledger_entry (id, at, verb, key, about, actor, why)
                 values (%s, coalesce(%s, now()), %s, %s, %s, %s, %s) returning id
               )
               insert into ledger_posting (entry_id, account_id, amount, commitment_id, voucher_id)
               select made.id, l.account, l.amount, l.commitment, l.voucher
               from made,
                 unnest(%s::bigint[], %s::bigint[], %s::uuid[], %s::uuid[])
                   as l(account, amount, commitment, voucher)""",
            [entry, at, verb, key, about, actor, why, *_columns(lines)],
        )
    return entry


def _columns(lines: Sequence[Line]) -> list[list[object]]:
    return [list(column) for column in zip(*lines, strict=True)]


def checked(amount: int) -> int:
    """An amount that may be posted. Raises Invalid for zero, below, and beyond a bigint."""
    if amount <= 0:
        raise Invalid("ledger.no_amount")
    if amount > LARGEST:
        raise Invalid("ledger.amount_too_large", read=str(amount))
    return amount
