"""Somebody with cover, and a provider who may ask."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client

from pooshesh.conftest import Cast, Country
from pooshesh.coverage.actions import Enrolment, enrol
from pooshesh.coverage.models import Scheme
from pooshesh.eligibility import actions, passes
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, ali, zahra

Ask = Callable[..., tuple[int, dict[str, object]]]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    passes.gate.forget()


@pytest.fixture
def insured(country: Country, cast: Cast) -> Person:
    """Covered free from DAY on in Darvazeh-Ghar; lives in a household with Ali, who is not."""
    done = register_census(
        [zahra(), ali()], area=country.darvazeh_ghar, on=DAY, actor=cast.tehran_clerk.pk
    )
    person = Person.objects.get(pk=done.persons[1])
    enrol(
        [Enrolment(person.pk, Scheme.UNIVERSAL, 0)], area=country.darvazeh_ghar, on=DAY,
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip
    return person


@pytest.fixture
def pass_text(cast: Cast, country: Country) -> str:
    """A pass of a pharmacy in Tehran."""
    made = actions.give_pass(
        actor=cast.administrator, user=cast.provider, name="داروخانه", area=country.tehran,
        until=dt.date.today() + dt.timedelta(days=30), per_minute=50,  # noqa: DTZ011
    )  # fmt: skip
    return passes.written(made.pk)


@pytest.fixture
def ask(client: Client, pass_text: str) -> Ask:
    """`ask({"number": …})` is (status, answer) of the API."""

    def post(
        body: object, pass_text: str = pass_text, lang: str = "en"
    ) -> tuple[int, dict[str, object]]:
        answer = client.post(
            f"/api/eligibility/?lang={lang}", body, content_type="application/json",
            headers={"Authorization": f"Bearer {pass_text}"},
        )  # fmt: skip
        return answer.status_code, answer.json()

    return post
