"""The two records of a pair as a clerk reads them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.identifiers import Grade, Identifier, Kind, mask
from pooshesh.people import pairs
from pooshesh.people.models import Link, Person, Sex
from pooshesh.people.side_by_side import Line, line, mark
from pooshesh.web.format import digits, jdate

TITLES = {
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "father_name": gettext_lazy("Father's name"),
    "sex": gettext_lazy("Sex"),
    "birth_date": gettext_lazy("Birth date"),
    "national_id": gettext_lazy("National ID number"),
    "foreign_id": gettext_lazy("Foreign national's code"),
    "mobile": gettext_lazy("Mobile number"),
    "postal_code": gettext_lazy("Postal code"),
    "household": gettext_lazy("Household"),
    "area": gettext_lazy("Area"),
}
#: Shown by their last digits only, as on the person's page, until they are asked for.
NUMBERED = {
    "national_id": Kind.NATIONAL_ID, "foreign_id": Kind.FOREIGN_CODE, "mobile": Kind.MOBILE,
}  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Both records: who they are and when they were registered, and their fields."""

    first: Person
    second: Person
    lines: list[Line]


def comparison(link: Link, *, in_full: bool = False) -> Comparison:
    """The records of a pair; whole numbers are compared, and shown `in_full` to who asked."""
    sides = pairs.sides(link)
    one, other = (
        _record(side.record, person)
        for side, person in zip(sides, (link.first, link.second), strict=True)
    )
    shared_home = bool(one["household"]) and one["household"] == other["household"]
    lines = [
        line(
            title,
            _shown(name, one.get(name, ""), in_full, shared_home),
            _shown(name, other.get(name, ""), in_full, shared_home),
            mark(name, one, other),
        )
        for name, title in TITLES.items()
        if one.get(name) or other.get(name)
    ]
    return Comparison(link.first, link.second, lines)


def _record(record: Mapping[str, str | None], person: Person) -> dict[str, str]:
    texts = {name: text or "" for name, text in record.items()}
    texts["birth_date"] = _birth(person)
    texts["area"] = str(person.area)
    return texts


def _birth(person: Person) -> str:
    """The birth date as far as it is known, in Latin digits."""
    if person.birth_date is None:
        return ""
    parts = {"day": 3, "month": 2, "year": 1}[person.birth_precision or "day"]
    return "/".join(format_jalali(person.birth_date, lang="en").split("/")[:parts])


def _shown(name: str, text: str, in_full: bool, shared_home: bool) -> str:
    if not text:
        return ""
    if name == "household":
        return _("the same household") if shared_home else _("another household")
    if name == "sex":
        return str(Sex(text).label)
    if name in NUMBERED and not in_full:
        return mask(Identifier(NUMBERED[name], text, Grade.CHECKSUM))
    return digits(text) if name in {*NUMBERED, "birth_date", "postal_code"} else text


def registered(person: Person) -> str:
    """When and where a record was registered, for its heading."""
    return f"{jdate(person.created_at.date())} · {person.area}"
