"""A provincial user can see nothing of another province, wherever they look."""

import datetime as dt
from uuid import UUID

import pytest
from django.http import HttpResponseBase

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.people.actions import register_person
from pooshesh.people.registration import CensusPerson
from pooshesh.reference import addresses

NATIONAL_ID = "7731689956"

# The style page shows the components on made-up rows to everybody.
PLAIN = [a.path for a in addresses() if "<" not in a.path and a.path != "/style/"]
QUERIES = ["", "?export=csv", "?q=دروازه", "?q=زرین‌تاج", f"?q={NATIONAL_ID}"]


def text_of(answer: HttpResponseBase) -> str:
    body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[call-overload, attr-defined]
    return body.decode("utf-8", "replace")


@pytest.fixture
def person(country: Country) -> UUID:
    """Somebody registered in Darvazeh-Ghar."""
    return register_person(
        CensusPerson(row=1, household="1", first_name="زرین‌تاج", last_name="نیک‌سرشت",
                     national_id=NATIONAL_ID),
        area=country.darvazeh_ghar, on=dt.date(2022, 2, 11), actor=None,
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["زرین‌تاج", NATIONAL_ID])
def test_tehrans_own_clerk_finds_the_person(
    cast: Cast, as_user: SignIn, person: UUID, typed: str
) -> None:
    shown = text_of(as_user(cast.tehran_clerk).get("/persons/", {"q": typed}))

    assert str(person) in shown


@pytest.mark.parametrize("path", PLAIN)
def test_no_page_search_or_export_shows_tehran(
    cast: Cast, country: Country, as_user: SignIn, person: UUID, path: str
) -> None:
    of_tehran = ("دروازه‌غار", "نیک‌سرشت", str(person), str(country.darvazeh_ghar.id))

    shown = {q: text_of(as_user(cast.lorestan_clerk).get(path + q)) for q in QUERIES}

    assert [(q, word) for q, text in shown.items() for word in of_tehran if word in text] == []
