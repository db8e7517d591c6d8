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

from pooshesh.kernel.calendar import parse_date, to_jalali
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
    mobile = _contacts(records["mobile"])
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
        foreign=_foreign_codes(records["foreign_id"]),
        sex=_mapped(records["sex"], lambda letter: SEXES.get(letter, MISSING)),
        postal=_contacts(records["postal_code"]),
        mobile=mobile,
        household=_household(records, source),
    )


def canonical(frame: pl.DataFrame) -> pl.DataFrame:
    """The canonical columns as text, blank cells null, sorted by row so order never matters."""
    columns = [
        _filled(pl.col(name).cast(pl.String).str.strip_chars()).alias(name)
        if name in frame.columns
        else pl.lit(None, pl.String).alias(name)
        for name in TEXT_COLUMNS
    ]
    found = frame.select(pl.col("row").cast(pl.Int64), *columns)
    return found if found["row"].is_sorted() else found.sort("row")


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)


def _mapped(cells: pl.Series, code: Callable[[str], int]) -> Codes:
    """`code` of every cell, computed once per distinct text."""
    distinct, of_cell = names.distinct_texts(cells)
    codes = np.array([*map(code, distinct), MISSING], np.int64)
    coded: Codes = codes[of_cell]
    return coded


def _digits(
    cells: pl.Series,
    lengths: str,
    number: Callable[[Codes, Codes], Codes],
    code: Callable[[str], int],
) -> Codes:
    """`number` of the cells that are so many Latin digits and nothing else, from their values and
    lengths, all at once; `code` of the others, text by text. Both read a number alike."""
    plain = cells.str.contains(rf"^[0-9]{{{lengths}}}$").fill_null(value=False)
    at = plain.to_numpy()
    digits = cells.filter(plain)
    read = np.full(len(cells), MISSING, np.int64)
    read[at] = number(
        digits.cast(pl.Int64).to_numpy(), digits.str.len_bytes().cast(pl.Int64).to_numpy()
    )
    read[~at] = _mapped(cells.filter(~plain), code)
    return read


def _contacts(cells: pl.Series) -> Codes:
    return _digits(cells, "10,14", lambda value, _: value % 10**CONTACT_DIGITS, contact_code)


def _foreign_codes(cells: pl.Series) -> Codes:
    def number(value: Codes, _: Codes) -> Codes:
        good = (value >= 10 ** (FOREIGN_DIGITS - 3)) & (value % ((10**FOREIGN_DIGITS - 1) // 9) > 0)
        return np.where(good, value, MISSING)

    return _digits(cells, str(FOREIGN_DIGITS), number, foreign_code)


def _national_codes(value: Codes, length: Codes) -> Codes:
    """`national_code` of numbers of eight to ten digits."""
    weighted = np.zeros(len(value), np.int64)
    rest = value
    for weight in range(2, NATIONAL_DIGITS + 1):
        rest = rest // 10
        weighted += rest % 10 * weight
    weighted %= 11
    valid = value % 10 == np.where(weighted < 2, weighted, 11 - weighted)
    full = length == NATIONAL_DIGITS
    issued = value >= 10 ** (NATIONAL_DIGITS - 3)
    issued &= value % ((10**length - 1) // 9) > 0  # all digits the same
    like_mobile = value >= 9 * 10 ** (NATIONAL_DIGITS - 1)
    slip = full & ~like_mobile
    return np.where(issued & (valid | slip), value * 2 + valid, MISSING)


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


def read_birth(text: str) -> int:
    """Year × 10000 + month × 100 + day, Jalali; the year alone ends in zeros."""
    try:
        read = parse_date(text)
    except Invalid:
        return MISSING
    year, month, day = to_jalali(read.date) if read.date else (read.year, 0, 0)
    return year * 10_000 + month * 100 + day


def _national(records: pl.DataFrame, mobile: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """National IDs of ten digits and which pass their check.

    Pseudo-IDs are missing; only a wrong check digit is kept, not to identify anybody but because
    it may be one slip away from the right number. The row's own mobile is no ID whatever its
    check digit says.
    """

    coded = _digits(records["national_id"], "8,10", _national_codes, national_code)
    number = np.where(coded < 0, MISSING, coded // 2)
    number[number == mobile] = MISSING
    return number, (number >= 0) & (coded % 2 == 1)


def _birth(records: pl.DataFrame) -> tuple[Codes, Codes]:
    """Jalali year, and month × 100 + day where the day is known; impossible dates are missing."""
    coded = _mapped(records["birth_date"], read_birth)
    year, day = coded // 10_000, coded % 10_000
    return np.where(coded < 0, MISSING, year), np.where((coded < 0) | (day == 0), MISSING, day)


def _household(records: pl.DataFrame, source: Codes) -> Codes:
    """Household numbers of the left file; rolls have none."""
    number = records["household"].rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
    return np.where(source == 0, number, MISSING)
