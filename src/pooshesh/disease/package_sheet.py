"""The sheet of a package, pure but for the file: its lines, and everything that is wrong with it.

Shares stand in one cell, «1-5:100 6:80 7-10:50», or one number for all deciles.
"""

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models import DECILES, LineKind
from pooshesh.disease.queries import Line
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import parse_amount
from pooshesh.kernel.sheet_columns import Column, match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import clean, key, to_latin_digits

MOST_LINES = 5_000
CODE = re.compile(r"[A-Z0-9][A-Z0-9./_-]{0,39}")
_SHARE = re.compile(r"(\d{1,2})(?:-(\d{1,2}))?:(\d{1,3})%?")

#: How kinds are written in sheets.
KINDS = {
    key(word): kind
    for kind, words in (
        (LineKind.SERVICE, ("service", "خدمت")),
        (LineKind.DRUG, ("drug", "medicine", "دارو")),
        (LineKind.EQUIPMENT, ("equipment", "تجهیزات", "وسیله")),
    )
    for word in words
}

explain(
    {
        "disease.line_code": gettext_noop(
            "“%(read)s” is no code; expected Latin letters, digits, dots or dashes, at most 40."
        ),
        "disease.line_kind": gettext_noop(
            "“%(read)s” is no kind; expected service, drug or equipment."
        ),
        "disease.line_price": gettext_noop("A price of nothing; leave it empty if there is none."),
        "disease.line_shares": gettext_noop(
            "“%(read)s” are no shares; expected such as 1-5:100 6:80 7-10:50, each decile once, or"
            " one number from 0 to 100 for all."
        ),
        "disease.line_most": gettext_noop("“%(read)s” is no whole number of times above zero."),
        "disease.line_twice": gettext_noop("The code “%(read)s” stands in row %(row)s as well."),
        "disease.line_long": gettext_noop("The title has more than %(limit)s characters."),
        "disease.too_many_lines": gettext_noop(
            "The sheet has %(read)s rows; a package has at most %(limit)s."
        ),
    }
)


def read_code(text: str) -> str:
    """A code as packages keep it. Raises Invalid."""
    code = to_latin_digits(clean(text)).upper()
    if not CODE.fullmatch(code):
        raise Invalid("disease.line_code", read=code[:40])
    return code


def read_shares(text: str) -> list[int]:
    """The fund's shares of deciles 1 to 10 in percent. Raises Invalid unless each stands once."""
    typed = to_latin_digits(clean(text))
    plain = typed.removesuffix("%").removesuffix("٪").strip()
    if plain.isdecimal() and int(plain) <= 100:
        return [int(plain)] * DECILES
    shares: dict[int, int] = {}
    parts = re.sub(r"\s*([-:–])\s*", r"\1", typed).replace("–", "-")
    for part in re.split(r"[\s,;،؛/]+", parts):
        found = _SHARE.fullmatch(part.replace("٪", "%"))
        if not found:
            raise Invalid("disease.line_shares", read=typed[:60])
        first, last, share = int(found[1]), int(found[2] or found[1]), int(found[3])
        for decile in range(first, last + 1):
            if decile in shares or share > 100:
                raise Invalid("disease.line_shares", read=typed[:60])
            shares[decile] = share
    if sorted(shares) != list(range(1, DECILES + 1)):
        raise Invalid("disease.line_shares", read=typed[:60])
    return [shares[decile] for decile in range(1, DECILES + 1)]


def write_shares(percents: tuple[int, ...] | list[int] | None) -> str:
    """Shares as a sheet has them, deciles of one share together; "" for the rules' own."""
    if not percents:
        return ""
    if len(set(percents)) == 1:
        return str(percents[0])
    parts: list[str] = []
    start = 0
    for at in range(1, DECILES + 1):
        if at == DECILES or percents[at] != percents[start]:
            deciles = str(start + 1) if at == start + 1 else f"{start + 1}-{at}"
            parts.append(f"{deciles}:{percents[start]}")
            start = at
    return " ".join(parts)


def _kind(text: str) -> str:
    found = KINDS.get(key(text))
    if found is None:
        raise Invalid("disease.line_kind", read=clean(text)[:40])
    return found.value


def _price(text: str) -> int:
    amount = parse_amount(text, "rial").amount
    if amount <= 0:
        raise Invalid("disease.line_price")
    return amount


def _most(text: str) -> int:
    typed = to_latin_digits(clean(text)).removesuffix(".0")
    if not typed.isdecimal() or not 0 < int(typed) <= 100_000:
        raise Invalid("disease.line_most", read=clean(text)[:20])
    return int(typed)


def _title(text: str) -> str:
    title = clean(text)
    if len(title) > 200:
        raise Invalid("disease.line_long", limit=200)
    return title


COLUMNS = (
    Column(name="code", title=_("Code"), required=True, filled=True,
           aliases=("کد", "کد خدمت", "کد دارو"), parse=read_code),
    Column(name="kind", title=_("Kind"), required=True, filled=True,
           aliases=("نوع", "گونه"), parse=_kind),
    Column(name="title_fa", title=_("Title"), required=True, filled=True,
           aliases=("عنوان", "شرح", "نام"), parse=_title),
    Column(name="title_en", title=_("Title in English"), aliases=("عنوان انگلیسی",), parse=_title),
    Column(name="unit_price_rial", title=_("Unit price (rial)"),
           aliases=("قیمت واحد (ریال)", "قیمت واحد ریال", "قیمت"), parse=_price, dtype=pl.Int64),
    Column(name="shares", title=_("Fund's shares by decile"),
           aliases=("سهم صندوق", "سهم دهک‌ها"), parse=read_shares, dtype=pl.List(pl.Int64)),
    Column(name="most_per_year", title=_("Most a year"),
           aliases=("سقف تعداد در سال", "حداکثر در سال"), parse=_most, dtype=pl.Int64),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell: the sheet's row, the column's name and title, the sentence."""

    row: int
    field: str
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was read: its lines in order, or its troubles (`count` of them in all)."""

    lines: tuple[Line, ...]
    troubles: tuple[Trouble, ...]
    count: int
    unread: tuple[str, ...]


def read(name: str, source: BinaryIO) -> Sheet:
    """Read a sheet. Raises Invalid for a file that is no sheet or has not the columns."""
    with tempfile.NamedTemporaryFile() as kept:
        source.seek(0)
        for block in iter(lambda: source.read(1 << 20), b""):
            kept.write(block)
        kept.flush()
        table = read_table(Path(kept.name), name=name)
    if len(table.rows) > MOST_LINES:
        raise Invalid("disease.too_many_lines", read=len(table.rows), limit=MOST_LINES)
    matching = match_columns(table.headers, COLUMNS)
    checked = validate(table, COLUMNS, matching.certain())
    troubles = [
        Trouble(one.row, one.field, str(one.title), one.expected) for one in checked.problems
    ]
    rows = list(checked.frame.iter_rows(named=True))
    twice = _twice(rows)
    found = sorted([*troubles, *twice], key=lambda one: one.row)
    lines = () if found else tuple(_line(row) for row in rows)
    return Sheet(lines, tuple(found), checked.count + len(twice), tuple(matching.unread))


def _twice(rows: list[dict[str, Any]]) -> list[Trouble]:
    first: dict[str, int] = {}
    found = []
    for row in rows:
        code = row["code"]
        if code and first.setdefault(code, row["row"]) != row["row"]:
            error = Invalid("disease.line_twice", read=code, row=first[code])
            found.append(Trouble(row["row"], "code", str(COLUMNS[0].title), error.message()))
    return found


def _line(row: dict[str, Any]) -> Line:
    return Line(
        row["code"], row["kind"], row["title_fa"], row["title_en"] or "", row["unit_price_rial"],
        tuple(row["shares"]) if row["shares"] else None, row["most_per_year"],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What a version does to a code: "added", "removed" or "changed", with both lines."""

    what: str
    code: str
    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        """The line as it will be, or as it was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def fields(self) -> list[str]:
        """The names of what differs."""
        if self.before is None or self.after is None:
            return []
        return [
            one.name
            for one in fields(Line)
            if getattr(self.before, one.name) != getattr(self.after, one.name)
        ]


def difference(before: Mapping[str, Line], after: Mapping[str, Line]) -> list[Change]:
    """Every code that differs between two versions, in the order of the new one, gone ones last."""
    changed = [
        Change("changed" if code in before else "added", code, before.get(code), line)
        for code, line in after.items()
        if before.get(code) != line
    ]
    return changed + [
        Change("removed", code, line, None) for code, line in before.items() if code not in after
    ]
