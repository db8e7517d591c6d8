"""The writers of hand-overs: propose, sign, refuse, withdraw, bring into force on the day.

With the last signature the sponsor changes as from the day of the hand-over; on that day, by the
job at the latest, `handed_over` is sent and open work moves along.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.partners import hand_over_queries as queries
from pooshesh.partners.agreement_queries import sponsorship_allowed
from pooshesh.partners.models import (
    Agreement,
    HandOver,
    HandOverArea,
    HandOverState,
    Organisation,
)
from pooshesh.partners.queries import speaks_for
from pooshesh.partners.signals import handed_over
from pooshesh.partners.states import HAND_OVER
from pooshesh.places import sponsors
from pooshesh.places.models import Area
from pooshesh.places.sponsors import common_path

explain(
    {
        "hand_over.none": gettext_noop("No neighbourhood was named; expected one or more."),
        "hand_over.sponsor": gettext_noop("“%(name)s” is not a sponsor of neighbourhoods."),
        "hand_over.same": gettext_noop("The giving and the receiving side are the same."),
        "hand_over.open": gettext_noop(
            "“%(name)s” is part of another hand-over, to “%(receiver)s” from %(on)s, that awaits"
            " signatures; withdraw that one first."
        ),
        "hand_over.agreement": gettext_noop(
            "No agreement on sponsorship with “%(name)s” is in force on %(on)s for all of these"
            " neighbourhoods; register or renew one first."
        ),
        "hand_over.not_yours": gettext_noop("You do not speak for “%(name)s”."),
        "hand_over.one_user": gettext_noop(
            "You have signed for the giving side; somebody else signs for the receiving one."
        ),
        "hand_over.moved_on": gettext_noop(
            "Somebody else has acted on this hand-over meanwhile: it is “%(state)s” now."
        ),
        "hand_over.reason": gettext_noop("No reason was given; expected why it is refused."),
    }
)


@transaction.atomic
def propose(
    *,
    actor: UUID | None,
    giver: Organisation | None,
    receiver: Organisation,
    areas: Sequence[Area],
    on: dt.date,
    until: dt.date | None = None,
    note: str = "",
) -> HandOver:
    """Propose that neighbourhoods go to a sponsor on a day; all or none.

    Raises Invalid naming the neighbourhood when another answers for it then, when it awaits
    signatures elsewhere, or when the receiver has no agreement on sponsorship that day.
    """
    areas = list({area.pk: area for area in areas}.values())
    if not areas:
        raise Invalid("hand_over.none")
    if giver == receiver:
        raise Invalid("hand_over.same")
    for side in (giver, receiver):
        if side is not None and (side.area_set is None or side.area_set.kind != "sponsor"):
            raise Invalid("hand_over.sponsor", name=str(side))
    sponsors.lock_all(areas)
    _none_awaited(areas)
    _agreement(receiver, areas, on)
    _try(actor, giver, receiver, areas, on, until)
    provinces = {area.province for area in areas}
    made = HandOver.objects.create(
        giver=giver, receiver=receiver, on=on, until=until, note=clean(note), proposed_by=actor,
        province=provinces.pop() if len(provinces) == 1 else "",
    )  # fmt: skip
    HandOverArea.objects.bulk_create(
        HandOverArea(hand_over=made, area=area, area_path=area.path, province=area.province)
        for area in areas
    )
    _record("propose", actor, made, areas=sorted(area.code for area in areas), on=on, until=until)
    return made


def _none_awaited(areas: Sequence[Area]) -> None:
    rows = HandOverArea.objects.filter(area__in=areas, open=True)
    line = rows.select_related("area", "hand_over__receiver").first()
    if line:
        raise Invalid(
            "hand_over.open", name=str(line.area), receiver=str(line.hand_over.receiver),
            on=line.hand_over.on,
        )  # fmt: skip


def _agreement(receiver: Organisation, areas: Sequence[Area], on: dt.date) -> Agreement:
    found = sponsorship_allowed(receiver, areas, on)
    if found is None:
        raise Invalid("hand_over.agreement", name=str(receiver), on=on)
    return found


class _Undo(Exception):
    """Takes back what was tried."""


def _try(
    actor: UUID | None,
    giver: Organisation | None,
    receiver: Organisation,
    areas: Sequence[Area],
    on: dt.date,
    until: dt.date | None,
) -> None:
    """Raises what the change itself would be refused with, and changes nothing."""
    try:
        with transaction.atomic():
            _change(actor, giver, receiver, areas, on, until)
            raise _Undo
    except _Undo:
        pass


def _change(
    actor: UUID | None,
    giver: Organisation | None,
    receiver: Organisation,
    areas: Sequence[Area],
    on: dt.date,
    until: dt.date | None,
) -> None:
    assert receiver.area_set is not None
    if giver is None:
        sponsors.assign_sponsor(
            actor=actor, areas=areas, sponsor=receiver.area_set, since=on, until=until
        )
        return
    assert giver.area_set is not None
    sponsors.hand_over(
        actor=actor, areas=areas, former=giver.area_set, sponsor=receiver.area_set, on=on,
        until=until,
    )  # fmt: skip


def give(hand_over: HandOver, user: User) -> HandOver:
    """Sign for the giving side. Raises Invalid for whoever does not speak for it."""
    return _sign(hand_over, user, "give")


def receive(hand_over: HandOver, user: User) -> HandOver:
    """Sign for the receiving side, the giving one having signed; the sponsor changes with it.

    Without a giving side this is the only signature. Raises Invalid for whoever does not speak
    for it or has signed for the other side, and when the receiver's agreement holds no longer.
    """
    return _sign(hand_over, user, "receive" if hand_over.giver_id else "take")


@transaction.atomic
def _sign(hand_over: HandOver, user: User, verb: str) -> HandOver:
    one = _locked(hand_over)
    side = one.giver if verb == "give" else one.receiver
    if side is None or not speaks_for(user, side.pk):
        raise Invalid("hand_over.not_yours", name=str(side or one.receiver))
    if verb == "receive" and one.given_by == user.id:
        raise Invalid("hand_over.one_user")
    target = HAND_OVER.next(one.state, verb)
    now = timezone.now()
    if verb == "give":
        _move(one, target, given_by=user.id, given_at=now)
        _record("give", user.id, one)
        return one
    areas = _areas(one)
    agreement = _agreement(one.receiver, areas, one.on)
    _change(user.id, one.giver, one.receiver, areas, one.on, one.until)
    _move(one, target, received_by=user.id, received_at=now, agreement_id=agreement.pk)
    HandOverArea.objects.filter(hand_over=one).update(open=False)
    _record("receive", user.id, one)
    if one.on <= timezone.localdate():
        return begin(one)
    return one


@transaction.atomic
def begin(hand_over: HandOver) -> HandOver:
    """The day has come: it is in force, and what is open about its places moves along."""
    one = _locked(hand_over)
    _move(one, HAND_OVER.next(one.state, "begin"), ended_at=timezone.now())
    _record("begin", None, one)
    handed_over.send(
        sender=HandOver, areas=_areas(one), former=one.giver, receiver=one.receiver, on=one.on,
        hand_over=one,
    )  # fmt: skip
    return one


@jobs.job("partners.in_force", every=dt.timedelta(hours=1))
def begin_due(progress: jobs.Progress) -> dict[str, int]:
    """Bring hand-overs into force whose day has come."""
    found = list(queries.due())
    for number, one in enumerate(found):
        progress("hand-overs", number, len(found))
        begin(one)
    return {"hand-overs": len(found)}


@transaction.atomic
def refuse(hand_over: HandOver, user: User, reason: str) -> HandOver:
    """One of the two sides does not sign, and says why."""
    one = _locked(hand_over)
    if not (speaks_for(user, one.giver_id) or speaks_for(user, one.receiver_id)):
        raise Invalid("hand_over.not_yours", name=str(one.receiver))
    if not clean(reason):
        raise Invalid("hand_over.reason")
    return _end(one, user.id, "refuse", clean(reason))


@transaction.atomic
def withdraw(hand_over: HandOver, user: User) -> HandOver:
    """Take a proposal back that is not signed by both sides."""
    return _end(_locked(hand_over), user.id, "withdraw", "")


def _end(one: HandOver, actor: UUID, verb: str, reason: str) -> HandOver:
    target = HAND_OVER.next(one.state, verb)
    _move(one, target, ended_by=actor, ended_at=timezone.now(), reason=reason)
    HandOverArea.objects.filter(hand_over=one).update(open=False)
    _record(verb, actor, one)
    return one


def _locked(hand_over: HandOver) -> HandOver:
    """The row as it stands now; a second signatory waits.

    Raises Invalid when it has moved on since the caller read it: a double click, or two at once.
    """
    rows = HandOver.objects.select_for_update(of=("self",))
    one = rows.select_related("giver__area_set", "receiver__area_set").get(pk=hand_over.pk)
    if one.state != hand_over.state:
        raise Invalid("hand_over.moved_on", state=one.get_state_display())
    return one


def _move(one: HandOver, target: str, **fields: object) -> None:
    """Change state only from the one it was read in."""
    changed = HandOver.objects.filter(pk=one.pk, state=one.state).update(state=target, **fields)
    if not changed:
        raise Invalid("hand_over.moved_on", state=HandOverState(target).label)
    for name, value in {"state": target, **fields}.items():
        setattr(one, name, value)


def _areas(one: HandOver) -> list[Area]:
    lines = HandOverArea.objects.filter(hand_over=one).select_related("area")
    return [line.area for line in lines.order_by("area_id")]


def _record(verb: str, actor: UUID | None, one: HandOver, **content: object) -> None:
    paths = list(HandOverArea.objects.filter(hand_over=one).values_list("area_path", flat=True))
    audit.record(
        f"partners.{verb}", actor=actor, kind="hand_over", object_id=one.id,
        content=content or {"state": one.state}, area_path=common_path([str(p) for p in paths]),
    )  # fmt: skip
