"""What may happen to an application, and who may do it. Shown in the guide."""

from django.utils.translation import gettext_lazy as _

from pooshesh.fund.models import OPEN, IntakeState, State
from pooshesh.kernel.transitions import Machine, Transition

READ, APPLY, WORK = "fund.read", "fund.apply", "fund.work"
WORDS = "fund.words"  # of the nation: reasons for returning and messages

APPLICATION = Machine(
    dict(State.choices),
    [
        Transition("send", (State.RECEIVED,), State.VERIFYING, _("Send to the university"), WORK),
        Transition("return", (State.RECEIVED,), State.INCOMPLETE, _("Return for completion"),
                   WORK),
        Transition("complete", (State.INCOMPLETE,), State.RECEIVED, _("Complete"), APPLY),
        Transition("ask", (State.VERIFYING,), State.INCOMPLETE, _("Asked for more")),
        Transition("tag", (*OPEN, State.REFUSED), State.TAGGED, _("Tag")),
        Transition("refuse", OPEN, State.REFUSED, _("Refuse")),
        Transition("uphold", (State.REFUSED,), State.REFUSED, _("Uphold the refusal")),
        Transition("withdraw", OPEN, State.WITHDRAWN, _("Withdraw"), APPLY),
        Transition("lapse", (State.INCOMPLETE,), State.CLOSED, _("Close, not completed in time"),
                   WORK),
        Transition("die", OPEN, State.CLOSED, _("Close, the patient died")),
        Transition("revive", (State.CLOSED,), State.RECEIVED, _("Open again")),
    ],
)  # fmt: skip

INTAKE = Machine(
    dict(IntakeState.choices),
    [
        Transition("check", (IntakeState.BROUGHT, IntakeState.CHECKED), IntakeState.CHECKED,
                   _("Check"), WORK),
        Transition("write", (IntakeState.CHECKED,), IntakeState.WRITTEN, _("Write"), WORK),
    ],
)  # fmt: skip
