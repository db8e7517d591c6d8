"""The two records a clerk compares, side by side, with what differs marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind
from pooshesh.kernel.text import key, to_latin_digits
from pooshesh.people.models import IdentifierKind, Person
from pooshesh.people.queries import person as person_within
from pooshesh.programme import queries, titles
from pooshesh.programme.campaign import record
from pooshesh.programme.campaign.columns import COLUMNS
from pooshesh.programme.models import CampaignRow, FileRole, WorkItem
from pooshesh.web.format import number

Mark = Literal["same", "differs", "missing", ""]
FIELDS = ("first_name", "last_name", "father_name", "sex", "birth_date", "national_id",
          "foreign_id", "postal_code", "mobile")  # fmt: skip
NUMBERS = {
    IdentifierKind.NATIONAL.value: "national_id",
    IdentifierKind.FOREIGN.value: "foreign_id",
    IdentifierKind.PASSPORT.value: "national_id",  # where field staff write it
}


@dataclass(frozen=True)
class Line:
    """One field of both records."""

    title: str | Promise
    one: str
    other: str
    mark: Mark


@dataclass(frozen=True)
class Comparison:
    """`one` and `other` say whose records these are; `other` is "" when there is only one."""

    one: str
    other: str
    lines: list[Line]


@dataclass(frozen=True)
class Member:
    """A member of the household, with what may hint at the missing identity."""

    row: CampaignRow
    name: str
    relation: str
    codes: list[str]


def comparison(viewer: User, item: WorkItem) -> Comparison:
    """The records behind an item; of a holder outside the viewer's area nothing is shown."""
    one = record_of(item.person)
    other: Mapping[str, str] = {}
    title = ""
    if item.other_row is not None:
        row = CampaignRow.objects.select_related("person").get(
            campaign=item.campaign, census_row=item.other_row
        )
        other = record_of(row.person)
        title = _("Census row %(row)s") % {"row": number(item.other_row)}
    elif shown := record.evidence(item):
        other = shown
        title = _("%(insurer)s, row %(row)s") % {
            "insurer": titles.insurers()[shown["roll"]],
            "row": number(int(shown["roll_row"])),
        }
    elif item.holder_id:
        holder = person_within(viewer, item.holder_id)
        other = record_of(holder) if holder else {}
        title = _("Registered before") if holder else _("Registered outside your area")
    names = {column.name: column.title for column in COLUMNS[FileRole.CENSUS]}
    lines = [
        Line(names[f], one.get(f, ""), other.get(f, ""), _mark(f, one, other) if title else "")
        for f in FIELDS
    ]
    mine = _("Census row %(row)s") % {"row": number(item.census_row)}
    return Comparison(mine, title, [line for line in lines if line.one or line.other])


def record_of(person: Person) -> dict[str, str]:
    """A person as a sheet would write them, identifiers opened. The look was recorded."""
    keys = keyring()
    shown = {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "father_name": person.father_name,
        "sex": person.sex,
    }
    if person.birth_date:
        parts = {"day": 3, "month": 2, "year": 1}[person.birth_precision or "day"]
        day = format_jalali(person.birth_date, lang="en").split("/")
        shown["birth_date"] = "/".join(day[:parts])
    if person.mobile:
        shown["mobile"] = keys.open(bytes(person.mobile), Kind.MOBILE)
    for one in queries.identifiers([person.pk]):
        shown[NUMBERS[one.kind]] = keys.open(bytes(one.sealed), one.kind)
    return {name: text for name, text in shown.items() if text}


def members(item: WorkItem) -> list[Member]:
    """The rest of the household, with their foreign nationals' codes as a hint."""
    rows = [
        row
        for row in queries.household(item.campaign, item.census_row)
        if row.census_row != item.census_row
    ]
    codes: dict[UUID, list[str]] = {}
    keys = keyring()
    for one in queries.identifiers([row.person_id for row in rows]):
        if one.kind != IdentifierKind.FOREIGN:
            continue
        codes.setdefault(one.person_id, []).append(keys.open(bytes(one.sealed), one.kind))
    return [
        Member(
            row,
            f"{row.person.first_name} {row.person.last_name}".strip(),
            row.get_relation_display(),
            codes.get(row.person_id, []),
        )
        for row in rows
    ]


def _mark(name: str, one: Mapping[str, str], other: Mapping[str, str]) -> Mark:
    a, b = one.get(name, ""), other.get(name, "")
    if not a or not b:
        return "missing"
    if name in ("first_name", "last_name", "father_name"):
        return "same" if key(a) == key(b) else "differs"
    return "same" if _plain(a) == _plain(b) else "differs"


def _plain(text: str) -> str:
    """Digits without the zeros and separators that sheets lose and add."""
    return to_latin_digits(text).replace("/", "").replace("-", "").strip().lstrip("0")
