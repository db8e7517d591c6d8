"""Cover is written once per insurer and day, undone with a reason, and never forgotten."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions, queries
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.models import Insurer, Scheme, Spell, Undo
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject
from pooshesh.kernel.time import from_day, from_now
from pooshesh.people import actions as people
from pooshesh.people.models import Person
from pooshesh.people.registration import CensusPerson, register_census

DAY = dt.date(2022, 2, 11)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=90)
REASON = "ثبت‌نام برای فرد دیگری بوده است"


@pytest.fixture
def three(country: Country) -> list[UUID]:
    """Three residents of Darvazeh-Ghar."""
    rows = [CensusPerson(row=n, first_name=f"زهرا{n}", last_name="کریمی") for n in range(3)]
    done = register_census(rows, area=country.darvazeh_ghar, on=DAY, actor=None)
    return list(done.persons.values())


def enrol(country: Country, *persons: UUID, **more: object) -> int:
    free = [Enrolment(person, Scheme.UNIVERSAL, 0) for person in persons]
    given = {"area": country.darvazeh_ghar, "on": DAY, "actor": None} | more
    return actions.enrol(free, **given)  # type: ignore[arg-type]


def seen(country: Country, insurer: str, *persons: UUID, on: dt.date = DAY) -> int:
    return actions.record_roll_cover(
        insurer, persons, area=country.darvazeh_ghar, on=on, actor=None
    )


def covering(person: UUID, day: dt.date, known: dt.datetime | None = None) -> list[str]:
    return [spell.insurer_id for spell in queries.cover_of(person, day, known)]


def test_the_insurers_of_the_country_are_there(db: None) -> None:
    assert {i.code: i.ours for i in queries.insurers()} == {
        "ihio": True, "sso": False, "armed_forces": False,
    }  # fmt: skip


def test_an_enrolment_covers_from_its_day_on(country: Country, three: list[UUID]) -> None:
    enrolled = enrol(country, *three[:2])

    assert enrolled == 2
    assert covering(three[0], DAY) == covering(three[1], AFTER) == ["ihio"]
    assert covering(three[0], BEFORE) == covering(three[2], DAY) == []


def test_every_enrolled_person_is_a_subject_of_one_event(
    country: Country, three: list[UUID]
) -> None:
    enrol(country, *three)

    event = Event.objects.get(action="coverage.enrol")
    subjects = Subject.objects.filter(event=event).values_list("person_id", flat=True)
    assert sorted(subjects) == sorted(three)


def test_a_roll_shows_cover_from_the_day_it_was_seen(country: Country, three: list[UUID]) -> None:
    seen(country, "sso", three[0])

    assert covering(three[0], DAY) == ["sso"]
    assert covering(three[0], BEFORE) == []


def test_a_roll_seen_again_changes_nothing(country: Country, three: list[UUID]) -> None:
    seen(country, "sso", *three)
    before = list(Spell.objects.values())

    again = seen(country, "sso", *three, on=AFTER)

    assert again == 0
    assert list(Spell.objects.values()) == before


def test_an_older_roll_adds_only_the_days_before(country: Country, three: list[UUID]) -> None:
    seen(country, "sso", three[0], on=AFTER)

    seen(country, "sso", three[0])

    spells = Spell.objects.order_by("valid").values_list("valid", flat=True)
    assert list(spells) == [from_day(DAY, AFTER), from_day(AFTER)]


def test_two_insurers_may_cover_one_person(country: Country, three: list[UUID]) -> None:
    seen(country, "sso", three[0])
    enrol(country, three[0])

    assert covering(three[0], DAY) == ["ihio", "sso"]


def test_a_second_overlapping_enrolment_is_refused_and_nobody_is_enrolled(
    country: Country, three: list[UUID]
) -> None:
    enrol(country, three[0])

    with pytest.raises(Invalid, match="covered by the same insurer"):
        enrol(country, *three, on=AFTER)

    assert Spell.objects.count() == 1


def test_the_database_refuses_two_spells_at_once(country: Country, three: list[UUID]) -> None:
    enrol(country, three[0])
    spell = Spell.objects.get()
    spell.pk, spell.recorded = uuid4(), from_now()

    with pytest.raises(IntegrityError, match="spell_one_at_a_time"), transaction.atomic():
        spell.save(force_insert=True)


def test_a_campaign_that_runs_again_enrols_nobody_twice(
    country: Country, three: list[UUID]
) -> None:
    campaign = uuid4()
    enrol(country, *three, campaign_id=campaign)

    again = enrol(country, *three, campaign_id=campaign)

    assert again == 0


def test_an_undone_enrolment_is_not_repeated_by_its_campaign(
    country: Country, three: list[UUID]
) -> None:
    campaign = uuid4()
    enrol(country, three[0], campaign_id=campaign)
    actions.undo_enrolment(three[0], campaign_id=campaign, reason=REASON, actor=None)

    again = enrol(country, three[0], campaign_id=campaign)

    assert again == 0
    assert covering(three[0], DAY) == []


def test_what_was_undone_is_still_known_to_have_been_believed(
    country: Country, cast: Cast, three: list[UUID]
) -> None:
    enrol(country, three[0])
    spell = Spell.objects.get()
    moment = timezone.now()

    undo = actions.undo_spell(spell.pk, reason=REASON, actor=cast.tehran_clerk.pk)

    assert covering(three[0], DAY) == []
    assert covering(three[0], DAY, known=moment) == ["ihio"]
    assert Undo.objects.get() == undo
    assert (undo.reason, undo.actor) == (REASON, cast.tehran_clerk.pk)


def test_after_an_undo_somebody_can_be_enrolled_again(country: Country, three: list[UUID]) -> None:
    enrol(country, three[0])
    actions.undo_spell(Spell.objects.get().pk, reason=REASON, actor=None)

    enrol(country, three[0])

    assert covering(three[0], DAY) == ["ihio"]


def test_nothing_is_undone_twice(country: Country, three: list[UUID]) -> None:
    enrol(country, three[0])
    spell = Spell.objects.get()
    actions.undo_spell(spell.pk, reason=REASON, actor=None)

    with pytest.raises(Invalid, match="no enrolment to undo"):
        actions.undo_spell(spell.pk, reason=REASON, actor=None)


def test_cover_of_another_insurer_cannot_be_undone(country: Country, three: list[UUID]) -> None:
    seen(country, "sso", three[0])

    with pytest.raises(Invalid, match="no enrolment to undo"):
        actions.undo_spell(Spell.objects.get().pk, reason=REASON, actor=None)


@pytest.mark.parametrize("reason", ["", "اشتباه", "         .         "])
def test_an_undo_needs_a_reason(country: Country, three: list[UUID], reason: str) -> None:
    enrol(country, three[0])

    with pytest.raises(Invalid, match="at least 10"):
        actions.undo_spell(Spell.objects.get().pk, reason=reason, actor=None)

    assert covering(three[0], DAY) == ["ihio"]


def test_cover_ends_after_the_day_of_death(country: Country, cast: Cast, three: list[UUID]) -> None:
    enrol(country, three[0])
    seen(country, "sso", three[0])
    person = Person.objects.get(pk=three[0])

    people.record_death(person, AFTER, source="ثبت احوال", actor=cast.tehran_clerk.pk)

    assert covering(three[0], AFTER) == ["ihio", "sso"]
    assert covering(three[0], AFTER + dt.timedelta(days=1)) == []


def test_a_roll_of_an_unknown_insurer_is_refused(country: Country, three: list[UUID]) -> None:
    with pytest.raises(Invalid, match="No insurer has the code “nobody”"):
        seen(country, "nobody", *three)


def test_an_insurer_can_be_added_once(db: None) -> None:
    actions.add_insurer("oil", "بهداشت و درمان صنعت نفت", "Oil industry health", actor=None)

    with pytest.raises(Invalid, match="is taken"):
        actions.add_insurer("oil", "دیگری", "Another", actor=None)


def test_there_is_one_insurer_of_ours(db: None) -> None:
    with pytest.raises(IntegrityError, match="one_is_ours"), transaction.atomic():
        Insurer.objects.create(code="other", name_fa="دیگری", name_en="Other", ours=True)


def test_eligibility_takes_one_statement(
    country: Country, three: list[UUID], django_assert_num_queries: object
) -> None:
    enrol(country, *three)

    with django_assert_num_queries(1):  # type: ignore[operator]
        queries.cover_of(three[0], DAY)


def test_enrolling_one_person_reads_no_other_enrolment_of_the_campaign(
    country: Country, three: list[UUID]
) -> None:
    campaign = uuid4()
    enrol(country, *three[:2], campaign_id=campaign)

    with CaptureQueriesContext(connection) as asked:
        enrol(country, three[2], campaign_id=campaign)

    before = next(q["sql"] for q in asked if "campaign_id" in q["sql"] and "SELECT" in q["sql"])
    assert three[2].hex in before
    assert covering(three[2], DAY) == ["ihio"]
