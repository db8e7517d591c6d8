"""Cover that ends before its time, and endings that were a mistake."""

import datetime as dt
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.coverage.actions import SHORTEST_REASON, no_suspension
from pooshesh.coverage.models import (
    Cause,
    Ending,
    Insurer,
    Notice,
    Reason,
    Resolution,
    Spell,
    Suspension,
)
from pooshesh.coverage.suspensions import write_notice
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import Bitemporal, from_day, state
from pooshesh.people.merged import one_human
from pooshesh.people.models import Person
from pooshesh.people.registration import lock_persons

Fact = TypeVar("Fact", bound=Bitemporal)

explain(
    {
        "coverage.no_double": gettext_noop(
            "On %(day)s this person is not covered by both insurers; nothing is to be decided."
        ),
        "coverage.ending_undone": gettext_noop("This ending was taken back before."),
        "coverage.enrolled_since": gettext_noop(
            "Since then other cover was written for those days; undo that first."
        ),
        "coverage.before_deadline": gettext_noop(
            "Cover may end from %(deadline)s on, when the time told in the notice is over; "
            "%(read)s is earlier."
        ),
        "coverage.notice_gone": gettext_noop("This notice was withdrawn; give a new one."),
    }
)


def end(
    person_id: UUID,
    start: dt.date,
    cause: Cause,
    *,
    actor: UUID | None,
    insurer: Insurer | None = None,
    notice: Notice | None = None,
) -> int:
    """Let cover, of one insurer or of all, end before a day; how many spells that shortened.

    Cover on records that were merged into this one ends with it. Runs in the caller's transaction.
    """
    records = one_human(person_id)
    lock_persons(records)
    believed = Spell.objects.known().filter(person__in=records, valid__overlap=from_day(start))
    spells = list(believed.filter(insurer=insurer) if insurer else believed)
    if spells:
        made = Ending.objects.create(
            person_id=person_id, insurer=insurer, start=start, cause=cause, notice=notice,
            actor=actor,
        )  # fmt: skip
        for one in spells:
            key = {"person_id": one.person_id, "insurer_id": one.insurer_id}
            state(Spell, key, None, start, at=made.at)
            if insurer is None or insurer.ours:
                no_suspension(one.person_id, start, None, made.at)
        audit.record(
            "coverage.end", actor=actor, kind="person", object_id=person_id, fields=["valid"],
            purpose=cause, area_path=spells[0].area_path, persons=[person_id],
        )  # fmt: skip
    return len(spells)


@transaction.atomic
def end_after_notice(notice: Notice, start: dt.date, *, actor: UUID | None) -> int:
    """End the cover of this insurer from a day on, not before the notice's deadline.

    How many spells that shortened: 0 when it had ended already. Raises Invalid.
    """
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.withdrawn_at:
        raise Invalid("coverage.notice_gone")
    if start < notice.deadline:
        raise Invalid("coverage.before_deadline", deadline=notice.deadline, read=start)
    ours = Insurer.objects.get(ours=True)
    return end(notice.person_id, start, Cause.NOTICE, actor=actor, insurer=ours, notice=notice)


@transaction.atomic
def undo_ending(ending_id: UUID, *, reason: str, actor: UUID | None) -> int:
    """Let cover be as it was before an ending that was a mistake; how many spells came back.

    Raises Invalid when it was taken back before, or other cover was written meanwhile.
    """
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    ending = Ending.objects.select_for_update().get(pk=ending_id)
    if ending.undone_at:
        raise Invalid("coverage.ending_undone")
    records = one_human(ending.person_id)
    lock_persons(records)
    cut = Spell.objects.filter(person__in=records, recorded__endswith=ending.at, undo=None)
    spells = list(cut.filter(insurer=ending.insurer) if ending.insurer_id else cut)
    if any(_taken(Spell.objects.known(), one, ending.start) for one in spells):
        raise Invalid("coverage.enrolled_since")
    now = timezone.now()
    for one in spells:
        _restore(one, {"person_id": one.person_id, "insurer_id": one.insurer_id}, now)
    for paused in Suspension.objects.filter(person__in=records, recorded__endswith=ending.at):
        _restore(paused, {"person_id": paused.person_id}, now)
    Ending.objects.filter(pk=ending.pk).update(undone_at=now, undone_reason=reason, undone_by=actor)
    audit.record(
        "coverage.undo_end", actor=actor, kind="person", object_id=ending.person_id,
        fields=["valid"], purpose=reason, persons=[ending.person_id],
    )  # fmt: skip
    return len(spells)


def _taken(believed: QuerySet[Spell], was: Spell, start: dt.date) -> bool:
    """Whether other cover of the insurer stands on the days that would come back."""
    same = believed.filter(person_id=was.person_id, insurer_id=was.insurer_id)
    return same.filter(valid__overlap=from_day(start, was.valid.upper)).exists()


def _restore(was: Fact, key: dict[str, object], now: dt.datetime) -> None:
    """Believe a superseded fact again, for all of its days."""
    values = {
        f.attname: getattr(was, f.attname)
        for f in was._meta.concrete_fields
        if not f.primary_key and f.name not in ("valid", "recorded") and f.attname not in key
    }
    state(type(was), key, values, was.valid.lower, was.valid.upper, now)


def revive_the_living(person: Person, reason: str, actor: UUID | None) -> None:
    """A death was recorded wrongly: what it ended covers again."""
    for one in Ending.objects.filter(person=person, cause=Cause.DEATH, undone_at=None):
        undo_ending(one.pk, reason=reason, actor=actor)


@transaction.atomic
def resolve_double(
    person: Person,
    insurer: Insurer,
    *,
    stays_ours: bool,
    since: dt.date,
    reason: str,
    actor: UUID | None,
) -> Resolution:
    """Decide which of two insurers covers a person alone from a day on.

    When ours ends, the person is told with a notice in the same step, and `since` leaves them the
    time of a notice. Raises Invalid; of two clerks at once one succeeds.
    """
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    records = one_human(person.pk)
    lock_persons(records)
    ours = Insurer.objects.get(ours=True)
    both = Spell.objects.on(since).filter(person__in=records, insurer__in=[ours, insurer])
    if both.values("insurer").distinct().count() < 2 or insurer.ours:
        raise Invalid("coverage.no_double", day=since)
    notice = None
    if not stays_ours:
        notice = write_notice(person, Reason.DOUBLE_COVER, since, text=reason, actor=actor)
    cause = Cause.OTHER_ENDED if stays_ours else Cause.DOUBLE_COVER
    end(
        person.pk, since, cause, actor=actor, insurer=insurer if stays_ours else ours,
        notice=notice,
    )  # fmt: skip
    ending = Ending.objects.filter(person=person, start=since, cause=cause).latest("at")
    made = Resolution.objects.create(
        person=person, insurer=insurer, stays_ours=stays_ours, since=since, reason=reason,
        ending=ending, actor=actor, area=person.area, area_path=person.area_path,
        province=person.province,
    )  # fmt: skip
    audit.record(
        "coverage.resolve_double", actor=actor, kind="person", object_id=person.pk,
        content={"insurer": insurer.pk, "stays_ours": stays_ours, "since": since},
        purpose=reason, area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
    return made
