"""Choosing a nationality: what is offered, what is read, what it is called."""

import re

import pytest
from django import forms
from django.test import Client
from django.utils.translation import override

from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel.text import key
from pooshesh.people.fields import NationField
from pooshesh.people.nations import nation, nations, search


class Form(forms.Form):
    """A form with a nationality in it."""

    nationality = NationField()


def test_every_code_has_names_of_its_own() -> None:
    names = [key(name) for one in nations().values() for name in (one.name_fa, one.name_en)]

    assert len(nations()) == 249  # ISO 3166-1
    assert all(re.fullmatch("[A-Z]{2}", code) for code in nations())
    assert "" not in names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("code", "lang", "name"),
    [("AF", "fa", "افغانستان"), ("AF", "en", "Afghanistan"), ("ZZ", "fa", "ZZ"), ("", "fa", "")],
)
def test_a_nation_is_called_by_its_name_and_else_by_its_code(
    code: str, lang: str, name: str
) -> None:
    with override(lang):
        assert nation(code) == name


@pytest.mark.parametrize(
    "typed",
    ["افغانستان (AF)", "Afghanistan (AF)", "افغانستان", " افغانستان ", "afghanistan", "AF", "af"],
)
def test_a_choice_a_whole_name_and_a_code_are_read(typed: str) -> None:
    form = Form({"nationality": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["nationality"] == "AF"


@pytest.mark.parametrize(
    ("typed", "code"), [("سريلانكا", "LK"), ("کره جنوبی", "KR"), ("turkiye", "TR")]
)
def test_a_name_is_read_in_another_spelling(typed: str, code: str) -> None:
    form = Form({"nationality": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["nationality"] == code


@pytest.mark.parametrize("typed", ["", "  "])
def test_it_may_stay_unknown(typed: str) -> None:
    form = Form({"nationality": typed})

    assert form.is_valid(), form.errors
    assert form.cleaned_data["nationality"] == ""


@pytest.mark.parametrize("typed", ["افغان", "ZZ", "IRN", "(ZZ)", "—"])
def test_what_is_no_country_is_refused_with_what_was_read(typed: str) -> None:
    form = Form({"nationality": typed})

    with override("en"):
        errors = list(form.errors["nationality"])

    assert errors == [f"There is no country “{typed}”; choose one from the list."]
    assert form["nationality"].value() == typed


def test_a_code_that_was_handed_over_stands_with_its_name() -> None:
    form = Form(initial={"nationality": "AF"})

    assert 'value="افغانستان (AF)"' in str(form["nationality"])


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("", ["IR", "AF", "IQ"]),
        ("ir", ["IR", "IQ", "IE"]),  # the code, then names that begin so
        ("هند", ["IN", "HN"]),
        ("گینه", ["GN", "GQ", "GW", "PG"]),
        ("عراق (IQ)", ["IQ"]),
        ("qqq", []),
    ],
)
def test_the_best_fit_is_offered_first(typed: str, first: list[str]) -> None:
    assert [one.code for one in search(typed)][: len(first) or 1] == first


@pytest.mark.django_db
def test_the_list_shows_each_name_in_both_languages(cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.tehran_clerk).get("/persons/nations/?q=پاک").content.decode()

    assert 'data-value="پاکستان (PK)"' in page
    assert "Pakistan" in page
    assert page.count('role="option"') == 1


@pytest.mark.django_db
def test_without_signing_in_there_is_no_list(client: Client) -> None:
    assert client.get("/persons/nations/?q=پاک").status_code == 302
