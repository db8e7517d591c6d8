"""Where something stands, what comes next and by when, in words of everyday: no reads here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.disease.models import Claim, ClaimState, ClaimStep
from pooshesh.disease.states import ground_label
from pooshesh.fund.models import Application, State, Why
from pooshesh.web.registry import Tone

MAY_BRING = (State.RECEIVED, State.INCOMPLETE)
MAY_WITHDRAW = (State.RECEIVED, State.INCOMPLETE, State.VERIFYING)
#: The way of an application: how many of its four steps are done.
DONE = {State.RECEIVED: 1, State.INCOMPLETE: 1, State.VERIFYING: 2, State.TAGGED: 4}


@dataclass(frozen=True, slots=True)
class Where:
    """Where something stands: a word, a sentence, what comes next, and by which day if known.

    `yours`: the patient is to do something.
    """

    state: str
    now: str
    next: str = ""
    by: dt.date | None = None
    tone: Tone = "info"
    yours: bool = False


def may_appeal(row: Application, claim: Claim | None) -> bool:
    """Whether the refusal of a diagnosis can still be appealed today."""
    return (
        row.state == State.REFUSED
        and claim is not None
        and claim.state == ClaimState.REFUSED
        and (claim.appeal_until is None or timezone.localdate() <= claim.appeal_until)
    )


def ground_of(step: ClaimStep) -> str:
    """The ground of a step of the university and what was written beside it."""
    label = ground_label(step.verb, step.ground)
    return f"{label}: {step.why}" if label and step.why else label


def of_application(row: Application, claim: Claim | None, missing: Sequence[str]) -> Where:
    """Where an application stands."""
    match row.state:
        case State.RECEIVED if missing:
            return Where(
                _("Received"), _("Your application is at the desk of the patients' fund."),
                _("Documents are missing. Send pictures of them, so that it goes on."),
                tone="warn", yours=True,
            )  # fmt: skip
        case State.RECEIVED:
            return Where(
                _("Received"), _("Your application is at the desk of the patients' fund."),
                _("The desk checks your documents and sends them to the university."),
            )  # fmt: skip
        case State.INCOMPLETE:
            return Where(
                _("Something is missing"), _("Your application came back to you."),
                _("Send what is missing. If it has not come by then, the application is closed."),
                row.deadline, "warn", yours=True,
            )  # fmt: skip
        case State.VERIFYING:
            return Where(
                _("With the university"),
                _("Physicians of the medical university look at your documents."),
                _("They confirm the illness, ask for more, or say no and give the reason."),
                claim.due if claim else None,
            )  # fmt: skip
        case State.TAGGED:
            return Where(
                _("Confirmed"), _("The university confirmed the illness."),
                _("You can ask for the costs of treatment now."), tone="good",
            )  # fmt: skip
        case State.REFUSED:
            return _refused(claim)
        case State.WITHDRAWN:
            return Where(_("Withdrawn"), _("You took this application back."), tone="quiet")
        case _:
            return Where(_("Closed"), _closed(row.why), tone="quiet")


def _refused(claim: Claim | None) -> Where:
    if claim and claim.state == ClaimState.APPEALED:
        return Where(
            _("Appealed"), _("Other physicians look at your documents once more."),
            _("They confirm the illness, or the refusal stands."), claim.due,
        )  # fmt: skip
    if claim and claim.state == ClaimState.UPHELD:
        return Where(
            _("Not confirmed"), _("Other physicians looked too; the illness was not confirmed."),
            _("With new documents you may apply again."), tone="bad",
        )  # fmt: skip
    return Where(
        _("Not confirmed"), _("The university did not confirm the illness."),
        _("Do you think this is wrong? Appeal: other physicians look at it then."),
        claim.appeal_until if claim else None, "bad", yours=True,
    )  # fmt: skip


def _closed(why: str) -> str:
    return {
        Why.DIED: _("It was closed because the patient died."),
        Why.LAPSED: _("It was closed because nothing came in time. You may apply again."),
        Why.DOUBLE: _("It was closed because the same application stands elsewhere."),
    }.get(Why(why) if why else Why.DOUBLE, "")
