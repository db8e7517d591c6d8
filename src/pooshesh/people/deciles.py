"""Stating the deciles of many households at once, as `actions.set_decile` does for one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import clean
from pooshesh.people.models import Household, Membership


@dataclass(frozen=True, slots=True)
class Stated:
    """A household's decile from a day on."""

    household_id: UUID
    decile: int
    since: dt.date


_GIVEN = """
with given as (
  select g.household_id, g.decile, g.since, (
    select min(lower(d.valid)) from people_decile d
    where d.household_id = g.household_id and upper_inf(d.recorded) and lower(d.valid) > g.since
  ) as until
  from unnest(%(homes)s::uuid[], %(deciles)s::int[], %(days)s::date[])
    as g (household_id, decile, since)
)
"""
#: What was believed from the day on is not any more; what held before it still is.
_SUPERSEDE = f"""{_GIVEN}, old as (
  update people_decile d set recorded = tstzrange(lower(d.recorded), %(at)s) from given g
  where d.household_id = g.household_id and upper_inf(d.recorded)
    and d.valid && daterange(g.since, g.until)
  returning d.household_id, d.decile, d.source, d.valid, g.since
)
insert into people_decile (household_id, decile, source, valid, recorded)
select household_id, decile, source, daterange(lower(valid), since), tstzrange(%(at)s, null)
from old where lower_inf(valid) or lower(valid) < since
"""  # noqa: S608 - our own words
_STATE = f"""{_GIVEN}
insert into people_decile (household_id, decile, source, valid, recorded)
select household_id, decile, %(source)s, daterange(since, until), tstzrange(%(at)s, null)
from given
"""  # noqa: S608 - our own words


@transaction.atomic
def set_deciles(stated: Sequence[Stated], *, source: str, actor: UUID | None) -> None:
    """State one decile for each of these households; each holds until the next one known already.

    The same action in the trail as for one household, so what follows from it follows. 5
    statements for any number. Raises Invalid when one is not 1 to 10; then none is stated.
    """
    for one in stated:
        if not 1 <= one.decile <= 10:
            raise Invalid("people.decile_range", read=one.decile)
    if not stated:
        return
    homes = [one.household_id for one in stated]
    rows = Household.objects.select_for_update(no_key=True).filter(pk__in=homes)
    list(rows.order_by("pk").values_list("pk"))
    given: dict[str, Any] = {
        "homes": homes, "deciles": [one.decile for one in stated],
        "days": [one.since for one in stated], "source": clean(source), "at": timezone.now(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SUPERSEDE, given)
        cursor.execute(_STATE, given)
    members = Membership.objects.known().filter(household__in=homes, valid__endswith=None)
    audit.record(
        "people.set_decile", actor=actor, kind="household",
        content={"source": source, "households": len(homes)},
        persons=members.values_list("person_id", flat=True),
    )  # fmt: skip
