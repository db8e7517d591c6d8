"""Reads of saved questions."""

from uuid import UUID

from django.db.models import Q, QuerySet

from pooshesh.access.models import User
from pooshesh.access.queries import live_grants
from pooshesh.access.roles import ROLES
from pooshesh.asking.models import View
from pooshesh.insight.queries import READ


def own(user: User) -> QuerySet[View]:
    """The views a user keeps."""
    return View.objects.filter(owner=user).order_by("name")


def views(user: User) -> QuerySet[View]:
    """Those, and what others share with a role the user holds."""
    held = [code for code, _title in roles(user)]
    rows = View.objects.filter(Q(owner=user) | Q(role__in=held)).select_related("owner")
    return rows.order_by("name", "pk")


def own_view(user: User, view_id: UUID) -> View | None:
    """A view the user keeps; others' are not theirs to change."""
    return own(user).filter(pk=view_id).first()


def roles(user: User) -> list[tuple[str, str]]:
    """Code and title of the roles a user reads figures by."""
    held = dict.fromkeys(grant.role for grant in live_grants(user))
    return [(c, str(ROLES[c].title)) for c in held if READ in ROLES[c].permissions]
