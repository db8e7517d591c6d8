"""The only writers of access: accounts and grants."""

import datetime as dt
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.roles import INCOMPATIBLE, ROLES
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.places.models import Area, AreaSet

explain(
    {
        "access.username_taken": gettext_noop("The user name %(username)s is taken."),
        "access.incompatible": gettext_noop(
            "%(user)s holds the role “%(held)s” at that time; it must not meet “%(role)s” in one "
            "person."
        ),
        "access.end_before_start": gettext_noop(
            "The grant ends on %(until)s, before it begins on %(since)s."
        ),
        "access.scope": gettext_noop("Choose either an area or a set of areas, not both or none."),
        "access.not_yourself": gettext_noop("Nobody gives a role to themselves."),
    }
)


@transaction.atomic
def create_user(
    *, actor: User | None, username: str, full_name: str, email: str, password: str | None
) -> User:
    """Open an account without any right; without a password the owner sets one by e-mail.

    `actor` is None only when the product itself opens the first account.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid("access.username_taken", username=username)
    user = User.objects.create_user(username, password, full_name=full_name, email=email)
    audit.record(
        "access.create_user", actor=actor.id if actor else None, kind="user", object_id=user.id,
        fields=["username", "full_name", "email"],
    )  # fmt: skip
    return user


@transaction.atomic
def first_administrator(*, username: str, email: str, password: str, nation: Area) -> User:
    """Open an account that manages accounts everywhere, for whoever sits at the server."""
    user = create_user(actor=None, username=username, full_name="", email=email, password=password)
    give(actor=None, user=user, role="administrator", area=nation)
    return user


@transaction.atomic
def give(
    *,
    actor: User | None,
    user: User,
    role: str,
    area: Area | None = None,
    area_set: AreaSet | None = None,
    counts_only: bool = False,
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> Grant:
    """Give a role over a scope; `actor` is None only when the product itself sets up accounts.

    `until` is the first day it no longer holds. Raises Invalid for two roles that check each
    other, a scope that is not one, or an end before the start.
    """
    since = since or timezone.localdate()
    if actor and actor.id == user.id:
        raise Invalid("access.not_yourself")
    if (area is None) == (area_set is None):
        raise Invalid("access.scope")
    if until and until <= since:
        raise Invalid("access.end_before_start", since=since.isoformat(), until=until.isoformat())
    User.objects.select_for_update().get(id=user.id)  # two givers at once would miss each other
    valid = DateRange(since, until, "[)")
    for held in Grant.objects.filter(user=user, valid__overlap=valid):
        if frozenset((held.role, role)) in INCOMPATIBLE:
            raise Invalid(
                "access.incompatible", user=str(user),
                held=str(ROLES[held.role].title), role=str(ROLES[role].title),
            )  # fmt: skip
    grant = Grant.objects.create(
        user=user, role=role, area=area, area_set=area_set, counts_only=counts_only,
        valid=valid, given_by=actor.id if actor else None,
    )  # fmt: skip
    _recorded("access.give", actor, grant)
    return grant


@transaction.atomic
def end_grant(*, actor: User, grant_id: UUID, on: dt.date | None = None) -> bool:
    """End a grant from a day on (default: today); False when it had ended already."""
    day = on or timezone.localdate()
    grant = Grant.objects.select_for_update().get(id=grant_id)
    began, ends = grant.valid.lower, grant.valid.upper
    if grant.valid.isempty or (ends is not None and ends <= day):
        return False
    # A grant ended on the day it began never held: an empty range says so.
    held = began is None or began < day
    grant.valid = DateRange(began, day, "[)") if held else DateRange(empty=True)
    grant.save(update_fields=["valid"])
    _recorded("access.end_grant", actor, grant)
    return True


@transaction.atomic
def set_active(*, actor: User, user_id: UUID, active: bool) -> None:
    """Lock or unlock an account; its sessions end with the next request."""
    if actor.id == user_id:
        raise Invalid("access.not_yourself")
    User.objects.filter(id=user_id).update(is_active=active)
    audit.record(
        "access.unlock" if active else "access.lock", actor=actor.id, kind="user",
        object_id=user_id, fields=["is_active"],
    )  # fmt: skip


def end_sessions(user_id: UUID) -> None:
    """Sign an account out everywhere, in the caller's transaction and event."""
    for one in UserSession.objects.filter(user_id=user_id):
        one.end()


def _recorded(action: str, actor: User | None, grant: Grant) -> None:
    content = {
        "user": grant.user_id, "role": grant.role, "area": grant.area_id,
        "set": grant.area_set_id, "counts_only": grant.counts_only, "valid": str(grant.valid),
    }  # fmt: skip
    audit.record(
        action, actor=actor.id if actor else None, kind="user", object_id=grant.user_id,
        content=content, area_path=grant.area.path if grant.area else "",
    )  # fmt: skip
