"""What a sheet of applications holds: its columns, and rows read or refused one by one."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease import queries as diseases
from pooshesh.fund.models import Insured
from pooshesh.kernel.calendar import from_jalali, parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.sheet_columns import Column, Problem, match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import clean, search_key
from pooshesh.people.actions import problems as person_problems
from pooshesh.people.models import Precision
from pooshesh.people.recognition import CensusPerson
from pooshesh.places.models import Area, AreaKind
from pooshesh.programme.campaign.columns import sex

explain(
    {
        "fund.unknown_disease": gettext_noop(
            "There is no disease “%(read)s” on the fund's list; expected its name or code."
        ),
        "fund.unknown_place": gettext_noop(
            "There is no place “%(read)s” in the area of this sheet; expected its name or code."
        ),
        "fund.two_places": gettext_noop(
            "More than one place is called “%(read)s”; write its code."
        ),
        "fund.insured": gettext_noop(
            "“%(read)s” was read; expected “this insurer”, “another” or “none”."
        ),
        "fund.yes_no": gettext_noop("“%(read)s” was read; expected “yes” or “no”."),
        "fund.birth_late": gettext_noop("The birth date %(read)s lies in the future."),
    }
)


def _words(said: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {search_key(word): value for value, words in said.items() for word in words}


_INSURED = _words(
    {
        Insured.OURS: ("بیمه سلامت", "سلامت", "همین بیمه‌گر", "this insurer", "ours"),
        Insured.OTHER: ("تأمین اجتماعی", "نیروهای مسلح", "بیمه‌گر دیگر", "سایر", "another", "other"),
        Insured.NONE: ("ندارد", "فاقد بیمه", "بدون بیمه", "none", "uninsured"),
    }
)
_YES = _words(
    {"1": ("بله", "بلی", "آری", "فوری", "yes", "1"), "": ("خیر", "نه", "عادی", "no", "0")}
)


#: Of what stands in row after row: diseases, provinces, insurers.
_folded = lru_cache(maxsize=4_096)(search_key)


def _insured(text: str) -> str:
    found = _INSURED.get(_folded(text))
    if found is None:
        raise Invalid("fund.insured", read=clean(text)[:40])
    return found


def _yes(text: str) -> str:
    found = _YES.get(search_key(text))
    if found is None:
        raise Invalid("fund.yes_no", read=clean(text)[:40])
    return found


def _day(text: str) -> str:
    """A date that can be read, as "YYYY-MM-DD precision"; a month or year is its first day."""
    parsed = parse_date(text)
    day = parsed.date or from_jalali(parsed.year, parsed.month or 1, 1)
    if day > timezone.localdate():
        raise Invalid("fund.birth_late", read=day)
    return f"{day.isoformat()} {Precision(parsed.precision)}"


COLUMNS = (
    Column(name="first_name", title=_("First name"), aliases=("نام", "نام کوچک", "name")),
    Column(name="last_name", title=_("Last name"),
           aliases=("نام خانوادگی", "فامیل", "family", "surname"), required=True),
    Column(name="father_name", title=_("Father's name"), aliases=("نام پدر", "father")),
    Column(name="birth_date", title=_("Birth date"),
           aliases=("تاریخ تولد", "تولد", "birth"), parse=_day),
    Column(name="sex", title=_("Sex"), aliases=("جنسیت", "جنس", "gender"), parse=sex),
    Column(name="national_id", title=_("National ID number"),
           aliases=("کد ملی", "شماره ملی", "national id")),
    Column(name="foreign_code", title=_("Foreign national's code"),
           aliases=("کد فراگیر", "کد فیدا", "fida")),
    Column(name="mobile", title=_("Mobile number"), aliases=("موبایل", "تلفن همراه", "همراه")),
    Column(name="disease", title=_("Disease"), aliases=("بیماری", "کد بیماری", "disease code"),
           required=True, filled=True),
    Column(name="place", title=_("Lives in"),
           aliases=("محل زندگی", "شهرستان", "شهر", "محله", "place", "county", "city")),
    Column(name="province", title=_("Province"), aliases=("استان",)),
    Column(name="insured", title=_("Insurance as stated"), aliases=("بیمه", "insurance"),
           parse=_insured),
    Column(name="urgent", title=_("Urgent"), aliases=("فوری",), parse=_yes),
)  # fmt: skip
TITLES = {column.name: column.title for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Row:
    """One application of a sheet."""

    number: int
    person: CensusPerson
    read: Sequence[Read]  # the identifiers, graded
    disease: str
    area: Area
    insured: str
    urgent: bool


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read: the good rows, and every problem of the others."""

    rows: list[Row]
    problems: list[Problem]
    refused: int  # rows
    unread: list[str]


def read(path: Path, name: str, area: Area) -> Sheet:
    """Read a sheet of an area. Raises Invalid when the file or its columns cannot be read.

    Who lives nowhere that is said lives in `area`; a place outside it is a problem.
    """
    table = read_table(path, name=name)
    matching = match_columns(table.headers, COLUMNS)
    checked = validate(table, COLUMNS, matching.certain())
    codes, places = _diseases(), Places.of(area)
    today = timezone.localdate()
    rows: list[Row] = []
    problems = list(checked.problems)
    bad = set(checked.frame.filter(checked.refused)["row"])
    for cells in checked.frame.filter(~pl.Series(checked.refused)).iter_rows(named=True):
        found, faults = _row(cells, codes, places, today)
        if faults:
            bad.add(cells["row"])
            problems += [
                Problem(cells["row"], field, TITLES[field], str(cells[field] or "")[:100], error)
                for field, error in faults
            ]
        elif found:
            rows.append(found)
    problems.sort(key=lambda problem: problem.row)
    return Sheet(rows, problems, len(bad), matching.unread)


def _diseases() -> dict[str, str]:
    """Folded name or code → code."""
    return {
        search_key(word): one.code
        for one in diseases.diseases()
        for word in (one.name_en, one.name_fa, one.code)
        if word
    }


@dataclass(frozen=True)
class Places:
    """The areas under an area, by code and by name; a name of several levels is the widest."""

    home: Area
    by_code: Mapping[str, Area]
    by_name: Mapping[str, Sequence[Area]]

    @classmethod
    def of(cls, home: Area) -> "Places":
        order = list(AreaKind.values)
        rows = Area.objects.filter(path__within=home.path, valid__contains=timezone.localdate())
        under = sorted(rows, key=lambda one: order.index(one.kind))
        by_name: dict[str, list[Area]] = {}
        for one in under:
            for name in {search_key(one.name_fa), search_key(one.name_en)} - {""}:
                by_name.setdefault(name, []).append(one)
        return cls(home, {search_key(one.code): one for one in under}, by_name)

    def find(self, text: str, province: str) -> Area:
        """Raises Invalid for what is not there, and for a name of two places of one level."""
        asked = self._one(province, "") if province else self.home
        return self._one(text, asked.path) if text else asked

    def _one(self, text: str, within: str) -> Area:
        wanted = _folded(text)
        if (coded := self.by_code.get(wanted)) is not None:
            return coded
        inside = [
            one for one in self.by_name.get(wanted, ())
            if not within or one.path == within or one.path.startswith(f"{within}.")
        ]  # fmt: skip
        if not inside:
            raise Invalid("fund.unknown_place", read=clean(text)[:60])
        widest = [one for one in inside if one.kind == inside[0].kind]
        if len(widest) > 1:
            raise Invalid("fund.two_places", read=clean(text)[:60])
        return widest[0]


def _row(
    cells: Mapping[str, str | None],
    codes: Mapping[str, str],
    places: Places,
    today: dt.date,
) -> tuple[Row | None, list[tuple[str, Invalid]]]:
    """The row, or all that is wrong with it by field."""
    said = {name: cells[name] or "" for name in TITLES}
    birth, _space, precision = said["birth_date"].partition(" ")
    number = int(cells["row"] or 0)
    person = CensusPerson(
        row=number, relation="head", first_name=said["first_name"], last_name=said["last_name"],
        father_name=said["father_name"], sex=said["sex"],
        birth_date=dt.date.fromisoformat(birth) if birth else None, birth_precision=precision,
        national_id=said["national_id"], foreign_code=said["foreign_code"],
        mobile=said["mobile"],
    )  # fmt: skip
    read = person.identifiers()
    faults = person_problems(person, today, read)
    disease = codes.get(_folded(said["disease"]))
    if disease is None:
        faults.append(
            ("disease", Invalid("fund.unknown_disease", read=clean(said["disease"])[:60]))
        )
    area = None
    try:
        area = places.find(said["place"], said["province"])
    except Invalid as error:
        faults.append(("place" if said["place"] else "province", error))
    if faults or disease is None or area is None:
        return None, faults
    return (
        Row(number, person, read, disease, area, said["insured"], said["urgent"] == "1"),
        [],
    )
