"""What the programme puts on the home page: what waits for somebody, and the newest campaigns."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.programme import queries
from pooshesh.programme.models import Campaign, CampaignState
from pooshesh.programme.worklists import queue
from pooshesh.web.format import jdate, number
from pooshesh.web.registry import HomeLine

SHOWN = 5
UNFINISHED = (CampaignState.DRAFT, CampaignState.CHECKED, CampaignState.RUNNING,
              CampaignState.FAILED)  # fmt: skip


def waiting(user: User) -> Sequence[HomeLine] | None:
    """Open work of the user's area by worklist, in items."""
    address = reverse("programme:worklists")
    return [
        HomeLine(kind.label, f"{address}#{kind.value}", total, note=_in_hand(held))
        for kind, (total, held) in queue.counts(user).items()
        if total
    ]


def _in_hand(held: int) -> str:
    return _("%(held)s in hand") % {"held": number(held)} if held else ""


def unfinished(user: User) -> Sequence[HomeLine] | None:
    """Campaigns the user may go on with."""
    rows = queries.runnable(user).filter(state__in=UNFINISHED).order_by("-created_at")
    return [_line(campaign) for campaign in rows[:SHOWN]]


def newest(user: User) -> Sequence[HomeLine] | None:
    """The newest campaigns with a result whose figures the user may see."""
    rows = queries.campaigns(user).filter(state__in=[CampaignState.DONE, CampaignState.CLOSED])
    return [_line(campaign) for campaign in rows[:SHOWN]]


def _line(campaign: Campaign) -> HomeLine:
    return HomeLine(
        str(campaign.area), reverse("programme:campaign", args=[campaign.id]),
        state=(campaign.state, CampaignState(campaign.state).label),
        note=jdate(campaign.on),
    )  # fmt: skip
