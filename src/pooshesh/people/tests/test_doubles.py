"""Who may be registered already: found by what two records share, told only within one's area."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, SignIn, UseKey
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Job
from pooshesh.people import actions, matchkeys, queries
from pooshesh.people.models import Judgement, Link, MatchKeys, Person, Verdict
from pooshesh.people.recognition import CensusPerson
from pooshesh.people.side_by_side import letters, line
from pooshesh.people.tests.conftest import zahra
from pooshesh.people.tests.test_register_pages import filled, post

BORN = {"birth_date": "۱۳۵۹/۰۲/۱۴"}
AGAIN = {
    "first_name": "زهرا", "last_name": "کریمی نزاد", "father_name": "حسن", "relation": "head",
} | BORN  # fmt: skip


def typed(**changes: object) -> CensusPerson:
    """Zahra as another clerk types her: a slip, no number."""
    changes = {"last_name": "کریمی نزاد", "national_id": "", "mobile": "", **changes}
    return replace(zahra(), postal_code="", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"father_name": ""},
        {"first_name": "Zahra", "last_name": "Karimi Nezhad"},
        {"first_name": "کریمی نژاد", "last_name": "زهرا"},
        {"last_name": "", "father_name": "", "mobile": "۰۹۱۲۱۲۳۴۵۶۷"},
        {"birth_date": dt.date(1980, 3, 21), "birth_precision": "year"},
    ],
)
def test_somebody_typed_otherwise_is_found(
    cast: Cast, person: Person, changes: dict[str, object]
) -> None:
    found = queries.doubles(cast.tehran_clerk, typed(**changes))

    assert [one.person for one in found.alike] == [person]


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "مریم"},
        {"birth_date": dt.date(1961, 1, 1), "last_name": "رضایی"},
        {"national_id": "0013542419"},  # two different good numbers are two people
    ],
)
def test_a_stranger_or_kin_is_not(cast: Cast, person: Person, changes: dict[str, object]) -> None:
    assert not queries.doubles(cast.tehran_clerk, typed(**changes))


def test_the_check_takes_three_statements(
    cast: Cast, person: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    queries.doubles(cast.tehran_clerk, typed())  # the user's grants are read once

    with django_assert_max_num_queries(3):
        queries.doubles(cast.tehran_clerk, typed(national_id="0012345679"))


def test_outside_ones_area_records_are_counted_and_never_shown(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    page = as_user(cast.lorestan_clerk).post(reverse("people:doubles"), filled(AGAIN, area="n0003"))

    said = page.content.decode()
    assert "بیرون از حوزه" in said
    assert "کریمی" not in said
    assert str(person.pk) not in said


def test_registered_all_the_same_is_kept_as_judged_different(
    as_user: SignIn, cast: Cast, person: Person
) -> None:
    sent = post(as_user(cast.tehran_clerk), AGAIN, despite_doubles="on")

    link = Link.objects.get()
    judged = Judgement.objects.get()
    assert sent.status_code == 302
    assert (link.first_id, link.verdict) == (person.pk, Verdict.DIFFERENT)
    assert (judged.actor, judged.merge) == (cast.tehran_clerk.pk, None)


def test_a_corrected_name_is_found_by_the_new_one(cast: Cast, person: Person) -> None:
    actions.rename(
        person, first_name="نرگس", last_name="شریفی", father_name="داود",
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip

    before = queries.doubles(cast.tehran_clerk, typed())
    after = queries.doubles(
        cast.tehran_clerk, typed(first_name="نرگس", last_name="شریفی", father_name="داود")
    )

    assert not before
    assert [one.person for one in after.alike] == [person]


def test_no_name_or_number_can_be_read_from_the_hashes(person: Person, data_key: UseKey) -> None:
    kept = MatchKeys.objects.get(person=person)

    data_key("9:another key")

    other = matchkeys.hashed(matchkeys.facts_of(Person(**{
        name: getattr(person, name)
        for name in ("first_name", "last_name", "father_name", "birth_date", "birth_precision")
    })))  # fmt: skip
    assert len(kept.keys) > 5
    assert not set(kept.keys) & set(other)


def test_people_registered_before_there_were_hashes_get_them(cast: Cast, person: Person) -> None:
    before = {one.person_id: one.keys for one in MatchKeys.objects.all()}
    MatchKeys.objects.all().delete()

    done = matchkeys.renew_due(Progress(Job.objects.create(kind=matchkeys.JOB).id))

    assert done == {"persons": 2}
    assert {one.person_id: one.keys for one in MatchKeys.objects.all()} == before


@given(st.text("ابپتزژ"), st.text("ابپتزژ"))
def test_letters_put_together_again_are_the_texts(one: str, other: str) -> None:
    mine, theirs = letters(one, other)

    assert "".join(part.text for part in mine) == one
    assert "".join(part.text for part in theirs) == other
    assert [p.text for p in mine if not p.differs] == [p.text for p in theirs if not p.differs]


def test_a_space_that_differs_can_be_seen() -> None:
    shown = line("x", "کریمی نژاد", "کریمی\u200cنژاد", "differs")

    assert [p.text for p in shown.one_parts if p.differs] == ["␣"]
    assert [p.text for p in shown.other_parts if p.differs] == ["␣"]
