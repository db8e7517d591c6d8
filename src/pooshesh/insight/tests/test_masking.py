"""A few people are not told, nor found by adding and subtracting what is shown."""

import datetime as dt
from dataclasses import replace
from itertools import combinations, product
from uuid import UUID

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.indicators import shipped
from pooshesh.insight import masking
from pooshesh.insight.figures import Closed, Figure
from pooshesh.insight.months import between, of_code
from pooshesh.insight.places import Place

LEAST = 5
CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
#: A nation, three provinces, three counties in each, two neighbourhoods in each of those.
LEAVES = [f"ir.{p}.{c}.{n}" for p, c, n in product("abc", "rst", "xy")]
NUMBERS = st.tuples(
    st.one_of(st.just(0), st.integers(0, 8), st.integers(0, 60)),
    st.one_of(st.just(0), st.integers(0, 60)),
)
COUNTRY = st.fixed_dictionaries(dict.fromkeys(LEAVES, NUMBERS))


def test_a_small_area_takes_the_next_smallest_with_it() -> None:
    found = masking.hidden({"a": (3,), "b": (40,), "c": (12,), "d": (0,)}, {}, LEAST)

    assert found == {"a", "c"}


def test_what_the_reader_knows_covers_for_nobody() -> None:
    counts = {"a": (3,), "mine": (6,), "c": (12,), "d": (40,)}

    assert masking.hidden(counts, {}, LEAST, {"mine"}) == {"a", "mine", "c"}


def test_the_rest_of_a_share_is_people_as_well() -> None:
    found = masking.hidden({"a": (97, 3), "b": (50, 50), "c": (70, 30)}, {}, LEAST)

    assert found == {"a", "b"}


def test_nothing_small_hides_nothing() -> None:
    assert masking.hidden({"a": (0,), "b": (5,)}, {}, LEAST) == frozenset()


def test_a_province_that_covers_for_another_does_not_follow_from_its_counties() -> None:
    counts = {"ir": (103,), "a": (3,), "b": (40,), "c": (60,), "b1": (15,), "b2": (25,)}
    above = {"a": "ir", "b": "ir", "c": "ir", "b1": "b", "b2": "b"}

    assert masking.hidden(counts, above, LEAST) == {"a", "b", "b1"}


def summed(leaves: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int, int]]:
    """Part, whole and rest of every area of every level."""
    found: dict[str, tuple[int, int, int]] = {}
    for leaf, (part, rest) in leaves.items():
        parts = leaf.split(".")
        for depth in range(1, len(parts) + 1):
            one = found.get(".".join(parts[:depth]), (0, 0, 0))
            found[".".join(parts[:depth])] = (
                one[0] + part, one[1] + part + rest, one[2] + rest,
            )  # fmt: skip
    return found


def recovered(areas: list[str], shown: set[str]) -> set[str]:
    """Areas whose number follows when every area is the sum of those right below it."""
    hidden = [area for area in areas if area not in shown]
    place = {area: n for n, area in enumerate(hidden)}
    above = {area: area.rpartition(".")[0] for area in areas}
    rows = np.zeros((len(areas), len(hidden) or 1))
    for n, whole in enumerate(areas):
        below = [area for area in areas if above[area] == whole]
        for area, factor in [(area, 1.0) for area in below] + [(whole, -1.0)] * bool(below):
            if area in place:
                rows[n, place[area]] += factor
    _u, values, basis = np.linalg.svd(rows, full_matrices=True)
    free = basis[(values > 1e-9).sum() :]
    loose = np.abs(free).max(axis=0) > 1e-7 if len(free) else np.zeros(len(hidden), bool)
    return {area for area in hidden if not loose[place[area]]}


@CALM
@given(COUNTRY, st.sets(st.sampled_from(["ir.a", "ir.b.r", "ir.b.s", "ir.c.r.x"])))
def test_no_small_area_follows_from_areas_above_beside_or_below_it(
    leaves: dict[str, tuple[int, int]], mine: set[str]
) -> None:
    counts = summed(leaves)
    knows = {area for area in counts if any(f"{area}.".startswith(f"{one}.") for one in mine)}

    gone = masking.hidden(counts, masking.tree(counts), LEAST, knows)

    shown = set(counts) - gone | knows
    small = {area for area, ns in counts.items() if any(0 < n < LEAST for n in ns)} - knows
    hopeless = _followed_before(counts, small, knows)
    assert not small & shown
    assert not (recovered(sorted(counts), shown) & small) - hopeless


def _followed_before(
    counts: dict[str, tuple[int, int, int]], small: set[str], knows: set[str]
) -> set[str]:
    """Small areas that follow from what the reader knows and the nation alone."""
    return recovered(sorted(counts), knows | {"ir"}) & small


# --- what is cumulative -----------------------------------------------------------------------

SPENDING = shipped().indicators["spend_per_tagged"]
FLOW = replace(shipped().indicators["applications"], period="cumulative")
MONTHS = list(between(of_code("1401-01"), of_code("1401-08")))


def figure(area: str, month: dt.date, number: int) -> Figure:
    place = Place(UUID(int=0), area, area, "province", area, "")
    source = Closed(UUID(int=0), month, 1, dt.datetime.now(dt.UTC), "", False)
    return Figure(FLOW, place, month, number, source=source)


@CALM
@given(
    st.lists(
        st.lists(st.one_of(st.just(0), st.integers(0, 9)), min_size=8, max_size=8),
        min_size=3, max_size=3,
    )
)  # fmt: skip
def test_no_few_people_follow_from_the_months_that_are_shown_of_what_is_cumulative(
    added: list[list[int]],
) -> None:
    so_far = np.cumsum([*added, list(np.sum(added, axis=0))], axis=1)
    areas = ["ir.a", "ir.b", "ir.c", "ir"]
    rows = [
        figure(area, month, int(so_far[a, m]))
        for a, area in enumerate(areas) for m, month in enumerate(MONTHS)
    ]  # fmt: skip

    gone = masking.secrets(rows)

    shown = [one for one in rows if masking.key_of(one) not in gone]
    pairs = [(one, two) for one, two in combinations(shown, 2) if one.place.code == two.place.code]
    assert not [(one, two) for one, two in pairs if 0 < abs(two.numerator - one.numerator) < LEAST]
    alone = [
        month for month in MONTHS
        if sum(one.month == month and one.place.code != "ir" for one in shown) == 2
        and any(one.month == month and one.place.code == "ir" for one in shown)
    ]  # fmt: skip
    assert not alone


def test_a_month_is_shown_again_when_enough_have_come() -> None:
    rows = [figure("ir", month, 20 + 2 * n) for n, month in enumerate(MONTHS)]

    gone = masking.secrets(rows)

    assert [one.numerator for one in rows if masking.key_of(one) not in gone] == [20, 26, 32]


def test_what_stands_is_not_taken_for_what_is_added() -> None:
    rows = [
        replace(figure("ir", month, 10**9 * n), indicator=SPENDING, denominator=40 + n)
        for n, month in enumerate(MONTHS)
    ]

    assert not masking.secrets(rows)
