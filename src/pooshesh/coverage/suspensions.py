"""Telling somebody that cover will stop, suspending it after that, and reviving it."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.coverage import terms
from pooshesh.coverage.actions import SHORTEST_REASON
from pooshesh.coverage.models import Notice, Reason, Spell, Suspension
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day, state
from pooshesh.people.merged import one_human
from pooshesh.people.models import Person
from pooshesh.people.registration import lock_persons

explain(
    {
        "coverage.notice_short": gettext_noop(
            "The deadline %(read)s leaves too little time; expected %(least)s or later."
        ),
        "coverage.notice_used": gettext_noop(
            "Cover was suspended after this notice; revive it instead of withdrawing the notice."
        ),
        "coverage.no_notice": gettext_noop(
            "Nobody loses cover silently: no notice about this stands whose deadline has come by "
            "%(read)s."
        ),
        "coverage.not_covered": gettext_noop(
            "On %(day)s this person has no cover here that could be suspended."
        ),
        "coverage.suspended_already": gettext_noop(
            "Cover is suspended already on %(day)s or later."
        ),
        "coverage.not_suspended": gettext_noop("Cover is not suspended on %(day)s."),
    }
)


@transaction.atomic
def give_notice(
    person: Person, reason: Reason, deadline: dt.date, *, text: str = "", actor: UUID | None
) -> Notice:
    """Tell a person that cover will stop from a day on unless something is done.

    Raises Invalid when the deadline leaves less time than a notice must, or there is no cover.
    """
    lock_persons([person.pk])
    if not _spell(one_human(person.pk), timezone.localdate()):
        raise Invalid("coverage.not_covered", day=timezone.localdate())
    made = write_notice(person, reason, deadline, text=text, actor=actor)
    audit.record(
        "coverage.notice", actor=actor, kind="notice", object_id=made.pk,
        content={"reason": reason, "deadline": deadline}, purpose=reason,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
    return made


def write_notice(
    person: Person,
    reason: Reason,
    deadline: dt.date,
    *,
    text: str = "",
    actor: UUID | None,
    given_on: dt.date | None = None,
) -> Notice:
    """The row of a notice, in the caller's transaction and event. Raises Invalid as above."""
    given = given_on or timezone.localdate()
    least = given + terms.NOTICE
    if deadline < least:
        raise Invalid("coverage.notice_short", read=deadline, least=least)
    return Notice.objects.create(
        person=person, reason=reason, given_on=given, deadline=deadline, text=clean(text),
        actor=actor, area_id=person.area_id, area_path=person.area_path, province=person.province,
    )  # fmt: skip


@transaction.atomic
def withdraw_notice(notice: Notice, *, reason: str, actor: UUID | None) -> None:
    """Take back a notice after which nothing was done: the matter was settled."""
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if Suspension.objects.filter(notice=notice).exists():
        raise Invalid("coverage.notice_used")
    if notice.withdrawn_at is None:
        Notice.objects.filter(pk=notice.pk).update(
            withdrawn_at=timezone.now(), withdrawn_reason=reason
        )
        audit.record(
            "coverage.withdraw_notice", actor=actor, kind="notice", object_id=notice.pk,
            fields=["withdrawn_at"], purpose=reason, area_path=notice.area_path,
            persons=[notice.person_id],
        )  # fmt: skip


@transaction.atomic
def suspend(person: Person, reason: Reason, start: dt.date, *, actor: UUID | None) -> Suspension:
    """Let cover rest from a day on, after a notice about the same thing whose deadline has come.

    The suspension lasts until a revival, at most until the spell ends. Raises Invalid.
    """
    records = one_human(person.pk)
    lock_persons(records)
    spell = _spell(records, start)
    if spell is None:
        raise Invalid("coverage.not_covered", day=start)
    notices = Notice.objects.select_for_update().filter(
        person__in=records, reason=reason, withdrawn_at=None, deadline__lte=start
    )
    notice = notices.order_by("-deadline").first()
    if notice is None:
        raise Invalid("coverage.no_notice", read=start)
    end = spell.valid.upper
    held = Suspension.objects.known().filter(person_id=spell.person_id)
    if held.filter(valid__overlap=from_day(start, end)).exists():
        raise Invalid("coverage.suspended_already", day=start)
    made = state(
        Suspension, {"person_id": spell.person_id},
        {"reason": reason, "notice": notice, "actor": actor}, start, end,
    )  # fmt: skip
    assert made is not None
    audit.record(
        "coverage.suspend", actor=actor, kind="suspension", object_id=made.pk,
        content={"reason": reason, "start": start}, purpose=reason, area_path=person.area_path,
        persons=[person.pk],
    )  # fmt: skip
    return made


@transaction.atomic
def revive(person: Person, since: dt.date, *, actor: UUID | None) -> None:
    """Let a suspended cover hold again from a day on; what was to be suspended later holds too.

    Raises Invalid when it is not suspended on that day.
    """
    records = one_human(person.pk)
    lock_persons(records)
    held = list(Suspension.objects.on(since).filter(person__in=records))
    if not held:
        raise Invalid("coverage.not_suspended", day=since)
    for one in held:
        state(Suspension, {"person_id": one.person_id}, None, since)
    audit.record(
        "coverage.revive", actor=actor, kind="person", object_id=person.pk,
        content={"since": since}, area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip


def _spell(records: list[UUID], day: dt.date) -> Spell | None:
    """The spell of this insurer that holds on a day."""
    return Spell.objects.on(day).filter(person__in=records, insurer__ours=True).first()
