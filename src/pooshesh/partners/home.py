"""What partners puts on the home page: tasks, signatures that are awaited, agreements ending."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.partners import agreement_queries, hand_over_queries, task_queries
from pooshesh.partners.queries import WRITE, own_ids
from pooshesh.web.format import jdate
from pooshesh.web.registry import HomeLine

SHOWN = 5


def own_tasks(user: User) -> Sequence[HomeLine] | None:
    """Open tasks handed to one's organisations, the overdue ones, and what escalated to one."""
    address = reverse("partners:tasks")
    lines = []
    if own_ids(user):
        mine = task_queries.inbox(user, task_queries.tasks(user))
        waiting = mine.filter(state__in=task_queries.OPEN).count()
        late = task_queries.overdue(mine).count()
        lines.append(HomeLine(_("Waiting for you"), f"{address}?box=in&state=open", waiting))
        if late:
            lines.append(
                HomeLine(
                    _("Overdue"), f"{address}?box=in&state=overdue", late,
                    state=("overdue", _("Overdue")),
                )
            )  # fmt: skip
    raised = task_queries.escalated_to(user).count()
    if raised:
        lines.append(
            HomeLine(
                _("Escalated to you"), f"{address}?state=escalated", raised,
                state=("escalate", _("Escalated")),
            )
        )  # fmt: skip
    return lines or None


def signatures(user: User) -> Sequence[HomeLine] | None:
    """Hand-overs that await one's signature."""
    return [
        HomeLine(
            _("%(giver)s to %(receiver)s")
            % {"giver": one.giver or _("nobody"), "receiver": one.receiver},
            reverse("partners:hand_over", args=[one.id]),
            state=(one.state, one.get_state_display()), note=jdate(one.on),
        )
        for one in hand_over_queries.to_sign(user)[:SHOWN]
    ] or None  # fmt: skip


def expiring(user: User) -> Sequence[HomeLine] | None:
    """Agreements in their last days, for the register's keepers and the parties."""
    rows = agreement_queries.agreements(user)
    if not user.may(WRITE):
        rows = rows.filter(parties__in=own_ids(user)).distinct()
    found = agreement_queries.expiring(rows)
    return [
        HomeLine(
            one.title, reverse("partners:agreement", args=[one.id]),
            state=("expiring", _("Ends soon")), note=jdate(one.ends),  # type: ignore[attr-defined]
        )
        for one in found[:SHOWN]
    ] or None  # fmt: skip
