"""The sheet of the ministry's registry, pure: what it holds, and what is wrong with its rows."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models import Disease
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_columns import Column
from pooshesh.kernel.text import clean, key, to_latin_digits
from pooshesh.people.recognition import CensusPerson

LONGEST_NAME = 60  # letters that are kept

explain(
    {
        "disease.registry_number": gettext_noop(
            "“%(read)s” is no registry number; expected at most 40 letters, digits or dashes."
        ),
        "disease.registry_disease": gettext_noop(
            "“%(read)s” is no disease of the list; expected its code or its name."
        ),
        "disease.registry_future": gettext_noop("The date %(read)s lies in the future."),
        "disease.registry_days": gettext_noop("The tag ends before it starts."),
        "disease.registry_twice": gettext_noop("Row %(row)s has the same registry number."),
    }
)


def _number(text: str) -> str:
    number = to_latin_digits(clean(text)).upper().removesuffix(".0")
    if not 0 < len(number) <= 40 or not number.replace("-", "").replace("/", "").isalnum():
        raise Invalid("disease.registry_number", read=number[:40])
    return number


def _name(text: str) -> str:
    return clean(text)[:LONGEST_NAME]


def _any_day(text: str) -> dt.date:
    parsed = parse_date(text)
    if parsed.date is None:
        raise Invalid("date.unreadable", read=parsed.as_typed)
    return parsed.date


def _past(text: str) -> dt.date:
    day = _any_day(text)
    if day > timezone.localdate():
        raise Invalid("disease.registry_future", read=day)
    return day


def columns(diseases: Iterable[Disease]) -> tuple[Column, ...]:
    """What a sheet of the registry holds; a disease may stand by code or by name."""
    known = {key(word): one.code for one in diseases for word in (one.name_en, one.name_fa)}
    known |= {key(one.code): one.code for one in diseases}

    def disease(text: str) -> str:
        found = known.get(key(text))
        if found is None:
            raise Invalid("disease.registry_disease", read=clean(text)[:40])
        return found

    return (
        Column(name="registry_number", title=_("Registry number"), required=True, filled=True,
               aliases=("شماره ثبت", "کد ثبت"), parse=_number),
        Column(name="disease", title=_("Disease"), required=True, filled=True,
               aliases=("بیماری", "کد بیماری"), parse=disease),
        Column(name="starts", title=_("Tagged on"), required=True, filled=True,
               aliases=("تاریخ نشان", "تاریخ ثبت"), parse=_past, dtype=pl.Date),
        Column(name="ends", title=_("Holds until before"),
               aliases=("تاریخ پایان", "اعتبار تا"), parse=_any_day, dtype=pl.Date),
        Column(name="national_id", title=_("National ID number"),
               aliases=("کد ملی", "کدملی", "شماره ملی")),
        Column(name="foreign_code", title=_("Foreign national's code"),
               aliases=("کد اتباع", "کد فراگیر", "شناسه اتباع")),
        Column(name="first_name", title=_("First name"), aliases=("نام",), parse=_name),
        Column(name="last_name", title=_("Last name"), aliases=("نام خانوادگی",), parse=_name),
        Column(name="birth_date", title=_("Birth date"), aliases=("تاریخ تولد",), parse=_past,
               dtype=pl.Date),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the registry as read; texts are "" where blank."""

    row: int
    registry_number: str
    disease: str
    starts: dt.date
    ends: dt.date | None
    national_id: str = ""
    foreign_code: str = ""
    first_name: str = ""
    last_name: str = ""
    birth_date: dt.date | None = None

    def person(self) -> CensusPerson:
        """Whom the row names, as identification asks for it."""
        return CensusPerson(
            row=self.row, first_name=self.first_name, last_name=self.last_name,
            birth_date=self.birth_date, birth_precision="day" if self.birth_date else "",
            national_id=self.national_id, foreign_code=self.foreign_code,
        )  # fmt: skip


#: Of an item, what is told about the person and sealed while it waits.
NAMED = ("national_id", "foreign_code", "first_name", "last_name", "birth_date")


_TEXTS = {one.name for one in fields(Item) if one.default == ""}


def items_of(rows: Iterable[dict[str, Any]]) -> tuple[list[Item], list[tuple[int, str, Invalid]]]:
    """The rows that can be attached, and what is wrong between the cells of the others."""
    first: dict[str, int] = {}
    items, crossed = [], []
    for row in rows:
        number = row["registry_number"]
        if row["ends"] is not None and row["ends"] <= row["starts"]:
            crossed.append((row["row"], "ends", Invalid("disease.registry_days")))
        elif first.setdefault(number, row["row"]) != row["row"]:
            error = Invalid("disease.registry_twice", row=first[number])
            crossed.append((row["row"], "registry_number", error))
        else:
            said: dict[str, Any] = {
                name: "" if value is None and name in _TEXTS else value
                for name, value in row.items()
            }
            items.append(Item(**said))
    return items, crossed
