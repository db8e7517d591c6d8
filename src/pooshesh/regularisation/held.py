"""What is held about a person: what each room says with `web.registry.register_held`, and here.

Classes, never values.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.people.models import Person
from pooshesh.people.queries import Look, who_looked
from pooshesh.regularisation.models import (
    Case,
    Difference,
    Document,
    Inquiry,
    SheetRow,
    Step,
)
from pooshesh.web.format import jdate, number
from pooshesh.web.registry import Held, HeldPart, held_parts, name_of

Records = Sequence[UUID]
LOOKS = 200


@dataclass(frozen=True)
class Sheet:
    """All that the sheet says: (title, lines) of each part, and who read the record."""

    parts: list[tuple[str, Sequence[Held]]]
    looks: list[Look]


def sheet(person: Person, records: Records) -> Sheet:
    """What is held about a person under these records, and who read it, newest first."""
    told = [(str(part.title), part.lines(records)) for part in held_parts()]
    return Sheet([one for one in told if one[1]], who_looked(person.pk, LOOKS))


def _of_cases(records: Records) -> list[Held]:
    held = Document.objects.filter(case__person__in=records, deleted_at=None)
    soonest = held.exclude(delete_by=None).order_by("delete_by").first()
    of_rows = Q(person__in=records) | Q(other__in=records)
    rows = SheetRow.objects.filter(of_rows).exclude(name="").order_by("delete_by")
    first = rows.first()
    lines = [
        Held(_("Case of regularisation"), Case.objects.filter(person__in=records).count(),
             _("Census, clerk"), _("To bring the person under the rules")),
        Held(_("Steps of the case"), Step.objects.filter(case__person__in=records).count(),
             _("Clerks"), _("To answer for each step")),
        Held(_("Documents of the case"), held.count(), _("Shown by the person"),
             _("To prove who the person is and that they may live here"),
             soonest.delete_by if soonest else None),
        Held(_("Name and address as the municipality brought them"), rows.count(),
             _("Municipal census"),
             _("To tell a municipality how far its own census is worked off"),
             first.delete_by if first else None),
        Held(_("Differences between cover and the legal status"),
             Difference.objects.filter(person__in=records).count(), _("This insurer"),
             _("So that nobody loses cover silently")),
        Held(_("Questions about what is held"),
             Inquiry.objects.filter(person__in=records).count(), _("The person"),
             _("To answer for having told it to the right person")),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Regularisation"), 40, _of_cases)


def plain(told: Sheet) -> list[dict[str, Any]]:
    """The parts as the paper takes them."""
    kept = _("kept as a record")
    return [
        {
            "title": title,
            "rows": [
                [str(one.what), number(one.count), str(one.source), str(one.purpose),
                 jdate(one.until) if one.until else kept]
                for one in lines
            ],
        }
        for title, lines in told.parts
    ]  # fmt: skip


def looks(told: Sheet) -> list[list[str]]:
    """Who read or changed the record, as the paper takes it: when, who, what, what for."""
    return [
        [jdate(one.at, "moment"), one.who or _("by itself"), name_of(one.action),
         name_of(one.purpose) if one.purpose else "—"]
        for one in told.looks
    ]  # fmt: skip
