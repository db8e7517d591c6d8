"""Diagnoses: decided by one physician, appealed to another."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.disease import claims, queries
from pooshesh.disease.models import Claim, ClaimState, ClaimStep, Disease
from pooshesh.disease.signals import claim_moved
from pooshesh.disease.tests.conftest import WHY, tagged
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
NEXT_YEAR = TODAY + dt.timedelta(days=365)


def test_a_university_tags_and_other_rooms_are_told(claim: Claim, cast: Cast) -> None:
    told: list[str] = []

    def listen(outcome: str, **_: object) -> None:
        told.append(outcome)

    claim_moved.connect(listen)
    done = claims.tag(claim, starts=TODAY, ends=NEXT_YEAR, actor=cast.verifier.pk)
    claim_moved.disconnect(listen)

    assert (done.state, told) == (ClaimState.TAGGED, ["tagged"])
    assert queries.tag_on(claim.person_id, "SMA", TODAY) == done.tag
    assert queries.tag_on(claim.person_id, "SMA", NEXT_YEAR) is None
    assert queries.tag_on(claim.person_id, "THAL", TODAY) is None


def test_the_same_origin_is_the_same_claim(claim: Claim, patient: Person, listed: Disease) -> None:
    again = claims.open_claim(
        patient, listed, origin_id=claim.origin_id, area=patient.area, actor=None
    )

    assert again == claim
    assert ClaimStep.objects.filter(claim=claim).count() == 1


def test_another_origin_is_refused_while_a_university_decides(
    claim: Claim, patient: Person, listed: Disease
) -> None:
    with pytest.raises(Invalid, match="already"):
        claims.open_claim(patient, listed, origin_id=uuid4(), area=patient.area, actor=None)


def test_many_claims_take_as_many_statements_as_one(
    family: tuple[Person, Person], listed: Disease, django_assert_max_num_queries: object
) -> None:
    hema = Disease.objects.get(code="HEMA")
    new = [
        claims.NewClaim(person, disease, uuid4(), person.area)
        for person in family
        for disease in (listed, hema)
    ]

    with django_assert_max_num_queries(9):  # type: ignore[operator]
        made = claims.open_claims(new, actor=None)

    assert made.keys() == {one.origin_id for one in new}


def test_a_returned_claim_is_completed_and_its_clock_starts_anew(claim: Claim, cast: Cast) -> None:
    back = claims.return_for(claim, "missing", why=WHY, actor=cast.verifier.pk)
    ready = claims.complete(back, actor=cast.fund_clerk.pk)

    assert (back.state, ready.state) == (ClaimState.RETURNED, ClaimState.WAITING)
    assert ready.due > TODAY


def test_of_two_who_decide_at_once_the_second_is_told(claim: Claim, cast: Cast) -> None:
    claims.tag(claim, starts=TODAY, ends=NEXT_YEAR, actor=cast.verifier.pk)

    with pytest.raises(Invalid, match="final state"):
        claims.refuse(claim, "another", why=WHY, actor=cast.iums_officer.pk)


def test_a_refusal_without_a_ground_is_refused(claim: Claim, cast: Cast) -> None:
    with pytest.raises(Invalid, match="grounds"):
        claims.refuse(claim, "because", why=WHY, actor=cast.verifier.pk)

    assert Claim.objects.get().state == ClaimState.WAITING


def _appealed(claim: Claim, cast: Cast) -> Claim:
    claims.refuse(claim, "not_proven", why=WHY, actor=cast.verifier.pk)
    return claims.appeal(claim, "new_evidence", why=WHY, actor=cast.fund_clerk.pk)


def test_an_appeal_is_decided_by_another_physician(claim: Claim, cast: Cast) -> None:
    _appealed(claim, cast)

    done = claims.overturn(claim, starts=TODAY, ends=None, why=WHY, actor=cast.iums_officer.pk)

    assert done.state == ClaimState.TAGGED
    assert done.tag is not None


def test_who_refused_cannot_decide_the_appeal(claim: Claim, cast: Cast) -> None:
    _appealed(claim, cast)

    with pytest.raises(Invalid, match="other physicians"):
        claims.uphold(claim, "not_proven", why=WHY, actor=cast.verifier.pk)


def test_the_database_refuses_an_appeal_decided_by_who_refused(claim: Claim, cast: Cast) -> None:
    _appealed(claim, cast)

    with pytest.raises(IntegrityError, match="appeal_decided_by_another"):
        Claim.objects.filter(pk=claim.pk).update(appeal_by=cast.verifier.pk)


def test_an_appeal_after_its_last_day_is_refused(claim: Claim, cast: Cast) -> None:
    claims.refuse(claim, "not_proven", why=WHY, actor=cast.verifier.pk)
    Claim.objects.update(appeal_until=TODAY - dt.timedelta(days=1))

    with pytest.raises(Invalid, match="could be appealed until"):
        claims.appeal(claim, "new_evidence", why=WHY, actor=cast.fund_clerk.pk)


def test_a_tag_that_holds_is_renewed_not_doubled(claim: Claim, cast: Cast) -> None:
    held = tagged(claim.person, TODAY - dt.timedelta(days=300), TODAY + dt.timedelta(days=30))

    done = claims.tag(claim, starts=TODAY, ends=NEXT_YEAR, actor=cast.verifier.pk)

    assert done.tag == held
    assert queries.tag_on(claim.person_id, "SMA", NEXT_YEAR - dt.timedelta(days=1)) == held


def test_a_foreign_universitys_claim_is_not_there(claim: Claim, cast: Cast) -> None:
    mine, foreign = (queries.claims(one) for one in (cast.verifier, cast.iums_officer))

    assert list(mine) == [claim]
    assert list(foreign) == []


def test_who_may_read_only_the_list_sees_no_claim(claim: Claim, cast: Cast) -> None:
    assert list(queries.claims(cast.clinic)) == []


def test_a_withdrawn_application_closes_its_claim(
    claim: Claim, cast: Cast, country: Country
) -> None:
    closed = claims.close([claim.origin_id], why="withdrawn", actor=cast.fund_clerk.pk)

    assert closed == 1
    assert Claim.objects.get().state == ClaimState.CLOSED
