"""A sheet of benefits: read, checked row by row, and turned into what `actions.give` takes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

import polars as pl

from pooshesh.access.reach import Reach
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import parse_amount
from pooshesh.kernel.sheet_columns import Column, match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import clean, search_key, to_latin_digits
from pooshesh.neighbourhoods import queries
from pooshesh.neighbourhoods.actions import Given
from pooshesh.neighbourhoods.models import BenefitKind

explain(
    {
        "benefit.kind": gettext_noop("“%(read)s” is no kind of benefit; expected: %(expected)s."),
        "benefit.day": gettext_noop("“%(read)s” is not a whole day; expected such as 1404/05/20."),
        "benefit.quantity": gettext_noop("“%(read)s” is no count; expected 1 or more."),
        "benefit.household": gettext_noop(
            "Row %(row)s: no household of your neighbourhoods has somebody with this number."
        ),
    }
)


@dataclass(frozen=True)
class Read:
    """A sheet of benefits: what can be recorded, and every sentence about what cannot."""

    given: list[Given]
    problems: list[str]
    rows: int


def read(name: str, source: BinaryIO, reach: Reach) -> Read:
    """Read and check a sheet of columns head's number, kind, day, count, amount in rial, note.

    Raises Invalid for a file that is no sheet or lacks a column.
    """
    content = source.read()
    digest = hashlib.sha256(content).hexdigest()[:32]
    with NamedTemporaryFile(dir=config().scratch()) as file:
        file.write(content)
        file.flush()
        table = read_table(Path(file.name), name=name)
    columns = _columns()
    checked = validate(table, columns, match_columns(table.headers, columns).certain())
    problems = [problem.sentence() for problem in checked.problems]
    good = checked.good()
    homes = queries.households_of(reach, good["number"].to_list())
    given = []
    for row in good.iter_rows(named=True):
        home = homes.get(row["number"])
        if home is None:
            problems.append(Invalid("benefit.household", row=row["row"]).message())
            continue
        given.append(
            Given(
                home, row["kind"], row["on"], row["quantity"] or 1, row["amount"],
                row["note"] or "", f"sheet:{digest}:{row['row']}",
            )
        )  # fmt: skip
    return Read(given, problems, len(table.rows))


def _columns() -> Sequence[Column]:
    kinds = {
        key: kind.code
        for kind in BenefitKind.objects.all()
        for key in (search_key(kind.code), search_key(kind.name_fa), search_key(kind.name_en))
    }
    expected = tuple(str(kind) for kind in BenefitKind.objects.order_by("name_fa"))

    def kind(text: str) -> str:
        found = kinds.get(search_key(text))
        if found is None:
            raise Invalid("benefit.kind", read=clean(text), expected=expected)
        return found

    def day(text: str) -> object:
        found = parse_date(text).date
        if found is None:
            raise Invalid("benefit.day", read=clean(text))
        return found

    def quantity(text: str) -> int:
        typed = to_latin_digits(clean(text))
        if not typed.isascii() or not typed.isdecimal() or not 1 <= int(typed) <= 10_000:
            raise Invalid("benefit.quantity", read=clean(text))
        return int(typed)

    return (
        Column(
            name="number", title=gettext_noop("Number of the head or a member"), required=True,
            filled=True, aliases=("national_id", "کد ملی", "کد ملی سرپرست", "شماره ملی"),
        ),
        Column(
            name="kind", title=gettext_noop("Kind"), required=True, filled=True, parse=kind,
            aliases=("نوع", "نوع خدمت"),
        ),
        Column(
            name="on", title=gettext_noop("Day"), required=True, filled=True, parse=day,
            dtype=pl.Date, aliases=("date", "day", "تاریخ", "روز"),
        ),
        Column(
            name="quantity", title=gettext_noop("Count"), parse=quantity, dtype=pl.Int64,
            aliases=("count", "تعداد"),
        ),
        Column(
            name="amount", title=gettext_noop("Amount in rial"), dtype=pl.Object,
            parse=lambda text: parse_amount(text, "rial"), aliases=("مبلغ", "مبلغ ریال", "rial"),
        ),
        Column(name="note", title=gettext_noop("Note"), aliases=("شرح", "توضیح", "یادداشت")),
    )  # fmt: skip
