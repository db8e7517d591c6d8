"""The two records a clerk compares, side by side, with what differs marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, mask
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.text import clean
from pooshesh.people.models import IdentifierKind, Person
from pooshesh.people.queries import WRITE
from pooshesh.people.queries import person as person_within
from pooshesh.people.queries import persons as persons_within
from pooshesh.people.side_by_side import Line, line, mark
from pooshesh.programme import queries, titles
from pooshesh.programme.campaign import record
from pooshesh.programme.campaign.columns import COLUMNS
from pooshesh.programme.models import CampaignRow, FileRole, WorkItem
from pooshesh.web.format import number

FIELDS = ("first_name", "last_name", "father_name", "sex", "birth_date", "national_id",
          "foreign_id", "postal_code", "mobile")  # fmt: skip
#: Shown by their last digits only, as on the person's page, until they are asked for.
NUMBERED = {
    "national_id": Kind.NATIONAL_ID, "foreign_id": Kind.FOREIGN_CODE, "mobile": Kind.MOBILE,
}  # fmt: skip
NUMBERS = {
    IdentifierKind.NATIONAL.value: "national_id",
    IdentifierKind.FOREIGN.value: "foreign_id",
    IdentifierKind.PASSPORT.value: "national_id",  # where field staff write it
}


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


def comparison(viewer: User, item: WorkItem, *, in_full: bool = False) -> Comparison:
    """The records behind an item; of persons outside the viewer's area nothing is shown.

    Whole numbers are compared; they are shown `in_full` to who asked for them.
    """
    outside = _("Registered outside your area")
    mine = person_within(viewer, item.person_id)
    one = record_of(mine) if mine else {}
    own = _("Census row %(row)s") % {"row": number(item.census_row)} if mine else outside
    other: Mapping[str, str] = {}
    title = ""
    if second := _second(item):
        found = person_within(viewer, second)
        other = record_of(found) if found else {}
        title = (
            _("Registered before")
            if item.other_row is None
            else _("Census row %(row)s") % {"row": number(item.other_row)}
        )
        title = title if found else outside
    elif shown := record.evidence(item):
        other = shown
        title = _("%(insurer)s, row %(row)s") % {
            "insurer": titles.insurers()[shown["roll"]],
            "row": number(int(shown["roll_row"])),
        }
    names = {column.name: column.title for column in COLUMNS[FileRole.CENSUS]}
    lines = [
        line(
            names[f],
            _shown(f, one.get(f, ""), in_full),
            _shown(f, other.get(f, ""), in_full),
            mark(f, one, other) if title else "",
        )
        for f in FIELDS
    ]
    return Comparison(own, title, [one for one in lines if one.one or one.other])


def _shown(name: str, text: str, in_full: bool) -> str:
    """A cell as the viewer may read it."""
    if name in NUMBERED and not in_full:
        return mask(Read(NUMBERED[name], clean(text), Grade.CHECKSUM))
    return titles.cell(name, text)


def reaches_other(viewer: User, item: WorkItem) -> bool:
    """Whether the viewer may change the record on the other side, if an item has two."""
    second = _second(item)
    return second is None or person_within(viewer, second, WRITE) is not None


def shown(viewer: User, item: WorkItem) -> list[UUID]:
    """Everybody whose record or name an item shows to the viewer, for the audit event."""
    looked_at = [person_within(viewer, one) for one in (item.person_id, _second(item)) if one]
    return [
        *(one.pk for one in looked_at if one),
        *_visible(viewer, [row.person_id for row in _household(item)]),
    ]


def _second(item: WorkItem) -> UUID | None:
    """The person on the other side, if the item compares two persons."""
    if item.other_row is None:
        return item.holder_id if item.evidence is None else None
    rows = CampaignRow.objects.filter(campaign=item.campaign_id, census_row=item.other_row)
    return rows.values_list("person_id", flat=True).get()


def _visible(viewer: User, persons: Sequence[UUID]) -> set[UUID]:
    """Those of some persons who live in the viewer's area."""
    return set(persons_within(viewer).filter(pk__in=persons).values_list("pk", flat=True))


def _household(item: WorkItem) -> list[CampaignRow]:
    """The rest of the household."""
    return [
        row
        for row in queries.household(item.campaign, item.census_row)
        if row.census_row != item.census_row
    ]


def record_of(person: Person) -> dict[str, str]:
    """A person as a sheet would write them, identifiers opened to be compared."""
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


def members(viewer: User, item: WorkItem, *, in_full: bool = False) -> list[Member]:
    """The rest of the household, with their foreign nationals' codes as a hint.

    Who lives outside the viewer's area by now has neither name nor code.
    """
    rows = _household(item)
    known = _visible(viewer, [row.person_id for row in rows])
    codes: dict[UUID, list[str]] = {}
    keys = keyring()
    for one in queries.identifiers(sorted(known)):
        if one.kind != IdentifierKind.FOREIGN:
            continue
        code = keys.open(bytes(one.sealed), one.kind)
        codes.setdefault(one.person_id, []).append(_shown("foreign_id", code, in_full))
    return [
        Member(
            row,
            f"{row.person.first_name} {row.person.last_name}".strip()
            if row.person_id in known
            else _("Registered outside your area"),
            row.get_relation_display(),
            codes.get(row.person_id, []),
        )
        for row in rows
    ]
