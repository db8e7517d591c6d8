"""Reads of coverage: the cover of a person on a day, and figures by fund."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from pooshesh.access.queries import Viewer, visible
from pooshesh.coverage.models import Insurer, Source, Spell, Undo
from pooshesh.people.merged import of_human
from pooshesh.people.models import Person

READ, WRITE = "coverage.read", "coverage.write"


def cover_of(person_id: UUID, day: dt.date, known: dt.datetime | None = None) -> list[Spell]:
    """The spells that cover a person on a day, ours first, as known at a moment; 1 statement.

    What was written on records merged into this one covers the person as well.

    For decisions about a person the caller may see; pages use `spells_of`.
    """
    return list(
        Spell.objects.on(day, known)
        .filter(person__in=of_human(person_id))
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

    With those of records that were merged into this one and are in the viewer's area as well.
    None when the viewer sees no cover there; 2 statements.
    """
    if not visible(viewer, READ).covers(person.area_path, person.area_id):
        return None
    rows = Spell.objects.filter(Q(recorded__upper_inf=True) | Q(undo__isnull=False))
    spells = list(
        _of_persons(viewer, READ, rows)
        .filter(person__in=of_human(person.pk))
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


def insurers() -> list[Insurer]:
    """Every insurer, ours first."""
    return list(Insurer.objects.order_by("-ours", "code"))
