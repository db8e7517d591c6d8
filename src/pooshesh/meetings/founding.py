"""Bodies that are founded together, each with its seats and its rule, as those of all provinces."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.time import from_day, from_now
from pooshesh.meetings.actions import record
from pooshesh.meetings.models import Body, BodyKind, Rule, Seat
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Area


@dataclass(frozen=True, slots=True)
class NewBody:
    """A body to be founded; from `start` on the `seats` and the rule hold."""

    code: str
    kind: BodyKind
    name_fa: str
    name_en: str
    remit_fa: str
    remit_en: str
    area: Area
    capacity: int
    start: dt.date
    seats: Sequence[Organisation]
    quorum_percent: int
    must_attend: Sequence[UUID]


@transaction.atomic
def found_bodies(new: Sequence[NewBody], *, actor: UUID | None) -> list[Body]:
    """Found them all; 5 statements, however many. Raises Invalid where a code is taken."""
    taken = Body.objects.filter(code__in=[one.code for one in new])
    for code in taken.values_list("code", flat=True)[:1]:
        raise Invalid("body.code", code=code)
    made = Body.objects.bulk_create(
        Body(
            code=one.code, kind=one.kind, name_fa=one.name_fa, name_en=one.name_en,
            remit_fa=one.remit_fa, remit_en=one.remit_en, area=one.area, area_path=one.area.path,
            province=one.area.province, capacity=one.capacity,
        )
        for one in new
    )  # fmt: skip
    known, both = from_now(), list(zip(made, new, strict=True))
    Seat.objects.bulk_create(
        Seat(body=body, organisation=seat, valid=from_day(one.start), recorded=known)
        for body, one in both
        for seat in one.seats
    )
    Rule.objects.bulk_create(
        Rule(
            body=body, quorum_percent=one.quorum_percent, must_attend=sorted(one.must_attend),
            valid=from_day(one.start), recorded=known,
        )
        for body, one in both
    )  # fmt: skip
    with audit.gathered():
        for body, one in both:
            content = {
                "code": one.code, "seats": [seat.pk for seat in one.seats],
                "quorum_percent": one.quorum_percent, "from": one.start,
            }  # fmt: skip
            record("meetings.found", body, actor, kind="body", content=content)
    return made
