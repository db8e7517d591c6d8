"""Prior approvals, doubts about invoices, and requests of patients who died."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger import commitments
from pooshesh.ledger.commitments import Commit
from pooshesh.ledger.models import Commitment
from pooshesh.people.actions import record_death
from pooshesh.people.models import Person
from pooshesh.requests import doubts, ending, letters
from pooshesh.requests.checking import LineAsked
from pooshesh.requests.models import (
    CeilingUse,
    Doubt,
    Hold,
    Kind,
    Letter,
    LetterState,
    PayeeKind,
    Request,
    State,
)
from pooshesh.requests.tests.conftest import (
    MILLION,
    SERVICE,
    Bring,
    Committee,
    line,
    meet,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def letter(bring: Bring, group: Committee) -> Letter:
    """A prior approval of nine million for the pharmacy, granted by the working group."""
    coming = timezone.localdate() + dt.timedelta(days=5)
    bring(line(9 * MILLION, on=coming, invoice=""), kind=Kind.APPROVAL)
    vote(meet(group), "approved")
    return Letter.objects.get()


def invoice(letter: Letter, asked: int = 8 * MILLION, **more: Any) -> LineAsked:
    return line(asked, on=timezone.localdate(), **more)


def test_a_granted_approval_is_a_dated_letter_that_binds_money(letter: Letter) -> None:
    assert (letter.amount, letter.provider) == (9 * MILLION, "داروخانه شفا")
    assert letter.until > timezone.localdate()
    assert Commitment.objects.get().amount == 9 * MILLION


def test_the_invoice_of_the_provider_uses_the_letter_once(letter: Letter, bring: Bring) -> None:
    used = bring(invoice(letter), letter=letter, payee=PayeeKind.PROVIDER)
    with pytest.raises(Invalid) as again:
        bring(invoice(letter, 7 * MILLION), letter=letter)

    letter.refresh_from_db()
    assert (used.state, used.payable) == (State.APPROVED, 8 * MILLION)  # of 1405, as promised
    assert (letter.state, letter.used_by) == (LetterState.USED, used)
    assert Request.objects.get(pk=letter.request_id).state == State.CLOSED
    assert again.value.code == "request.letter_gone"
    assert CeilingUse.objects.get().used == 8 * MILLION
    bound = Commitment.objects.filter(state="committed")
    assert [one.object_id for one in bound] == [used.pk]


def test_a_letter_is_for_its_provider_and_its_time(letter: Letter, bring: Bring) -> None:
    with pytest.raises(Invalid) as other:
        bring(invoice(letter, provider="دیگری"), letter=letter)
    Letter.objects.update(until=timezone.localdate() - dt.timedelta(days=1))
    with pytest.raises(Invalid) as late:
        bring(invoice(letter), letter=letter)

    assert (other.value.code, late.value.code) == (
        "request.letter_provider", "request.letter_late",
    )  # fmt: skip
    assert CeilingUse.objects.get().used == 9 * MILLION


def test_a_letter_that_nobody_used_expires_and_frees_its_money(letter: Letter) -> None:
    Letter.objects.update(until=timezone.localdate() - dt.timedelta(days=1))

    letters.expire(lambda *_: None)

    assert Letter.objects.get().state == LetterState.EXPIRED
    assert CeilingUse.objects.get().used == 0
    assert Commitment.objects.get().state == "cancelled"


def test_a_letter_is_revoked_for_a_reason_only(letter: Letter, cast: Cast) -> None:
    with pytest.raises(Invalid) as silent:
        letters.revoke(letter, why=" ", actor=None)
    letters.revoke(letter, why="درمان عوض شد", actor=cast.fund_clerk.pk)

    assert silent.value.code == "request.why"
    assert Letter.objects.get().state == LetterState.REVOKED


# --- doubts ----------------------------------------------------------------------------------


@pytest.fixture
def doubted(bring: Bring) -> Request:
    bring(line(invoice="120345"))
    return bring(line(invoice="123045"))


def test_two_invoices_that_differ_let_the_request_go_on(doubted: Request, cast: Cast) -> None:
    doubts.answer(Doubt.objects.get(), same=False, actor=cast.fund_clerk.pk)

    doubted.refresh_from_db()
    assert (doubted.state, doubted.hold) == (State.APPROVED, "")
    assert Doubt.objects.count() == 1


def test_an_invoice_that_was_brought_before_pays_nothing(doubted: Request, cast: Cast) -> None:
    doubts.answer(Doubt.objects.get(), same=True, why="یکی است", actor=cast.fund_clerk.pk)

    doubted.refresh_from_db()
    assert (doubted.state, doubted.payable) == (State.REJECTED, 0)
    with pytest.raises(Invalid) as again:
        doubts.answer(Doubt.objects.get(), same=False, actor=None)
    assert again.value.code == "request.doubt_gone"


def test_a_withdrawn_request_frees_its_invoice(bring: Bring, cast: Cast) -> None:
    first = bring(line(), draft=True)
    ending.withdraw(first, why="اشتباه بود", actor=cast.fund_clerk.pk)

    assert bring(line()).state == State.APPROVED


# --- credit and death --------------------------------------------------------------------------


def test_what_waited_for_credit_is_decided_when_there_is_some(bring: Bring, spent: Commit) -> None:
    waiting = bring(line())
    commitments.undo([spent.object_id], why="پس گرفته شد", actor=None)

    ending.decide_waiting(lambda *_: None)

    assert waiting.hold == Hold.CREDIT
    waiting.refresh_from_db()
    assert (waiting.state, waiting.hold) == (State.APPROVED, "")


def test_an_heir_brings_costs_that_were_before_the_death(
    bring: Bring, patient: Person, file: PatientFile, cast: Cast
) -> None:
    draft = bring(line(), draft=True)
    died = SERVICE + dt.timedelta(days=2)
    record_death(patient, died, source="گواهی", actor=cast.lorestan_clerk.pk)

    with pytest.raises(Invalid) as by_the_dead:
        bring(line())
    with pytest.raises(Invalid) as after:
        bring(line(on=died + dt.timedelta(days=1)), payee=PayeeKind.HEIR)
    made = bring(line(), payee=PayeeKind.HEIR)

    draft.refresh_from_db()
    assert draft.state == State.DIED
    assert by_the_dead.value.code == "request.dead"
    assert after.value.code == "request.after_death"
    assert (made.state, made.payable) == (State.APPROVED, 10 * MILLION)


def test_nobody_is_heir_of_the_living(bring: Bring) -> None:
    with pytest.raises(Invalid) as refusal:
        bring(line(), payee=PayeeKind.HEIR)

    assert refusal.value.code == "request.lives"
