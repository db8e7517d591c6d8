"""Reads of coverage: the cover of a person on a day, and figures by fund."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from pooshesh.access.queries import Viewer, countable, visible
from pooshesh.coverage.models import Insurer, Source, Spell, Undo
from pooshesh.kernel.time import from_day
from pooshesh.people.models import Person

READ, WRITE = "coverage.read", "coverage.write"


def cover_of(person_id: UUID, day: dt.date, known: dt.datetime | None = None) -> list[Spell]:
    """The spells that cover a person on a day, ours first, as known at a moment; 1 statement.

    For decisions about a person the caller may see; pages use `spells_of`.
    """
    return list(
        Spell.objects.on(day, known)
        .filter(person_id=person_id)
        .select_related("insurer")
        .order_by("-insurer__ours", "insurer_id")
    )


@dataclass(frozen=True, slots=True)
class SpellLine:
    """A spell as the person page shows it."""

    spell: Spell
    undo: Undo | None
    may_undo: bool

    @property
    def share(self) -> float | None:
        """The household's part of the premium, 0–1."""
        percent = self.spell.premium_percent
        return None if percent is None else percent / 100


def spells_of(viewer: Viewer, person: Person) -> list[SpellLine] | None:
    """All spells of a person in the viewer's area, undone ones included, newest first.

    None when the viewer sees no cover there; 2 statements.
    """
    if not visible(viewer, READ).covers(person.area_path, person.area_id):
        return None
    spells = list(
        Spell.objects.filter(Q(recorded__upper_inf=True) | Q(undo__isnull=False), person=person)
        .select_related("insurer", "undo")
        .order_by("-valid", "-recorded")
    )
    may = visible(viewer, WRITE).covers(person.area_path, person.area_id)
    return [
        SpellLine(
            spell,
            getattr(spell, "undo", None),
            may and spell.recorded.upper_inf and spell.source == Source.ENROLMENT,
        )
        for spell in spells
    ]


def spell_to_undo(viewer: Viewer, spell_id: UUID) -> Spell | None:
    """An enrolment of a person in the area where the viewer may write cover."""
    rows = Spell.objects.known().filter(source=Source.ENROLMENT).select_related("person")
    return _of_persons(viewer, WRITE, rows).filter(pk=spell_id).first()


def _of_persons(viewer: Viewer, permission: str, rows: QuerySet[Spell]) -> QuerySet[Spell]:
    """Spells of persons who live in the viewer's area now, wherever they were given."""
    return visible(viewer, permission).limit(
        rows, path="person__area_path", province="person__province", area="person__area_id"
    )


@dataclass(frozen=True, slots=True)
class SchemeCount:
    """Persons of one insurer's fund: covered on the day, and on any day of the time before it."""

    insurer: str
    scheme: str
    covered: int
    ever: int


def counts_by_scheme(
    viewer: Viewer, on: dt.date, since: dt.date, within: str = "ir"
) -> list[SchemeCount]:
    """Persons by insurer and fund where cover was given below the area path `within`.

    Only where the viewer may see figures. `since` begins the time for ever-covered; a person with
    two spells of one fund counts once.
    """
    rows = countable(viewer, READ).limit(Spell.objects.known())
    counted = (
        rows.filter(
            area_path__within=within, valid__overlap=from_day(since, on + dt.timedelta(days=1))
        )
        .values("insurer_id", "scheme")
        .annotate(
            covered=Count("person_id", distinct=True, filter=Q(valid__contains=on)),
            ever=Count("person_id", distinct=True),
        )
        .order_by("insurer_id", "scheme")
    )
    return [SchemeCount(c["insurer_id"], c["scheme"], c["covered"], c["ever"]) for c in counted]


def insurers() -> list[Insurer]:
    """Every insurer, ours first."""
    return list(Insurer.objects.order_by("-ours", "code"))
