"""`./pooshesh league` prints what the page shows."""

import io
from argparse import Namespace
from contextlib import redirect_stdout

import pytest
from django.utils.translation import override

from pooshesh.conftest import Country
from pooshesh.insight.tests import made
from pooshesh.kernel.errors import Invalid
from pooshesh.league.tests.test_pages import census
from pooshesh.league.verbs import ASKED, league

pytestmark = pytest.mark.django_db


@pytest.fixture
def registered(country: Country) -> None:
    """The registrations of the report, and the census."""
    census(country.nation, 79_926_270)
    census(country.lorestan, 1_760_649)
    census(country.tehran, 79_926_270 - 1_760_649)
    made.month(
        "1401-12",
        [("patients", country.lorestan, 12_450, {}), ("patients", country.tehran, 40_802, {})],
    )


def said(**asked: str) -> str:
    with override("en"), redirect_stdout(io.StringIO()) as out:
        league(Namespace(**{**dict.fromkeys(ASKED, ""), **asked}))
    return out.getvalue()


def test_lorestan_is_an_outlier_to_audit_and_not_a_medal(registered: None) -> None:
    text = said(indicator="registered", per="people")

    assert "! p15: 23.4% of “Persons registered with the fund”, 2.2% of the people: " in text
    assert "10.6 times its share. This is an outlier to audit, not a medal." in text
    (lorestan,) = [line for line in text.splitlines() if line.startswith("   1  p15 ")]
    assert lorestan.endswith("23.4%, 10.6×  (registered/p15/1401-12/1)")


def test_without_an_indicator_it_is_of_who_pays_costs(registered: None) -> None:
    assert said().startswith("Paid — Per 1,000 people of the 1395 census · ")


def test_few_people_are_not_printed(country: Country) -> None:
    made.month("1401-12", [("patients", country.lorestan, 3, {})])

    text = said(indicator="registered")

    assert "p15                      not shown" in text
    assert "3 persons" not in text


@pytest.mark.parametrize(
    "asked", [{"indicator": "none"}, {"per": "planet"}, {"of": "planet"}, {"month": "1399-01"}]
)
def test_what_cannot_be_asked_is_refused(registered: None, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        said(**asked)

    assert refused.value.code == "league.asked"


def test_before_anybody_counted_it_says_so() -> None:
    with pytest.raises(Invalid) as refused:
        said()

    assert refused.value.code == "league.nothing"
