"""What may happen to a gap, and to a resident's report; shown in the docs."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.network.models import GapState, ReportState

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

WAITING, WORKED_ON, ANSWERED, NOTED = ReportState.values

REPORT = Machine(
    dict(ReportState.choices),
    [
        Transition("join", (WAITING,), WORKED_ON, _("Join to a gap"), "gaps.work"),
        Transition("answer", (WAITING, WORKED_ON), ANSWERED, _("Answer"), "gaps.work"),
        Transition("note", (WAITING,), NOTED, _("Needs no answer"), "gaps.work"),
    ],
)
