"""What is held about a person, as the rooms up to here say it: classes, never values.

Rooms to the right add theirs with `web.registry.register_held`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.coverage.models import Source, Spell
from pooshesh.people.models import Decile, Identifier, Membership, Person, Standing
from pooshesh.people.queries import Look, who_looked
from pooshesh.policy.models import Decision
from pooshesh.programme.models import CampaignRow, WorkItem
from pooshesh.regularisation.models import Case, Document, Inquiry, SheetRow, Step
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


def _some(*lines: Held) -> list[Held]:
    return [line for line in lines if line.count]


def _of_people(records: Records) -> list[Held]:
    insured = _("To insure the person and to know who they are")
    homes = Membership.objects.known().filter(person__in=records)
    households = homes.values("household_id")
    mobiles = Person.objects.filter(pk__in=records).exclude(mobile=None).count()
    came = ", ".join(sorted(set(_sources(records))))
    return _some(
        Held(_("Names, birth, sex, place"), len(records), came, insured),
        Held(_("Numbers (national ID, foreign code, passport)"),
             Identifier.objects.filter(person__in=records).count(), came, insured),
        Held(_("Mobile number"), mobiles, came, _("To reach the person")),
        Held(_("Membership in households"), homes.count(), came,
             _("Cover and means test are of the household")),
        Held(_("Nationality and legal status"),
             Standing.objects.known().filter(person__in=records).count(),
             _("Documents shown, census"), _("It decides by which rules somebody is insured")),
        Held(_("Income decile of the household"),
             Decile.objects.known().filter(household__in=households).count(),
             _("Welfare database"), _("It decides what the household pays")),
    )  # fmt: skip


def _sources(records: Records) -> list[str]:
    words = {"census": _("Census"), "nationals": _("Municipal census"), "": _("Clerk's form")}
    rows = Person.objects.filter(pk__in=records).values_list("source", flat=True)
    return [words.get(one.partition(":")[0], words["census"]) for one in rows]


def _of_cover(records: Records) -> list[Held]:
    spells = Spell.objects.filter(person__in=records)
    return _some(
        Held(_("Decisions about cover with what they rest on"),
             Decision.objects.filter(person_id__in=records).count(), _("Rules of this insurer"),
             _("To answer for each decision")),
        Held(_("Cover by this insurer"), spells.filter(source=Source.ENROLMENT).count(),
             _("Enrolment"), _("To give what the person is entitled to")),
        Held(_("Cover by other insurers"), spells.filter(source=Source.ROLL).count(),
             _("Insurers' rolls as brought"), _("To find who has no cover")),
    )  # fmt: skip


def _of_campaigns(records: Records) -> list[Held]:
    items = WorkItem.objects.filter(person__in=records)
    return _some(
        Held(_("Rows of a campaign's census"),
             CampaignRow.objects.filter(person__in=records).count(), _("Census"),
             _("To find who has no cover")),
        Held(_("Questions a clerk answered"), items.count(), _("Campaign"),
             _("To decide what the census left open")),
    )  # fmt: skip


def _of_cases(records: Records) -> list[Held]:
    held = Document.objects.filter(case__person__in=records, deleted_at=None)
    soonest = held.exclude(delete_by=None).order_by("delete_by").first()
    rows = SheetRow.objects.filter(person__in=records).exclude(name="").order_by("delete_by")
    first = rows.first()
    return _some(
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
        Held(_("Questions about what is held"),
             Inquiry.objects.filter(person__in=records).count(), _("The person"),
             _("To answer for having told it to the right person")),
    )  # fmt: skip


PARTS = (
    HeldPart(gettext_lazy("Person"), 10, _of_people),
    HeldPart(gettext_lazy("Decisions and cover"), 20, _of_cover),
    HeldPart(gettext_lazy("Campaigns"), 30, _of_campaigns),
    HeldPart(gettext_lazy("Regularisation"), 40, _of_cases),
)


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
