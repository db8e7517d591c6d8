"""Reads of coverage: the cover of a person on a day, and figures by fund."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pooshesh.access.queries import Viewer, visible
from pooshesh.coverage.models import (
    Application,
    Birth,
    Ending,
    Insurer,
    Invoice,
    Notice,
    Proof,
    Reason,
    Source,
    Spell,
    Suspension,
    Undo,
)
from pooshesh.people.merged import of_human
from pooshesh.people.models import Household, Membership, Person

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
class Covered:
    """Whether this insurer covers a person on a day, by which spell, and why or why not.

    `reasons`: covered (and newborn_grace), suspended (and of what reason), other_insurer, ended,
    begins_later, never_covered, dead. `until` is the first day without, None when open.
    """

    covered: bool
    spell_id: UUID | None
    insurer: str | None
    scheme: str
    since: dt.date | None
    until: dt.date | None
    reasons: tuple[str, ...]


def _said(
    covers: bool, spell: UUID | None, insurer: str | None, scheme: str, since: dt.date | None,
    until: dt.date | None, reasons: list[str],
) -> Covered:  # fmt: skip
    return Covered(covers, spell, insurer, scheme, since, until, tuple(reasons))


def covered(person_id: UUID, on: dt.date) -> Covered:
    """The one question of a counter: is this person covered on a day? 1 statement.

    In a spell of ours and not suspended; records merged into this one count. The same SQL function
    `coverage_covered(person, day)` answers other queries.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """select covered, spell_id, insurer_id, coalesce(scheme, ''), since, until, reasons
               from coverage_covered(%s, %s)""",
            [person_id, on],
        )
        return _said(*cursor.fetchone())


def covered_many(persons: Sequence[UUID], on: dt.date) -> dict[UUID, Covered]:
    """`covered` for many persons; 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select asked.id, c.covered, c.spell_id, c.insurer_id, coalesce(c.scheme, ''),
                      c.since, c.until, c.reasons
               from unnest(%s::uuid[]) asked (id)
               cross join lateral coverage_covered(asked.id, %s) c""",
            [list(persons), on],
        )
        return {person: _said(*facts) for person, *facts in cursor.fetchall()}


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


# --- what the pages of a person and a household show -------------------------------------------


def may_read(viewer: Viewer, row: Person | Household) -> bool:
    """Whether the viewer may see cover in the area of a row."""
    return visible(viewer, READ).covers(row.area_path, row.area_id)


def households_of(person_id: UUID) -> list[UUID]:
    """The households a person belonged to, for a person the caller may see."""
    rows = Membership.objects.known().filter(person__in=of_human(person_id))
    return list(rows.values_list("household_id", flat=True).distinct())


def person_rows(person_id: UUID) -> dict[str, Any]:
    """Notices, card, endings and newborns of a person the caller may see; 5 statements."""
    notices = Notice.objects.filter(person=person_id, withdrawn_at=None)
    acted = Suspension.objects.known().filter(notice=OuterRef("pk"))
    home = Membership.objects.on(timezone.localdate()).filter(person__in=of_human(person_id))
    return {
        "notices": list(notices.annotate(acted=Exists(acted)).order_by("-deadline")),
        "card": Proof.objects.filter(person=person_id, revoked_at=None).first(),
        "endings": list(
            Ending.objects.filter(person=person_id, undone_at=None)
            .select_related("insurer")
            .order_by("-at")
        ),
        "children": list(
            Birth.objects.filter(parent=person_id).select_related("person").order_by("-on")
        ),
        "household_id": home.values_list("household_id", flat=True).first(),
    }


def reasons_told(person_id: UUID) -> list[tuple[str, str]]:
    """Reasons of which a person was told in a notice that stands; for a person checked already."""
    told = Notice.objects.filter(person__in=of_human(person_id), withdrawn_at=None)
    codes = told.values_list("reason", flat=True).distinct().order_by("reason")
    return [(code, str(Reason(code).label)) for code in codes]


def spells_by(application: Application) -> list[Spell]:
    """Believed spells that an application gave."""
    rows = Spell.objects.known().filter(application_id=application.pk)
    return list(rows.select_related("person").order_by("person__birth_date", "person_id"))


def billed_persons(invoice: Invoice) -> list[UUID]:
    """Whom the lines of an invoice are about."""
    return list(invoice.lines.values_list("person_id", flat=True).distinct())
