"""What may happen to a gap; shown in the docs."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.network.models import GapState

REPORTED, CONFIRMED, ASSIGNED, IN_WORK, CLOSED, REFUSED = GapState.values

GAP = Machine(
    dict(GapState.choices),
    [
        Transition("confirm", (REPORTED,), CONFIRMED, _("Confirm"), "gaps.work"),
        Transition(
            "assign", (CONFIRMED, ASSIGNED, IN_WORK), ASSIGNED, _("Give to an owner"), "gaps.work"
        ),
        Transition("start", (ASSIGNED,), IN_WORK, _("Begin fixing"), "gaps.work"),
        Transition("close", (ASSIGNED, IN_WORK), CLOSED, _("Fixed: close"), "gaps.work"),
        Transition("refuse", (REPORTED, CONFIRMED), REFUSED, _("Not a gap"), "gaps.work"),
        Transition("reopen", (CLOSED, REFUSED), CONFIRMED, _("Open again"), "gaps.work"),
    ],
)
