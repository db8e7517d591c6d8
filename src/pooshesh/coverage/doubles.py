"""Persons whom two insurers cover at once, on one record or on two that were merged."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from pooshesh.access.queries import Viewer, visible
from pooshesh.access.reach import Reach
from pooshesh.coverage.models import Insurer, Resolution, Spell
from pooshesh.coverage.queries import READ, _of_persons
from pooshesh.people.models import Merge, Person
from pooshesh.places.models import Area, AreaKind, in_language


def doubles(viewer: Viewer, day: dt.date) -> QuerySet[Any]:
    """Spells of other insurers of persons whom ours, or yet another, covers on the day as well.

    Also where the two stand on records that were merged, whether the spell is on the surviving one
    or not. Each with `also` and `also_name`, the second insurer, and `human`, the record a clerk
    decides about. What a clerk has decided is left out. Asks 2–3 statements at once.
    """
    # By their codes: the database then knows that few spells are of others, and reads those alone.
    insurers = dict(Insurer.objects.values_list("pk", "ours"))
    second = Spell.objects.on(day).filter(person=OuterRef("person")).filter(
        Q(insurer__in=[code for code, ours in insurers.items() if ours])
        | Q(insurer_id__lt=OuterRef("insurer_id"))
    ).exclude(insurer=OuterRef("insurer"))  # fmt: skip
    others = Spell.objects.on(day).filter(
        insurer__in=[code for code, ours in insurers.items() if not ours]
    )
    decided = Resolution.objects.filter(
        insurer=OuterRef("insurer"), since__gt=day, ending__undone_at=None
    )
    under = Merge.objects.live().filter(person=OuterRef(OuterRef("person")))
    same = others.filter(
        Exists(second), ~Exists(decided.filter(person=OuterRef("person"))),
        ~Exists(decided.filter(person__in=under.values("survivor"))),
    )  # fmt: skip
    across = Spell.objects.filter(pk__in=merged_doubles(visible(viewer, READ), day))
    found = _of_persons(viewer, READ, same).order_by().values("pk").union(
        across.order_by().values("pk"), all=True
    )  # fmt: skip
    survivor = Merge.objects.live().filter(person=OuterRef("person")).values("survivor_id")[:1]
    name = Insurer.objects.filter(pk=OuterRef("also")).values(in_language("name"))[:1]
    return (
        Spell.objects.filter(pk__in=found)
        .annotate(
            also=RawSQL(_ALSO, [day], output_field=CharField()),  # noqa: S611 - our own words
            human=Coalesce(Subquery(survivor), F("person_id"), output_field=UUIDField()),
        )
        .annotate(also_name=Subquery(name))
        .select_related("person__area", "insurer")
    )


#: The insurer beside that of a spell, on any record of the same human being; ours first.
_ALSO = """(
  select b.insurer_id
  from (
    select coalesce(
      (select g.survivor_id from people_merge g
       where g.person_id = coverage_spell.person_id and g.undone_at is null),
      coverage_spell.person_id) as human
  ) h
  cross join lateral (
    select h.human as person_id union all
    select m.person_id from people_merge m where m.survivor_id = h.human and m.undone_at is null
  ) r
  join coverage_spell b on b.person_id = r.person_id
  join coverage_insurer i on i.code = b.insurer_id
  where b.valid @> %s::date and upper_inf(b.recorded) and b.insurer_id <> coverage_spell.insurer_id
    and (i.ours or b.insurer_id < coverage_spell.insurer_id)
  order by i.ours desc, b.insurer_id limit 1
)"""

#: Spells of others on one record whose human being another record covers as well.
_ACROSS = """
with records as (
  select survivor_id as human, person_id as record from people_merge where undone_at is null
  union
  select survivor_id, survivor_id from people_merge where undone_at is null
)
select distinct a.id, ra.human
from records ra
join coverage_spell a on a.person_id = ra.record
join coverage_insurer ia on ia.code = a.insurer_id and not ia.ours
join records rb on rb.human = ra.human and rb.record <> ra.record
join coverage_spell b on b.person_id = rb.record and b.insurer_id <> a.insurer_id
join coverage_insurer ib on ib.code = b.insurer_id
where a.valid @> %(day)s::date and upper_inf(a.recorded)
  and b.valid @> %(day)s::date and upper_inf(b.recorded)
  and (ib.ours or b.insurer_id < a.insurer_id)
  and not exists (
    select 1 from coverage_resolution s
    join coverage_ending e on e.id = s.ending_id and e.undone_at is null
    where s.person_id in (ra.human, ra.record)
      and s.insurer_id = a.insurer_id and s.since > %(day)s
  )
"""


def merged_doubles(reach: Reach, day: dt.date) -> list[UUID]:
    """Spells of other insurers on records that were merged with one that another insurer covers.

    Within reach is where the surviving record lives: its clerk decides. 1 statement, 2 where there
    are any.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ACROSS, {"day": day})
        human = dict(cursor.fetchall())
    if not human:
        return []
    near = Person.objects.filter(pk__in=set(human.values()))
    seen = set(reach.limit(near).values_list("pk", flat=True))
    return [spell for spell, one in human.items() if one in seen]


@dataclass(frozen=True, slots=True)
class PairCount:
    """Persons of a province covered by two insurers at once."""

    province: str
    insurer: str
    also: str
    persons: int


def pairs(viewer: Viewer, day: dt.date) -> list[PairCount]:
    """How many persons two insurers cover at once, by pair and province; 3 statements."""
    insurers = {one.pk: str(one) for one in Insurer.objects.all()}
    names = {one.province: str(one) for one in Area.objects.filter(kind=AreaKind.PROVINCE)}
    rows = (
        doubles(viewer, day)
        .order_by()
        .values_list("person__province", "insurer_id", "also")
        .annotate(n=Count("person_id", distinct=True))
    )
    return [
        PairCount(names.get(province, province), insurers[insurer], insurers[also], count)
        for province, insurer, also, count in sorted(rows)
    ]
