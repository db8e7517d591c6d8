"""What may happen to a campaign, and who may do it. Shown in the documentation."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.programme.models import CampaignState

DRAFT, CHECKED, RUNNING, DONE, FAILED, CLOSED = CampaignState.values

CAMPAIGN = Machine(
    dict(CampaignState.choices),
    [
        Transition("map", (DRAFT, CHECKED, FAILED), DRAFT, _("Map columns"), "campaign.run"),
        Transition("check", (DRAFT, CHECKED, FAILED), CHECKED, _("Check"), "campaign.run"),
        # A worker that was killed leaves "running" behind: whoever holds the lock may start over.
        Transition("run", (CHECKED, RUNNING, FAILED), RUNNING, _("Run"), "campaign.run"),
        Transition("finish", (RUNNING,), DONE, _("Finish")),
        Transition("fail", (RUNNING,), FAILED, _("Fail")),
        Transition("close", (DONE,), CLOSED, _("Close"), "campaign.run"),
    ],
)
