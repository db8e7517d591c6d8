"""Which records stand for one human being: reads for every room that counts or gathers."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from pooshesh.people.models import Death, Merge, Person

Row = TypeVar("Row")
Persons = Collection[UUID] | QuerySet[Any, Any]


def survivors(persons: Persons) -> dict[UUID, UUID]:
    """Merged record → the record it stands under now; who is not merged is left out."""
    live = Merge.objects.live().filter(person__in=persons)
    return dict(live.values_list("person_id", "survivor_id"))


def survivor(person_id: UUID) -> UUID:
    """The record a person stands under now: their own unless it was merged."""
    return survivors([person_id]).get(person_id, person_id)


def merged_into(persons: Persons, known: dt.datetime | None = None) -> dict[UUID, UUID]:
    """Merged record → survivor, for all records that stand under one of these survivors."""
    live = Merge.objects.live(known).filter(survivor__in=persons)
    return dict(live.order_by("at").values_list("person_id", "survivor_id"))


def one_human(person_id: UUID) -> list[UUID]:
    """A surviving record and all that were merged into it, the survivor first."""
    return [person_id, *merged_into([person_id])]


def died(persons: Collection[UUID]) -> set[UUID]:
    """Those of some records whose death is known, by whichever record of theirs; 3 statements."""
    if not persons:
        return set()
    stands = survivors(persons)
    humans = {stands.get(one, one) for one in persons}
    merged = merged_into(humans)
    rows = Death.objects.filter(person__in=[*humans, *merged]).values_list("person_id", flat=True)
    dead = {merged.get(one, one) for one in rows}
    return {one for one in persons if stands.get(one, one) in dead}


def of_human(person_id: UUID) -> QuerySet[Any, Any]:
    """`one_human` as a subquery for `person__in`.

    A union and not an OR: for that the database would read the whole table.
    """
    merged = Merge.objects.live().filter(survivor=person_id).values("person_id")
    return Person.objects.filter(pk=person_id).order_by().values("pk").union(merged, all=True)


def of_humans(
    rows: QuerySet[Any, Row], persons: QuerySet[Any, Any], merged: Collection[UUID]
) -> Iterator[Row]:
    """Rows of many persons, then those of the records `merged_into` them.

    Two statements, the second only where anybody was merged: the database misjudges how many
    persons a union holds and reads row by row.
    """
    yield from rows.filter(person_id__in=persons)
    if merged:
        yield from rows.filter(person_id__in=list(merged))
