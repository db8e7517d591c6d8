"""Registering a whole sheet of people in one act, each row validated as a form's."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel.audit import digest
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.errors import Invalid
from pooshesh.people.actions import problems
from pooshesh.people.recognition import CensusPerson
from pooshesh.people.registration import Registration, register_census
from pooshesh.places.models import Area


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a sheet; `refused` by row: (field, what is wrong) of each of its faults."""

    registration: Registration
    refused: Mapping[int, list[tuple[str, Invalid]]]


@uncollected()
@transaction.atomic
def register_many(
    rows: Iterable[CensusPerson],
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    source: str = "",
    despite_faults: bool = False,
) -> Taken:
    """Register the people of a sheet, all in one transaction, as `register_census` does.

    Rows with a fault are all reported; then nobody is registered, unless the good rows shall go
    on `despite_faults`. The sheet is known by `source`, or by what stands in it: brought again, or
    by two people at once, it changes nothing.
    """
    sheet = list(rows)
    today = timezone.localdate()
    read = {one.row: one.identifiers() for one in sheet}
    faults = {one.row: found for one in sheet if (found := problems(one, today, read[one.row]))}
    good = [one for one in sheet if one.row not in faults]
    if faults and not despite_faults:
        return Taken(Registration({}, 0, 0, ()), faults)
    done = register_census(
        good, area=area, on=on, actor=actor, source_prefix=source or _source(good, area), read=read
    )
    return Taken(done, faults)


def _source(rows: Iterable[CensusPerson], area: Area) -> str:
    """The name of a sheet by its content and place."""
    return f"sheet:{digest({'area': str(area.pk), 'rows': [repr(one) for one in rows]})[:40]}"
