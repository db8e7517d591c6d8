"""What the rules pay of lines, on the shipped pack."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh import rules
from pooshesh.kernel.money import Rial, share
from pooshesh.requests.decide import (
    Known,
    Line,
    Note,
    Offer,
    Package,
    Used,
    Verdict,
    Way,
    by_way,
    decide,
    outcome,
    spread,
    tag_on,
)
from pooshesh.rules.tree import Value

DAY = dt.date(2025, 9, 1)  # Shahrivar 1404
CEILING = 850_000_000  # of 1404
UNKNOWN = dt.date(2026, 5, 1)  # the ceiling of 1405 was not found
PACK = rules.load_pack(rules.list_packs()["iran.fund"])
BOUND = {day: rules.bind(PACK, day) for day in (DAY, UNKNOWN)}
FACTS: dict[str, Value] = {
    "nationality": "citizen", "foreign_status": "none", "lawful_from": None, "lawful_until": None,
    "other_insurer_code": None, "other_insurer_principal": False, "relation": "head",
    "outside_principal": False, "programme_resident": False, "decile": 3, "decile_date": None,
}  # fmt: skip
SINCE = ((dt.date(2024, 1, 1), None),)


def known(
    offers: Mapping[str, Offer] | None = None, *, decile: int | None = 3,
    ceiling: int | None = None, **more: Any,
) -> Known:  # fmt: skip
    package = Package({"drug": Offer()} if offers is None else offers, ceiling)
    given_ = {"tags": SINCE, "packs": BOUND, "packages": dict.fromkeys(BOUND, package)} | more
    return Known({**FACTS, "decile": decile}, **given_)


def ask(asked: int, code: str = "drug", count: int = 1, on: dt.date = DAY) -> Line:
    return Line(code, on, count, asked)


def one(line: Line, **about: Any) -> Verdict:
    (verdict,) = decide([line], known(**about))
    return verdict


@pytest.mark.parametrize(
    ("decile", "payable"), [(1, 1_000_000), (5, 1_000_000), (6, 800_000), (9, 500_000), (10, 0)]
)
def test_a_line_of_the_package_is_paid_by_the_share_of_the_decile(
    decile: int, payable: int
) -> None:
    assert one(ask(1_000_000), decile=decile).payable == payable


def test_a_line_says_who_decides_it() -> None:
    outside = one(ask(1, "other"))
    untagged = one(ask(1), tags=())
    unknown = one(ask(1, on=UNKNOWN))

    assert (outside.way, outside.in_package, outside.payable) == (Way.COMMITTEE, False, 0)
    assert (untagged.way, untagged.payable) == (Way.BACK, 0)
    assert (unknown.way, unknown.payable) == (Way.GROUP, 0)
    assert one(ask(1), decile=None).way == Way.BACK
    assert one(ask(1), decile=10).way == Way.RULE


def test_a_tag_counts_on_the_day_of_the_service_though_it_ended_since() -> None:
    ended = ((dt.date(2024, 1, 1), DAY + dt.timedelta(days=1)),)

    assert one(ask(500), tags=ended).payable == 500
    assert tag_on(ended, DAY + dt.timedelta(days=1)) is None


def test_a_line_is_cut_to_the_price_and_count_of_the_package() -> None:
    offers = {"drug": Offer(unit_price=100, most_per_year=10)}
    used = Used(counts={"drug": 7})

    verdict = one(ask(2_000, count=5), offers=offers, used=used)

    assert (verdict.allowed, verdict.payable) == (300, 300)
    assert verdict.notes == (Note.COUNT, Note.PRICE)


def test_the_share_of_the_package_stands_for_that_of_the_fund() -> None:
    offers = {"drug": Offer(percents=[90] * 9 + [40])}

    assert one(ask(1_000), offers=offers).payable == 900
    assert one(ask(1_000), offers=offers, decile=10).payable == 400


def test_the_ceiling_of_the_package_cuts_before_that_of_the_year() -> None:
    verdict = one(ask(1_000), ceiling=5_000, used=Used(total=10_000, of_disease=4_400))

    assert (verdict.payable, verdict.notes) == (600, (Note.PACKAGE,))


def test_what_a_working_group_granted_above_the_ceiling_is_paid() -> None:
    full = Used(total=CEILING, extended=0)
    extended = Used(total=CEILING, extended=700)

    assert one(ask(1_000), used=full).payable == 0
    assert one(ask(1_000), used=extended).payable == 700


def test_the_second_line_has_what_the_first_left_of_the_ceiling() -> None:
    verdicts = decide([ask(CEILING - 10), ask(50)], known())

    assert [line.payable for line in verdicts] == [CEILING - 10, 10]
    assert outcome(verdicts) == "part"
    assert verdicts[1].notes == (Note.YEAR,)


def test_lines_part_by_who_decides_them_unless_something_is_missing() -> None:
    mixed = decide([ask(5), ask(5, "other"), ask(7)], known())
    missing = decide([ask(5), ask(5, "other")], known(tags=()))

    assert by_way(mixed) == {Way.RULE: [0, 2], Way.COMMITTEE: [1]}
    assert by_way(missing) == {Way.BACK: [0, 1]}


LINES = st.lists(
    st.builds(
        Line, st.sampled_from(["drug", "priced", "shared", "counted", "outside"]), st.just(DAY),
        st.integers(1, 40), st.integers(1, 2 * CEILING),
    ),
    min_size=1, max_size=8,
)  # fmt: skip
OFFERS = {
    "drug": Offer(), "priced": Offer(unit_price=3_000_000), "counted": Offer(most_per_year=12),
    "shared": Offer(percents=[100, 100, 100, 100, 100, 90, 70, 70, 70, 20]),
}  # fmt: skip


@given(
    LINES,
    st.integers(1, 10),
    st.integers(0, CEILING),
    st.integers(0, 50_000_000),
    st.one_of(st.none(), st.integers(1, CEILING)),
)
def test_nothing_is_paid_beyond_what_was_asked_or_any_ceiling(
    lines: list[Line], decile: int, total: int, extended: int, ceiling: int | None
) -> None:
    used = Used(total + extended, extended, min(total, 1_000), {"counted": 4})

    verdicts = decide(lines, known(OFFERS, decile=decile, ceiling=ceiling, used=used))

    paid = sum(verdict.payable for verdict in verdicts)
    assert all(
        0 <= verdict.payable <= verdict.allowed <= line.asked
        for line, verdict in zip(lines, verdicts, strict=True)
    )
    assert total + paid <= CEILING
    assert ceiling is None or used.of_disease + paid <= max(ceiling, used.of_disease)
    assert not any(verdict.payable for verdict in verdicts if verdict.way is not Way.RULE)
    counted = [n.count for n, v in zip(lines, verdicts, strict=True)
               if n.code == "counted" and v.payable and Note.COUNT not in v.notes]  # fmt: skip
    assert 4 + sum(counted) <= 12


@given(st.integers(0, 10**12), st.integers(1, 10))
def test_the_packs_share_is_rounded_as_money_is(asked: int, decile: int) -> None:
    verdict = one(ask(asked), decile=decile)

    percent = {6: 80, 7: 50, 8: 50, 9: 50, 10: 0}.get(decile, 100)
    assert verdict.payable == min(share(Rial(asked), percent).amount, CEILING)


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=9), st.integers(0, 10**12))
def test_an_amount_for_the_whole_is_spread_to_the_last_rial(asked: list[int], amount: int) -> None:
    assert sum(spread(amount, asked)) == amount
