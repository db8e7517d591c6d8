"""What may happen to a request, and who may do it; and the terms it is done by.

The terms are defaults of the reference deployment, none of them law.
"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.requests.models import State

READ, APPLY, WORK, RUN = "fund.read", "fund.apply", "fund.work", "meetings.run"
VOTE = "meetings.vote"

APPEAL_DAYS = 30  # after the decision was made
LETTER_DAYS = 60  # a prior approval may be used so long
COMPLETE_DAYS = 30  # to complete what was returned, or answer a question
URGENT_AGE = dt.timedelta(days=30)  # from then a waiting request stands with the urgent ones

DRAFT, SUBMITTED, RETURNED, IN_COMMITTEE, DEFERRED, APPROVED, PART, REJECTED, *_rest = State.values
WITHDRAWN, DIED, CLOSED = State.WITHDRAWN.value, State.DIED.value, State.CLOSED.value
_DECIDABLE = (SUBMITTED, IN_COMMITTEE)
_OPEN = (DRAFT, SUBMITTED, RETURNED, IN_COMMITTEE, DEFERRED)

REQUEST = Machine(
    dict(State.choices),
    [
        Transition("submit", (DRAFT, RETURNED), SUBMITTED, _("Submit"), APPLY),
        # The rules, or the checklist: never a ground to reject.
        Transition("return", _DECIDABLE, RETURNED, _("Return for completion"), WORK),
        Transition("refer", (SUBMITTED,), IN_COMMITTEE, _("Bring before the committee"), WORK),
        Transition("approve", _DECIDABLE, APPROVED, _("Approve")),
        Transition("part", _DECIDABLE, PART, _("Approve in part")),
        Transition("reject", _DECIDABLE, REJECTED, _("Reject")),
        Transition("defer", (IN_COMMITTEE,), DEFERRED, _("Defer with a question")),
        Transition("answer", (DEFERRED,), IN_COMMITTEE, _("Answer the question"), APPLY),
        Transition("reopen", (APPROVED, PART, REJECTED, DEFERRED), IN_COMMITTEE,
                   _("Decision set aside")),
        Transition("overturn", (PART, REJECTED), APPROVED, _("Appeal granted")),
        Transition("partly", (PART, REJECTED), PART, _("Appeal granted in part")),
        Transition("lapse", (RETURNED, DEFERRED), WITHDRAWN, _("Close, not completed in time")),
        Transition("withdraw", _OPEN, WITHDRAWN, _("Withdraw"), APPLY),
        Transition("die", (*_OPEN,), DIED, _("The patient died")),
        Transition("close", (APPROVED, PART), CLOSED, _("Close")),
    ],
)  # fmt: skip

#: What a body may decide about a request; in the order of the desk.
VERDICTS = {
    "approved": _("Approve in full"),
    "part": _("Approve in part"),
    "rejected": _("Reject on a ground"),
    "deferred": _("Defer with a question"),
}
APPEAL_VERDICTS = {
    "overturned": _("Overturn the decision"),
    "overturned_part": _("Overturn it in part"),
    "upheld": _("Uphold the decision"),
    "deferred": _("Defer with a question"),
}
#: Steps that a vote or a fast grant took; all others are the desk's and the applicant's.
OF_BODIES = (
    "approve",
    "part",
    "reject",
    "defer",
    "confirm",
    "question",
    "reopen",
    "overturn",
    "partly",
)
QUIET = ("propose", "stuck")  # steps the patient is not told of
VERB_OF = {"approved": "approve", "part": "part", "rejected": "reject", "deferred": "defer"}
