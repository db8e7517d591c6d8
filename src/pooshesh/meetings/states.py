"""What may happen to a session, a matter and an action item, and who may do it."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.meetings.models import ActionState, SessionState

PLANNED, INVITED, OPEN, CLOSED, SIGNED, CANCELLED = SessionState.values

RUN, VOTE, READ = "meetings.run", "meetings.vote", "meetings.read"

SESSION = Machine(
    dict(SessionState.choices),
    [
        Transition("invite", (PLANNED,), INVITED, _("Invite"), RUN),
        Transition("open", (INVITED,), OPEN, _("Open the session"), RUN),
        Transition("close", (OPEN,), CLOSED, _("Close the session"), RUN),
        # The last signature does it.
        Transition("sign", (CLOSED,), SIGNED, _("Sign"), VOTE),
        Transition("cancel", (PLANNED, INVITED), CANCELLED, _("Cancel the session"), RUN),
    ],
)

ACTION = Machine(
    dict(ActionState.choices),
    [
        Transition("done", (ActionState.OPEN,), ActionState.DONE, _("Done"), RUN),
        Transition("drop", (ActionState.OPEN,), ActionState.DROPPED, _("Drop"), RUN),
    ],
)
