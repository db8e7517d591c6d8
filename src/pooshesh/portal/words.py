"""Where something stands, what comes next and by when, in words of everyday: no reads here."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.disease.models import Claim, ClaimState, ClaimStep
from pooshesh.disease.states import ground_label
from pooshesh.fund.models import Application, State, Why
from pooshesh.kernel.money import RIALS_PER_TOMAN, Rial, format_rial
from pooshesh.kernel.text import format_int
from pooshesh.ledger.queries import MoneyState
from pooshesh.requests.models import AppealStand, Hold, Kind, Request
from pooshesh.requests.models import State as Asked
from pooshesh.requests.states import APPEAL_DAYS, COMPLETE_DAYS
from pooshesh.web.format import jdate, language
from pooshesh.web.registry import Tone

MAY_BRING = (State.RECEIVED, State.INCOMPLETE)
MAY_WITHDRAW = (State.RECEIVED, State.INCOMPLETE, State.VERIFYING)
#: The way of an application: how many of its four steps are done.
DONE = {State.RECEIVED: 1, State.INCOMPLETE: 1, State.VERIFYING: 2, State.TAGGED: 4}


@dataclass(frozen=True, slots=True)
class Where:
    """Where something stands: a word, a sentence, what comes next, and by which day if known.

    `yours`: the patient is to do something; `waits`: others are, and a message says when they did.
    """

    state: str
    now: str
    next: str = ""
    by: dt.date | None = None
    tone: Tone = "info"
    yours: bool = False
    waits: bool = False

    @property
    def urges(self) -> bool:
        """Whether nothing goes on until the patient does something."""
        return self.yours and self.tone == "warn"


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
                _("The desk checks your documents and sends them to the university."), waits=True,
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
                claim.due if claim else None, waits=True,
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
            _("They confirm the illness, or the refusal stands."), claim.due, waits=True,
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


# --- requests -------------------------------------------------------------------------------

#: The way of the money after the decision, in the ledger's words.
MONEY_ON_ITS_WAY = ("committed", "vouchered", "ordered")


def in_toman(amount: Rial) -> str:
    """An amount in toman; in rial where it is no whole number of them."""
    if amount.amount % RIALS_PER_TOMAN:
        return format_rial(amount, language())
    toman = format_int(amount.amount // RIALS_PER_TOMAN, language())
    return _("%(amount)s toman") % {"amount": toman}


def of_request(
    row: Request, money: MoneyState | None, *, meeting: dt.date | None, appeal: str = ""
) -> Where:
    """Where a request stands. `meeting` is the next day of the body before which it is.

    `appeal` is how an appeal of it stands that nobody has decided yet.
    """
    if appeal == AppealStand.DEFERRED:
        return Where(
            _("You are asked about your appeal"),
            _("Those who decide your appeal need an answer from you."),
            _("Answer the question."), tone="warn", yours=True,
        )  # fmt: skip
    appealed = _("Your appeal is before other people.") if appeal else ""
    back_by = timezone.localdate(row.since) + dt.timedelta(days=COMPLETE_DAYS)
    match row.state:
        case Asked.DRAFT:
            return Where(
                _("Not sent yet"), _("Only you see this request so far."),
                _("Bring what is missing and send it."), tone="quiet", yours=True,
            )  # fmt: skip
        case Asked.SUBMITTED:
            return Where(_("Being checked"), _held(row.hold), waits=True)
        case Asked.RETURNED:
            return Where(
                _("Something is missing"), _("Your request came back to you."),
                _("Correct it and send it again."), back_by, "warn", yours=True,
            )  # fmt: skip
        case Asked.IN_COMMITTEE:
            return Where(
                _("Before the committee"), _("The committee of your province decides it."),
                _("It comes up at one of the next meetings.") if meeting is None
                else _("It comes up at the meeting on %(day)s or the one after.")
                % {"day": jdate(meeting, "prose")}, waits=True,
            )  # fmt: skip
        case Asked.DEFERRED:
            return Where(
                _("The committee asks you"), _("The committee needs an answer from you."),
                _("Answer the question."), back_by, "warn", yours=True,
            )  # fmt: skip
        case Asked.APPROVED | Asked.PART | Asked.CLOSED:
            return _granted(row, money, appealed)
        case Asked.REJECTED:
            return _rejected(row, appealed)
        case Asked.WITHDRAWN:
            return Where(_("Withdrawn"), _("You took this request back."), tone="quiet")
        case _:
            return Where(_("Closed"), _("It was closed because the patient died."), tone="quiet")


def appeal_until(row: Request) -> dt.date | None:
    """The last day on which a decision can be appealed; None for what cannot be."""
    if row.state not in (Asked.REJECTED, Asked.PART) or row.decided_at is None:
        return None
    return timezone.localdate(row.decided_at) + dt.timedelta(days=APPEAL_DAYS)


def _held(hold: str) -> str:
    return {
        Hold.DOUBT: _("An invoice looks like one that was brought before; a clerk compares them."),
        Hold.CREDIT: _("It is granted as soon as your province has money for it again."),
    }.get(Hold(hold), "") if hold else _("Your request is being checked.")  # fmt: skip


def _granted(row: Request, money: MoneyState | None, appealed: str) -> Where:
    word = _("Approved in part") if row.state == Asked.PART else _("Approved")
    now = _("%(amount)s is granted.") % {"amount": in_toman(Rial(row.payable))}
    if row.kind == Kind.APPROVAL:
        return Where(word, now, _("Show the letter to the provider: it pays for you."), tone="good")
    state = money.state if money else "committed"
    if state == "paid" and money:
        paid = _("%(amount)s was paid.") % {"amount": in_toman(money.paid)}
        return Where(_("Paid"), paid, "", money.paid_on, "good")
    if state == "returned":
        return Where(
            word, now, _("The bank sent the money back. Tell the desk the right sheba number."),
            tone="warn", yours=True,
        )  # fmt: skip
    if state == "sent":
        return Where(
            word, now, _("The bank has the order; the money is on its way."), tone="good",
            waits=True,
        )  # fmt: skip
    next_ = appealed or _("The payment is being prepared. Granted is not yet paid.")
    return Where(word, now, next_, tone="good", waits=True)


def _rejected(row: Request, appealed: str) -> Where:
    if appealed:
        return Where(
            _("Appealed"), _("Other people decide about it once more."), appealed, waits=True
        )
    return Where(
        _("Not approved"), _("Your request was not approved; the reasons stand in it."),
        _("Do you think this is wrong? Appeal: other people decide it then."),
        appeal_until(row), "bad", yours=True,
    )  # fmt: skip
