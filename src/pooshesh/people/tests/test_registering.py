"""A sheet registered in bulk: the same rows as one by one, once, and never by half."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

import pytest
from django.db import connection

from pooshesh.conftest import Cast, Country, at_once
from pooshesh.kernel.models import Event, Subject
from pooshesh.people import doubles, registration
from pooshesh.people.actions import register_household
from pooshesh.people.models import (
    Household,
    Identifier,
    Link,
    MatchKeys,
    Membership,
    Person,
    Standing,
)
from pooshesh.people.recognition import CensusPerson
from pooshesh.people.registering import register_many
from pooshesh.people.tests.conftest import DAY, OTHER_ID, ali, zahra

TWIN = zahra(row=3, household="9", last_name="کریمی نزاد", national_id="", postal_code="")
SHEET = [
    zahra(), ali(), TWIN,
    ali(row=4, household="10", first_name="رضا", national_id="", foreign_code="123456789012"),
    CensusPerson(row=5, household="10", first_name="A", last_name="کاوه", passport="A1234567"),
]  # fmt: skip
TABLES = (Person, Household, Identifier, Membership, Standing, MatchKeys, Link)


def written() -> dict[str, list[tuple[object, ...]]]:
    """All rows that registering wrote, without what is new each time: ids, moments, nonces."""
    by_name = "select p.first_name || p.last_name || coalesce(p.birth_date::text, '')"
    name = f"({by_name} from people_person p where p.id = %s)"
    rows = {
        "person": """select first_name, last_name, father_name, search_key, sort_key, words, sex,
                            birth_date, birth_precision, area_path::text, province, mobile_blind,
                            mobile is null from people_person""",
        "household": "select area_path::text, province, postal_code from people_household",
        "identifier": f"""select {name % "t.person_id"}, kind, grade, blind, key_version
                          from people_identifier t""",
        "membership": f"""select {name % "t.person_id"}, relation, valid::text, upper(recorded),
                          (select array_agg({name % "o.person_id"} order by 1)::text
                           from people_membership o where o.household_id = t.household_id)
                          from people_membership t""",
        "standing": f"""select {name % "t.person_id"}, status, nationality, source, valid::text
                        from people_standing t""",
        "matchkeys": f"""select {name % "t.person_id"}, keys, version from people_matchkeys t""",
        "link": f"""select {name % "t.first_id"}, {name % "t.second_id"}, score, likely, origin,
                    verdict, area_path::text, province from people_link t""",
    }
    with connection.cursor() as cursor:
        return {table: sorted(fetched(cursor, sql), key=repr) for table, sql in rows.items()}


def fetched(cursor: object, sql: str) -> Iterable[tuple[object, ...]]:
    cursor.execute(sql)  # type: ignore[attr-defined]
    rows: list[tuple[object, ...]] = cursor.fetchall()  # type: ignore[attr-defined]
    return rows


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("truncate people_person, people_household cascade")


def counted() -> list[int]:
    return [model.objects.count() for model in TABLES]


@pytest.mark.parametrize("part", [1_000, 2])  # newcomers looked for at once
def test_a_sheet_writes_the_same_rows_as_households_one_by_one(
    country: Country, cast: Cast, part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubles, "PART", part)

    def home(*rows: int) -> None:
        register_household(
            [one for one in SHEET if one.row in rows], area=country.darvazeh_ghar, on=DAY,
            actor=cast.tehran_clerk.pk,
        )  # fmt: skip

    home(1, 2)
    home(3)
    home(4, 5)
    singly = written()
    clear()

    register_many(SHEET, area=country.darvazeh_ghar, on=DAY, actor=cast.tehran_clerk.pk)

    assert written() == singly
    assert len(singly["link"]) == 1


def test_a_sheet_is_one_event_with_everybody_in_it(country: Country, cast: Cast) -> None:
    done = register_many(SHEET, area=country.darvazeh_ghar, on=DAY, actor=cast.tehran_clerk.pk)

    event = Event.objects.get(action="people.register")
    subjects = Subject.objects.filter(event=event).values_list("person_id", flat=True)
    assert set(subjects) == set(done.registration.persons.values())


def test_the_same_sheet_again_changes_nothing(country: Country) -> None:
    first = register_many(SHEET, area=country.darvazeh_ghar, on=DAY, actor=None)
    before = written()

    second = register_many(SHEET, area=country.darvazeh_ghar, on=DAY, actor=None)

    assert second.registration.persons == first.registration.persons
    assert second.registration.registered == 0
    assert written() == before


def test_every_fault_of_a_sheet_is_told_and_nobody_registered(country: Country) -> None:
    faulty = [
        zahra(national_id="0012345678"), ali(first_name="", last_name=""),
        CensusPerson(row=3, first_name="رضا", birth_date=dt.date(2088, 1, 1)),
        CensusPerson(row=4, first_name="مینا"),
    ]  # fmt: skip

    done = register_many(faulty, area=country.darvazeh_ghar, on=DAY, actor=None)

    found = {row: [name for name, _ in faults] for row, faults in done.refused.items()}
    assert found == {1: ["national_id"], 2: ["first_name"], 3: ["birth_date"]}
    assert not Person.objects.exists()


def test_the_good_rows_go_on_when_that_is_chosen(country: Country) -> None:
    rows = [zahra(), ali(first_name="", last_name="")]

    done = register_many(rows, area=country.darvazeh_ghar, on=DAY, actor=None, despite_faults=True)

    assert list(done.refused) == [2]
    assert Person.objects.get().first_name == "زهرا"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_sheet_from_two_workers_at_once_doubles_nobody(country: Country) -> None:
    without_numbers = [replace(one, national_id="", foreign_code="") for one in SHEET]

    def send() -> object:
        return register_many(without_numbers, area=country.darvazeh_ghar, on=DAY, actor=None)

    refused = at_once(send, send)

    assert refused == ["", ""]
    assert Person.objects.count() == len(SHEET)
    assert Household.objects.count() == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_sheets_with_one_person_at_once_know_one(country: Country) -> None:
    other = [zahra(row=8), ali(row=9, national_id=OTHER_ID, first_name="سینا")]

    def send(rows: list[CensusPerson]) -> object:
        return register_many(rows, area=country.darvazeh_ghar, on=DAY, actor=None)

    at_once(lambda: send(SHEET), lambda: send(other))

    assert Person.objects.filter(first_name="زهرا", last_name="کریمی‌نژاد").count() == 1


@pytest.mark.parametrize(
    "step",
    ["_write_persons", "_write_identifiers", "_write_households", "_write_standings", "_link"],
)
def test_killed_in_any_step_nothing_is_half_written_and_the_next_run_ends_the_same(
    country: Country, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    real = getattr(registration, step)

    def killed(*given: object, **named: object) -> object:
        real(*given, **named)
        raise SystemExit(step)

    monkeypatch.setattr(registration, step, killed)
    with pytest.raises(SystemExit):
        register_many(SHEET, area=country.darvazeh_ghar, on=DAY, actor=None)
    half = counted()
    monkeypatch.setattr(registration, step, real)
    events = Event.objects.count()

    done = register_many(SHEET, area=country.darvazeh_ghar, on=DAY, actor=None)

    assert (half, events) == ([0] * len(TABLES), 0)
    assert done.registration.registered == len(SHEET)
