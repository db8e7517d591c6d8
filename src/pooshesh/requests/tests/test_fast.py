"""The fast track: by two members, on their own accounts or on papers that two people read."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pooshesh.access.reach import EVERYWHERE
from pooshesh.conftest import Cast, SignIn
from pooshesh.documents.models import Document
from pooshesh.documents.reading import cleaned
from pooshesh.documents.tests.files import pdf, upload
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.ledger import lists, vouchers
from pooshesh.ledger.models import Commitment
from pooshesh.ledger.payees import Payee
from pooshesh.meetings import sitting
from pooshesh.meetings.models import Matter
from pooshesh.requests import fast
from pooshesh.requests.models import CeilingUse, Consent, Decider, Request, State
from pooshesh.requests.tests.conftest import (
    MILLION,
    Bring,
    Committee,
    line,
    meet,
    sign,
    vote,
)

pytestmark = pytest.mark.django_db
AMOUNT = Rial(8 * MILLION)
PAYEE = Payee("patient", "زهرا رضایی", "IR062960000000100324200001")


def again(request: Request) -> Request:
    return Request.objects.get(pk=request.pk)


@pytest.fixture
def urgent(bring: Bring) -> Request:
    return bring(line(8 * MILLION, "other"), urgent=True)


def on_paper(urgent: Request, committee: Committee, cast: Cast, code: str = "sso") -> Consent:
    """The paper of a member without an account, brought by the desk."""
    return fast.agree_on_paper(
        urgent, committee.members[code], AMOUNT, cleaned(upload("consent.pdf", pdf())),
        actor=cast.fund_clerk.pk,
    )  # fmt: skip


@pytest.fixture
def fast_granted(urgent: Request, committee: Committee, cast: Cast) -> Request:
    paper = on_paper(urgent, committee, cast)
    fast.confirm(paper, actor=cast.tehran_fund_clerk.pk)
    return fast.agree(urgent, committee.members["patients"], AMOUNT, actor=cast.member.pk)


def test_a_chair_alone_grants_nothing_and_two_members_do(
    urgent: Request, committee: Committee, cast: Cast
) -> None:
    paper = on_paper(urgent, committee, cast, "medical_university")
    fast.confirm(paper, actor=cast.tehran_fund_clerk.pk)
    alone = again(urgent).state
    with pytest.raises(Invalid) as twice:
        on_paper(urgent, committee, cast, "medical_university")
    fast.agree(urgent, committee.members["patients"], AMOUNT, actor=cast.member.pk)

    granted = again(urgent)
    assert alone == State.IN_COMMITTEE
    assert twice.value.code == "request.consent_twice"
    assert (granted.state, granted.decided_by, granted.provisional) == (
        State.APPROVED, Decider.FAST, True,
    )  # fmt: skip
    assert Commitment.objects.get().amount == 8 * MILLION


def test_one_clerk_with_two_papers_grants_nothing(
    urgent: Request, committee: Committee, cast: Cast
) -> None:
    papers = [on_paper(urgent, committee, cast, code) for code in ("sso", "ihio")]

    with pytest.raises(Invalid) as alone:
        fast.confirm(papers[0], actor=cast.fund_clerk.pk)

    assert alone.value.code == "request.consent_second"
    assert again(urgent).state == State.IN_COMMITTEE
    assert not Commitment.objects.exists()


def test_nobody_agrees_for_a_member_who_has_an_account(
    urgent: Request, committee: Committee, cast: Cast
) -> None:
    member = committee.members["patients"]

    with pytest.raises(Invalid) as by_a_clerk:
        fast.agree(urgent, member, AMOUNT, actor=cast.fund_clerk.pk)
    with pytest.raises(Invalid) as paper:
        on_paper(urgent, committee, cast, "patients")

    assert {by_a_clerk.value.code, paper.value.code} == {"request.consent_own"}


def test_a_paper_that_does_not_say_so_is_taken_away(
    urgent: Request, committee: Committee, cast: Cast
) -> None:
    paper = on_paper(urgent, committee, cast)

    fast.confirm(paper, accept=False, actor=cast.tehran_fund_clerk.pk)

    assert not Consent.objects.exists()
    assert Document.objects.get().deleted_at is not None


def test_the_database_lets_no_paper_count_by_one_person(
    urgent: Request, committee: Committee, cast: Cast
) -> None:
    paper = on_paper(urgent, committee, cast)

    with pytest.raises(IntegrityError, match="consent_confirmed_by_another"), transaction.atomic():
        Consent.objects.filter(pk=paper.pk).update(confirmed_by=cast.fund_clerk.pk)


def test_what_was_granted_fast_is_paid_after_its_confirmation(
    fast_granted: Request, committee: Committee, cast: Cast
) -> None:
    bound = Commitment.objects.get()

    before = list(lists.commitments(EVERYWHERE))
    with pytest.raises(Invalid) as early:
        vouchers.draw(bound, PAYEE, actor=cast.finance.pk)
    session = meet(committee)
    vote(session, "approved")
    with pytest.raises(Invalid) as unsigned:
        vouchers.draw(bound, PAYEE, actor=cast.finance.pk)
    sign(session)

    assert before == []
    assert (early.value.code, unsigned.value.code) == ("ledger.held", "ledger.held")
    assert list(lists.commitments(EVERYWHERE)) == [bound]
    assert vouchers.draw(bound, PAYEE, actor=cast.finance.pk).amount == 8 * MILLION


def test_the_next_meeting_confirms_what_was_granted_fast(
    fast_granted: Request, committee: Committee
) -> None:
    vote(meet(committee), "approved")

    request = again(fast_granted)
    assert (request.provisional, request.decided_by) == (False, Decider.COMMITTEE)
    assert Commitment.objects.count() == 1


def test_the_next_meeting_may_reject_it_and_the_money_is_free(
    fast_granted: Request, committee: Committee
) -> None:
    vote(meet(committee), "rejected", "فوریت نداشت")

    request = again(fast_granted)
    assert (request.state, request.payable, request.provisional) == (State.REJECTED, 0, False)
    assert Commitment.objects.get().state == "cancelled"
    assert CeilingUse.objects.get().used == 0


def test_the_next_meeting_may_grant_another_amount(
    fast_granted: Request, committee: Committee
) -> None:
    Request.objects.filter(pk=fast_granted.pk).update(proposed=2 * MILLION)

    vote(meet(committee), "part")

    assert (again(fast_granted).state, again(fast_granted).payable) == (State.PART, 2 * MILLION)
    assert CeilingUse.objects.get().used == 2 * MILLION


def test_the_fast_track_is_for_what_is_urgent_and_members_without_an_interest(
    bring: Bring, urgent: Request, committee: Committee, cast: Cast
) -> None:
    calm, member = bring(line(7 * MILLION, "rare")), committee.members["patients"]
    sitting.declare(
        Matter.objects.get(object_id=urgent.pk), member, reason="خویشاوند بیمار", actor=None
    )

    with pytest.raises(Invalid) as not_urgent:
        fast.agree(calm, member, Rial(5), actor=cast.member.pk)
    with pytest.raises(Invalid) as interest:
        fast.agree(urgent, member, Rial(5), actor=cast.member.pk)

    assert not_urgent.value.code == "request.not_urgent"
    assert interest.value.code == "request.interest"


def test_an_interest_declared_after_agreeing_takes_it_out_of_the_count(
    urgent: Request, committee: Committee, cast: Cast
) -> None:
    paper = on_paper(urgent, committee, cast)
    fast.confirm(paper, actor=cast.tehran_fund_clerk.pk)
    matter = Matter.objects.get(object_id=urgent.pk)
    sitting.declare(matter, committee.members["sso"], reason="خویشاوند بیمار", actor=None)

    fast.agree(urgent, committee.members["patients"], AMOUNT, actor=cast.member.pk)

    assert again(urgent).state == State.IN_COMMITTEE


# --- on the screen -----------------------------------------------------------------------------


def test_a_member_agrees_on_the_sheet(
    as_user: SignIn, cast: Cast, urgent: Request, committee: Committee
) -> None:
    member = as_user(cast.member)
    sheet = member.get(reverse("requests:sheet", args=[urgent.pk]))

    member.post(reverse("requests:agree", args=[urgent.pk]), {"amount": "800000"})  # in toman?
    assert not Consent.objects.exists()
    member.post(reverse("requests:agree", args=[urgent.pk]), {"amount": "8000000"})

    assert reverse("requests:agree", args=[urgent.pk]) in sheet.content.decode()
    consent = Consent.objects.get()
    assert (consent.member, consent.on_paper) == (committee.members["patients"], False)


def test_the_desk_brings_a_paper_and_does_not_confirm_it(
    as_user: SignIn, cast: Cast, urgent: Request, committee: Committee
) -> None:
    desk, act = as_user(cast.fund_clerk), reverse("requests:act", args=[urgent.pk])

    desk.post(act, {"verb": "agree", "member": str(committee.members["sso"].pk),
                    "amount": "8000000", "uploads": upload("consent.pdf", pdf())})  # fmt: skip
    paper = Consent.objects.get()
    page = desk.get(reverse("requests:request", args=[urgent.pk])).content.decode()
    desk.post(act, {"verb": "confirm", "paper": f"yes:{paper.pk}"})
    nobody = desk.post(act, {"verb": "confirm", "paper": f"yes:{urgent.pk}"})

    paper.refresh_from_db()
    assert paper.paper is not None
    assert paper.confirmed_at is None
    assert f"yes:{paper.pk}" not in page
    assert nobody.status_code == 404
