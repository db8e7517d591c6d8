"""Applications: one file for life, every step with its clock, and what follows by itself."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, Country
from pooshesh.disease import claims
from pooshesh.disease.models import Claim, ClaimState, Disease
from pooshesh.documents import actions as documents
from pooshesh.documents.models import Document
from pooshesh.documents.tests.files import png, upload
from pooshesh.fund import applications, codes, files, queries
from pooshesh.fund.models import Application, ApplicationStep, Channel, Insured, PatientFile, State
from pooshesh.fund.tests.conftest import Apply, MakePatient
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.models import Event
from pooshesh.people import actions as people
from pooshesh.people.deaths import withdraw_death
from pooshesh.people.models import Membership, Person

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def _fresh(row: Application) -> Application:
    return Application.objects.get(pk=row.pk)


@given(st.integers(min_value=1, max_value=10**12), st.data())
def test_a_number_with_one_wrong_digit_is_not_read(number: int, data: st.DataObject) -> None:
    written = codes.written(number)
    place = data.draw(st.integers(0, len(written) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != written[place]]))

    assert codes.read(written) == number
    assert codes.read(written[:place] + wrong + written[place + 1 :]) is None


@given(st.integers(min_value=1, max_value=10**6), st.integers(min_value=1, max_value=10**6))
def test_the_number_of_a_file_is_never_that_of_an_application(file: int, application: int) -> None:
    shown = codes.written_file(codes.FILES + file)

    assert re.fullmatch(r"\d{3}-\d{4}-\d{4}", shown)
    assert codes.read(shown) == codes.FILES + file
    assert codes.read(shown) != codes.read(codes.written(100_000 + application))
    assert grade(Kind.NATIONAL_ID, shown).grade == Grade.PSEUDO
    assert grade(Kind.MOBILE, shown).grade == Grade.PSEUDO


def test_a_file_is_found_by_its_number_an_old_one_and_a_tracking_number(
    application: Apply, cast: Cast
) -> None:
    first, old = _fresh(application()), _fresh(application())
    PatientFile.objects.filter(pk=old.file_id).update(number=1007)
    files, rows = queries.patient_files(cast.fund_clerk), queries.applications(cast.fund_clerk)

    typed = [first.file.code, first.code, codes.written(1007)]

    assert [queries.find_files(files, one).get().pk for one in typed] == [
        first.file_id, first.file_id, old.file_id,
    ]  # fmt: skip
    assert [queries.find_applications(rows, one).get() for one in typed] == [first, first, old]


def test_an_application_opens_the_patients_file_and_waits_at_the_desk(
    application: Apply, cast: Cast
) -> None:
    row = application(mobile="09123456789", insured=Insured.OTHER, urgent=True)

    assert row.state == State.RECEIVED
    assert row.file.province == "15"
    assert applications.mobile_of(_fresh(row)) == "09123456789"
    assert b"0912" not in bytes(_fresh(row).mobile or b"")
    assert codes.read(row.code) == row.number
    assert list(queries.at_the_desk(cast.fund_clerk.reach("fund.work"))) == [row]
    assert Event.objects.filter(action="fund.apply", object_id=str(row.pk)).count() == 1


def test_a_second_application_joins_the_one_file_for_life(
    application: Apply, patient: MakePatient, sma: Disease
) -> None:
    mina = patient()

    first = application(mina)
    second = application(mina, Disease.objects.exclude(pk=sma.pk)[0])

    assert second.file == first.file
    assert PatientFile.objects.count() == 1


def test_the_file_of_a_merged_record_is_the_patients(
    application: Apply, patient: MakePatient, cast: Cast
) -> None:
    mina, again = patient(), patient("مینا", "لرستانی نیا")
    row = application(again)

    people.merge(again, mina, reason="the same birth certificate", actor=cast.lorestan_clerk.pk)

    assert files.file_of(mina) == row.file
    assert files.open_file(mina, actor=None) == row.file


def test_the_same_application_twice_is_the_first(application: Apply, patient: MakePatient) -> None:
    first = application(mina := patient())

    with pytest.raises(applications.AlreadyOpen) as caught:
        application(mina)

    assert caught.value.application == first
    assert first.code in caught.value.message()


def test_the_database_refuses_a_second_open_application(application: Apply) -> None:
    row = application()

    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.create(
            file=row.file, disease=row.disease, channel=row.channel, area=row.area,
            area_path=row.area_path, province=row.province,
        )  # fmt: skip


def test_nobody_applies_for_who_died(application: Apply, patient: MakePatient) -> None:
    mina = patient()
    people.record_death(mina, TODAY, source="registry", actor=mina.pk)

    with pytest.raises(Invalid) as caught:
        application(mina)

    assert caught.value.code == "fund.dead"


def test_a_returned_application_has_a_clock_and_comes_back_to_the_desk(
    application: Apply, cast: Cast
) -> None:
    row = application()

    back = applications.return_for(
        row.pk, text="bring the certificate", days=10, missing=["diagnosis"],
        actor=cast.fund_clerk.pk,
    )  # fmt: skip
    again = applications.complete(row.pk, actor=cast.fund_clerk.pk)

    assert (back.state, back.missing) == (State.INCOMPLETE, ["diagnosis"])
    assert back.deadline == timezone.localdate() + dt.timedelta(days=10)
    assert (again.state, again.deadline, again.missing) == (State.RECEIVED, None, [])
    verbs = ApplicationStep.objects.filter(application=row).order_by("id")
    assert [step.verb for step in verbs] == ["apply", "return", "complete"]
    assert verbs[1].text == "bring the certificate"


@pytest.mark.parametrize(
    ("text", "days", "code"),
    [("-", 10, "fund.reason"), ("bring it", 0, "fund.days"), ("bring it", 999, "fund.days")],
)
def test_an_application_is_not_returned_without_reason_or_time(
    application: Apply, text: str, days: int, code: str
) -> None:
    row = application()

    with pytest.raises(Invalid) as caught:
        applications.return_for(row.pk, text=text, days=days, actor=None)

    assert caught.value.code == code
    assert _fresh(row).state == State.RECEIVED


def test_only_what_is_late_lapses(application: Apply) -> None:
    row = application()
    applications.return_for(row.pk, text="bring it", days=1, actor=None)

    with pytest.raises(Invalid) as caught:
        applications.lapse(row.pk, actor=None)
    Application.objects.filter(pk=row.pk).update(deadline=TODAY - dt.timedelta(days=1))
    done = applications.lapse(row.pk, actor=None)

    assert caught.value.code == "fund.not_late"
    assert (done.state, done.why) == (State.CLOSED, "lapsed")


def test_the_university_decides_and_the_application_follows(application: Apply, cast: Cast) -> None:
    row = application()
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)
    claim = Claim.objects.get(origin_id=row.pk)

    claims.return_for(claim, "more_tests", why="a genetic test", actor=cast.verifier.pk)
    asked = _fresh(row)
    applications.complete(row.pk, actor=cast.fund_clerk.pk)
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)
    claims.tag(claim, starts=TODAY, ends=None, actor=cast.verifier.pk)

    assert (asked.state, claim.origin_id) == (State.INCOMPLETE, row.pk)
    assert asked.deadline is not None
    assert _fresh(row).state == State.TAGGED
    assert Claim.objects.count() == 1


def test_a_refusal_that_is_overturned_leads_to_the_tag(application: Apply, cast: Cast) -> None:
    row = application()
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)
    claim = Claim.objects.get(origin_id=row.pk)

    claims.refuse(claim, "not_proven", why="no genetic test", actor=cast.verifier.pk)
    refused = _fresh(row).state
    claims.appeal(claim, "new_evidence", why="the test is here", actor=cast.fund_clerk.pk)
    claims.overturn(
        claim, starts=TODAY, ends=None, why="the test proves it", actor=cast.iums_officer.pk
    )

    assert refused == State.REFUSED
    assert _fresh(row).state == State.TAGGED


def test_a_withdrawn_application_takes_the_diagnosis_with_it(
    application: Apply, cast: Cast
) -> None:
    row = application()
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)
    kept = documents.keep(
        upload("scan.png", png()), owner_kind=applications.OWNER, owner_id=row.pk,
        person_id=row.file.person_id, kind="diagnosis", area_path="ir.p15", province="15",
        actor=None,
    )  # fmt: skip

    applications.withdraw(row.pk, text="moved abroad", actor=cast.fund_clerk.pk)

    assert Claim.objects.get().state == ClaimState.CLOSED
    assert Document.objects.get(pk=kept.pk).delete_by == TODAY + dt.timedelta(days=365)


def test_an_application_closes_with_the_patients_death_and_opens_when_it_was_wrong(
    application: Apply, cast: Cast
) -> None:
    row = application()
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)
    mina = Person.objects.get(pk=row.file.person_id)

    people.record_death(mina, TODAY, source="registry", actor=cast.fund_clerk.pk)
    closed = _fresh(row)
    withdraw_death(mina, reason="it was another person", actor=cast.fund_clerk.pk)
    alive = _fresh(row)
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)

    assert (closed.state, closed.why) == (State.CLOSED, "died")
    assert (alive.state, alive.why) == (State.RECEIVED, "")
    assert Claim.objects.get().state == ClaimState.WAITING


def test_the_file_moves_with_the_patient(
    application: Apply, patient: MakePatient, cast: Cast, country: Country
) -> None:
    row = application(mina := patient())
    other = patient("رضا", "تهرانی", area=country.unsponsored)
    household = Membership.objects.get(person=other).household
    people.move(mina, household, "child", since=TODAY, actor=cast.tehran_clerk.pk)

    assert queries.patient_file(cast.tehran_fund_clerk, row.file_id) is not None
    assert queries.patient_file(cast.fund_clerk, row.file_id) is None
    assert queries.application(cast.tehran_fund_clerk, row.pk) is not None


def test_who_brought_an_application_sees_it_and_nobody_of_another_area(
    application: Apply, cast: Cast
) -> None:
    row = application(channel=Channel.CLINIC, actor=cast.clinic.pk)

    assert queries.application(cast.clinic, row.pk) == row
    assert queries.application(cast.fund_clerk, row.pk) == row
    assert queries.application(cast.tehran_fund_clerk, row.pk) is None
    assert queries.application(cast.member, row.pk) is None
