"""Turn records as typed into integer codes that can be compared.

Every distinct value is normalised once; after this module a record is a handful of integers and
no text is touched again except in the comparison of distinct names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pooshesh.kernel.calendar import ParsedDate, parse_dates, to_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.text import to_latin_digits
from pooshesh.people.linkage import names
from pooshesh.people.linkage.names import MISSING, Codes, Names

NATIONAL_DIGITS, FOREIGN_DIGITS, CONTACT_DIGITS = 10, 12, 10

TEXT_COLUMNS = (
    "household", "first_name", "last_name", "father_name", "birth_date",
    "national_id", "foreign_id", "sex", "postal_code", "mobile",
)  # fmt: skip
NAME_COLUMNS = ("first_name", "last_name", "father_name")
SEXES = {"M": 0, "F": 1}


@dataclass(frozen=True)
class KeyTable:
    """All records side by side, the left file first, then each roll; one code per record.

    Codes are at least 0; `MISSING` stands for absent or unusable. `first`, `last` and `father`
    are codes of `names`. `year` is a Jalali year, `day` is month × 100 + day. `national` and
    `foreign` are the digits as a number.
    """

    source: Codes
    row: Codes
    first: Codes
    last: Codes
    father: Codes
    names: Names
    year: Codes
    day: Codes
    national: Codes
    national_valid: NDArray[np.bool_]
    foreign: Codes
    sex: Codes
    postal: Codes
    mobile: Codes
    household: Codes

    def __len__(self) -> int:
        return len(self.row)

    @property
    def left_size(self) -> int:
        """Number of records of the left file; they occupy positions 0 … left_size − 1."""
        return int(np.searchsorted(self.source, 1))


def build(left: pl.DataFrame, rolls: Mapping[str, pl.DataFrame]) -> KeyTable:
    """Encode `left` and every roll (columns of `TEXT_COLUMNS` plus `row`; any may be missing)."""
    frames = [canonical(left), *(canonical(roll) for roll in rolls.values())]
    source = np.repeat(np.arange(len(frames)), [len(frame) for frame in frames])
    records = pl.concat(frames)
    (first, last, father), dictionary = names.encode([records[name] for name in NAME_COLUMNS])
    mobile = _mapped(records, "mobile", contact_code)
    national, valid = _national(records, mobile)
    year, day = _birth(records)
    return KeyTable(
        source=source,
        row=records["row"].to_numpy(),
        first=first,
        last=last,
        father=father,
        names=dictionary,
        year=year,
        day=day,
        national=national,
        national_valid=valid,
        foreign=_mapped(records, "foreign_id", foreign_code),
        sex=_mapped(records, "sex", lambda letter: SEXES.get(letter, MISSING)),
        postal=_mapped(records, "postal_code", contact_code),
        mobile=mobile,
        household=_household(records, source),
    )


def canonical(frame: pl.DataFrame) -> pl.DataFrame:
    """The canonical columns as text, blank cells null, sorted by row so order never matters."""
    columns = [
        pl.col(name).cast(pl.String).str.strip_chars().replace("", None)
        if name in frame.columns
        else pl.lit(None, pl.String).alias(name)
        for name in TEXT_COLUMNS
    ]
    return frame.select(pl.col("row").cast(pl.Int64), *columns).sort("row")


def _mapped(records: pl.DataFrame, column: str, code: Callable[[str], int]) -> Codes:
    """`code` of every cell, computed once per distinct text."""
    distinct = records[column].drop_nulls().unique()
    codes = pl.Series([code(text) for text in distinct], dtype=pl.Int64)
    return (
        records[column]
        .replace_strict(distinct, codes, default=MISSING, return_dtype=pl.Int64)
        .to_numpy()
    )


def contact_code(text: str) -> int:
    """The last ten digits of a postal code or mobile; compared only, so its form is not judged."""
    digits = to_latin_digits(text)[-CONTACT_DIGITS:]
    return int(digits) if len(digits) == CONTACT_DIGITS and digits.isdecimal() else MISSING


def foreign_code(text: str) -> int:
    code = grade(Kind.FOREIGN_CODE, text)
    return int(code.value) if code.is_trusted else MISSING


def national_code(text: str) -> int:
    """Twice the number, and one more where it passes its check; MISSING for a pseudo-ID."""
    number = grade(Kind.NATIONAL_ID, text)
    if number.is_trusted:
        return int(number.value) * 2 + 1
    slip = number.reason == "national_id.check_digit" and len(number.value) == NATIONAL_DIGITS
    return int(number.value) * 2 if slip else MISSING


def birth_code(read: ParsedDate | Invalid) -> int:
    """Year × 10000 + month × 100 + day, Jalali; the year alone ends in zeros."""
    if isinstance(read, Invalid):
        return MISSING
    year, month, day = to_jalali(read.date) if read.date else (read.year, 0, 0)
    return year * 10_000 + month * 100 + day


def _national(records: pl.DataFrame, mobile: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """National IDs of ten digits and which pass their check.

    Pseudo-IDs are missing; only a wrong check digit is kept, not to identify anybody but because
    it may be one slip away from the right number. The row's own mobile is no ID whatever its
    check digit says.
    """

    coded = _mapped(records, "national_id", national_code)
    number = np.where(coded < 0, MISSING, coded // 2)
    number[number == mobile] = MISSING
    return number, (number >= 0) & (coded % 2 == 1)


def _birth(records: pl.DataFrame) -> tuple[Codes, Codes]:
    """Jalali year, and month × 100 + day where the day is known; impossible dates are missing."""
    distinct = records["birth_date"].drop_nulls().unique().to_list()
    date = dict(zip(distinct, parse_dates(distinct), strict=True))

    coded = _mapped(records, "birth_date", lambda text: birth_code(date[text]))
    year, day = coded // 10_000, coded % 10_000
    return np.where(coded < 0, MISSING, year), np.where((coded < 0) | (day == 0), MISSING, day)


def _household(records: pl.DataFrame, source: Codes) -> Codes:
    """Household numbers of the left file; rolls have none."""
    number = records["household"].rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
    return np.where(source == 0, number, MISSING)
