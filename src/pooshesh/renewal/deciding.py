"""What becomes of a spell on the day of renewal: decided by the rules, without any effect."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection

from pooshesh.policy import facts
from pooshesh.renewal import terms
from pooshesh.renewal.models import Outcome, Why
from pooshesh.rules import BoundPack
from pooshesh.rules.frames import PERSON, PolarsEngine

INSURED = ("enrol_free", "pays_share")
#: What the rules decide and why that keeps a spell from being renewed.
WHY = {
    "needs_decile": Why.DECILE_MISSING,
    "regularise": Why.STATUS_EXPIRED,
    "not_ours": Why.ELSEWHERE,
    "dependant_worklist": Why.DEPENDANT,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A spell to renew: whose, of which household on the day, where they live, its terms."""

    spell_id: UUID
    person_id: UUID
    survivor_id: UUID  # the person, or the record it was merged into
    household_id: UUID | None
    area_id: UUID
    area_path: str
    province: str
    scheme: str
    percent: int | None
    suspended: bool
    contested: bool  # a decile appeal of the household is not answered


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a spell; the terms are those from the day on, "" and None where unknown."""

    outcome: Outcome
    why: Why | None = None
    scheme: str = ""
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What the rules say of somebody on the day."""

    outcome: str
    scheme: str
    percent: int | None


def verdict(held: Held, decided: Decided | None) -> Verdict:
    """What becomes of a spell, given what the rules say; None: nobody alive stands behind it.

    Who was free and would pay is told first: cover that suddenly costs something is not renewed
    behind anybody's back.
    """
    if decided is None:
        return Verdict(Outcome.CANNOT, Why.DEAD)
    terms_then = (decided.scheme, decided.percent) if decided.outcome in INSURED else ("", None)
    if held.suspended:
        return Verdict(Outcome.CANNOT, Why.SUSPENDED, *terms_then)
    insured = decided.outcome in INSURED and decided.percent is not None
    same = insured and (held.scheme, held.percent) == terms_then
    if same:
        return Verdict(Outcome.SAME, None, *terms_then)
    if held.contested and terms.APPEAL_HOLDS_COVER:
        return Verdict(Outcome.CANNOT, Why.APPEAL_OPEN, *terms_then)
    if not insured:
        return Verdict(Outcome.CANNOT, WHY.get(decided.outcome, Why.VALUE_UNKNOWN))
    if held.percent == 0 and decided.percent:
        return Verdict(Outcome.CANNOT, Why.DECILE_RAISED, *terms_then)
    return Verdict(Outcome.CHANGED, None, *terms_then)


_HELD = """
select distinct on (s.person_id)
  s.id, s.person_id, coalesce(g.survivor_id, s.person_id), m.household_id,
  p.area_id, p.area_path::text, p.province, s.scheme, s.premium_percent,
  exists (select 1 from coverage_suspension u where u.person_id = s.person_id
          and upper_inf(u.recorded) and u.valid @> (%(day)s::date - 1)),
  exists (select 1 from renewal_appeal a where a.household_id = m.household_id
          and a.state in ('filed', 'sent'))
from coverage_spell s
join coverage_insurer i on i.code = s.insurer_id and i.ours
join people_person p on p.id = s.person_id
left join people_merge g on g.person_id = s.person_id and g.undone_at is null
left join people_membership m on m.person_id = coalesce(g.survivor_id, s.person_id)
  and m.valid @> %(day)s::date and upper_inf(m.recorded)
where upper_inf(s.recorded) and s.source = 'enrolment' and lower(s.valid) < %(day)s
  and s.valid && daterange(least(%(today)s::date, %(day)s::date - 1), %(day)s::date)
  and not exists (select 1 from coverage_spell l where l.person_id = s.person_id
                  and l.insurer_id = s.insurer_id and upper_inf(l.recorded)
                  and lower(l.valid) >= %(day)s)
  and {which}
order by s.person_id, upper(s.valid) desc nulls first
{limit}
"""


def _held(which: str, given: dict[str, Any], limit: str = "") -> list[Held]:
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(which=which, limit=limit), given)
        return [Held(*row) for row in cursor.fetchall()]


def next_held(
    area_path: str, day: object, today: object, after: UUID | None, count: int
) -> list[Held]:
    """Spells that hold today or just before the day, of persons who live below an area, in order
    of persons from after `after` on; whose cover begins anew on the day or later is left out."""
    return _held(
        "p.area_path <@ %(path)s::ltree and s.person_id > %(after)s",
        {
            "day": day, "today": today, "path": area_path, "count": count,
            "after": after or UUID(int=0),
        },
        "limit %(count)s",
    )  # fmt: skip


def still_held(spells: Sequence[UUID], day: object, today: object) -> dict[UUID, Held]:
    """Of these spells those that are still to be renewed, as they are now."""
    found = _held("s.id = any(%(ids)s)", {"day": day, "today": today, "ids": list(spells)})
    return {one.spell_id: one for one in found}


def held_of(persons: Sequence[UUID], day: object, today: object) -> list[Held]:
    """The spells of these persons that are to be renewed."""
    return _held("s.person_id = any(%(ids)s)", {"day": day, "today": today, "ids": list(persons)})


def verdicts(pack: BoundPack, held: Sequence[Held]) -> list[Verdict]:
    """What becomes of spells on the pack's day; as many statements for one as for thousands."""
    if not held:
        return []
    said = decide(pack, facts.of_persons(pack, list({one.survivor_id for one in held})))
    return [verdict(one, said.get(one.survivor_id)) for one in held]


def decide(pack: BoundPack, frame: pl.DataFrame) -> dict[UUID, Decided]:
    """What the rules say of each person of a frame of facts."""
    answered = PolarsEngine(pack.plan).columns(frame.lazy()).collect()
    rows = answered.select(PERSON, "decision", "scheme", "premium_percent").iter_rows()
    return {
        UUID(person): Decided(outcome, scheme, percent) for person, outcome, scheme, percent in rows
    }
