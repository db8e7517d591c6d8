"""Between us and a bank: what a payment file looks like and how a statement is read.

`POOSHESH_BANK` in the settings names another class with the same two functions. `PlainCsv` is
documented in the guide of the ledger: UTF-8, comma, one header row, amounts in rial.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import polars as pl
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import parse_amount
from pooshesh.kernel.sheet_columns import Column, Problem, match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import clean, formula_safe, search_key, to_latin_digits
from pooshesh.ledger.models import LineKind

explain(
    {
        "ledger.line_kind": gettext_noop(
            "“%(read)s” says neither paid nor returned; expected paid, returned or other."
        ),
        "ledger.line_day": gettext_noop(
            "“%(read)s” names no day; expected one such as 1404/09/01."
        ),
        "ledger.line_amount": gettext_noop("The amount is zero; expected more."),
        "ledger.line_id": gettext_noop(
            "“%(read)s” is too long for the bank's number of a line; expected at most 40 letters."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment as the bank is told of it; `amount` in rial."""

    line: int
    reference: str
    sheba: str
    name: str
    amount: int
    purpose: str


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a statement; `bank_id` is the bank's own number of it, `amount` in rial."""

    row: int
    bank_id: str
    kind: str
    reference: str
    amount: int
    on: dt.date
    note: str


@dataclass(frozen=True)
class Read:
    """A statement that was read: its lines, and every cell that could not be."""

    lines: list[Said]
    problems: list[Problem]


class Bank(Protocol):
    """What a bank speaks."""

    code: str
    ending: str

    def write(self, transfers: Iterable[Transfer]) -> bytes:
        """The file of payments; the same transfers are the same bytes."""

    def read(self, path: Path, name: str) -> Read:
        """A statement. Raises Invalid when the file or its columns cannot be read."""


HEADER = ("line", "reference", "sheba", "name", "amount_rial", "purpose")


class PlainCsv:
    """CSV both ways."""

    code = "csv"
    ending = "csv"

    def write(self, transfers: Iterable[Transfer]) -> bytes:
        """Header, then a row each, lines ended by CR LF."""
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(
            (t.line, t.reference, t.sheba, formula_safe(t.name), t.amount, formula_safe(t.purpose))
            for t in transfers
        )
        return out.getvalue().encode()

    def read(self, path: Path, name: str) -> Read:
        """The columns may stand in any order, under Persian or English headers."""
        table = read_table(path, name=name)
        checked = validate(table, COLUMNS, match_columns(table.headers, COLUMNS).certain())
        rows = checked.good().select("row", *(column.name for column in COLUMNS)).iter_rows()
        lines = [
            Said(row, bank_id, kind, reference or "", amount, on, note or "")
            for row, bank_id, kind, reference, amount, on, note in rows
        ]
        return Read(lines, checked.problems)


_WORDS = {
    LineKind.PAID: ("paid", "واریز", "پرداخت شد", "پرداخت", "موفق", "واریز شد"),
    LineKind.RETURNED: ("returned", "برگشت", "برگشتی", "برگشت خورده", "برگشت شد", "عودت"),
    LineKind.OTHER: ("other", "سایر", "دیگر"),
}
_KINDS = {search_key(word): kind.value for kind, words in _WORDS.items() for word in words}


def _kind(text: str) -> str:
    found = _KINDS.get(search_key(text))
    if found is None:
        raise Invalid("ledger.line_kind", read=clean(text))
    return found


def _day(text: str) -> dt.date:
    found = parse_date(text).date
    if found is None:
        raise Invalid("ledger.line_day", read=clean(text))
    return found


def _amount(text: str) -> int:
    amount = parse_amount(text, "rial").amount
    if not amount:
        raise Invalid("ledger.line_amount")
    return amount


def _code(text: str) -> str:
    return to_latin_digits(clean(text)).upper().replace(" ", "")[:40]


def _bank_id(text: str) -> str:
    found = to_latin_digits(clean(text)).upper().replace(" ", "")
    if len(found) > 40:
        raise Invalid("ledger.line_id", read=found[:60])
    return found


COLUMNS = (
    Column(name="bank_id", title=_("The bank's number of the line"), required=True, filled=True,
           aliases=("شناسه بانک", "شماره تراکنش", "شماره سند", "bank reference"), parse=_bank_id),
    Column(name="kind", title=_("Paid or returned"), required=True, filled=True,
           aliases=("نوع", "وضعیت", "status"), parse=_kind),
    Column(name="reference", title=_("Reference of the payment"), required=True,
           aliases=("شناسه واریز", "شناسه پرداخت", "مرجع"), parse=_code),
    Column(name="amount_rial", title=_("Amount in rial"), required=True, filled=True,
           aliases=("مبلغ", "مبلغ ریال", "مبلغ به ریال", "amount"), parse=_amount,
           dtype=pl.Int64),
    Column(name="date", title=_("Date"), required=True, filled=True,
           aliases=("تاریخ", "روز", "day"), parse=_day, dtype=pl.Date),
    Column(name="note", title=_("Note"), aliases=("شرح", "توضیح", "description")),
)  # fmt: skip


def bank() -> Bank:
    """The adapter of this installation."""
    named = getattr(settings, "POOSHESH_BANK", "pooshesh.ledger.adapters.PlainCsv")
    made: Bank = import_string(named)()
    return made


def reference(number: int) -> str:
    """A creditor reference by ISO 11649: RF, two check digits by 97, and the number."""
    body = f"{number:010d}"
    check = 98 - int(f"{body}271500") % 97  # R = 27, F = 15
    return f"RF{check:02d}{body}"
