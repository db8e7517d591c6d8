"""Facts change without losing what was known; keys rotate without losing a row."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.conftest import Cast, Country, UseKey
from pooshesh.kernel import rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event, Subject
from pooshesh.people import actions, queries
from pooshesh.people.models import (
    Decile,
    Household,
    Identifier,
    IdentifierKind,
    LegalStatus,
    Membership,
    Person,
    Standing,
)
from pooshesh.people.tests.conftest import ALI_ID, DAY, OTHER_ID, ZAHRA_ID

LATER = DAY + dt.timedelta(days=100)
LATEST = LATER + dt.timedelta(days=100)


def home_of(person: Person) -> Household:
    return Membership.objects.known().select_related("household").get(person=person).household


def test_a_decile_stands_beside_the_one_before(cast: Cast, person: Person) -> None:
    home, actor = home_of(person), cast.tehran_clerk.pk

    actions.set_decile(home, 7, source="پایگاه رفاه", since=DAY, actor=actor)
    actions.set_decile(home, 3, source="اعتراض به دهک", since=LATER, actor=actor)

    held = {day: Decile.objects.on(day).get(household=home).decile for day in (DAY, LATER)}
    assert held == {DAY: 7, LATER: 3}


def test_a_decile_told_late_leaves_a_newer_one(cast: Cast, person: Person) -> None:
    home, actor = home_of(person), cast.tehran_clerk.pk
    actions.set_decile(home, 3, source="پایگاه رفاه", since=LATER, actor=actor)

    actions.set_decile(home, 8, source="پرونده قدیمی", since=DAY, actor=actor)

    held = {day: Decile.objects.on(day).get(household=home).decile for day in (DAY, LATER)}
    assert held == {DAY: 8, LATER: 3}


def test_a_standing_told_late_leaves_a_newer_one(cast: Cast, person: Person) -> None:
    actor = cast.tehran_clerk.pk
    actions.set_standing(person, LegalStatus.LAWFUL, since=LATEST, actor=actor)

    actions.set_standing(person, LegalStatus.FOUND, since=LATER, actor=actor)

    held = [Standing.objects.on(day).get(person=person).status for day in (DAY, LATER, LATEST)]
    assert held == ["citizen", "found", "lawful"]


def test_a_card_older_than_the_day_somebody_was_found_holds_beyond_it(
    cast: Cast, person: Person
) -> None:
    actor = cast.tehran_clerk.pk
    Standing.objects.filter(person=person).update(status=LegalStatus.FOUND)

    actions.set_standing(
        person, LegalStatus.LAWFUL, since=DAY - dt.timedelta(days=300), actor=actor
    )

    assert Standing.objects.on(LATER).get(person=person).status == "lawful"


def test_a_move_told_late_leaves_a_newer_one(cast: Cast, country: Country, person: Person) -> None:
    between, last = (
        Household.objects.create(area=area, area_path=area.path, province=area.province)
        for area in (country.falak_ol_din, country.unsponsored)
    )
    actor = cast.national_director.pk
    actions.move(person, last, "head", since=LATEST, actor=actor)

    actions.move(person, between, "head", since=LATER, actor=actor)

    lives = [Membership.objects.on(day).get(person=person).household for day in (LATER, LATEST)]
    assert lives == [between, last]
    assert Person.objects.get(pk=person.pk).area == country.unsponsored


def test_what_was_believed_before_a_correction_can_be_asked(cast: Cast, person: Person) -> None:
    home, actor = home_of(person), cast.tehran_clerk.pk
    actions.set_decile(home, 7, source="پایگاه رفاه", since=DAY, actor=actor)
    moment = timezone.now()

    actions.set_decile(home, 2, source="اصلاح", since=DAY, actor=actor)

    before = queries.record(cast.tehran_clerk, person.pk, on=LATER, known=moment)
    now = queries.record(cast.tehran_clerk, person.pk, on=LATER)
    assert before is not None
    assert now is not None
    assert (before.decile and before.decile.decile, now.decile and now.decile.decile) == (7, 2)


def test_every_member_is_a_subject_of_a_change_of_decile(
    cast: Cast, household: tuple[Person, Person]
) -> None:
    actions.set_decile(home_of(household[0]), 4, source="x", since=DAY, actor=cast.tehran_clerk.pk)

    event = Event.objects.get(action="people.set_decile")
    subjects = Subject.objects.filter(event=event).values_list("person_id", flat=True)
    assert set(subjects) == {person.pk for person in household}


@pytest.mark.parametrize("decile", [0, 11, -1])
def test_only_ten_deciles_exist(cast: Cast, person: Person, decile: int) -> None:
    home = home_of(person)

    with pytest.raises(Invalid, match="expected 1 to 10"):
        actions.set_decile(home, decile, source="x", since=DAY, actor=cast.tehran_clerk.pk)


def test_the_database_refuses_an_eleventh_decile(cast: Cast, person: Person) -> None:
    actions.set_decile(home_of(person), 10, source="x", since=DAY, actor=cast.tehran_clerk.pk)

    with pytest.raises(IntegrityError, match="decile_1_to_10"), transaction.atomic():
        Decile.objects.update(decile=11)


def test_a_lawful_stay_ends_where_the_card_ends(cast: Cast, person: Person) -> None:
    actions.set_standing(
        person, LegalStatus.LAWFUL, nationality="af", source="آمایش", since=LATER, until=LATEST,
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip

    held = [Standing.objects.on(day).get(person=person).status for day in (DAY, LATER, LATEST)]
    assert held == ["citizen", "lawful", "citizen"]


@pytest.mark.parametrize("until", [LATER, DAY])
def test_an_end_that_is_not_after_the_start_is_refused(
    cast: Cast, person: Person, until: dt.date
) -> None:
    with pytest.raises(Invalid, match="is not after the start"):
        actions.set_standing(
            person, LegalStatus.LAWFUL, since=LATER, until=until, actor=cast.tehran_clerk.pk
        )


def test_a_person_moves_to_another_household_and_area(
    cast: Cast, country: Country, person: Person
) -> None:
    other = Household.objects.create(
        area=country.falak_ol_din, area_path=country.falak_ol_din.path, province="15"
    )
    before = home_of(person)

    actions.move(person, other, "spouse", since=LATER, actor=cast.national_director.pk)

    lives = [Membership.objects.on(day).get(person=person).household for day in (DAY, LATER)]
    assert lives == [before, other]
    assert queries.person(cast.tehran_clerk, person.pk) is None
    assert queries.person(cast.lorestan_clerk, person.pk) == person


def test_members_outside_the_area_are_counted_but_not_named(
    cast: Cast, country: Country, household: tuple[Person, Person]
) -> None:
    Person.objects.filter(pk=household[1].pk).update(
        area=country.falak_ol_din, area_path=country.falak_ol_din.path, province="15"
    )

    record = queries.record(cast.tehran_clerk, household[0].pk)

    assert record is not None
    assert [member.person for member in record.members] == [household[0]]
    assert record.hidden == 1


def test_a_corrected_name_is_found_and_the_old_one_is_not(cast: Cast, person: Person) -> None:
    actions.rename(
        person, first_name="فاطمه", last_name="سهرابی", father_name="", actor=cast.tehran_clerk.pk
    )

    assert queries.find(cast.tehran_clerk, "فاطمة سهرابي").hits == (person,)
    assert queries.find(cast.tehran_clerk, "زهرا کریمی").hits == ()


def test_a_replaced_number_is_kept_but_no_longer_finds(cast: Cast, person: Person) -> None:
    actions.set_identifier(
        person, IdentifierKind.NATIONAL, OTHER_ID, actor=cast.tehran_clerk.pk, verified=True
    )

    rows = Identifier.objects.filter(person=person).order_by("recorded_at")
    assert [(row.grade, row.replaced_at is None) for row in rows] == [
        ("checksum", False), ("verified", True),
    ]  # fmt: skip
    assert queries.find(cast.tehran_clerk, OTHER_ID).hits == (person,)
    assert queries.find(cast.tehran_clerk, ZAHRA_ID).hits == ()


def test_a_withdrawn_number_is_free_for_whose_it_is(
    cast: Cast, household: tuple[Person, Person]
) -> None:
    actor = cast.tehran_clerk.pk
    actions.withdraw_identifier(Identifier.objects.get(person=household[0]), actor=actor)

    actions.set_identifier(household[1], IdentifierKind.NATIONAL, ZAHRA_ID, actor=actor)

    assert queries.find(cast.tehran_clerk, ZAHRA_ID).hits == (household[1],)


@pytest.mark.parametrize(
    ("typed", "said"),
    [(ALI_ID, "belongs to somebody"), ("0012345678", "check digit"), ("", "10 digits")],
)
def test_a_number_that_cannot_be_is_refused(
    cast: Cast, household: tuple[Person, Person], typed: str, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        actions.set_identifier(
            household[0], IdentifierKind.NATIONAL, typed, actor=cast.tehran_clerk.pk
        )


def test_a_death_is_recorded_once(cast: Cast, person: Person) -> None:
    actions.record_death(person, LATER, source="ثبت احوال", actor=cast.tehran_clerk.pk)

    with pytest.raises(Invalid, match="recorded already"):
        actions.record_death(person, LATEST, source="x", actor=cast.tehran_clerk.pk)


# --- keys -----------------------------------------------------------------------------


@pytest.fixture
def new_key(person: Person, data_key: UseKey) -> str:
    """A second, newer key beside the one that sealed what is there."""
    new = "7:another secret"
    data_key(f"{new},{config().secret('data_key')}")
    return new


def test_people_are_found_by_both_keys_while_they_rotate(
    new_key: str, cast: Cast, household: tuple[Person, Person]
) -> None:
    done = next(rotation.rotate(batch=1))

    found = [queries.find(cast.tehran_clerk, number).hits for number in (ZAHRA_ID, ALI_ID)]
    assert done == ("identifiers", 1)
    assert found == [(household[0],), (household[1],)]
    assert set(Identifier.objects.values_list("key_version", flat=True)) == {1, 7}


def test_rotation_goes_on_where_it_stopped_until_the_old_key_can_go(
    new_key: str, cast: Cast, household: tuple[Person, Person], data_key: UseKey
) -> None:
    stopped = rotation.rotate(batch=1)
    next(stopped)
    stopped.close()

    done = list(rotation.rotate(batch=1))

    data_key(new_key)
    record = queries.record(cast.tehran_clerk, household[0].pk)
    assert done == [("identifiers", 1), ("mobile numbers", 1)]
    assert queries.find(cast.tehran_clerk, ALI_ID).hits == (household[1],)
    assert queries.find(cast.tehran_clerk, "09121234567").hits == (household[0],)
    assert record is not None
    assert record.identifiers[0].masked.endswith("679")


def test_a_value_that_does_not_open_keeps_its_key(new_key: str, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(mobile=bytes([1]) + bytes(40))

    list(rotation.rotate(batch=1))

    assert rotation.used()[1] == {"mobile numbers": 1}
