"""The columns of a census and of a roll: what they are called, and what a cell may hold."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_columns import Column
from pooshesh.kernel.text import clean, search_key, to_latin_digits
from pooshesh.people.models import Relation, Sex
from pooshesh.programme.models import FileRole

MAX_ROW = 2**31 - 1

explain(
    {
        "census.number": gettext_noop("“%(read)s” is not a row number; expected a whole number."),
        "census.relation": gettext_noop(
            "“%(read)s” is not a relation to the head; expected head, spouse, child, parent or"
            " other."
        ),
        "census.sex": gettext_noop("“%(read)s” is not a sex; expected M or F."),
    }
)


def row_number(text: str) -> int:
    digits = to_latin_digits(clean(text)).removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= MAX_ROW):
        raise Invalid("census.number", read=clean(text))
    return int(digits)


def _one_of(words: Mapping[str, tuple[str, ...]], code: str) -> Callable[[str], str]:
    known = {search_key(word): value for value, all_ in words.items() for word in (value, *all_)}

    def parse(text: str) -> str:
        found = known.get(search_key(text))
        if found is None:
            raise Invalid(code, read=clean(text))
        return found

    return parse


relation = _one_of(
    {
        Relation.HEAD: ("سرپرست", "سرپرست خانوار", "رئیس خانوار"),
        Relation.SPOUSE: ("همسر", "زن", "شوهر", "wife", "husband"),
        Relation.CHILD: ("فرزند", "پسر", "دختر", "son", "daughter"),
        Relation.PARENT: ("پدر", "مادر", "والد", "father", "mother"),
        Relation.OTHER: ("سایر", "دیگر", "خویشاوند", "بستگان", "relative"),
    },
    "census.relation",
)
sex = _one_of(
    {Sex.MALE: ("مرد", "مذکر", "پسر", "male"), Sex.FEMALE: ("زن", "مونث", "دختر", "female")},
    "census.sex",
)


def day(text: str) -> str:
    """A birth date that can be read, kept as typed: linkage compares what is known of it."""
    parse_date(text)
    return clean(text)


_PERSON = (
    Column(name="first_name", title=_("First name"), aliases=("نام", "نام کوچک", "name"),
           required=True),
    Column(name="last_name", title=_("Last name"),
           aliases=("نام خانوادگی", "فامیل", "family", "surname"), required=True),
    Column(name="father_name", title=_("Father's name"), aliases=("نام پدر", "father")),
    Column(name="birth_date", title=_("Birth date"),
           aliases=("تاریخ تولد", "تولد", "birthdate", "date of birth")),
    Column(name="national_id", title=_("National ID number"),
           aliases=("کد ملی", "شماره ملی", "national code", "nid")),
    Column(name="foreign_id", title=_("Foreign national's code"),
           aliases=("کد اتباع", "کد فراگیر", "کد فیدا", "کد یکتا", "شناسه اختصاصی", "foreign code",
                    "fida")),
    Column(name="sex", title=_("Sex"), aliases=("جنسیت", "جنس", "gender"), parse=sex),
    Column(name="postal_code", title=_("Postal code"),
           aliases=("کد پستی", "کدپستی", "postcode", "zip")),
    Column(name="mobile", title=_("Mobile number"),
           aliases=("تلفن همراه", "موبایل", "شماره همراه", "شماره موبایل", "phone")),
)  # fmt: skip

COLUMNS: dict[str, tuple[Column, ...]] = {
    FileRole.CENSUS: (
        Column(name="census_row", title=_("Row"), aliases=("ردیف", "شماره ردیف", "no"),
               parse=row_number, dtype=pl.Int64),
        Column(name="household", title=_("Household"),
               aliases=("خانوار", "شماره خانوار", "کد خانوار", "household id"), required=True),
        Column(name="neighbourhood", title=_("Code of the neighbourhood"),
               aliases=("کد محله", "neighbourhood code", "neighborhood code")),
        Column(name="relation", title=_("Relation to the head"),
               aliases=("نسبت", "نسبت با سرپرست", "نسبت با سرپرست خانوار"), required=True,
               parse=relation),
        *(replace(c, parse=day) if c.name == "birth_date" else c for c in _PERSON),
    ),
    # An insurer's birth date that cannot be read is one that is not known: its row still counts.
    FileRole.ROLL: (
        Column(name="roll_row", title=_("Row"), aliases=("ردیف", "شماره ردیف", "no"),
               parse=row_number, dtype=pl.Int64),
        *_PERSON,
    ),
}  # fmt: skip

#: The column that numbers the rows of a sheet; without it the sheet's own row number does.
NUMBER = {FileRole.CENSUS.value: "census_row", FileRole.ROLL.value: "roll_row"}
