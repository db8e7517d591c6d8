"""Neighbourhoods join a programme: all of a list or none, once."""

import datetime as dt

import pytest

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.conftest import Country
from pooshesh.kernel.errors import Invalid
from pooshesh.programme.models import Programme, ProgrammePlace
from pooshesh.programme.places import join, open_programme

SINCE = dt.date(2021, 9, 23)


@pytest.fixture
def programme(db: None) -> Programme:
    return open_programme(code="p1", name_fa="طرح", name_en="Plan", declared=2, actor=None)


def joined(*codes: str, reach: Reach = EVERYWHERE, until: dt.date | None = None) -> int:
    return join(code="p1", neighbourhoods=codes, since=SINCE, until=until, reach=reach, actor=None)


def test_neighbourhoods_join_once(programme: Programme, country: Country) -> None:
    first, again = joined("n0001", "n0003"), joined("n0001", "n0003")

    assert (first, again) == (2, 0)
    assert ProgrammePlace.objects.filter(programme=programme).count() == 2


@pytest.mark.parametrize("code", ["p23", "nowhere"])
def test_one_wrong_code_refuses_the_list(programme: Programme, country: Country, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        joined("n0001", code)

    assert caught.value.code == "programme.no_neighbourhood"
    assert not ProgrammePlace.objects.exists()


def test_a_neighbourhood_out_of_reach_is_not_there(programme: Programme, country: Country) -> None:
    with pytest.raises(Invalid):
        joined("n0001", reach=Reach(provinces=("15",)))


def test_an_end_before_the_start_is_refused(programme: Programme, country: Country) -> None:
    with pytest.raises(Invalid) as caught:
        joined("n0001", until=SINCE)

    assert caught.value.code == "programme.order"


def test_a_code_is_taken_once(programme: Programme) -> None:
    with pytest.raises(Invalid):
        open_programme(code="p1", name_fa="", name_en="", declared=None, actor=None)


def test_an_unknown_programme_is_refused(country: Country) -> None:
    with pytest.raises(Invalid) as caught:
        joined("n0001")

    assert caught.value.code == "programme.unknown"
