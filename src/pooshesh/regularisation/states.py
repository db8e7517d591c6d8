"""What may happen to a case, who may do it, and what follows by itself. Shown in the guide."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.regularisation.models import CaseState, DifferenceState, SheetState

FOUND, IDENTIFIED, REGULARISED, ELIGIBLE, INSURED, REFUSED, WITHDRAWN, LEFT = CaseState.values
OPEN = (FOUND, IDENTIFIED, REGULARISED, ELIGIBLE, INSURED)
WORK = "nationals.work"

CASE = Machine(
    dict(CaseState.choices),
    [
        Transition("identify", (FOUND,), IDENTIFIED, _("Identify")),
        Transition("regularise", (FOUND, IDENTIFIED), REGULARISED, _("Prove lawful stay"), WORK),
        Transition("decide", (REGULARISED,), ELIGIBLE, _("Find eligible")),
        Transition("enrol", (ELIGIBLE,), INSURED, _("Enrol"), WORK),
        Transition("uncover", (INSURED,), ELIGIBLE, _("Cover ended")),
        Transition("undecide", (ELIGIBLE,), REGULARISED, _("No longer eligible")),
        Transition("revoke", (REGULARISED, ELIGIBLE, INSURED), IDENTIFIED, _("Lose lawful stay"),
                   WORK),
        Transition("refuse", (FOUND, IDENTIFIED), REFUSED, _("Refuse"), WORK),
        Transition("appeal", (REFUSED,), FOUND, _("Take up an appeal"), WORK),
        Transition("reopen", (WITHDRAWN, LEFT), FOUND, _("Open again"), WORK),
        Transition("withdraw", (FOUND, IDENTIFIED, REGULARISED, ELIGIBLE), WITHDRAWN,
                   _("Withdraw"), WORK),
        Transition("leave", OPEN, LEFT, _("Left the country or the place"), WORK),
    ],
)  # fmt: skip

SHEET = Machine(
    dict(SheetState.choices),
    [
        Transition("check", (SheetState.BROUGHT, SheetState.CHECKED), SheetState.CHECKED,
                   _("Check"), "nationals.census"),
        Transition("write", (SheetState.CHECKED,), SheetState.WRITTEN, _("Write"),
                   "nationals.census"),
    ],
)  # fmt: skip

DIFFERENCE = Machine(
    dict(DifferenceState.choices),
    [
        Transition("tell", (DifferenceState.OPEN, DifferenceState.TOLD), DifferenceState.TOLD,
                   _("Tell the person"), "coverage.write"),
        Transition("apply", (DifferenceState.TOLD,), DifferenceState.APPLIED, _("Apply"),
                   "coverage.write"),
        Transition("keep", (DifferenceState.OPEN, DifferenceState.TOLD), DifferenceState.KEPT,
                   _("Leave it as it is"), "coverage.write"),
        Transition("void", (DifferenceState.OPEN, DifferenceState.TOLD), DifferenceState.VOID,
                   _("Settle by a later decision")),
    ],
)  # fmt: skip

#: Outcomes by which the insurer covers somebody, and the one that says nothing.
COVERING = ("enrol_free", "pays_share")
UNKNOWN = "value_unknown"


def following(
    state: str, *, identified: bool, lawful: bool, outcome: str, covered: bool
) -> Iterator[str]:
    """The verbs that follow by themselves from what is known; none when the case stands right.

    `outcome` is of the newest decision ("" for none). A value the rules do not know takes nothing
    away. Enrolling needs a consent or a premium that is agreed to, so it follows only from cover
    that is there.
    """
    while verb := _next(state, identified, lawful, outcome, covered):
        yield verb
        state = CASE.next(state, verb)


def _next(state: str, identified: bool, lawful: bool, outcome: str, covered: bool) -> str:
    if state in (FOUND, IDENTIFIED) and lawful:
        return "regularise"
    if state == FOUND and identified:
        return "identify"
    if state in (REGULARISED, ELIGIBLE, INSURED) and not lawful:
        return "revoke"
    if state == REGULARISED and outcome in COVERING:
        return "decide"
    if state == ELIGIBLE and covered and outcome in (*COVERING, UNKNOWN):
        return "enrol"
    if state == ELIGIBLE and outcome not in (*COVERING, UNKNOWN):
        return "undecide"
    if state == INSURED and not covered:
        return "uncover"
    return ""


def of_municipality(state: str, reached: str) -> str:
    """The step a municipality is told: nothing of cover, nor that a case was closed and why.

    `reached` is the step before a case was closed. A refusal is no matter for the municipality:
    it learns only that the proof of lawful stay is missing.
    """
    step = reached if state in (REFUSED, WITHDRAWN, LEFT) else state
    return REGULARISED if step in (ELIGIBLE, INSURED) else step
