"""What the programme tells a person who asks what is held about them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.programme.calls.models import Call
from pooshesh.programme.models import CampaignRow, WorkItem
from pooshesh.web.registry import Held, HeldPart


def _held(records: Sequence[UUID]) -> list[Held]:
    """What the programme holds about a person, as classes."""
    about = {"person__in": records}
    lines = [
        Held(_("Rows of a campaign's census"), CampaignRow.objects.filter(**about).count(),
             _("Census"), _("To find who has no cover")),
        Held(_("Questions a clerk answered"), WorkItem.objects.filter(**about).count(),
             _("Campaign"), _("To decide what the census left open")),
        Held(_("Calls that asked whether the cover is known"),
             Call.objects.filter(**about).count(), _("Campaign"),
             _("To prove what a campaign reports")),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Campaigns"), 30, _held)
