"""What a user may do and how far they see. None unless a live grant says so."""

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.reach import NOWHERE, Reach, join
from pooshesh.access.roles import ROLES
from pooshesh.places.models import AreaKind
from pooshesh.places.queries import member_areas

#: Somebody who asks: signed in or not.
Viewer = User | AnonymousUser


def live_grants(user: Viewer, on: dt.date | None = None) -> list[Grant]:
    """The user's grants of a day (default: today), read once per user object and day."""
    if not isinstance(user, User) or not user.is_active:
        return []
    day = on or timezone.localdate()
    cached: tuple[dt.date, list[Grant]] | None = getattr(user, "_live_grants", None)
    if cached and cached[0] == day:
        return cached[1]
    grants = list(
        Grant.objects.filter(user=user, valid__contains=day).select_related("area", "area_set")
    )
    user._live_grants = day, grants  # type: ignore[attr-defined]
    return grants


def live_permissions(user: Viewer) -> frozenset[str]:
    """Every permission some live grant carries."""
    return frozenset(p for g in live_grants(user) for p in ROLES[g.role].permissions)


def visible(user: Viewer, permission: str) -> Reach:
    """Where the user holds a permission and may see names; nowhere without a live grant."""
    return _reach(user, permission, names=True)


def countable(user: Viewer, permission: str) -> Reach:
    """Where the user may see figures: `visible` plus scopes given as counts only."""
    return _reach(user, permission, names=False)


def _reach(user: Viewer, permission: str, *, names: bool) -> Reach:
    grants = [
        g
        for g in live_grants(user)
        if permission in ROLES[g.role].permissions and not (names and g.counts_only)
    ]
    return join([_scope(g) for g in grants]) if grants else NOWHERE


def _scope(grant: Grant) -> Reach:
    if grant.area is None:
        assert grant.area_set_id is not None
        return Reach(areas=member_areas(grant.area_set_id, timezone.localdate()))
    if grant.area.kind == AreaKind.NATION:
        return Reach(everywhere=True)
    if grant.area.kind == AreaKind.PROVINCE:
        return Reach(provinces=(grant.area.province,))
    return Reach(subtrees=(grant.area.path,))


def demo_accounts() -> int:
    """How many accounts came with the demo; production refuses to start with one."""
    return User.objects.filter(is_demo=True, is_active=True).count()
