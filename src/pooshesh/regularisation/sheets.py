"""What a municipality's sheet holds: its columns, and rows read or refused one by one."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import audit
from pooshesh.kernel.calendar import from_jalali, parse_date
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.sheet_columns import Column, Problem, match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.kernel.text import clean, search_key
from pooshesh.people.models import LegalStatus, Precision
from pooshesh.people.nations import called
from pooshesh.people.recognition import CensusPerson
from pooshesh.places.models import Area, AreaKind
from pooshesh.programme.campaign.columns import sex
from pooshesh.regularisation.models import DocumentKind

KEY = "nationals row"  # of the keyed index

explain(
    {
        "nationals.document": gettext_noop(
            "“%(read)s” is not a kind of document; expected Amayesh, residence, passport, work or "
            "slip."
        ),
        "nationals.nation": gettext_noop("“%(read)s” is not a nationality; expected a country."),
        "nationals.citizen": gettext_noop(
            "“%(read)s” is the nationality of citizens; expected foreign nationals only."
        ),
        "nationals.nameless": gettext_noop("The row has no name; expected at least one name."),
        "nationals.unknown_place": gettext_noop(
            "There is no neighbourhood “%(read)s” in this city; expected its name or code."
        ),
        "nationals.other_city": gettext_noop(
            "The neighbourhood “%(read)s” is not in this city; a municipality brings its own city "
            "only."
        ),
        "nationals.future": gettext_noop("The date %(read)s lies in the future."),
    }
)

_KINDS = {
    DocumentKind.AMAYESH: ("آمایش", "کارت آمایش", "amayesh"),
    DocumentKind.RESIDENCE: ("اقامت", "پروانه اقامت", "اقامت‌نامه", "residence"),
    DocumentKind.PASSPORT: ("گذرنامه", "پاسپورت", "passport"),
    DocumentKind.WORK: ("کارت کار", "پروانه کار", "work"),
    DocumentKind.CENSUS_SLIP: ("برگه سرشماری", "سرشماری", "slip"),
    DocumentKind.OTHER: ("سایر", "دیگر", "other"),
}
_BY_WORD = {search_key(word): kind for kind, words in _KINDS.items() for word in words}


def _document(text: str) -> str:
    found = _BY_WORD.get(search_key(text))
    if found is None:
        raise Invalid("nationals.document", read=clean(text))
    return found.value


def _nation(text: str) -> str:
    found = called(text)
    if found is None:
        raise Invalid("nationals.nation", read=clean(text))
    if found.code == "IR":
        raise Invalid("nationals.citizen", read=clean(text))
    return found.code


def _day(text: str) -> str:
    """A date that can be read, as "YYYY-MM-DD precision"; a month or year is its first day."""
    parsed = parse_date(text)
    day = parsed.date or from_jalali(parsed.year, parsed.month or 1, 1)
    if day > timezone.localdate():
        raise Invalid("nationals.future", read=day)
    return f"{day.isoformat()} {Precision(parsed.precision)}"


COLUMNS = (
    Column(name="first_name", title=_("First name"), aliases=("نام", "نام کوچک", "name"),
           required=True),
    Column(name="last_name", title=_("Last name"),
           aliases=("نام خانوادگی", "فامیل", "family", "surname")),
    Column(name="father_name", title=_("Father's name"), aliases=("نام پدر", "father")),
    Column(name="birth_date", title=_("Birth date"),
           aliases=("تاریخ تولد", "تولد", "سال تولد", "birth"), parse=_day),
    Column(name="sex", title=_("Sex"), aliases=("جنسیت", "جنس", "gender"), parse=sex),
    Column(name="nationality", title=_("Nationality"), aliases=("تابعیت", "ملیت", "کشور"),
           required=True, filled=True, parse=_nation),
    Column(name="document_kind", title=_("Kind of document"), aliases=("نوع مدرک", "مدرک"),
           parse=_document),
    Column(name="document_number", title=_("Document number"),
           aliases=("شماره مدرک", "شماره", "کد فراگیر", "کد فیدا", "document")),
    Column(name="neighbourhood", title=_("Neighbourhood"), aliases=("محله", "کد محله"),
           required=True, filled=True),
    Column(name="address", title=_("Address"), aliases=("نشانی", "آدرس")),
    Column(name="arrival", title=_("Arrival"), aliases=("تاریخ ورود", "ورود"), parse=_day),
)  # fmt: skip
TITLES = {column.name: column.title for column in COLUMNS}
_CODE_KINDS = (DocumentKind.AMAYESH, DocumentKind.RESIDENCE, DocumentKind.CENSUS_SLIP, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a sheet: what registration takes, where they live, and the row's own key."""

    number: int
    person: CensusPerson
    area: Area
    name: str
    document: str
    address: str
    arrival: dt.date | None
    text: str  # all that was written, canonical: the same row has the same text

    def keys(self, city: Area) -> list[bytes]:
        """Keyed indexes of the row within its city, the newest key's first: they tell nothing,
        and meet the same row again."""
        return keyring().indexes(f"{city.pk}\x1f{self.text}", KEY)


@dataclass(frozen=True)
class Read:
    """A sheet that was read: the good rows, and every problem of the others."""

    rows: list[Row]
    problems: list[Problem]
    unread: list[str]
    total: int

    @property
    def digest(self) -> str:
        """Of the content: the same rows in another file or order are the same sheet."""
        return audit.digest({"rows": sorted(row.text for row in self.rows)})


def read(path: Path, name: str, city: Area) -> Read:
    """Read a sheet of a city. Raises Invalid when the file or its columns cannot be read.

    A row that cannot be read, or that is of another city, is a problem and left out.
    """
    table = read_table(path, name=name)
    matching = match_columns(table.headers, COLUMNS)
    checked = validate(table, COLUMNS, matching.certain())
    places = Places.of(city)
    rows, problems = [], list(checked.problems)
    refused = set(checked.frame.filter(checked.refused)["row"])
    for cells in checked.frame.iter_rows(named=True):
        if cells["row"] in refused:
            continue
        try:
            rows.append(_row(cells, places))
        except Invalid as error:
            field = "first_name" if error.code == "nationals.nameless" else "neighbourhood"
            problems.append(
                Problem(cells["row"], field, TITLES[field], str(cells[field] or ""), error)
            )
    problems.sort(key=lambda problem: problem.row)
    return Read(rows, problems, matching.unread, len(checked.frame))


@dataclass(frozen=True)
class Places:
    """The neighbourhoods of a city by code and by name, and the names of all others."""

    own: Mapping[str, Area]
    others: frozenset[str]

    @classmethod
    def of(cls, city: Area) -> "Places":
        rows = Area.objects.filter(
            kind=AreaKind.NEIGHBOURHOOD, valid__contains=timezone.localdate()
        )
        mine = rows.filter(path__within=city.path)
        own = {search_key(area.code): area for area in mine}
        own |= {search_key(name): area for area in mine for name in (area.name_fa, area.name_en)}
        others = rows.exclude(path__within=city.path).values_list("code", "name_fa", "name_en")
        return cls(own, frozenset(search_key(word) for row in others for word in row))

    def find(self, text: str) -> Area:
        """Raises Invalid for a neighbourhood of another city, and for one that is nowhere."""
        wanted = search_key(text)
        if wanted in self.own:
            return self.own[wanted]
        code = "other_city" if wanted in self.others else "unknown_place"
        raise Invalid(f"nationals.{code}", read=clean(text))


def _row(cells: Mapping[str, str | None], places: Places) -> Row:
    said = {name: cells[name] or "" for name in TITLES}
    area = places.find(said["neighbourhood"])
    name = f"{said['first_name']} {said['last_name']}".strip()
    if not name:
        raise Invalid("nationals.nameless")
    birth, _space, precision = said["birth_date"].partition(" ")
    code, passport = _number(said["document_kind"], said["document_number"])
    number = int(cells["row"] or 0)
    person = CensusPerson(
        row=number, first_name=said["first_name"], last_name=said["last_name"],
        father_name=said["father_name"], sex=said["sex"],
        birth_date=dt.date.fromisoformat(birth) if birth else None, birth_precision=precision,
        foreign_code=code, passport=passport, status=LegalStatus.FOUND,
        nationality=said["nationality"],
    )  # fmt: skip
    keyed = ("first_name", "last_name", "father_name", "address")
    words = {
        column: search_key(text) if column in keyed else text for column, text in said.items()
    } | {"neighbourhood": area.code}
    text = "\x1f".join(f"{column}={words[column]}" for column in sorted(words))
    arrival = said["arrival"].partition(" ")[0]
    return Row(
        number, person, area, name[:250], said["document_kind"], said["address"][:500],
        dt.date.fromisoformat(arrival) if arrival else None, text,
    )  # fmt: skip


def _number(kind: str, number: str) -> tuple[str, str]:
    """(what stands in the box of the foreign code, passport number).

    A passport stands in its own box. What is no passport stays in the box of the code as it was
    written, so that a mobile or padded number shows as the pseudo-ID it is.
    """
    if not number:
        return "", ""
    if kind == DocumentKind.PASSPORT:
        return "", number
    if kind in _CODE_KINDS or grade(Kind.FOREIGN_CODE, number).grade is Grade.CHECKSUM:
        return number, ""
    return "", ""


def batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """The rows in batches."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
