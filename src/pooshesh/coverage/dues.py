"""What households owe for some days of cover: read for many at once, decided by pure functions."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from pooshesh.coverage import days
from pooshesh.coverage.models import InvoiceLine, Scheme, Spell, Suspension
from pooshesh.coverage.premium import Charge, Rate, charges
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import from_day
from pooshesh.policy.queries import PACK, pack_in_force

#: The parameter of the rules that holds a fund's yearly premium; of other funds none is written.
PREMIUMS = {Scheme.UNIVERSAL.value: "universal_premium"}

Rates = Mapping[str, Sequence[Rate]]


def rates(day: dt.date) -> Rates:
    """The yearly premiums of each fund by the rules in force on a day; empty: none is written."""
    parameters = pack_in_force(PACK, day).parameters
    return {
        scheme: [
            Rate(one.since, Rial(one.value) if isinstance(one.value, int) else None)
            for one in parameters[name].values
        ]
        for scheme, name in PREMIUMS.items()
        if name in parameters
    }


def yearly(known: Rates, scheme: str, day: dt.date) -> Rial | None:
    """The yearly premium of one person in a fund on a day; None: its value is not known."""
    begun = [rate for rate in known.get(scheme, ()) if rate.since <= day]
    return max(begun, key=lambda rate: rate.since).yearly if begun else None


@dataclass(frozen=True, slots=True)
class Open:
    """Days of one member's cover in a fund that were not billed yet, and the household's share."""

    person_id: UUID
    scheme: str
    percent: int
    spans: tuple[tuple[dt.date, dt.date], ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What one member owes for some days."""

    person_id: UUID
    charge: Charge


def owed(cover: Iterable[Open], known: Rates) -> list[Due]:
    """What open days cost. Raises Invalid when a premium is not known: nothing is by halves."""
    return [
        Due(one.person_id, charge)
        for one in cover
        for charge in charges(one.spans, one.percent, known.get(one.scheme, ()))
    ]


#: The records of every human being who lives in one of the households on the day. Who was merged
#: lives where the surviving record lives, so that no day is asked for in two places.
_RECORDS = """
with lives as (
  select m.household_id, m.person_id, coalesce(g.survivor_id, m.person_id) as human
  from people_membership m
  left join people_merge g on g.person_id = m.person_id and g.undone_at is null
  where m.household_id = any(%(homes)s) and m.valid @> %(day)s::date and upper_inf(m.recorded)
), humans as (
  select l.household_id, l.human from lives l
  where l.person_id = l.human or not exists (
    select 1 from people_membership o
    where o.person_id in (
        select l.human union all
        select s.person_id from people_merge s where s.survivor_id = l.human and s.undone_at is null
      )
      and (o.person_id = l.human or o.person_id < l.person_id)
      and o.valid @> %(day)s::date and upper_inf(o.recorded)
  )
)
select household_id, human, human from humans
union all
select h.household_id, h.human, g.person_id
from humans h join people_merge g on g.survivor_id = h.human and g.undone_at is null
"""


def cover_of(
    households: Collection[UUID], start: dt.date, end: dt.date, day: dt.date
) -> dict[UUID, list[Open]]:
    """What is open in households for the days from `start` up to, not including, `end`.

    Days of a suspension, days billed before and free cover are left out, and a day on which two
    records of one human being are covered counts once. Members are those of `day`. 4 statements
    for any number of households; only those with something open are in the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS, {"homes": list(households), "day": day})
        found = {record: (home, human) for home, human, record in cursor.fetchall()}
    spells = Spell.objects.known().filter(
        person_id__in=list(found), insurer__ours=True, premium_percent__gt=0,
        valid__overlap=from_day(start, end),
    )  # fmt: skip
    believed = sorted(
        spells.values_list("person_id", "scheme", "premium_percent", "valid"),
        key=lambda row: (*map(str, found[row[0]]), row[3].lower),
    )
    paying = {row[0] for row in believed}
    paused: dict[UUID, list[days.Span]] = {}
    rests = Suspension.objects.known().filter(person_id__in=paying)
    for person, span in rests.values_list("person_id", "valid"):
        paused.setdefault(person, []).append((span.lower, span.upper))
    taken = _billed(found, {found[one] for one in paying})
    open_of: dict[UUID, list[Open]] = {}
    for person, scheme, percent, valid in believed:
        home, human = found[person]
        covers = days.within([(valid.lower, valid.upper)], start, end)
        spans = days.without(covers, [*paused.get(person, ()), *taken.get(human, ())])
        if spans:
            taken.setdefault(human, []).extend(spans)
            open_of.setdefault(home, []).append(Open(human, scheme, percent or 0, tuple(spans)))
    return open_of


def _billed(
    found: Mapping[UUID, tuple[UUID, UUID]], paying: Collection[tuple[UUID, UUID]]
) -> dict[UUID, list[days.Span]]:
    """Human being → days billed before, under whichever record that was."""
    records = [record for record, where in found.items() if where in paying]
    lines = InvoiceLine.objects.filter(person_id__in=records, live=True)
    billed: dict[UUID, list[days.Span]] = {}
    for person, span in lines.values_list("person_id", "days"):
        billed.setdefault(found[person][1], []).append((span.lower, span.upper))
    return billed
