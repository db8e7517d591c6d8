"""Cover given here that the newest decision no longer gives: found, told, applied or left.

Nothing ends by itself: a change of decision opens a line, the person is told from which day it is
otherwise, and only then a clerk applies it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from pooshesh.coverage import actions as coverage
from pooshesh.coverage.endings import end_after_notice
from pooshesh.coverage.models import Notice, Reason, Source, Spell
from pooshesh.coverage.suspensions import give_notice, withdraw_notice
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.people.registration import lock_persons
from pooshesh.policy.models import Decision
from pooshesh.regularisation.models import (
    UNSETTLED,
    Difference,
    DifferenceKind,
    DifferenceState,
)
from pooshesh.regularisation.states import COVERING, DIFFERENCE, UNKNOWN

SHORTEST_REASON = 10

explain(
    {
        "difference.backwards": gettext_noop(
            "Cover changes from the day the person was told at the earliest; %(read)s lies before"
            " %(told)s."
        ),
        "difference.too_early": gettext_noop(
            "The person was told that cover changes on %(day)s; apply it from that day on."
        ),
        "difference.gone": gettext_noop(
            "The cover this line is about was changed meanwhile; there is nothing to apply."
        ),
        "difference.reason_short": gettext_noop(
            "Write the reason in at least %(least)s letters; it is kept beside the cover."
        ),
    }
)


def differs(
    scheme: str, percent: int | None, outcome: str, decided: str, share: int | None
) -> DifferenceKind | None:
    """How cover (fund, share) differs from a decision (outcome, fund, share), if it does.

    A value the rules do not know says nothing against the cover.
    """
    if outcome == UNKNOWN:
        return None
    if outcome not in COVERING:
        return DifferenceKind.ENDS
    return DifferenceKind.MOVES if (scheme, percent) != (decided, share) else None


def newest_decisions(persons: Iterable[UUID]) -> dict[UUID, Decision]:
    """The decision that stands about each person."""
    newest = (
        Decision.objects.filter(person_id__in=list(persons))
        .order_by("person_id", "-on", "-decided_at")
        .distinct("person_id")
    )
    return {one.person_id: one for one in newest}


@transaction.atomic
def watch(persons: Sequence[UUID], on: dt.date) -> int:
    """Compare what was given here with the newest decisions; how many lines were opened."""
    spells = list(
        Spell.objects.on(on)
        .filter(person_id__in=persons, insurer__ours=True, source=Source.ENROLMENT)
        .select_related("person")
        .order_by("pk")
    )
    if not spells:
        return 0
    decisions = newest_decisions({spell.person_id for spell in spells})
    open_ones = {
        one.spell_id: one
        for one in Difference.objects.select_for_update().filter(
            spell_id__in=[spell.pk for spell in spells], state__in=UNSETTLED
        )
    }
    fresh = []
    for spell in spells:
        decision = decisions.get(spell.person_id)
        known = open_ones.get(spell.pk)
        kind = _against(spell, decision) if decision else None
        if decision is None or kind is None:
            if known:
                _void(known)
        elif known is None:
            fresh.append(_line(spell, decision, kind))
        elif known.decision_id != decision.pk:
            # What the person was told no longer holds, so they are told anew.
            _unsay(known)
            Difference.objects.filter(pk=known.pk).update(
                decision_id=decision.pk, kind=kind, since=decision.on,
                state=DifferenceState.OPEN, told_at=None, told_by=None, from_day=None,
                notice_id=None,
            )  # fmt: skip
    made = Difference.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=2_000)
    if made:
        audit.record(
            "difference.open", actor=None, kind="difference", fields=["state"],
            persons=[one.person_id for one in made],
        )  # fmt: skip
    return len(made)


def _against(spell: Spell, decision: Decision) -> DifferenceKind | None:
    return differs(
        spell.scheme, spell.premium_percent, decision.outcome, decision.scheme,
        decision.premium_percent,
    )  # fmt: skip


def _line(spell: Spell, decision: Decision, kind: DifferenceKind) -> Difference:
    person = spell.person
    return Difference(
        person=person, area_id=person.area_id, area_path=person.area_path,
        province=person.province, spell_id=spell.pk, decision_id=decision.pk, kind=kind,
        since=decision.on,
    )  # fmt: skip


def _unsay(one: Difference) -> None:
    """Take back the notice by which the person was told that cover ends."""
    if one.notice_id is None:
        return
    notice = Notice.objects.filter(pk=one.notice_id, withdrawn_at=None).first()
    if notice:
        reason = one.reason or gettext("A later decision settled it.")
        withdraw_notice(notice, reason=reason, actor=one.told_by)


def _void(one: Difference) -> None:
    _unsay(one)
    Difference.objects.filter(pk=one.pk).update(
        state=DIFFERENCE.next(one.state, "void"), done_at=timezone.now()
    )


def _locked(difference_id: UUID, verb: str) -> tuple[Difference, str]:
    lock_persons([Difference.objects.values_list("person_id", flat=True).get(pk=difference_id)])
    rows = Difference.objects.select_related("person", "area")
    found = rows.select_for_update(of=("self",)).get(pk=difference_id)
    return found, DIFFERENCE.next(found.state, verb)


@transaction.atomic
def tell(difference_id: UUID, from_day: dt.date, *, actor: UUID) -> Difference:
    """Note that the person was told from which day their cover is otherwise.

    Raises Invalid for a day before today: cover is never taken back for days gone by.
    """
    found, state = _locked(difference_id, "tell")
    today = timezone.localdate()
    if from_day < today:
        raise Invalid("difference.backwards", read=from_day, told=today)
    _unsay(found)
    found.notice_id = None
    if found.kind == DifferenceKind.ENDS:
        said = give_notice(found.person, Reason.DECISION, from_day, actor=actor)
        found.notice_id = said.pk
    found.state, found.from_day = state, from_day
    found.told_at, found.told_by = timezone.now(), actor
    found.save(update_fields=["state", "from_day", "told_at", "told_by", "notice_id"])
    _record("difference.tell", found, actor)
    return found


@transaction.atomic
def apply(difference_id: UUID, *, actor: UUID) -> Difference:
    """Change the cover as the person was told. Raises Invalid before that day came."""
    found, state = _locked(difference_id, "apply")
    assert found.from_day is not None
    if found.from_day > timezone.localdate():
        raise Invalid("difference.too_early", day=found.from_day)
    if not (_moved(found, actor) if found.kind == DifferenceKind.MOVES else _ended(found, actor)):
        raise Invalid("difference.gone")
    return _done(found, state, "difference.apply", actor)


def _ended(found: Difference, actor: UUID) -> int:
    assert found.notice_id is not None
    assert found.from_day is not None
    notice = Notice.objects.get(pk=found.notice_id)
    return end_after_notice(notice, found.from_day, actor=actor)


def _moved(found: Difference, actor: UUID) -> bool:
    assert found.from_day is not None
    if not coverage.end_spell(found.spell_id, found.from_day, actor=actor):
        return False
    decision = Decision.objects.get(pk=found.decision_id)
    one = coverage.Enrolment(
        found.person_id, decision.scheme, decision.premium_percent or 0, decision.pk
    )
    coverage.enrol([one], area=found.area, on=found.from_day, actor=actor)
    return True


@transaction.atomic
def keep(difference_id: UUID, reason: str, *, actor: UUID) -> Difference:
    """Leave the cover as it is, with the reason."""
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("difference.reason_short", least=SHORTEST_REASON)
    found, state = _locked(difference_id, "keep")
    found.reason = reason
    _unsay(found)
    return _done(found, state, "difference.keep", actor)


def _done(found: Difference, state: str, action: str, actor: UUID) -> Difference:
    found.state, found.done_by, found.done_at = state, actor, timezone.now()
    found.save(update_fields=["state", "reason", "done_by", "done_at"])
    _record(action, found, actor)
    return found


def _record(action: str, found: Difference, actor: UUID) -> None:
    audit.record(
        action, actor=actor, kind="difference", object_id=found.pk,
        content={"state": found.state, "from": found.from_day}, purpose=found.reason,
        area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
