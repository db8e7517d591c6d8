"""Rows of links and what was judged of them: the writes that several verbs share.

They run in the caller's transaction and leave the audit event to it.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.utils import timezone

from pooshesh.kernel.ids import uuid7s
from pooshesh.people.doubles import Alike
from pooshesh.people.models import (
    Judgement,
    Link,
    LinkClass,
    LinkOrigin,
    Merge,
    Person,
    Verdict,
)
from pooshesh.places.models import Area


def in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """A pair as links keep it: who was registered first comes first."""
    return (one, other) if one < other else (other, one)


def keep_found(found: Iterable[tuple[UUID, Alike]], area: Area, origin: LinkOrigin) -> int:
    """Keep what the model found between newcomers of an area and others, each pair once; how many
    were new. What is known of a pair stays."""
    pairs = {in_order(one, alike.person): alike for one, alike in found if one != alike.person}
    if not pairs:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into people_link (id, first_id, second_id, score, likely, origin, area_id,
                                        area_path, province, found_at, verdict)
               select t.id, t.first, t.second, t.score, t.likely, %s, %s, %s, %s, %s, 'open'
               from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::float[], %s::text[])
                    as t(id, first, second, score, likely)
               on conflict (first_id, second_id) do nothing""",
            [
                origin.value, area.id, area.path, area.province, timezone.now(),
                uuid7s(len(pairs)),
                [first for first, _ in pairs],
                [second for _, second in pairs],
                [round(alike.chance, 4) for alike in pairs.values()],
                [alike.likely for alike in pairs.values()],
            ],
        )  # fmt: skip
        kept: int = cursor.rowcount
        return kept


def linked(one: UUID, other: UUID, origin: LinkOrigin) -> Link:
    """The link between two persons, locked; made where there is none."""
    first, second = in_order(one, other)
    place = Person.objects.select_related("area").get(pk=second).area
    Link.objects.bulk_create(
        [
            Link(
                first_id=first, second_id=second, likely=LinkClass.REVIEW, origin=origin,
                area=place, area_path=place.path, province=place.province,
            )
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return Link.objects.select_for_update().get(first=first, second=second)


def keep_judgement(
    link: Link, verdict: Verdict, *, actor: UUID | None, note: str = "", merge: Merge | None = None
) -> Judgement:
    """Write what is believed of a locked link from now on, over what was before."""
    supersede(link, verdict)
    return Judgement.objects.create(link=link, verdict=verdict, note=note, merge=merge, actor=actor)


def supersede(link: Link, verdict: Verdict = Verdict.OPEN) -> None:
    """Believe the judgement of a locked link no longer; it is kept."""
    Judgement.objects.filter(link=link, superseded_at=None).update(superseded_at=timezone.now())
    link.verdict, link.locked_by, link.locked_until = verdict, None, None
    link.save(update_fields=["verdict", "locked_by", "locked_until"])


def follow(persons: Iterable[UUID], area: Area) -> None:
    """Let the links of persons who moved wait where they live now."""
    Link.objects.filter(second__in=list(persons)).update(
        area=area, area_path=area.path, province=area.province
    )
