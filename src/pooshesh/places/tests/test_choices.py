"""Choosing an area in a form: what is offered, what is read, what lies beyond one's reach."""

from collections.abc import Callable

import pytest
from django import forms
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.models import User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.places.fields import AreaField
from pooshesh.places.models import Area, AreaKind, name_keys

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    """A form with an area in it."""

    area = AreaField(permission="campaign.run", kind=AreaKind.NEIGHBOURHOOD, sponsored=True)

    def __init__(self, data: dict[str, str] | None, user: User) -> None:
        super().__init__(data)
        self.fields["area"].within(user.reach("campaign.run"))  # type: ignore[attr-defined]


Read = Callable[[str], Form]


@pytest.fixture(autouse=True)
def _named(country: Country) -> None:
    """The neighbourhood as a list of areas brings it, in two languages."""
    names = {"name_fa": "دروازه‌غار", "name_en": "Darvazeh-Ghar"}
    Area.objects.filter(pk=country.darvazeh_ghar.pk).update(**names, **name_keys("n0001", **names))


@pytest.fixture
def read(cast: Cast) -> Read:
    """The form of Tehran's campaign lead, with something typed into it."""
    return lambda typed: Form({"area": typed}, cast.tehran_lead)


def test_a_code_that_was_handed_over_stands_with_its_name(cast: Cast, country: Country) -> None:
    form = Form(None, cast.tehran_lead)
    form.initial = {"area": "n0001"}

    assert form["area"].value() == f"{country.darvazeh_ghar} (n0001)"


@pytest.mark.parametrize("typed", ["n0003", "nowhere", ""])
def test_what_cannot_be_read_stands_as_it_was_typed(read: Read, typed: str) -> None:
    assert read(typed)["area"].value() == typed


def offered(browser: Client, query: str) -> str:
    answer = browser.get(f"/places/choices/?{query}")
    assert isinstance(answer, HttpResponse)
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


RUN = "for=campaign.run&kind=neighbourhood"


@pytest.mark.parametrize(
    "typed", ["", "دروازه", "دروازه غار", "Darv", "n0001", "دروازه‌غار (n0001)"]
)
def test_what_fits_the_typed_text_is_offered(
    cast: Cast, as_user: SignIn, country: Country, typed: str
) -> None:
    found = offered(as_user(cast.tehran_lead), f"{RUN}&q={typed}")

    assert f'data-value="{country.darvazeh_ghar} (n0001)"' in found
    assert 'role="option"' in found


def test_what_lies_beyond_ones_reach_is_not_offered(cast: Cast, as_user: SignIn) -> None:
    found = offered(as_user(cast.tehran_lead), f"{RUN}&q=n0003")

    assert "(n0003)" not in found


def test_an_area_of_another_kind_is_not_offered(cast: Cast, as_user: SignIn) -> None:
    found = offered(as_user(cast.tehran_lead), f"{RUN}&q=p23")

    assert "(p23)" not in found


@pytest.mark.parametrize(("query", "there"), [("", True), ("&sponsored=1", False)])
def test_one_without_a_sponsor_is_offered_only_where_none_is_needed(
    cast: Cast, as_user: SignIn, query: str, there: bool
) -> None:
    found = offered(as_user(cast.tehran_lead), f"{RUN}&q=n0002{query}")

    assert ("(n0002)" in found) is there


@pytest.mark.parametrize("permission", ["", "campaign.run", "no.such"])
def test_without_the_permission_there_is_no_list(
    cast: Cast, as_user: SignIn, permission: str
) -> None:
    assert offered(as_user(cast.tehran_clerk), f"for={permission}&q=n0001") == "404"


def test_nothing_found_is_said(cast: Cast, as_user: SignIn) -> None:
    found = offered(as_user(cast.tehran_lead), f"{RUN}&q=qqqqqq")

    assert 'role="option"' not in found
    assert "جور نیست" in found


def test_a_name_is_escaped(cast: Cast, as_user: SignIn, country: Country) -> None:
    Area.objects.filter(pk=country.darvazeh_ghar.pk).update(name_fa='"><script>')

    assert "<script>" not in offered(as_user(cast.tehran_lead), f"{RUN}&q=n0001")


def test_the_list_costs_few_queries(
    cast: Cast, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(cast.tehran_lead)

    with django_assert_max_num_queries(6):
        offered(browser, f"{RUN}&sponsored=1&q=n")


@pytest.mark.parametrize(
    "typed", ["n0001", " N0001 ", "n۰۰۰۱", "دروازه‌غار (n0001)", "دروازه‌غار", "دروازه غار"]
)
def test_a_choice_a_code_and_a_whole_name_are_read(
    read: Read, country: Country, typed: str
) -> None:
    form = read(typed)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["area"] == country.darvazeh_ghar


@pytest.mark.parametrize("typed", ["n0003", "nowhere", "دروازه", "(n0003)"])
def test_what_is_no_area_within_reach_is_refused_with_what_was_read(read: Read, typed: str) -> None:
    with override("en"):
        errors = list(read(typed).errors["area"])

    assert errors == [f"There is no area “{typed}”; choose one from the list, or type its code."]


def test_a_name_that_two_areas_bear_is_not_guessed(read: Read, country: Country) -> None:
    name = Area.objects.get(code="n0001")
    Area.objects.filter(code="n0002").update(
        name_fa=name.name_fa, search_key=f"{name.search_key} n0002"
    )

    with override("en"):
        errors = list(read(name.name_fa).errors["area"])

    assert errors == [f"More than one area is called “{name.name_fa}”; choose one from the list."]


def test_the_box_is_a_combobox_that_works_without_script(cast: Cast, country: Country) -> None:
    form = Form(None, cast.tehran_lead)
    form.initial["area"] = country.darvazeh_ghar

    box = str(form["area"])

    assert 'role="combobox"' in box
    assert 'aria-controls="id_area_choices"' in box
    assert f'value="{country.darvazeh_ghar} (n0001)"' in box
    assert "for=campaign.run" in box
