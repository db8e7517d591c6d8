"""A household contests its decile: filed, sent to the welfare ministry, answered."""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.people.actions import set_decile
from pooshesh.people.models import Decile, Household, Membership
from pooshesh.renewal import terms
from pooshesh.renewal.models import Appeal
from pooshesh.renewal.states import APPEAL

SHORTEST = 10

explain(
    {
        "renewal.no_decile": gettext_noop("No decile of this household is known; nothing to "
                                          "contest."),
        "renewal.appeal_open": gettext_noop(
            "An appeal of this household is open already; answer that one first."
        ),
        "renewal.text_short": gettext_noop("Write at least %(least)s letters; it is kept."),
        "renewal.same_decile": gettext_noop(
            "The decile stays %(read)s; record that it was upheld instead."
        ),
    }
)  # fmt: skip


@transaction.atomic
def file(household: Household, text: str, *, actor: UUID | None) -> Appeal:
    """Take down that a household contests the decile known of it today. Raises Invalid."""
    text, today = clean(text), timezone.localdate()
    if len(text) < SHORTEST:
        raise Invalid("renewal.text_short", least=SHORTEST)
    decile = Decile.objects.on(today).filter(household=household).first()
    if decile is None:
        raise Invalid("renewal.no_decile")
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                household=household, decile=decile.decile, since=decile.valid.lower,
                source=decile.source, text=text, filed_on=today, due_on=today + terms.APPEAL,
                actor=actor, area_id=household.area_id, area_path=household.area_path,
                province=household.province,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("renewal.appeal_open") from error
    _record("renewal.file_appeal", made, actor)
    return made


@transaction.atomic
def move(
    appeal: Appeal, verb: str, *, answer: str = "", decile: int | None = None, actor: UUID
) -> Appeal:
    """Take a step of an appeal: send, uphold, correct (to another `decile`) or withdraw.

    A corrected decile holds from the day the contested one held, so that the household is decided
    again by itself. Raises Invalid; of two clerks at once the first counts.
    """
    appeal = Appeal.objects.select_for_update(of=("self",)).select_related("household").get(
        pk=appeal.pk
    )  # fmt: skip
    step = APPEAL.transition(appeal.state, verb)
    today, answer = timezone.localdate(), clean(answer)
    if verb in ("uphold", "correct", "withdraw") and len(answer) < SHORTEST:
        raise Invalid("renewal.text_short", least=SHORTEST)
    if verb == "correct":
        if decile is None or decile == appeal.decile:
            raise Invalid("renewal.same_decile", read=appeal.decile)
        set_decile(appeal.household, decile, source=answer[:120], since=appeal.since, actor=actor)
        appeal.corrected_to = decile
    if verb == "send":
        appeal.sent_on, appeal.due_on = today, today + terms.APPEAL
    else:
        appeal.answered_on, appeal.answer = today, answer
    appeal.state = step.target
    appeal.save()
    _record(f"renewal.appeal_{step.target}", appeal, actor)
    return appeal


def _record(action: str, appeal: Appeal, actor: UUID | None) -> None:
    members = Membership.objects.on(appeal.filed_on).filter(household_id=appeal.household_id)
    audit.record(
        action, actor=actor, kind="appeal", object_id=appeal.pk, fields=["state"],
        area_path=appeal.area_path, persons=members.values_list("person_id", flat=True),
    )  # fmt: skip


def is_late(appeal: Appeal, today: dt.date) -> bool:
    """Whether an open appeal should have been answered by now."""
    return bool(APPEAL.verbs(appeal.state)) and appeal.due_on < today
