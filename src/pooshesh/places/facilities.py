"""Writers of facilities: where care is given, and how much of it."""

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.places.actions import CODE, say
from pooshesh.places.models import Area, AreaKind, Facility, FacilityKind, name_keys

explain(
    {
        "facility.code": gettext_noop(
            "“%(read)s” is not a code; expected 1 to 24 of a–z, 0–9 and _ (underscore)."
        ),
        "facility.taken": gettext_noop("The code “%(read)s” is taken; expected a new one."),
        "facility.name": gettext_noop("The facility “%(code)s” has no Persian name; expected one."),
        "facility.level": gettext_noop("The level is %(read)s; expected 1, 2 or 3."),
        "facility.area": gettext_noop(
            "“%(name)s” is a %(kind)s; a facility lies in a county, a city or a neighbourhood."
        ),
        "facility.closed": gettext_noop("“%(name)s” closed on %(day)s already."),
        "facility.changed": gettext_noop(
            "Somebody changed “%(name)s” after you opened this page. Open it again and look at"
            " what was changed."
        ),
    }
)

#: The level of the referral network a kind of facility usually works on.
USUAL_LEVEL = {
    FacilityKind.HEALTH_HOUSE: 1,
    FacilityKind.HEALTH_POST: 1,
    FacilityKind.HEALTH_CENTRE: 1,
    FacilityKind.PHARMACY: 1,
    FacilityKind.CLINIC: 2,
    FacilityKind.HOSPITAL: 2,
}


@dataclass(frozen=True)
class Facts:
    """What is known of a facility. Capacity: `beds`, and `daily_visits` in visits a day."""

    code: str
    kind: FacilityKind
    level: int
    name_fa: str
    name_en: str = ""
    beds: int | None = None
    daily_visits: int | None = None
    services: tuple[str, ...] = ()
    opened_on: dt.date | None = None
    closed_on: dt.date | None = None
    latitude: float | None = None
    longitude: float | None = None


@transaction.atomic
def create_facility(*, actor: UUID | None, area: Area, facts: Facts) -> Facility:
    """Open a facility in an area. Raises Invalid for a code that is malformed or taken."""
    if Facility.objects.filter(code=facts.code).exists():
        raise Invalid("facility.taken", read=facts.code)
    facility = Facility.objects.create(**columns(area, facts))
    _record("create_facility", actor, facility, facts)
    return facility


def facts_of(facility: Facility) -> Facts:
    """What is recorded of a facility."""
    known = {name: getattr(facility, name) for name in Facts.__dataclass_fields__}
    return Facts(**{**known, "services": tuple(facility.services)})


def state_of(facility: Facility) -> str:
    """Differs as soon as anything known of the facility, or where it lies, does."""
    return audit.digest({**asdict(facts_of(facility)), "area": facility.area_id})


@transaction.atomic
def update_facility(
    *, actor: UUID | None, facility: Facility, area: Area, facts: Facts, seen: str | None = None
) -> None:
    """Correct what is known of a facility, or move it; its code stays.

    `seen` is the `state_of` that the correction rests on. Raises Invalid when it is no more.
    """
    facility = Facility.objects.select_for_update().get(pk=facility.pk)
    if seen is not None and seen != state_of(facility):
        raise Invalid("facility.changed", name=str(facility))
    Facility.objects.filter(pk=facility.pk).update(**columns(area, facts) | {"code": facility.code})
    _record("update_facility", actor, facility, facts)


@transaction.atomic
def close_facility(*, actor: UUID | None, facility: Facility, on: dt.date) -> None:
    """No care is given there from `on`."""
    facility = Facility.objects.select_for_update().get(pk=facility.pk)
    if facility.closed_on is not None:
        raise Invalid("facility.closed", name=str(facility), day=say(facility.closed_on))
    _require_order(facility.opened_on, on)
    Facility.objects.filter(pk=facility.pk).update(closed_on=on)
    audit.record(
        "places.close_facility", actor=actor, kind="facility", object_id=facility.id,
        content={"closed_on": on}, area_path=facility.area_path,
    )  # fmt: skip


def columns(area: Area, facts: Facts) -> dict[str, Any]:
    """The row of a facility, checked. Raises Invalid."""
    if not CODE.fullmatch(facts.code):
        raise Invalid("facility.code", read=facts.code)
    name_fa, name_en = clean(facts.name_fa), clean(facts.name_en)
    if not name_fa:
        raise Invalid("facility.name", code=facts.code)
    if facts.level not in (1, 2, 3):
        raise Invalid("facility.level", read=facts.level)
    if area.kind in (AreaKind.NATION, AreaKind.PROVINCE):
        raise Invalid("facility.area", name=str(area), kind=AreaKind(area.kind).label)
    _require_order(facts.opened_on, facts.closed_on)
    return {
        **asdict(facts),
        "services": list(facts.services),
        "name_fa": name_fa,
        "name_en": name_en,
        "area": area,
        "area_path": area.path,
        "province": area.province,
        **name_keys(facts.code, name_fa, name_en),
    }


def _require_order(opened_on: dt.date | None, closed_on: dt.date | None) -> None:
    if opened_on and closed_on and closed_on <= opened_on:
        raise Invalid("places.dates", end=say(closed_on), start=say(opened_on))


def _record(verb: str, actor: UUID | None, facility: Facility, facts: Facts) -> None:
    audit.record(
        f"places.{verb}", actor=actor, kind="facility", object_id=facility.id,
        content=asdict(facts), area_path=facility.area_path,
    )  # fmt: skip
