"""What may happen to rounds, households and what is kept aside. Shown in the documentation."""

from django.utils.translation import gettext_lazy as _

from pooshesh.census.models import AsideState, EntryState, RoundState
from pooshesh.kernel.transitions import Machine, Transition

OPEN, CLOSED = RoundState.values
RECEIVED, ACCEPTED, EXCLUDED = EntryState.values
WAITING, LET_IN, REFUSED = AsideState.values
PLAN = "census.plan"

ROUND = Machine(
    dict(RoundState.choices),
    [
        Transition("close", (OPEN,), CLOSED, _("Close the round"), PLAN),
        Transition("reopen", (CLOSED,), OPEN, _("Open the round again"), PLAN),
    ],
)
ENTRY = Machine(
    dict(EntryState.choices),
    [
        # A new version of an accepted household is looked at again.
        Transition("revise", (RECEIVED, ACCEPTED, EXCLUDED), RECEIVED, _("Revise"),
                   "census.collect"),
        Transition("accept", (RECEIVED, EXCLUDED), ACCEPTED, _("Accept"), PLAN),
        Transition("exclude", (RECEIVED, ACCEPTED), EXCLUDED, _("Leave out"), PLAN),
    ],
)  # fmt: skip
ASIDE = Machine(
    dict(AsideState.choices),
    [
        Transition("accept", (WAITING,), LET_IN, _("Accept"), PLAN),
        Transition("refuse", (WAITING,), REFUSED, _("Refuse"), PLAN),
    ],
)
