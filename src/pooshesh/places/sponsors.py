"""Who answers for neighbourhoods: the only writers of sponsors, one place or many in one act.

Whether both sides have signed is for `partners` to know; here stand the days.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.time import BitemporalQuerySet, from_day, from_now
from pooshesh.places.actions import holds, say
from pooshesh.places.models import Area, AreaKind, AreaSet, AreaSetMember, SetKind

explain(
    {
        "sponsor.only": gettext_noop(
            "“%(name)s” is a %(kind)s; sponsors answer for neighbourhoods."
        ),
        "sponsor.kind": gettext_noop("“%(name)s” is not a sponsor."),
        "sponsor.overlap": gettext_noop(
            "“%(sponsor)s” answers for “%(name)s” in that time already; a neighbourhood has one"
            " sponsor at a time. Hand it over instead."
        ),
        "sponsor.overlap_until": gettext_noop(
            "“%(sponsor)s” answers for “%(name)s” up to %(until)s; a neighbourhood has one sponsor"
            " at a time."
        ),
        "sponsor.none": gettext_noop("Nobody answers for “%(name)s” on %(day)s; assign a sponsor."),
        "sponsor.same": gettext_noop("“%(sponsor)s” answers for “%(name)s” on %(day)s already."),
        "sponsor.later": gettext_noop(
            "A change of the sponsor of “%(name)s” is recorded for %(later)s; expected a day from"
            " then on, not %(read)s."
        ),
    }
)


@transaction.atomic
def assign_sponsor(
    *,
    actor: UUID | None,
    areas: Sequence[Area],
    sponsor: AreaSet,
    since: dt.date,
    until: dt.date | None = None,
) -> None:
    """A sponsor answers for neighbourhoods from `since` up to, not including, `until`.

    All or none: raises Invalid when another answers for one of them on one of these days.
    """
    window = _require_free(areas, sponsor, since, until)
    held = _sponsored(areas).filter(valid__overlap=window).first()
    if held:
        raise _taken(held)
    _answer(areas, sponsor, window)
    audit.record(
        "places.assign_sponsor", actor=actor, **_about(areas),
        content={"areas": _codes(areas), "sponsor": sponsor.code, "on": since, "until": until},
    )  # fmt: skip


@transaction.atomic
def hand_over(
    *,
    actor: UUID | None,
    areas: Sequence[Area],
    former: AreaSet,
    sponsor: AreaSet,
    on: dt.date,
    until: dt.date | None = None,
) -> None:
    """Neighbourhoods go from one sponsor to another on a day, where the former's time ends.

    All or none: raises Invalid when another than `former` answers for one of them that day, or a
    later change is recorded.
    """
    window = _require_free(areas, sponsor, on, until)
    if former == sponsor:
        raise Invalid("sponsor.same", sponsor=str(sponsor), name=str(areas[0]), day=say(on))
    _require_held(areas, former, on)
    _end_sponsors(areas, on)
    _answer(areas, sponsor, window)
    audit.record(
        "places.hand_over", actor=actor, **_about(areas),
        content={
            "areas": _codes(areas), "former": former.code, "sponsor": sponsor.code, "on": on,
            "until": until,
        },
    )  # fmt: skip


def _require_free(
    areas: Sequence[Area], sponsor: AreaSet, since: dt.date, until: dt.date | None
) -> DateRange:
    """The days asked for, when they and the areas may have a sponsor; the areas are then locked."""
    if until is not None and until <= since:
        raise Invalid("places.dates", end=say(until), start=say(since))
    if sponsor.kind != SetKind.SPONSOR:
        raise Invalid("sponsor.kind", name=str(sponsor))
    for area in lock_all(areas):
        if area.kind != AreaKind.NEIGHBOURHOOD:
            raise Invalid("sponsor.only", name=str(area), kind=AreaKind(area.kind).label)
        if not holds(area, since):
            raise Invalid("area.not_on", name=str(area), day=say(since))
    return from_day(since, until)


def lock_all(areas: Iterable[Area]) -> list[Area]:
    """The rows as they stand now, always locked in one order; a second writer waits."""
    rows = Area.objects.select_for_update().filter(pk__in=[area.pk for area in areas])
    return list(rows.order_by("pk"))


def _sponsored(areas: Iterable[Area]) -> BitemporalQuerySet[AreaSetMember]:
    """The sponsors that areas have or had, as believed now, in order of time."""
    rows = AreaSetMember.objects.known().filter(kind=SetKind.SPONSOR, area__in=areas)
    return rows.select_related("area_set", "area").order_by("valid", "area__sort_key")


def _require_held(areas: Sequence[Area], former: AreaSet, on: dt.date) -> None:
    """Raises Invalid unless `former` answers for all that day, and nothing is known after it."""
    rows = list(_sponsored(areas).filter(valid__overlap=from_day(on)))
    held = {row.area_id for row in rows if row.area_set_id == former.pk and on in row.valid}
    for row in rows:
        if row.area_id not in held:
            raise _taken(row)
        if row.valid.lower and row.valid.lower > on:
            raise Invalid(
                "sponsor.later", name=str(row.area), later=say(row.valid.lower), read=say(on)
            )
    for area in areas:
        if area.pk not in held:
            raise Invalid("sponsor.none", name=str(area), day=say(on))


def _taken(held: AreaSetMember) -> Invalid:
    return taken(held.area, held.area_set, held.valid.upper)


def taken(area: Area, sponsor: AreaSet, until: dt.date | None = None) -> Invalid:
    """The refusal that says who answers for an area, and until when."""
    if until is None:
        return Invalid("sponsor.overlap", name=str(area), sponsor=str(sponsor))
    return Invalid("sponsor.overlap_until", name=str(area), sponsor=str(sponsor), until=say(until))


def _end_sponsors(areas: Sequence[Area], on: dt.date) -> None:
    """What is known of the sponsors of areas from a day on is believed no longer."""
    known = from_now()
    ended = list(_sponsored(areas).filter(valid__overlap=from_day(on)))
    AreaSetMember.objects.filter(pk__in=[row.pk for row in ended]).update(
        recorded=Func(
            Func(F("recorded"), function="lower"), Value(known.lower),
            function="tstzrange", output_field=DateTimeRangeField(),
        )
    )  # fmt: skip
    AreaSetMember.objects.bulk_create(
        AreaSetMember(
            area_set_id=row.area_set_id, kind=row.kind, area_id=row.area_id,
            valid=from_day(row.valid.lower, on), recorded=known,
        )
        for row in ended
        if row.valid.lower is None or row.valid.lower < on
    )  # fmt: skip


def _answer(areas: Iterable[Area], sponsor: AreaSet, window: DateRange) -> None:
    known = from_now()
    AreaSetMember.objects.bulk_create(
        AreaSetMember(
            area_set=sponsor, kind=SetKind.SPONSOR, area=area, valid=window, recorded=known
        )
        for area in areas
    )


def _codes(areas: Iterable[Area]) -> list[str]:
    return sorted(area.code for area in areas)


def _about(areas: Sequence[Area]) -> dict[str, Any]:
    """What the event of an act is about: its one area, or the area that holds them all."""
    if len(areas) == 1:
        return {"kind": "area", "object_id": areas[0].id, "area_path": areas[0].path}
    return {"kind": "area", "area_path": common_path([area.path for area in areas])}


def common_path(paths: Sequence[str]) -> str:
    """The path of the lowest area that holds all of them."""
    parts = zip(*(path.split(".") for path in paths), strict=False)
    return ".".join(level[0] for level in takewhile(lambda level: len({*level}) == 1, parts))
