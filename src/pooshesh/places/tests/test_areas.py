"""Areas are made, renamed, ended, merged and split; what was stays known."""

import datetime as dt

import pytest

from pooshesh.conftest import Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.places import actions, queries
from pooshesh.places.actions import NewArea
from pooshesh.places.models import Area, AreaKind, SetKind
from pooshesh.places.queries import EVERYWHERE

BEFORE, DAY, AFTER = dt.date(2021, 1, 1), dt.date(2022, 1, 1), dt.date(2023, 1, 1)


def codes_on(day: dt.date) -> set[str]:
    return set(queries.areas(EVERYWHERE, day).values_list("code", flat=True))


def test_a_new_area_lies_below_its_parent(country: Country) -> None:
    made = actions.create_area(
        actor=None, parent=country.tehran_city, new=NewArea("n9", "هرندی", "Harandi"), since=DAY
    )

    assert made.kind == AreaKind.NEIGHBOURHOOD
    assert made.path == "ir.p23.c2301.t230101.n9"
    assert made.province == "23"
    assert Event.objects.get(action="places.create").area_path == made.path


def test_a_new_area_joins_the_catchment_of_its_parent(country: Country) -> None:
    actions.add_to_catchment(
        actor=None, area=country.khorramabad, catchment=country.iums, since=BEFORE
    )

    made = actions.create_area(
        actor=None, parent=country.khorramabad, new=NewArea("n9", "ماسور"), since=DAY
    )

    assert list(queries.catchments(made, DAY)) == [country.iums]


def test_an_area_exists_from_its_first_day(country: Country) -> None:
    actions.create_area(
        actor=None, parent=country.tehran_city, new=NewArea("n9", "هرندی"), since=DAY
    )

    assert "n9" not in codes_on(DAY - dt.timedelta(1))
    assert "n9" in codes_on(DAY)


@pytest.mark.parametrize(
    ("code", "name", "error"),
    [
        ("n 9", "هرندی", "area.code"),
        ("N9", "هرندی", "area.code"),
        ("n" * 25, "هرندی", "area.code"),
        ("n9", " \u200c ", "area.name"),
        ("n0001", "هرندی", "area.taken"),
    ],
)
def test_a_new_area_is_refused(country: Country, code: str, name: str, error: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_area(
            actor=None, parent=country.tehran_city, new=NewArea(code, name), since=DAY
        )

    assert refused.value.code == error


def test_nothing_lies_below_a_neighbourhood(country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        actions.create_area(
            actor=None, parent=country.darvazeh_ghar, new=NewArea("x1", "کوچه"), since=DAY
        )

    assert refused.value.code == "area.lowest"


def test_a_rename_keeps_the_former_name_with_its_days(country: Country) -> None:
    actions.rename_area(
        actor=None, area=country.darvazeh_ghar, name_fa="هرندی", name_en="Harandi", since=DAY
    )

    area = queries.area(EVERYWHERE, "n0001")
    assert area.name_fa == "هرندی"
    assert queries.name_on(area, BEFORE) == "دروازه‌غار"
    assert queries.name_on(area, DAY) == "هرندی"
    assert list(queries.search(queries.areas(EVERYWHERE), "هرندی")) == [area]


def test_a_second_rename_must_lie_after_the_first(country: Country) -> None:
    actions.rename_area(
        actor=None, area=country.darvazeh_ghar, name_fa="هرندی", name_en="", since=DAY
    )

    with pytest.raises(Invalid) as refused:
        actions.rename_area(
            actor=None, area=country.darvazeh_ghar, name_fa="شوش", name_en="", since=BEFORE
        )

    assert refused.value.code == "area.renamed"


def test_an_ended_area_is_still_there_as_of_before(country: Country) -> None:
    actions.end_area(actor=None, area=country.unsponsored, on=DAY)

    assert "n0002" in codes_on(BEFORE)
    assert "n0002" not in codes_on(DAY)


def test_the_sponsor_of_an_ended_area_answers_no_longer(country: Country) -> None:
    actions.end_area(actor=None, area=country.darvazeh_ghar, on=DAY)

    assert queries.accountable_sponsor(country.darvazeh_ghar, BEFORE) == country.welfare
    assert queries.accountable_sponsor(country.darvazeh_ghar, DAY) is None


def test_an_area_that_holds_others_does_not_end(country: Country) -> None:
    with pytest.raises(Invalid) as refused:
        actions.end_area(actor=None, area=country.tehran_city, on=DAY)

    assert refused.value.code == "area.children"
    assert refused.value.params["count"] == 2


def test_an_area_does_not_end_before_it_began(country: Country) -> None:
    made = actions.create_area(
        actor=None, parent=country.tehran_city, new=NewArea("n9", "هرندی"), since=DAY
    )

    with pytest.raises(Invalid) as refused:
        actions.end_area(actor=None, area=made, on=DAY)

    assert refused.value.code == "area.end"


def test_an_area_ends_once(country: Country) -> None:
    actions.end_area(actor=None, area=country.unsponsored, on=DAY)

    with pytest.raises(Invalid) as refused:
        actions.end_area(actor=None, area=country.unsponsored, on=AFTER)

    assert refused.value.code == "area.ended"


def test_a_merge_names_its_successor(country: Country) -> None:
    made = actions.merge_areas(
        actor=None, areas=[country.darvazeh_ghar, country.unsponsored],
        into=NewArea("n9", "هرندی"), on=DAY,
    )  # fmt: skip

    assert list(country.darvazeh_ghar.successors.all()) == [made]
    assert set(made.predecessors.all()) == {country.darvazeh_ghar, country.unsponsored}
    assert {"n0001", "n0002"} <= codes_on(BEFORE)
    assert codes_on(DAY) & {"n0001", "n0002", "n9"} == {"n9"}


def test_a_merge_takes_only_the_sponsor_all_had(country: Country) -> None:
    made = actions.merge_areas(
        actor=None, areas=[country.darvazeh_ghar, country.unsponsored],
        into=NewArea("n9", "هرندی"), on=DAY,
    )  # fmt: skip

    assert queries.accountable_sponsor(made, DAY) is None


@pytest.mark.parametrize(
    ("names", "error"),
    [
        (["darvazeh_ghar"], "area.few"),
        (["darvazeh_ghar", "darvazeh_ghar"], "area.few"),
        (["darvazeh_ghar", "falak_ol_din"], "area.apart"),
    ],
)
def test_a_merge_is_refused_and_nothing_is_written(
    country: Country, names: list[str], error: str
) -> None:
    areas = [getattr(country, name) for name in names]

    with pytest.raises(Invalid) as refused:
        actions.merge_areas(actor=None, areas=areas, into=NewArea("n9", "هرندی"), on=DAY)

    assert refused.value.code == error
    assert not Area.objects.filter(code="n9").exists()


def test_the_parts_of_a_split_keep_sponsor_and_catchment(country: Country) -> None:
    parts = actions.split_area(
        actor=None, area=country.darvazeh_ghar,
        parts=[NewArea("n8", "شوش"), NewArea("n9", "هرندی")], on=DAY,
    )  # fmt: skip

    assert [queries.accountable_sponsor(p, DAY) for p in parts] == [country.welfare] * 2
    assert [queries.membership(p, SetKind.CATCHMENT).get().area_set for p in parts] == [
        country.iums,
        country.iums,
    ]
    assert "n0001" not in codes_on(DAY)
    assert set(country.darvazeh_ghar.successors.all()) == set(parts)


def test_a_split_whose_second_part_is_refused_writes_nothing(country: Country) -> None:
    with pytest.raises(Invalid):
        actions.split_area(
            actor=None, area=country.darvazeh_ghar,
            parts=[NewArea("n8", "شوش"), NewArea("n0002", "هرندی")], on=DAY,
        )  # fmt: skip

    assert not Area.objects.filter(code="n8").exists()
    assert "n0001" in codes_on(AFTER)


def test_a_figure_is_known_as_it_was_believed(country: Country) -> None:
    def state(value: int) -> dt.datetime:
        figure = actions.record_figure(
            actor=None, area=country.darvazeh_ghar, name="population", value=value,
            source="سرشماری", since=BEFORE,
        )  # fmt: skip
        moment: dt.datetime = figure.recorded.lower
        return moment

    first = state(9_000)
    second = state(12_000)

    then = queries.figure(country.darvazeh_ghar, "population", DAY, first)
    now = queries.figure(country.darvazeh_ghar, "population", DAY, second)
    assert (then and then.value, now and now.value) == (9_000, 12_000)


@pytest.mark.parametrize(
    ("value", "source", "until", "error"),
    [
        (-1, "سرشماری", None, "figure.negative"),
        (5, " ", None, "figure.source"),
        (5, "سرشماری", BEFORE, "places.dates"),
    ],
)
def test_a_figure_is_refused(
    country: Country, value: int, source: str, until: dt.date | None, error: str
) -> None:
    with pytest.raises(Invalid) as refused:
        actions.record_figure(
            actor=None, area=country.darvazeh_ghar, name="population", value=value,
            source=source, since=DAY, until=until,
        )  # fmt: skip

    assert refused.value.code == error


@pytest.mark.parametrize("typed", ["دروازه غار", "دروازه قار", "دروازهغار", "n0001"])
def test_a_neighbourhood_is_found_in_spite_of_a_typo(country: Country, typed: str) -> None:
    actions.change_name(country.darvazeh_ghar, "دروازه‌غار", "Darvazeh-Ghar", DAY)

    found = queries.search(queries.areas(EVERYWHERE), typed)

    assert found.first() == country.darvazeh_ghar
