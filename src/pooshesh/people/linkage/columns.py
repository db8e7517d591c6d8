"""The columns linkage reads of any file, and the headers they are known by."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_columns import Column, match_columns
from pooshesh.kernel.sheets import ERROR_CELL, header_key
from pooshesh.kernel.text import search_key

COLUMNS = (
    Column(name="first_name", title="first_name",
           aliases=("نام", "نام کوچک", "اسم", "name", "first", "given name", "firstname")),
    Column(name="last_name", title="last_name",
           aliases=("نام خانوادگی", "فامیل", "فامیلی", "family", "surname", "last", "lastname",
                    "family name")),
    Column(name="father_name", title="father_name",
           aliases=("نام پدر", "father", "fathers name", "father's name")),
    Column(name="birth_date", title="birth_date",
           aliases=("تاریخ تولد", "تولد", "سال تولد", "birthdate", "date of birth", "dob",
                    "birth")),
    Column(name="national_id", title="national_id",
           aliases=("کد ملی", "شماره ملی", "national code", "nid", "national id number")),
    Column(name="foreign_id", title="foreign_id",
           aliases=("کد اتباع", "کد فراگیر", "کد فیدا", "کد یکتا", "شناسه اختصاصی", "foreign code",
                    "fida")),
    Column(name="sex", title="sex", aliases=("جنسیت", "جنس", "gender")),
    Column(name="postal_code", title="postal_code",
           aliases=("کد پستی", "کدپستی", "postcode", "zip", "postal")),
    Column(name="mobile", title="mobile",
           aliases=("تلفن همراه", "موبایل", "شماره همراه", "شماره موبایل", "تلفن", "phone")),
    Column(name="household", title="household",
           aliases=("خانوار", "شماره خانوار", "کد خانوار", "household id")),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
#: At least one of these tells people apart.
TELLING = {"first_name", "last_name", "national_id", "foreign_id"}
_SEXES = {
    search_key(word): letter
    for letter, words in {
        "M": ("M", "مرد", "مذکر", "پسر", "male", "man", "1"),
        "F": ("F", "زن", "مونث", "دختر", "female", "woman", "2"),
    }.items()
    for word in words
}

explain(
    {
        "link.field": gettext_noop(
            "“%(read)s” is no field that linkage knows; expected one of %(expected)s."
        ),
        "link.pair": gettext_noop(
            "“%(read)s” is no choice of a column; expected FIELD=HEADER, such as first_name=Name."
        ),
        "link.twice": gettext_noop(
            "More than one column was chosen for “%(field)s”; expected one."
        ),
        "link.header": gettext_noop(
            "“%(file)s” has no column “%(read)s”; expected one of its headers: %(headers)s."
        ),
        "link.nothing": gettext_noop(
            "No column of “%(file)s” tells people apart; expected names or identifiers. Its"
            " headers: %(headers)s. Choose them with --map."
        ),
    }
)


def chosen(text: str) -> dict[str, str]:
    """Field → header of “first_name=نام,last_name=فامیل”. Raises Invalid with a link.* code."""
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        field, equals, header = (word.strip() for word in part.partition("="))
        if not equals or not header or not field:
            raise Invalid("link.pair", read=part)
        if field not in NAMES:
            raise Invalid("link.field", read=field, expected=", ".join(NAMES))
        if field in found:
            raise Invalid("link.twice", field=field)
        found[field] = header
    return found


def people_of(frame: pl.DataFrame, file: str, choice: Mapping[str, str]) -> pl.DataFrame:
    """The columns linkage reads, by name, as text. `file` is what people call it.

    Raises Invalid: a chosen header is not there or stands for two fields, two columns fit one
    field, or nothing tells people apart.
    """
    headers = frame.columns
    known = {header_key(header) for header in headers}
    for header in choice.values():
        if header_key(header) not in known:
            raise Invalid("link.header", file=file, read=header, headers=" / ".join(headers))
    mapping = match_columns(headers, COLUMNS, choice).certain()
    if not TELLING & mapping.keys():
        raise Invalid("link.nothing", file=file, headers=" / ".join(headers))
    texts = frame.select(pl.col(header).alias(name) for name, header in mapping.items())
    texts = texts.with_columns(pl.all().cast(pl.String, strict=False))
    texts = texts.with_columns(
        pl.when(~pl.col(name).str.contains(ERROR_CELL)).then(pl.col(name)).alias(name)
        for name in texts.columns
        if texts[name].str.contains("#|Err").any()
    )
    if "sex" in texts.columns:
        words = texts["sex"].drop_nulls().unique().to_list()
        letters = {word: _SEXES.get(search_key(word)) for word in words}
        texts = texts.with_columns(
            pl.col("sex").replace_strict(letters, default=None, return_dtype=pl.String)
        )
    return texts
