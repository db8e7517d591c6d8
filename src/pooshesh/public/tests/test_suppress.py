"""Nobody finds a masked number by adding and subtracting what is published."""

from itertools import product

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.public.suppress import Sum, masked

AREAS, GROUPS, MONTHS = 3, 3, 3
#: (area, group, months, what): area 0 is the nation, group 0 the whole; months "1" or "..1"
Number = tuple[int, int, str, str]


def of(
    counts: dict[tuple[int, int, int, str], int],
) -> tuple[dict[Number, int], list[Sum[Number]], dict[object, list[Number]]]:
    """Numbers of a country: part, rest and all of it by area, group and month, and so far."""
    found: dict[Number, int] = {}
    for area, group, month, what in product(
        range(AREAS + 1), range(GROUPS + 1), range(MONTHS), ("part", "rest")
    ):
        of_ = [
            n for (a, g, m, w), n in counts.items()
            if area in (0, a) and group in (0, g) and m == month and w == what
        ]  # fmt: skip
        found[area, group, str(month), what] = sum(of_)
        before = found.get((area, group, f"..{month - 1}", what), 0)
        found[area, group, f"..{month}", what] = before + sum(of_)
    for area, group, span, what in list(found):
        if what == "part":
            both = found[area, group, span, "part"] + found[area, group, span, "rest"]
            found[area, group, span, "all"] = both
    sums: list[Sum[Number]] = []
    cells: dict[object, list[Number]] = {}
    for area, group, span, what in found:
        one = (area, group, span, what)
        if area == 0:
            sums.append((one, tuple((a, group, span, what) for a in range(1, AREAS + 1))))
        if group == 0:
            sums.append((one, tuple((area, g, span, what) for g in range(1, GROUPS + 1))))
        if span.startswith(".."):
            month = int(span[2:])
            earlier = [(area, group, f"..{month - 1}", what)] if month else []
            sums.append((one, (*earlier, (area, group, str(month), what))))
        if what == "all":
            three = [(area, group, span, w) for w in ("part", "rest", "all")]
            sums.append((three[2], (three[0], three[1])))
            cells["share", area, group, span] = three
            cells["count", area, group, span] = [three[2]]
    return found, sums, cells


def recovered(secret: set[Number], known: set[Number], sums: list[Sum[Number]]) -> set[Number]:
    """What an attacker finds who writes all sums down and solves them, by rank in floats."""
    names = sorted({one for whole, parts in sums for one in (whole, *parts)} - known)
    place = {one: n for n, one in enumerate(names)}
    rows = np.zeros((len(sums), len(names)))
    for n, (whole, parts) in enumerate(sums):
        for one, factor in [(whole, -1.0), *((part, 1.0) for part in parts)]:
            if one in place:
                rows[n, place[one]] += factor
    _u, values, basis = np.linalg.svd(rows, full_matrices=True)
    free = basis[(values > 1e-9).sum() :]  # what can still change without any sum changing
    loose = np.abs(free).max(axis=0) > 1e-7 if len(free) else np.zeros(len(names), bool)
    return {one for one in secret if one in known or not loose[place[one]]}


SMALL = st.one_of(st.just(0), st.integers(1, 6), st.integers(0, 40))
COUNTRY = st.fixed_dictionaries(
    dict.fromkeys(
        product(range(1, AREAS + 1), range(1, GROUPS + 1), range(MONTHS), ("part", "rest")), SMALL
    )
)
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def few(found: dict[Number, int]) -> set[Number]:
    return {one for one, count in found.items() if 0 < count < 5}


@SLOW
@given(COUNTRY)
def test_no_small_number_follows_from_all_that_is_shown(
    counts: dict[tuple[int, int, int, str], int],
) -> None:
    found, sums, cells = of(counts)

    gone = masked(cells, found, few(found), sums)

    known = {one for cell, numbers in cells.items() if cell not in gone for one in numbers}
    assert not recovered(few(found), known, sums)


@SLOW
@given(COUNTRY)
def test_a_month_is_masked_beside_the_months_that_were_published_before_it(
    counts: dict[tuple[int, int, int, str], int],
) -> None:
    found, sums, cells = of(counts)
    first = {cell: numbers for cell, numbers in cells.items() if cell[3] in ("0", "..0")}  # type: ignore[index]
    early = [one for one in sums if {n[2] for n in (one[0], *one[1])} <= {"0", "..0"}]
    then = masked(first, found, few(found), early)
    before = {one for cell, numbers in first.items() if cell not in then for one in numbers}
    later = {cell: numbers for cell, numbers in cells.items() if cell not in first}

    gone = masked(later, found, few(found), sums, before=before)

    known = before | {one for cell, numbers in later.items() if cell not in gone for one in numbers}
    assert not recovered(few(found), known, sums)


def test_a_nation_less_its_provinces_tells_no_province() -> None:
    counts = {"ir": 103, "a": 40, "b": 60, "c": 3}
    cells = {name: [name] for name in counts}

    gone = masked(cells, counts, {"c"}, [("ir", ("a", "b", "c"))])

    assert gone == {"c", "a"}


def test_the_year_so_far_less_that_of_the_month_before_tells_no_month() -> None:
    counts = {"..1": 50, "1": 50, "2": 2, "..2": 52}
    cells = {name: [name] for name in ("2", "..2")}

    gone = masked(cells, counts, {"2"}, [("..2", ("..1", "2"))], before={"..1", "1"})

    assert gone == {"2", "..2"}


def test_a_share_times_its_denominator_tells_no_part() -> None:
    counts = {"part": 50, "rest": 2, "all": 52}
    cells = {"share": ["part", "all", "rest"], "uninsured": ["rest", "all"], "persons": ["all"]}

    gone = masked(cells, counts, {"rest"}, [("all", ("part", "rest"))])

    assert gone == {"share", "uninsured"}


def test_what_a_revision_repeats_does_not_cover_what_it_changed() -> None:
    counts = {"ir": 103, "a": 40, "b": 60, "c": 3, "d": 9, "ir'": 110, "c'": 4}
    sums = [("ir", ("a", "b", "c")), ("ir'", ("a", "b", "c'"))]
    cells = {name: [name] for name in ("ir'", "a", "b", "c'")}

    gone = masked(cells, counts, {"c", "c'"}, sums, before={"ir", "b"})  # a was masked beside c

    assert gone == {"a", "c'"}


def test_hidden_numbers_that_are_few_together_get_another_beside_them() -> None:
    counts = {"ir": 64, "a": 2, "b": 2, "c": 60}
    cells = {name: [name] for name in counts}

    gone = masked(cells, counts, {"a", "b"}, [("ir", ("a", "b", "c"))])

    assert gone == {"a", "b", "c"}


def test_nothing_is_masked_where_nobody_is_few() -> None:
    counts = {"ir": 100, "a": 40, "b": 60}

    assert not masked({name: [name] for name in counts}, counts, set(), [("ir", ("a", "b"))])
