"""What people puts on the home page."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.people import queries
from pooshesh.web.registry import HomeLine


def start_here(user: User) -> Sequence[HomeLine] | None:
    """Where work with persons begins; nothing for who sees figures only."""
    if not user.reach(queries.READ):
        return None
    lines = [HomeLine(_("Find a person"), reverse("people:search"))]
    if user.reach(queries.WRITE):
        lines.append(HomeLine(_("Register a household"), reverse("people:household_new")))
    return lines


def old_keys(user: User) -> Sequence[HomeLine] | None:
    """That numbers are still sealed with an older data key, for who answers for the nation."""
    if not user.reach("access.manage").everywhere or not queries.sealed_with_old_keys():
        return None
    return [
        HomeLine(
            _("Numbers are still sealed with an older data key: run “./pooshesh keys rotate”"),
            reverse("access:jobs"),
            state=("warning", _("Warning")),
        )
    ]
