"""What one human being had counts as one, whichever of their records it was counted on."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.disease import tags
from pooshesh.disease.models import Disease, Package
from pooshesh.disease.tags import NewTag
from pooshesh.fund.files import open_file
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger.models import Commitment
from pooshesh.people.merging import merge
from pooshesh.people.models import Person
from pooshesh.requests import appeals, known, letters, queries, sheets
from pooshesh.requests.ceilings import Use
from pooshesh.requests.models import CeilingUse, Ground, Kind, Letter, Request, State
from pooshesh.requests.tests.conftest import (
    CEILING,
    MILLION,
    TAGGED,
    Bring,
    Committee,
    line,
    meet,
    patient_in,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def double(country: Country, sma: Disease, file: PatientFile) -> PatientFile:
    """Another record of the patient, with a file and a tag of its own."""
    other = patient_in(
        country, household="8", first_name="زهره", birth_date=dt.date(1990, 5, 5),
        national_id="", mobile="", postal_code="",
    )  # fmt: skip
    tags.issue(NewTag(other, "SMA", TAGGED, None), actor=None)
    return open_file(other, actor=None)


def as_one(double: PatientFile, patient: Person, cast: Cast) -> None:
    """The patient and the double are found to be one human being."""
    merge(double.person, patient, reason="عکس‌ها یکی است", actor=cast.lorestan_clerk.pk)


def test_the_packages_ceiling_and_counts_are_of_the_human_being(
    bring: Bring, double: PatientFile, patient: Person, cast: Cast
) -> None:
    Package.objects.filter(number=900).update(ceiling_rial=50 * MILLION)
    known.package_of.cache_clear()
    bring(line(40 * MILLION, "brace"), of=double)
    as_one(double, patient, cast)

    again = bring(line(30 * MILLION, "brace", invoice="7"))
    drug = bring(line(29 * MILLION, invoice="8"))

    known.package_of.cache_clear()
    assert again.state == State.REJECTED  # once a year
    assert (drug.state, drug.payable) == (State.PART, 10 * MILLION)


def test_a_body_sees_the_ceiling_of_all_records(
    bring: Bring, double: PatientFile, patient: Person, committee: Committee, cast: Cast
) -> None:
    bring(line(CEILING - 5 * MILLION))
    waiting = bring(line(6 * MILLION, "other"), of=double)
    as_one(double, patient, cast)

    assert sheets.sheet_of(waiting, blind=True).left == 5 * MILLION
    assert [one.used for one in queries.years_of(double.person_id)] == [CEILING - 5 * MILLION]
    with pytest.raises(Invalid) as refusal:
        vote(meet(committee), "approved")
    assert refusal.value.code == "request.ceiling"


def test_what_a_body_grants_is_counted_on_the_record_that_stands(
    bring: Bring, double: PatientFile, patient: Person, committee: Committee, cast: Cast
) -> None:
    waiting = bring(line(6 * MILLION, "other"), of=double)
    as_one(double, patient, cast)

    vote(meet(committee), "approved")

    assert CeilingUse.objects.get(person=patient).used == 6 * MILLION
    assert Commitment.objects.get(object_id=waiting.pk).person_id == patient.pk


def test_an_appeal_counts_all_records(
    bring: Bring, double: PatientFile, patient: Person, committee: Committee, group: Committee,
    cast: Cast,
) -> None:  # fmt: skip
    bring(line(CEILING - 5 * MILLION))
    waiting = bring(line(6 * MILLION, "other"), of=double)
    vote(meet(committee), "rejected", "شواهد کافی نیست")
    appeals.bring(waiting, Ground.EVIDENCE, "خوانده نشد", actor=cast.fund_clerk.pk)
    as_one(double, patient, cast)

    vote(meet(group), "overturned")

    use = CeilingUse.objects.get(person=patient)
    assert (use.used, use.extended) == (CEILING + MILLION, MILLION)
    assert Request.objects.get(pk=waiting.pk).payable == 6 * MILLION


def test_a_letter_of_a_merged_record_gives_back_what_it_held(
    bring: Bring, double: PatientFile, patient: Person, group: Committee, cast: Cast
) -> None:
    coming = timezone.localdate() + dt.timedelta(days=5)
    bring(line(9 * MILLION, on=coming, invoice=""), kind=Kind.APPROVAL, of=double)
    vote(meet(group), "approved")
    as_one(double, patient, cast)

    used = bring(line(8 * MILLION, on=timezone.localdate()), letter=Letter.objects.get())

    assert used.payable == 8 * MILLION
    assert CeilingUse.objects.get(person=patient).used == 8 * MILLION
    assert CeilingUse.objects.get(person=double.person).used == 0


def test_a_letter_of_a_merged_record_is_revoked(
    bring: Bring, double: PatientFile, patient: Person, group: Committee, cast: Cast
) -> None:
    coming = timezone.localdate() + dt.timedelta(days=5)
    bring(line(9 * MILLION, on=coming, invoice=""), kind=Kind.APPROVAL, of=double)
    vote(meet(group), "approved")
    as_one(double, patient, cast)

    letters.revoke(Letter.objects.get(), why="درمان عوض شد", actor=cast.fund_clerk.pk)

    assert {one.used for one in CeilingUse.objects.all()} == {0}


def test_taking_back_never_goes_below_zero() -> None:
    use = Use(3, 10, 0, {"SMA": 3}, {"SMA": {"drug": 1}})
    use.beside[TAGGED] = Use(4, None, 0, {"SMA": 4}, {"SMA": {"drug": 2}})  # type: ignore[index]

    use.take_back("SMA", 9, {"drug": 5})

    assert use.known("SMA").total == 0
    assert (use.used, use.left(), dict(use.known("SMA").counts)) == (0, 10, {})
