"""A decision explained: on the person's page, in a letter, to programs; each look written down."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.models import Event
from pooshesh.people.models import Person
from pooshesh.policy import queries
from pooshesh.policy.models import Decision
from pooshesh.policy.tests.test_redecide import decide_again, give_decile


@pytest.fixture
def decided(family: tuple[Person, Person], cast: Cast) -> Decision:
    """Zahra's newest decision: her decile is 7, once it was not known."""
    give_decile(family[0], 7, cast)
    decide_again()
    return queries.decisions_of(family[0].pk)[0]


@pytest.fixture
def clerk(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.tehran_clerk)


def letter(decision: Decision) -> str:
    return f"/persons/{decision.person_id}/decisions/{decision.pk}/letter/"


def api(decision: Decision) -> str:
    return f"/api/persons/{decision.person_id}/decisions/{decision.pk}/"


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_person_page_explains_the_newest_and_lists_earlier_ones(
    clerk: Client, decided: Decision
) -> None:
    page = text(clerk.get(f"/persons/{decided.person_id}/"))

    assert "سهم حق بیمه هر دهک (۷)" in page
    assert "۳۰٪" in page
    assert "آنچه دانسته بود" in page
    assert "ثبت افراد" in page  # who knows the decile
    assert "اگر دهک خانوار ۵ یا کمتر باشد" in page
    assert "تصمیم‌های پیشین" in page
    assert letter(decided) in page


def test_a_letter_explains_and_says_how_to_object(clerk: Client, decided: Decision) -> None:
    page = text(clerk.get(letter(decided)))

    assert str(decided.pk) in page
    assert "اگر موافق نیستید" in page
    assert "اداره بیمه سلامت استان" in page
    assert "اگر دهک خانوار ۵ یا کمتر باشد" in page
    assert "isna.ir" in page


def test_a_letter_in_english(clerk: Client, decided: Decision) -> None:
    page = text(clerk.get(f"{letter(decided)}?lang=en"))

    assert '<html lang="en" dir="ltr">' in page
    assert "If you do not agree" in page
    assert "the household's decile is 5 or lower" in page


def test_programs_read_the_same(clerk: Client, decided: Decision) -> None:
    found = clerk.get(api(decided)).json()

    assert found["outcome"]["code"] == "pays_share"
    assert found["reasons"][0]["would_change"]
    assert {one["fact"]: one["value"] for one in found["facts"]}["decile"] == 7
    share = next(one for one in found["values"] if one["parameter"] == "share_by_decile")
    assert (share["key"], share["value"], share["since"]) == (7, 30, "2023-07-23")
    assert share["sources"][0].keys() == {"key", "address"}
    assert [one["rule"] for one in found["rules"]]


def test_each_look_is_written_down(clerk: Client, decided: Decision, cast: Cast) -> None:
    clerk.get(letter(decided))
    clerk.get(api(decided))

    events = Event.objects.filter(action__in=["policy.letter", "policy.explain"]).order_by("at")
    assert [(e.action, e.actor, e.purpose) for e in events] == [
        ("policy.letter", cast.tehran_clerk.pk, "cover"),
        ("policy.explain", cast.tehran_clerk.pk, "cover"),
    ]
    assert "نامه یک تصمیم را باز کرد" in text(clerk.get(f"/persons/{decided.person_id}/"))


@pytest.mark.parametrize("address", [letter, api])
@pytest.mark.parametrize("who", ["lorestan_clerk", "policy_officer", "auditor", "mayor_counts"])
def test_who_may_not_open_the_record_finds_nothing(
    decided: Decision, cast: Cast, as_user: SignIn, address: Any, who: str
) -> None:
    answer = as_user(getattr(cast, who)).get(address(decided))

    assert answer.status_code == 404
    assert Event.objects.filter(action__in=["policy.letter", "policy.explain"]).count() == 0


@pytest.mark.parametrize("address", [letter, api])
def test_a_decision_about_somebody_else_is_404(
    clerk: Client,
    decided: Decision,
    family: tuple[Person, Person],
    address: Any,
) -> None:
    other = queries.decisions_of(family[1].pk)[0]
    other.person_id = decided.person_id

    assert clerk.get(address(other)).status_code == 404


@pytest.mark.parametrize("address", [letter, api])
def test_the_number_of_statements_is_small(
    clerk: Client, decided: Decision, address: Any,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    clerk.get(address(decided))

    with django_assert_max_num_queries(11):
        clerk.get(address(decided))
