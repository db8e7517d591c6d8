"""Requests are brought and decided by the rules at once."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pooshesh.disease import tags
from pooshesh.disease.models import Tag
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.text import to_persian_digits
from pooshesh.ledger.models import Commitment
from pooshesh.meetings.models import Matter
from pooshesh.requests.models import (
    CeilingUse,
    Hold,
    Kind,
    Letter,
    Request,
    RequestLine,
    State,
)
from pooshesh.requests.tests.conftest import (
    CEILING,
    MILLION,
    SERVICE,
    TAGGED,
    Bring,
    line,
)

pytestmark = pytest.mark.django_db


def test_a_request_inside_the_package_is_granted_at_once(bring: Bring) -> None:
    request = bring(line(), line(3 * MILLION, "visit"))

    assert request.state == State.PART  # the visit is dearer than the package pays
    assert request.payable == 12 * MILLION
    assert Commitment.objects.get(object_id=request.pk).amount == 12 * MILLION
    assert CeilingUse.objects.get().used == 12 * MILLION
    kept = RequestLine.objects.get(code="visit")
    assert (kept.step, kept.payable, kept.notes) == ("fund_pays", 2 * MILLION, ["price"])
    assert kept.pack_id
    assert kept.facts["decile"] == 3


def test_what_lies_outside_the_rules_parts_off_to_the_committee(bring: Bring) -> None:
    request = bring(line(), line(5 * MILLION, "other"))

    parted = Request.objects.get(parted_from=request)
    assert (request.state, request.asked) == (State.APPROVED, 10 * MILLION)
    assert (parted.state, parted.asked, parted.payable) == (State.IN_COMMITTEE, 5 * MILLION, 0)
    assert Matter.objects.get().object_id == parted.pk
    assert to_persian_digits(str(parted.number)) in Matter.objects.get().title
    assert "زهرا" not in Matter.objects.get().title


def test_a_value_the_law_does_not_tell_is_for_the_working_group(bring: Bring) -> None:
    request = bring(line(on=dt.date(2026, 4, 1)))

    assert request.state == State.IN_COMMITTEE
    assert Matter.objects.get().kind == "fund.policy"


def test_without_a_tag_it_goes_back_and_nothing_is_granted(bring: Bring) -> None:
    before = TAGGED - dt.timedelta(days=1)

    request = bring(line(on=before))

    assert (request.state, request.payable) == (State.RETURNED, 0)
    assert "tag_needed" in request.ground


def test_the_tag_that_ended_since_still_counts_for_the_service(
    bring: Bring, file: PatientFile
) -> None:
    tag = Tag.objects.get()
    tags.revoke(
        tag, SERVICE + dt.timedelta(days=1), why="تشخیص بازنگری شد و پایان یافت", actor=None
    )

    assert bring(line()).state == State.APPROVED
    assert bring(line(7 * MILLION, on=SERVICE + dt.timedelta(days=1))).state == State.RETURNED


def test_the_ceiling_counts_over_the_year_to_the_rial(bring: Bring) -> None:
    first = bring(line(CEILING - 7))
    second = bring(line(10 * MILLION))
    third = bring(line(11 * MILLION))

    assert (first.state, first.payable) == (State.APPROVED, CEILING - 7)
    assert (second.state, second.payable) == (State.PART, 7)
    assert (third.state, third.payable) == (State.REJECTED, 0)
    assert CeilingUse.objects.get().used == CEILING


def test_the_same_invoice_twice_is_refused_however_it_is_typed(bring: Bring) -> None:
    first = bring(line(invoice="00123-45"))

    with pytest.raises(Invalid) as refusal:
        bring(line(invoice="۱۲۳۴۵", provider="داروخانهٔ  شفا"))

    assert refusal.value.code == "request.invoice_twice"
    assert refusal.value.params["number"] == first.number
    assert Request.objects.count() == 1


def test_an_invoice_that_looks_alike_waits_for_a_clerk(bring: Bring) -> None:
    bring(line(invoice="120345"))

    request = bring(line(invoice="123045"))

    assert (request.state, request.hold) == (State.SUBMITTED, Hold.DOUBT)
    assert not Commitment.objects.filter(object_id=request.pk).exists()


def test_without_credit_a_request_waits_for_it(bring: Bring, spent: object) -> None:
    request = bring(line())

    assert (request.state, request.hold) == (State.SUBMITTED, Hold.CREDIT)
    assert CeilingUse.objects.get().used == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"asked": -5}, "request.amount"),
        ({"asked": 0}, "request.amount"),
        ({"asked": 10**13}, "request.amount"),
        ({"asked": 10**19}, "money.too_large"),
        ({"count": 0}, "request.count"),
        ({"count": 10**12}, "request.count"),
        ({"invoice": ""}, "request.invoice_missing"),
        ({"provider": ""}, "request.provider_missing"),
        ({"on": dt.date(2100, 1, 1)}, "request.future"),
    ],
)
def test_what_cannot_be_is_refused(bring: Bring, change: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        bring(line(**change))  # type: ignore[arg-type]

    assert refusal.value.code == code
    assert not Request.objects.exists()


def test_lines_of_two_years_are_two_requests(bring: Bring) -> None:
    with pytest.raises(Invalid) as refusal:
        bring(line(), line(5, on=dt.date(2024, 9, 1)))

    assert refusal.value.code == "request.two_years"


def test_a_prior_approval_is_a_letter_that_binds_money(bring: Bring) -> None:
    coming = dt.date(2026, 12, 1)
    request = bring(line(on=coming, invoice=""), kind=Kind.APPROVAL)

    assert request.state == State.IN_COMMITTEE  # the ceiling of that year is not known
    assert not Letter.objects.exists()


def test_a_request_of_five_lines_costs_ten_statements_at_most(bring: Bring) -> None:
    bring(line())
    lines = [line(n * MILLION, invoice=f"90{n}70") for n in range(2, 7)]

    with CaptureQueriesContext(connection) as spent:
        request = bring(*lines)

    asked = [one["sql"] for one in spent if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert request.state == State.APPROVED
    assert len(asked) <= 10, asked
