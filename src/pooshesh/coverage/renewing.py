"""Renewing spells in bulk: from a day on with other terms, or simply without an end."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.ids import uuid7s
from pooshesh.people.registration import lock_persons


@dataclass(frozen=True, slots=True)
class Renewed:
    """A believed spell of ours and its terms from the day on; None leaves them as they are."""

    spell_id: UUID
    person_id: UUID
    scheme: str | None = None
    premium_percent: int | None = None


#: One statement: what a data-modifying part returns is what the insert reads, so it comes first.
_REWRITE = """
with given as (
  select * from unnest(%(spells)s::uuid[], %(schemes)s::text[], %(percents)s::int[],
                       %(heads)s::uuid[], %(tails)s::uuid[])
    as g (spell_id, to_scheme, to_percent, head_id, tail_id)
), old as (
  update coverage_spell s set recorded = tstzrange(lower(s.recorded), %(at)s)
  from given g
  where s.id = g.spell_id and upper_inf(s.recorded) and lower(s.valid) < %(day)s
    and (not upper_inf(s.valid) or g.to_scheme is not null)
  returning s.person_id, s.insurer_id, s.area_id, s.area_path, s.province, s.decision_id,
    s.campaign_id, s.application_id, s.source, s.scheme, s.premium_percent, s.valid, g.*
), written as (
  insert into coverage_spell (id, person_id, insurer_id, area_id, area_path, province, decision_id,
    campaign_id, application_id, source, scheme, premium_percent, valid, recorded)
  select head_id, person_id, insurer_id, area_id, area_path, province, decision_id, campaign_id,
    application_id, source, scheme, premium_percent,
    daterange(lower(valid), case when to_scheme is null then null else %(day)s::date end),
    tstzrange(%(at)s, null)
  from old
  union all
  select tail_id, person_id, insurer_id, area_id, area_path, province, null, campaign_id,
    application_id, source, to_scheme, to_percent, daterange(%(day)s::date, null),
    tstzrange(%(at)s, null)
  from old where to_scheme is not null
  returning person_id
)
select count(distinct person_id) from written
"""


@transaction.atomic
def renew_spells(renewed: Sequence[Renewed], day: dt.date, *, actor: UUID | None) -> int:
    """Let spells go on from a day without an end, some with other terms; how many were rewritten.

    A spell that is open and keeps its terms stays as it is, so a second call changes nothing.
    Nothing is ever shortened: whatever was covered stays covered. 3 statements for any number.
    """
    if not renewed:
        return 0
    persons = [one.person_id for one in renewed]
    lock_persons(persons)
    ids = uuid7s(2 * len(renewed))
    given: dict[str, Any] = {
        "spells": [one.spell_id for one in renewed],
        "schemes": [one.scheme for one in renewed],
        "percents": [one.premium_percent for one in renewed],
        "heads": ids[: len(renewed)], "tails": ids[len(renewed) :],
        "day": day, "at": timezone.now(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_REWRITE, given)
        written: int = cursor.fetchone()[0]
    audit.record(
        "coverage.renew", actor=actor, kind="spell", content={"on": day, "spells": written},
        persons=persons,
    )  # fmt: skip
    return written
