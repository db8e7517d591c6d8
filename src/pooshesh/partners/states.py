"""What may happen to hand-overs and tasks, and who may do it. Shown in the documentation."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.partners.models import HandOverState, TaskState

PROPOSED, GIVEN, AGREED, IN_FORCE, REFUSED, WITHDRAWN = HandOverState.values

#: With a giver: give, then receive. A first assignment knows no giver and only `take`.
HAND_OVER = Machine(
    dict(HandOverState.choices),
    [
        Transition("give", (PROPOSED,), GIVEN, _("Sign as the giving side"), "partners.sign"),
        Transition("receive", (GIVEN,), AGREED, _("Sign as the receiving side"), "partners.sign"),
        Transition("take", (PROPOSED,), AGREED, _("Sign the first assignment"), "partners.sign"),
        Transition("begin", (AGREED,), IN_FORCE, _("Comes into force on its day")),
        Transition("refuse", (PROPOSED, GIVEN), REFUSED, _("Refuse"), "partners.sign"),
        Transition("withdraw", (PROPOSED, GIVEN), WITHDRAWN, _("Withdraw"), "partners.write"),
    ],
)

SENT, ACCEPTED, DONE, RETURNED, TAKEN_BACK = TaskState.values

TASK = Machine(
    dict(TaskState.choices),
    [
        Transition("accept", (SENT,), ACCEPTED, _("Accept"), "tasks.work"),
        Transition("finish", (ACCEPTED,), DONE, _("Report as done"), "tasks.work"),
        Transition("return", (SENT, ACCEPTED), RETURNED, _("Return with a reason"), "tasks.work"),
        Transition("resend", (RETURNED,), SENT, _("Send again"), "tasks.work"),
        Transition(
            "withdraw", (SENT, ACCEPTED, RETURNED), TAKEN_BACK, _("Take back"), "tasks.work"
        ),
    ],
)

#: Verbs of the receiving organisation; the others are the sender's.
RECEIVERS_VERBS = frozenset({"accept", "finish", "return"})
