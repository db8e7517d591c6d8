"""Exactly one sponsor answers for a neighbourhood at a time."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pooshesh.conftest import Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.time import from_day
from pooshesh.places import actions, queries, sponsors
from pooshesh.places.models import Area, AreaKind, AreaSet, AreaSetMember, SetKind

BEFORE, DAY, AFTER = dt.date(2021, 1, 1), dt.date(2022, 1, 1), dt.date(2023, 1, 1)


@pytest.fixture
def setad(country: Country) -> AreaSet:
    return AreaSet.objects.create(kind=SetKind.SPONSOR, code="setad", name_fa="ستاد اجرایی")


def sponsor_on(area: Area, day: dt.date) -> AreaSet | None:
    return queries.accountable_sponsor(area, day)


def test_a_sponsor_is_assigned_for_a_time(country: Country, setad: AreaSet) -> None:
    sponsors.assign_sponsor(
        actor=None, areas=[country.unsponsored], sponsor=setad, since=DAY, until=AFTER
    )

    assert sponsor_on(country.unsponsored, BEFORE) is None
    assert sponsor_on(country.unsponsored, DAY) == setad
    assert sponsor_on(country.unsponsored, AFTER) is None


def test_a_hand_over_ends_the_former_sponsor(country: Country, setad: AreaSet) -> None:
    sponsors.hand_over(
        actor=None, areas=[country.darvazeh_ghar], former=country.welfare, sponsor=setad, on=DAY
    )

    assert sponsor_on(country.darvazeh_ghar, BEFORE) == country.welfare
    assert sponsor_on(country.darvazeh_ghar, DAY) == setad
    history = queries.membership(country.darvazeh_ghar, SetKind.SPONSOR)
    assert [member.area_set for member in history] == [setad, country.welfare]


def test_what_was_known_before_a_hand_over_stays_known(country: Country, setad: AreaSet) -> None:
    earlier = AreaSetMember.objects.get(area=country.darvazeh_ghar, kind="sponsor").recorded.lower

    sponsors.hand_over(
        actor=None, areas=[country.darvazeh_ghar], former=country.welfare, sponsor=setad, on=DAY
    )

    assert queries.accountable_sponsor(country.darvazeh_ghar, AFTER, earlier) == country.welfare


def test_a_second_sponsor_is_refused_in_a_sentence(country: Country, setad: AreaSet) -> None:
    with pytest.raises(Invalid) as refused:
        sponsors.assign_sponsor(actor=None, areas=[country.darvazeh_ghar], sponsor=setad, since=DAY)

    assert refused.value.code == "sponsor.overlap"
    assert "Hand it over" in str(refused.value)
    assert sponsor_on(country.darvazeh_ghar, AFTER) == country.welfare


def test_a_second_sponsor_is_refused_by_the_database(country: Country, setad: AreaSet) -> None:
    with pytest.raises(IntegrityError, match="area_in_one_set_of_a_kind"), transaction.atomic():
        AreaSetMember.objects.create(
            area_set=setad, kind=setad.kind, area=country.darvazeh_ghar, valid=from_day(DAY)
        )


def test_a_hand_over_to_the_same_sponsor_is_refused(country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        sponsors.hand_over(
            actor=None,
            areas=[country.darvazeh_ghar],
            former=country.welfare,
            sponsor=country.welfare,
            on=DAY,
        )

    assert refused.value.code == "sponsor.same"


def test_a_hand_over_needs_somebody_to_hand_over(country: Country, setad: AreaSet) -> None:
    with pytest.raises(Invalid) as refused:
        sponsors.hand_over(
            actor=None, areas=[country.unsponsored], former=country.welfare, sponsor=setad, on=DAY
        )

    assert refused.value.code == "sponsor.none"


def test_a_hand_over_does_not_undo_a_later_one(country: Country, setad: AreaSet) -> None:
    sponsors.hand_over(
        actor=None, areas=[country.darvazeh_ghar], former=country.welfare, sponsor=setad, on=AFTER
    )

    with pytest.raises(Invalid) as refused:
        sponsors.hand_over(
            actor=None, areas=[country.darvazeh_ghar], former=country.welfare, sponsor=setad, on=DAY
        )

    assert refused.value.code == "sponsor.later"


def test_a_sponsor_answers_only_for_neighbourhoods(country: Country, setad: AreaSet) -> None:
    with pytest.raises(Invalid) as refused:
        sponsors.assign_sponsor(actor=None, areas=[country.tehran_city], sponsor=setad, since=DAY)

    assert refused.value.code == "sponsor.only"


def test_a_catchment_is_not_a_sponsor(country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        sponsors.assign_sponsor(
            actor=None, areas=[country.unsponsored], sponsor=country.iums, since=DAY
        )

    assert refused.value.code == "sponsor.kind"


def test_an_end_before_the_start_is_refused(country: Country, setad: AreaSet) -> None:
    with pytest.raises(Invalid) as refused:
        sponsors.assign_sponsor(
            actor=None, areas=[country.unsponsored], sponsor=setad, since=DAY, until=BEFORE
        )

    assert refused.value.code == "places.dates"


def test_many_neighbourhoods_are_handed_over_in_one_act_or_none(
    country: Country, setad: AreaSet
) -> None:
    both = [country.darvazeh_ghar, country.falak_ol_din]
    sponsors.hand_over(
        actor=None, areas=both, former=country.welfare, sponsor=setad, on=DAY, until=AFTER
    )

    with pytest.raises(Invalid) as refused:
        sponsors.hand_over(
            actor=None, areas=[*both, country.unsponsored], former=setad,
            sponsor=country.welfare, on=DAY + dt.timedelta(9),
        )  # fmt: skip

    assert refused.value.code == "sponsor.none"
    assert [sponsor_on(area, DAY) for area in both] == [setad, setad]
    assert [sponsor_on(area, AFTER) for area in both] == [None, None]


def test_a_neighbourhood_that_is_taken_for_a_time_says_until_when(
    country: Country, setad: AreaSet
) -> None:
    sponsors.assign_sponsor(
        actor=None, areas=[country.unsponsored], sponsor=setad, since=DAY, until=AFTER
    )

    with pytest.raises(Invalid) as refused:
        sponsors.assign_sponsor(
            actor=None, areas=[country.unsponsored], sponsor=country.welfare, since=DAY
        )

    assert refused.value.code == "sponsor.overlap_until"
    assert str(setad.name_fa) in str(refused.value)


def test_a_catchment_takes_an_area_with_all_below_it(country: Country) -> None:
    count = actions.add_to_catchment(
        actor=None, area=country.lorestan, catchment=country.iums, since=DAY
    )

    assert count == 4
    assert country.falak_ol_din.pk in queries.member_areas(country.iums.pk, DAY)
    assert country.falak_ol_din.pk not in queries.member_areas(country.iums.pk, BEFORE)


def test_a_city_may_lie_in_three_catchments(country: Country) -> None:
    other = AreaSet.objects.create(kind=SetKind.CATCHMENT, code="tums", name_fa="تهران")
    actions.add_to_catchment(actor=None, area=country.unsponsored, catchment=other, since=DAY)

    assert set(queries.catchments(country.tehran_city, DAY)) == {country.iums, other}


class OneSponsorAtATime(TestCase):
    """Whatever is assigned, handed over and ended in whatever order: never two on one day."""

    @settings(deadline=None, max_examples=50)  # a busy machine is no failure
    @given(
        st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(0, 60)), max_size=8)
    )
    def test_never_two_sponsors_on_one_day(self, wishes: list[tuple[str, bool, int]]) -> None:
        area = Area.objects.create(
            code="ir", kind=AreaKind.NEIGHBOURHOOD, path="ir.n", valid=from_day(None),
            parent=Area.objects.create(code="t", kind="nation", path="t", valid=from_day(None)),
        )  # fmt: skip
        sets = {code: AreaSet.objects.create(kind=SetKind.SPONSOR, code=code) for code in "abc"}

        outcomes = [self._try(area, sets[code], assign, days) for code, assign, days in wishes]

        days = [DAY + dt.timedelta(n) for n in range(62)]
        counts = {
            AreaSetMember.objects.on(day).filter(area=area, kind=SetKind.SPONSOR).count()
            for day in days
        }
        assert counts <= {0, 1}
        assert len(outcomes) == len(wishes)

    def _try(self, area: Area, sponsor: AreaSet, assign: bool, days: int) -> bool:
        day = DAY + dt.timedelta(days)
        former = queries.accountable_sponsor(area, day) or sponsor
        try:
            if assign:
                sponsors.assign_sponsor(actor=None, areas=[area], sponsor=sponsor, since=day)
            else:
                sponsors.hand_over(actor=None, areas=[area], former=former, sponsor=sponsor, on=day)
        except Invalid:
            return False
        return True
