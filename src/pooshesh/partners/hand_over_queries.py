"""Reads of hand-overs: the list, one with its neighbourhoods, what awaits a signature."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.kernel.text import search_key
from pooshesh.partners.models import HandOver, HandOverArea, HandOverState, Organisation
from pooshesh.partners.queries import READ, SIGN, WRITE, organisations_of, own_ids
from pooshesh.places.models import Area, AreaKind
from pooshesh.places.queries import (
    accountable_sponsor,
    areas,
    in_set,
    with_province,
    without_sponsor,
)

AWAITED = (HandOverState.PROPOSED, HandOverState.GIVEN)


def hand_overs(user: User) -> QuerySet[HandOver]:
    """Hand-overs of neighbourhoods in the viewer's area, and those of their own side.

    Each with `places`, how many neighbourhoods it is about.
    """
    if not user.may(READ):
        return HandOver.objects.none()
    reach = user.reach(READ)  # empty for a sponsor that was given nothing yet
    rows = HandOver.objects.select_related("giver", "receiver")
    if not reach.everywhere:
        inside = HandOverArea.objects.filter(reach.q(), hand_over=OuterRef("pk"))
        own = own_ids(user)
        rows = rows.filter(Exists(inside) | Q(giver_id__in=own) | Q(receiver_id__in=own))
    return rows.annotate(places=Count("lines"))


def hand_over(user: User, hand_over_id: UUID) -> HandOver:
    """One hand-over the viewer sees. Raises HandOver.DoesNotExist."""
    return hand_overs(user).get(id=hand_over_id)


def between(user: User, one: Organisation) -> QuerySet[HandOver]:
    """Hand-overs to or from an organisation that the viewer sees, newest first."""
    rows = hand_overs(user).filter(Q(giver=one) | Q(receiver=one))
    return rows.order_by("-proposed_at")


def lines(user: User, one: HandOver) -> QuerySet[Area]:
    """The neighbourhoods of a hand-over that the viewer sees: all of them for the two sides."""
    mine = HandOverArea.objects.filter(hand_over=one).values("area_id")
    rows = with_province(Area.objects.filter(pk__in=mine).select_related("parent"))
    own = own_ids(user)
    if one.giver_id in own or one.receiver_id in own:
        return rows.order_by("sort_key")
    return user.reach(READ).limit(rows, path="path", area="id").order_by("sort_key")


@dataclass(frozen=True)
class May:
    """What a viewer may do with a hand-over now."""

    give: bool
    receive: bool
    take: bool
    refuse: bool
    withdraw: bool

    @property
    def anything(self) -> bool:
        return self.give or self.receive or self.take or self.refuse or self.withdraw


def may(user: User, one: HandOver) -> May:
    """What a viewer may do with a hand-over in the state it is in."""
    own = own_ids(user) if user.may(SIGN) else frozenset()
    gives, receives = one.giver_id in own, one.receiver_id in own
    awaited = one.state in AWAITED
    proposed = one.state == HandOverState.PROPOSED
    other = one.given_by != user.id  # one user never signs for both sides
    keeps = awaited and _keeps(user, one)
    return May(
        give=proposed and gives,
        receive=one.state == HandOverState.GIVEN and receives and other,
        take=proposed and one.giver_id is None and receives,
        refuse=awaited and (gives or receives),
        withdraw=awaited and (keeps or one.proposed_by == user.id),
    )


def _keeps(user: User, one: HandOver) -> bool:
    """Whether all neighbourhoods of a hand-over lie where the viewer keeps the register."""
    reach = user.reach(WRITE)
    if reach.everywhere or not reach:
        return reach.everywhere
    return not HandOverArea.objects.filter(hand_over=one).exclude(reach.q()).exists()


def to_sign(user: User) -> QuerySet[HandOver]:
    """Hand-overs that await a signature of an organisation the viewer speaks for."""
    if not user.may(SIGN):
        return HandOver.objects.none()
    own = own_ids(user)
    rows = HandOver.objects.select_related("giver", "receiver").order_by("on")
    return rows.filter(
        Q(state=HandOverState.PROPOSED, giver_id__in=own)
        | Q(state=HandOverState.PROPOSED, giver=None, receiver_id__in=own)
        | Q(state=HandOverState.GIVEN, receiver_id__in=own) & ~Q(given_by=user.id)
    )


def due(day: dt.date | None = None) -> QuerySet[HandOver]:
    """Signed hand-overs whose day has come."""
    return HandOver.objects.filter(
        state=HandOverState.AGREED, on__lte=day or timezone.localdate()
    ).order_by("on", "pk")


# --- proposing -------------------------------------------------------------------------


def proposing_reach(user: User) -> Reach:
    """Where the viewer may propose hand-overs: the register's keepers, and an officer's own."""
    return user.reach(WRITE) if user.may(WRITE) else user.reach(SIGN)


def may_propose(user: User) -> bool:
    """Whether the viewer may propose hand-overs anywhere."""
    return user.may(WRITE) or (user.may(SIGN) and bool(own_ids(user)))


def givers(user: User) -> QuerySet[Organisation]:
    """Sponsors whose neighbourhoods the viewer may propose to hand over."""
    rows = Organisation.objects.filter(area_set__kind="sponsor").order_by("sort_key")
    return rows if user.may(WRITE) else rows.filter(pk__in=organisations_of(user).values("pk"))


def receivers() -> QuerySet[Organisation]:
    """Sponsors that may be given neighbourhoods."""
    return Organisation.objects.filter(area_set__kind="sponsor").order_by("sort_key")


def held_within(
    reach: Reach, giver: Organisation | None, within: Area, on: dt.date
) -> QuerySet[Area]:
    """Neighbourhoods in an area that a sponsor answers for on a day (None: that nobody does)."""
    rows = areas(reach, on).filter(kind=AreaKind.NEIGHBOURHOOD, path__within=within.path)
    if giver is None:
        return without_sponsor(rows, on)
    assert giver.area_set is not None
    return in_set(rows, giver.area_set.code, on)


def current_sponsor(area: Area) -> Organisation | None:
    """The organisation that answers for a neighbourhood today."""
    held = accountable_sponsor(area, timezone.localdate())
    return Organisation.objects.filter(area_set=held).first() if held else None


def of_area(user: User, area: Area) -> QuerySet[HandOver]:
    """Hand-overs of one neighbourhood that the viewer sees, newest first."""
    mine = HandOverArea.objects.filter(area=area).values("hand_over_id")
    return hand_overs(user).filter(pk__in=mine).order_by("-on", "-pk")


def search(rows: QuerySet[HandOver], text: str) -> QuerySet[HandOver]:
    """Hand-overs with a side, or a neighbourhood, whose name holds `text`."""
    wanted = search_key(text)
    about = HandOverArea.objects.filter(hand_over=OuterRef("pk"), area__search_key__contains=wanted)
    return rows.filter(
        Q(giver__search_key__contains=wanted)
        | Q(receiver__search_key__contains=wanted)
        | Exists(about)
    )
