"""A census becomes persons, each once, and a second run changes nothing."""

import datetime as dt
from collections import Counter
from functools import partial

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.identifiers import Kind
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.models import Event, Subject
from pooshesh.kernel.time import from_day, from_now
from pooshesh.people import actions
from pooshesh.people.models import (
    Household,
    Identifier,
    LegalStatus,
    Membership,
    NameWord,
    Person,
    Standing,
)
from pooshesh.people.registration import CensusPerson, Conflict, Registration, register_census
from pooshesh.people.tests.conftest import ALI_ID, DAY, OTHER_ID, ZAHRA_ID, ali, zahra

LATER = DAY + dt.timedelta(days=200)


def register(country: Country, *rows: CensusPerson, source: str = "", on: dt.date = DAY,
             area: str = "darvazeh_ghar") -> Registration:  # fmt: skip
    return register_census(
        rows, area=getattr(country, area), on=on, actor=None, source_prefix=source
    )


def contents() -> tuple[object, ...]:
    """Everything registration writes, to compare two moments."""
    return tuple(
        list(model.objects.order_by("pk").values())
        for model in (Person, Household, Identifier, Membership, Standing, NameWord, Event)
    )


def test_a_household_is_registered_with_all_that_is_known(country: Country) -> None:
    done = register(country, zahra(), ali(), source="census:abc")

    mother, child = (Person.objects.get(pk=done.persons[row]) for row in (1, 2))
    members = Membership.objects.on(DAY).filter(household__postal_code="1619735744")
    assert (done.registered, done.reused, done.conflicts) == (2, 0, ())
    assert (mother.first_name, mother.last_name) == ("زهرا", "کریمی‌نژاد")
    assert (mother.area, mother.province, mother.source) == (
        country.darvazeh_ghar, "23", "census:abc:1",
    )  # fmt: skip
    assert {m.person_id: m.relation for m in members} == {mother.pk: "head", child.pk: "child"}
    assert Standing.objects.on(DAY).get(person=child).status == LegalStatus.CITIZEN
    assert Identifier.objects.get(person=mother).grade == "checksum"


def test_an_identifier_is_nowhere_readable_in_the_database(country: Country) -> None:
    register(country, zahra())

    row = Identifier.objects.get()
    mobile = Person.objects.get().mobile
    assert ZAHRA_ID.encode() not in bytes(row.sealed) + bytes(row.blind)
    assert mobile is not None
    assert b"9121234567" not in bytes(mobile)


def test_one_event_names_every_person_as_its_subject(country: Country, cast: Cast) -> None:
    done = register_census(
        [zahra(), ali()], area=country.darvazeh_ghar, on=DAY, actor=cast.tehran_clerk.pk
    )

    event = Event.objects.get(action="people.register")
    subjects = Subject.objects.filter(event=event).values_list("person_id", flat=True)
    assert event.actor == cast.tehran_clerk.pk
    assert set(subjects) == set(done.persons.values())


def test_a_second_run_of_a_source_changes_nothing(country: Country) -> None:
    first = register(country, zahra(), ali(), source="census:abc")
    before = contents()

    second = register(country, zahra(), ali(), source="census:abc")

    assert second.persons == first.persons
    assert second.registered == second.reused == 0
    assert contents() == before


def test_the_same_people_in_another_census_are_the_same_persons(country: Country) -> None:
    first = register(country, zahra(), ali(), source="census:abc")

    second = register(
        country, zahra(row=8, first_name="زهرة"), ali(row=9), source="census:def", on=LATER
    )

    assert [second.persons[8], second.persons[9]] == [first.persons[1], first.persons[2]]
    assert (second.registered, second.reused) == (0, 2)
    assert Counter(Membership.objects.known().values_list("household_id", flat=True)).total() == 2
    assert Household.objects.count() == 1


def test_a_known_person_found_elsewhere_moves_with_the_household(country: Country) -> None:
    register(country, zahra(), source="census:abc")

    done = register(
        country, zahra(row=5), ali(row=6), source="census:def", on=LATER, area="unsponsored"
    )

    mother = Person.objects.get(pk=done.persons[5])
    before = Membership.objects.on(DAY).get(person=mother)
    after = Membership.objects.on(LATER).get(person=mother)
    assert mother.area == country.unsponsored
    assert before.household.area == country.darvazeh_ghar
    assert after.household.area == country.unsponsored
    assert before.valid.upper == after.valid.lower == LATER


def test_an_older_census_does_not_undo_a_later_move(country: Country) -> None:
    register(country, zahra(), on=LATER, area="unsponsored")

    register(country, zahra(row=5), on=DAY)

    lives = Membership.objects.known().get()
    assert lives.household.area == country.unsponsored


@pytest.mark.parametrize("birth", [dt.date(1980, 5, 4), dt.date(1991, 3, 21)])
def test_nobody_is_moved_out_of_another_province(country: Country, birth: dt.date) -> None:
    first = register(country, zahra(), source="census:abc", area="falak_ol_din")

    row = zahra(row=5, birth_date=birth)
    second = register(country, row, source="census:def", on=LATER)
    again = register(country, row, source="census:def", on=LATER)

    held = Person.objects.get(pk=first.persons[1])
    assert (held.province, held.area) == ("15", country.falak_ol_din)
    assert Membership.objects.on(LATER).get(person=held).household.area == country.falak_ol_din
    assert second.persons[5] != held.pk
    assert second.conflicts == again.conflicts == (Conflict(5, Kind.NATIONAL_ID, held.pk),)


def test_a_later_census_of_the_province_knows_whom_it_registered_beside_another_province(
    country: Country,
) -> None:
    register(country, zahra(), area="falak_ol_din")
    here = register(country, zahra(row=5), source="census:abc")

    again = register(country, zahra(row=6), source="census:def", on=LATER)

    assert again.persons[6] == here.persons[5]
    assert [conflict.row for conflict in again.conflicts] == [6]


def test_a_number_of_somebody_with_another_name_and_birth_is_reported(country: Country) -> None:
    first = register(country, zahra(), source="census:abc")
    child = ali(row=9, national_id=ZAHRA_ID)

    second = register(country, child, source="census:def")
    again = register(country, child, source="census:def")

    misuse = (Conflict(9, Kind.NATIONAL_ID, first.persons[1]),)
    assert second.persons[9] != first.persons[1]
    assert second.conflicts == again.conflicts == misuse


def test_two_rows_with_one_number_in_a_census_are_told_apart(country: Country) -> None:
    done = register(country, zahra(), zahra(row=3, first_name="زهراء"), ali(national_id=ZAHRA_ID))

    assert done.persons[1] == done.persons[3] != done.persons[2]
    assert [c.row for c in done.conflicts] == [2]


@pytest.mark.parametrize("birth", [dt.date(1980, 5, 4), None])
def test_a_foreign_code_recognises_somebody(country: Country, birth: dt.date | None) -> None:
    first = register(country, zahra(national_id="", foreign_code="734834315500"))

    second = register(
        country, zahra(row=4, national_id="", foreign_code="۷۳۴۸۳۴۳۱۵۵۰۰", birth_date=birth)
    )

    assert second.persons[4] == first.persons[1]


def test_a_mobile_number_in_the_id_box_is_kept_as_pseudo_and_recognises_nobody(
    country: Country,
) -> None:
    done = register(
        country,
        zahra(national_id="9121234567"),
        ali(national_id="9121234567", mobile="09121234567"),
    )

    assert done.persons[1] != done.persons[2]
    assert set(Identifier.objects.values_list("grade", flat=True)) == {"pseudo"}


def test_a_number_learnt_later_is_added_to_the_person(country: Country) -> None:
    register(country, zahra(), source="census:abc")

    done = register(country, zahra(row=4, foreign_code="734834315500"), source="census:def")

    kinds = Identifier.objects.filter(person=done.persons[4]).values_list("kind", flat=True)
    assert set(kinds) == {"national_id", "foreign_code"}


def test_a_standing_that_was_decided_is_not_overwritten(country: Country) -> None:
    register(country, zahra(status=LegalStatus.LAWFUL))

    register(country, zahra(row=4, status=LegalStatus.FOUND), on=LATER)

    assert Standing.objects.known().get().status == LegalStatus.LAWFUL


def test_a_row_the_database_refuses_leaves_nothing_half_written(country: Country) -> None:
    with pytest.raises(DataError), transaction.atomic():
        register(country, zahra(), ali(nationality="IRN"))

    assert not Person.objects.exists()


def test_a_thousand_people_cost_as_many_statements_as_ten(
    country: Country, django_assert_max_num_queries: object
) -> None:
    rows = [
        zahra(row=n, household=str(n // 4), national_id="", first_name=f"زهرا{n}")
        for n in range(1_000)
    ]

    with django_assert_max_num_queries(21):  # type: ignore[operator]
        done = register(country, *rows)

    assert len(done.persons) == Person.objects.count() == 1_000


# --- what the database refuses ------------------------------------------------------


def test_two_overlapping_memberships_are_refused(person: Person) -> None:
    other = Household.objects.create(area=person.area, area_path=person.area_path, province="23")

    with pytest.raises(IntegrityError, match="membership_one_at_a_time"), transaction.atomic():
        Membership.objects.create(
            person=person, household=other, relation="head", valid=from_day(DAY),
            recorded=from_now(),
        )  # fmt: skip


def test_two_persons_with_one_verified_number_are_refused(
    household: tuple[Person, Person],
) -> None:
    Identifier.objects.update(grade="verified")
    held = Identifier.objects.get(person=household[0])

    with pytest.raises(IntegrityError, match="identifier_verified_once"), transaction.atomic():
        Identifier.objects.create(
            person=household[1], kind=held.kind, grade="verified", sealed=held.sealed,
            blind=held.blind, key_version=1,
        )  # fmt: skip


def test_an_end_before_the_start_is_refused(person: Person) -> None:
    with (
        pytest.raises(Exception, match="range lower bound"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "insert into people_standing (person_id, status, nationality, source, valid, recorded)"
            " values (%s, 'lawful', '', '', daterange('2024-01-01', '2023-01-01'), "
            "tstzrange(now(), null))",
            [uuid7()],
        )


def test_the_numbers_used_here_are_valid() -> None:
    people = [zahra(), ali(), ali(national_id=OTHER_ID)]

    assert [p.identifiers()[0].value for p in people] == [ZAHRA_ID, ALI_ID, OTHER_ID]
    assert {p.identifiers()[0].grade for p in people} == {"checksum"}


def test_one_person_is_registered_alone_or_into_a_household(
    country: Country, cast: Cast, person: Person
) -> None:
    home = Membership.objects.select_related("household").get(person=person).household
    register_one = partial(
        actions.register_person,
        area=country.darvazeh_ghar,
        on=LATER,
        actor=cast.tehran_clerk.pk,
    )

    alone = register_one(ali(national_id=OTHER_ID))
    joined = register_one(ali(national_id="", first_name="حسن"), into=home)

    assert Membership.objects.get(person=alone).household != home
    assert Membership.objects.get(person=joined).household == home
