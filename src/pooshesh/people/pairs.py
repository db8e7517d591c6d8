"""Reads of linked pairs, limited to those both records of which the viewer may change."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.people.doubles import Candidate, candidates
from pooshesh.people.linkage.compare import LEVELS, Identity
from pooshesh.people.linkage.engine import Taught
from pooshesh.people.linkage.live import compared
from pooshesh.people.models import Judgement, Link, Merge, Person, Verdict

WORK, WRITE = "worklist.work", "people.write"
TOLD = (Verdict.SAME, Verdict.DIFFERENT)
ORDER = (F("skipped_at").asc(nulls_first=True), F("score").desc(nulls_last=True), "id")


def pairs(user: User) -> QuerySet[Link]:
    """Every pair, open or judged, both records of which the user works on."""
    rows = Link.objects.select_related("first__area", "second__area")
    for permission in (WORK, WRITE):
        reach = visible(user, permission)
        rows = reach.limit(rows)  # where the later record lives, by the link's own index
        rows = reach.limit(
            rows, path="first__area_path", province="first__province", area="first__area_id"
        )
    return rows


def judged(user: User, verdict: Verdict) -> QuerySet[Link]:
    """Pairs of which this is believed; of the open ones those that wait, in their order."""
    if verdict == Verdict.OPEN:
        return waiting(user)
    return pairs(user).filter(verdict=verdict).order_by("-id")


def pair(user: User, link_id: UUID) -> Link | None:
    """One pair of the user's."""
    return pairs(user).filter(pk=link_id).first()


def waiting(user: User) -> QuerySet[Link]:
    """Open pairs in the order of the queue, without those that other merges made one already."""
    return _two(pairs(user).filter(verdict=Verdict.OPEN)).order_by(*ORDER)


def _two(rows: QuerySet[Link]) -> QuerySet[Link]:
    def survivor(of: str) -> Coalesce:
        merged = Merge.objects.live().filter(person=OuterRef(of)).values("survivor_id")
        return Coalesce(Subquery(merged[:1]), F(f"{of}_id"), output_field=UUIDField())

    return rows.alias(one=survivor("first"), other=survivor("second")).exclude(one=F("other"))


def free(rows: QuerySet[Link], user: User, now: dt.datetime) -> QuerySet[Link]:
    """Those that nobody else holds."""
    return rows.filter(Q(locked_by=user.pk) | Q(locked_until=None) | Q(locked_until__lte=now))


def beyond(rows: QuerySet[Link], one: Link) -> QuerySet[Link]:
    """Those that come after an open pair in the order of the queue."""
    if one.skipped_at is not None:
        return rows.filter(skipped_at__gt=one.skipped_at)
    later = Q(score=one.score, pk__gt=one.pk)
    if one.score is not None:
        later |= Q(score__lt=one.score) | Q(score=None)
    return rows.filter(later | Q(skipped_at__isnull=False))


@dataclass(frozen=True, slots=True)
class Counts:
    """Unit: pair. `waiting` within reach, `held` of them by clerks now, `elsewhere` beyond one's
    area with one record in it, `mine` judged by the user today."""

    waiting: int
    held: int
    elsewhere: int
    mine: int


def counts(user: User) -> Counts:
    """How much there is to do and was done; 3 statements."""
    now = timezone.now()
    found = (
        waiting(user)
        .order_by()
        .aggregate(all=Count("pk"), held=Count("pk", filter=Q(locked_until__gt=now)))
    )
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Judgement.objects.filter(actor=user.pk, superseded_at=None, at__gte=midnight)
    return Counts(found["all"], found["held"], elsewhere(user), mine.count())


def elsewhere(user: User) -> int:
    """Open pairs of which one record only lies in the user's area: somebody else's to judge."""
    reach = visible(user, WRITE)
    if reach.everywhere or not reach:
        return 0
    first = reach.q("first__area_path", "first__province", "first__area_id")
    second = reach.q()
    rows = Link.objects.filter(verdict=Verdict.OPEN)
    return rows.filter((first & ~second) | (second & ~first)).count()


def history(link: Link) -> list[tuple[Judgement, str]]:
    """Every judgement of a pair with who gave it, the newest first; two statements."""
    past = list(Judgement.objects.filter(link=link).order_by("-id"))
    users = User.objects.in_bulk([one.actor for one in past if one.actor])
    return [(one, str(users.get(one.actor, "") if one.actor else "")) for one in past]


def sides(link: Link) -> tuple[Candidate, Candidate]:
    """Both records of a pair in full, numbers opened to be compared; one statement."""
    found = candidates([link.first_id, link.second_id])
    return found[link.first_id], found[link.second_id]


def persons_to_change(user: User, persons: Collection[UUID]) -> Mapping[UUID, Person]:
    """Persons the user may change, by id."""
    return visible(user, WRITE).limit(Person.objects.all()).in_bulk(list(persons))


# --- what clerks found, for the linkage to learn from -----------------------------------


@dataclass(frozen=True, slots=True)
class Label:
    """A judged pair: ids, how the records compare (feature → level), whether they are the same.

    No name or number is in it.
    """

    first: UUID
    second: UUID
    same: bool
    levels: Mapping[str, str]


BATCH = 500
LESSONS = 2_000  # judged pairs a linkage is taught by: enough to calibrate, opened in seconds


def labels(user: User) -> Iterator[Label]:
    """All judged pairs of the user's area as labels for the linkage, the oldest first.

    What could not be told is no label. Two statements for each 500 pairs.
    """
    judged = pairs(user).select_related(None).filter(verdict__in=TOLD).order_by("pk")
    after: UUID | None = None
    while batch := list((judged.filter(pk__gt=after) if after else judged)[:BATCH]):
        after = batch[-1].pk
        yield from _labels(batch)


def taught(province: str) -> Taught:
    """What clerks judged of persons of a province, the newest pairs, for the linkage to learn from.

    Only how the records compare leaves this function, nothing about anybody. Pairs with one number
    are left out: the number told the clerk, not the likeness. Two statements for each 500 pairs.
    """
    newest = list(
        Link.objects.filter(province=province, verdict__in=TOLD).order_by("-pk")[:LESSONS]
    )
    equal = Identity.EQUAL.name
    found = [
        label
        for start in range(0, len(newest), BATCH)
        for label in _labels(newest[start : start + BATCH])
        if equal not in (label.levels["national_id"], label.levels["foreign_id"])
    ]
    rows = [[kinds[one.levels[name]] for name, kinds in LEVELS.items()] for one in found]
    return Taught(
        np.array(rows, np.int64).reshape(-1, len(LEVELS)),
        np.array([one.same for one in found], np.bool_),
    )


def _labels(batch: Sequence[Link]) -> Iterator[Label]:
    known = candidates({pk for one in batch for pk in (one.first_id, one.second_id)})
    for one in batch:
        records = known[one.first_id].record, known[one.second_id].record
        same = one.verdict == Verdict.SAME
        yield Label(one.first_id, one.second_id, same, levels(*records))


def levels(one: Mapping[str, str | None], other: Mapping[str, str | None]) -> dict[str, str]:
    """How two records compare: feature → name of its level."""
    features, national, foreign, _valid = compared(one, [other])
    named = {
        name: kinds(int(level)).name
        for (name, kinds), level in zip(LEVELS.items(), features[0], strict=True)
    }
    numbers = {"national_id": national[0], "foreign_id": foreign[0]}
    return named | {name: Identity(int(level)).name for name, level in numbers.items()}
