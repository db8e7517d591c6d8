"""Decisions follow the facts and the packs by themselves, for those they touch."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions as coverage
from pooshesh.coverage import endings
from pooshesh.coverage.models import Cause, Ending
from pooshesh.kernel.jobs import Progress
from pooshesh.people import actions as people
from pooshesh.people.models import LegalStatus, Membership, Person
from pooshesh.people.registration import CensusPerson, register_census
from pooshesh.policy import facts, queries, redecide
from pooshesh.policy.actions import Made, keep_decisions
from pooshesh.policy.models import Decision, Touched
from pooshesh.policy.tests.conftest import DAY

Commit = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


def decide_again() -> dict[str, int]:
    done: dict[str, int] = redecide.redecide_touched(Progress(UUID(int=0)))
    return done


def outcomes(person: Person) -> list[str]:
    """What was decided about a person, oldest first."""
    return list(
        Decision.objects.filter(person_id=person.pk)
        .order_by("on", "decided_at")
        .values_list("outcome", flat=True)
    )


def give_decile(person: Person, decile: int, cast: Cast) -> None:
    people.set_decile(
        Membership.objects.get(person=person).household, decile, source="رفاه", since=DAY,
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip


def test_a_new_decile_decides_the_household_again(
    family: tuple[Person, Person], cast: Cast
) -> None:
    give_decile(family[0], 2, cast)

    done = decide_again()

    assert done == {"persons": 2, "decisions": 2}
    assert [outcomes(one) for one in family] == [["needs_decile", "enrol_free"]] * 2
    newest = Decision.objects.order_by("-decided_at")[0]
    assert newest.on == timezone.localdate()
    assert newest.facts["decile"] == 2


def test_nothing_is_decided_twice(family: tuple[Person, Person], cast: Cast) -> None:
    give_decile(family[0], 2, cast)
    decide_again()

    again = decide_again()

    assert again == {"persons": 0, "decisions": 0}
    assert Touched.objects.count() == 0


def test_a_fact_that_leaves_the_outcome_is_kept_with_its_decision(
    family: tuple[Person, Person], cast: Cast
) -> None:
    give_decile(family[0], 2, cast)
    decide_again()
    give_decile(family[0], 3, cast)

    decide_again()

    assert outcomes(family[0]) == ["needs_decile", "enrol_free", "enrol_free"]
    assert queries.decisions_of(family[0].pk)[0].facts["decile"] == 3


def test_cover_by_another_insurer_decides_again(
    family: tuple[Person, Person], country: Country, cast: Cast
) -> None:
    coverage.record_roll_cover(
        "sso", [family[0].pk], area=country.unsponsored, on=DAY, actor=cast.tehran_clerk.pk
    )

    decide_again()

    assert outcomes(family[0]) == ["needs_decile", "not_ours"]
    assert queries.decisions_of(family[0].pk)[0].facts["other_insurer_code"] == "sso"


def test_cover_of_another_insurer_that_comes_back_decides_again(
    family: tuple[Person, Person], country: Country, cast: Cast
) -> None:
    coverage.record_roll_cover(
        "sso", [family[0].pk], area=country.unsponsored, on=DAY, actor=cast.tehran_clerk.pk
    )
    endings.end(family[0].pk, DAY, Cause.DOUBLE_COVER, actor=None)
    decide_again()
    ended = outcomes(family[0])[-1]
    endings.undo_ending(
        Ending.objects.get().pk, reason="آن بیمه‌گر هنوز پوشش می‌دهد", actor=cast.tehran_clerk.pk
    )

    decide_again()

    assert (ended, outcomes(family[0])[-1]) == ("needs_decile", "not_ours")


def test_a_child_of_anothers_principal_is_found_when_its_own_facts_change(
    family: tuple[Person, Person], country: Country, cast: Cast
) -> None:
    coverage.record_roll_cover(
        "sso", [family[0].pk], area=country.unsponsored, on=DAY, actor=cast.tehran_clerk.pk
    )
    give_decile(family[1], 9, cast)

    decide_again()

    assert outcomes(family[1]) == ["needs_decile", "dependant_worklist"]


def test_what_another_worker_decides_is_left_to_it(
    family: tuple[Person, Person], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_decile(family[0], 2, cast)
    monkeypatch.setattr(redecide, "batch_made", lambda _batch: 0)  # all rows are locked

    done = decide_again()

    assert done["decisions"] == 0
    assert Touched.objects.count() == 2


def test_who_was_never_decided_about_is_left_alone(country: Country, cast: Cast) -> None:
    newcomer = CensusPerson(row=1, first_name="مریم", last_name="کریمی", status=LegalStatus.CITIZEN)
    done = register_census([newcomer], area=country.unsponsored, on=DAY, actor=None)
    give_decile(Person.objects.get(pk=done.persons[1]), 2, cast)

    assert decide_again() == {"persons": 0, "decisions": 0}


def test_the_dead_are_not_decided_about(family: tuple[Person, Person], cast: Cast) -> None:
    give_decile(family[0], 2, cast)
    people.record_death(family[0], DAY, source="ثبت احوال", actor=cast.tehran_clerk.pk)

    decide_again()

    assert outcomes(family[0]) == ["needs_decile"]
    assert outcomes(family[1]) == ["needs_decile", "enrol_free"]


def test_as_days_pass_everybody_is_looked_at_and_who_moves_is_decided(
    family: tuple[Person, Person], cast: Cast
) -> None:
    give_decile(family[0], 4, cast)  # unknown in 1400, free from Mordad 1402 on
    Touched.objects.all().delete()

    done = redecide.redecide_everybody(Progress(UUID(int=0)))

    assert done == {"persons": 2, "decisions": 2}
    assert outcomes(family[0]) == ["needs_decile", "enrol_free"]
    assert redecide.redecide_everybody(Progress(UUID(int=0)))["decisions"] == 0


def test_a_change_is_noted_in_its_transaction(
    family: tuple[Person, Person], cast: Cast, django_capture_on_commit_callbacks: Commit
) -> None:
    with transaction.atomic():
        give_decile(family[0], 2, cast)
        transaction.set_rollback(True)
    assert Touched.objects.count() == 0

    with django_capture_on_commit_callbacks(execute=True):
        give_decile(family[0], 2, cast)

    assert outcomes(family[0]) == ["needs_decile", "enrol_free"]  # the job ran


def test_a_decision_cannot_be_changed_or_deleted(family: tuple[Person, Person]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.filter(person_id=family[0].pk).update(outcome="enrol_free")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.filter(person_id=family[0].pk).delete()


def test_the_cost_in_statements_does_not_grow_with_persons(country: Country, cast: Cast) -> None:
    redecide.batch_made(_decided(country, 2))  # the pack itself is kept once
    few = _decided(country, 30)
    many = _decided(country, 90)

    with CaptureQueriesContext(
        connection,
    ) as small:
        redecide.batch_made(few)
    with CaptureQueriesContext(connection) as large:
        redecide.batch_made(many)

    assert len(small) == len(large) <= 27


def _decided(country: Country, count: int) -> list[UUID]:
    """So many touched persons, each decided about once."""
    rows = [CensusPerson(row=n, first_name="زهرا", last_name=f"کریمی{count}") for n in range(count)]
    done = register_census(rows, area=country.unsponsored, on=DAY, actor=None)
    persons = list(done.persons.values())
    pack = queries.bound_pack("iran", DAY)
    known = facts.of_persons(pack, persons).drop("province", "sex").to_dicts()
    sso = {"other_insurer_code": "sso"}
    made = [Made(UUID(row.pop("person_id")), row | sso, pack.decide(row | sso)) for row in known]
    keep_decisions(pack, made, actor=None)
    Touched.objects.bulk_create(Touched(person_id=one) for one in persons)
    return persons
