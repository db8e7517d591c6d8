"""What may happen to a plan, and who may do it. Shown in the documentation."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.programme.plans.models import PlanState

DRAFT, OPEN, ENDED, DROPPED = PlanState.values

PLAN = Machine(
    dict(PlanState.choices),
    [
        Transition("open", (DRAFT,), OPEN, _("Begin"), "campaign.run"),
        Transition("end", (OPEN,), ENDED, _("End"), "campaign.run"),
        Transition("reopen", (ENDED,), OPEN, _("Go on"), "campaign.run"),
        Transition("drop", (DRAFT, OPEN), DROPPED, _("Drop"), "campaign.run"),
    ],
)
