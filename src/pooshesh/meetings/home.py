"""What meetings puts on the home page: votes and minutes that wait, sessions, action items."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.meetings import queries
from pooshesh.meetings.models import SessionState
from pooshesh.meetings.tables import is_overdue, session_title
from pooshesh.web.format import jdate
from pooshesh.web.registry import HomeLine

SHOWN = 5


def sessions(user: User) -> Sequence[HomeLine] | None:
    """What waits for the user's vote or signature, and the next sessions; None for nothing."""
    lines = [
        HomeLine(
            _("Vote: %(motion)s") % {"motion": one.text[:60]},
            reverse("meetings:session", args=[one.session_id]),
            state=(SessionState.OPEN, _("Vote now")),
        )
        for one in queries.to_vote(user)
    ]
    lines += [
        HomeLine(
            f"{_('Minutes')}: {session_title(one)}",
            reverse("meetings:minutes", args=[one.pk]),
            state=(SessionState.CLOSED, _("To sign")),
        )
        for one in queries.to_sign(user)
    ]
    lines += [
        HomeLine(
            f"{one.body}: {session_title(one)}",
            reverse("meetings:session", args=[one.pk]),
            state=(one.state, SessionState(one.state).label),
            note=jdate(one.starts_at, "moment"),
        )
        for one in queries.next_sessions(user)
    ]
    return lines or None


def own_actions(user: User) -> Sequence[HomeLine] | None:
    """The user's open action items, the most urgent first; None while there is none."""
    found = list(queries.own_actions(user)[: SHOWN + 1])
    lines = [
        HomeLine(
            one.text[:80],
            reverse("meetings:action", args=[one.pk]),
            state=("overdue", _("Overdue")) if is_overdue(one) else None,
            note=jdate(one.deadline),
        )
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        lines.append(HomeLine(_("My action items"), reverse("meetings:mine")))
    return lines or None
