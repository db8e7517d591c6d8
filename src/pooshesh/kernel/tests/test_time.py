"""A changed fact keeps what was known before; two facts never hold on one day."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pooshesh.conftest import Country
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.places.models import Area, Figure

BASE = dt.date(2020, 1, 1)
KNOWN = timezone.now() - dt.timedelta(days=30)


def population(area: Area, day: dt.date, at: dt.datetime | None = None) -> int | None:
    row = Figure.objects.on(day, at).filter(area=area, name="population").first()
    return row.value if row else None


def say(area: Area, value: int | None, start: dt.date, end: dt.date | None = None,
        at: dt.datetime | None = None) -> None:  # fmt: skip
    values = None if value is None else {"value": value, "source": "test"}
    state(Figure, {"area": area, "name": "population"}, values, start, end, at)


def test_a_new_fact_holds_from_its_day_and_the_old_one_before(country: Country) -> None:
    say(country.tehran, 10, BASE)
    say(country.tehran, 12, dt.date(2021, 1, 1))

    assert population(country.tehran, dt.date(2020, 12, 31)) == 10
    assert population(country.tehran, dt.date(2021, 1, 1)) == 12


def test_what_was_known_then_can_still_be_asked(country: Country) -> None:
    say(country.tehran, 10, BASE, at=KNOWN)
    say(country.tehran, 99, BASE)

    assert population(country.tehran, BASE, KNOWN + dt.timedelta(days=1)) == 10
    assert population(country.tehran, BASE) == 99


def test_a_correction_in_the_middle_leaves_both_ends(country: Country) -> None:
    say(country.tehran, 10, BASE)
    say(country.tehran, 11, dt.date(2020, 3, 1), dt.date(2020, 4, 1))

    days = [dt.date(2020, 2, 1), dt.date(2020, 3, 15), dt.date(2020, 4, 1)]
    assert [population(country.tehran, day) for day in days] == [10, 11, 10]


def test_a_fact_can_end_without_another(country: Country) -> None:
    say(country.tehran, 10, BASE)
    say(country.tehran, None, dt.date(2021, 1, 1))

    assert population(country.tehran, dt.date(2021, 1, 1)) is None


def test_the_database_refuses_two_facts_on_one_day(country: Country) -> None:
    say(country.tehran, 10, BASE)

    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(
            area=country.tehran, name="population", value=11, source="x",
            valid=from_day(BASE), recorded=from_now(),
        )  # fmt: skip


def tell(area: Area, told: list[tuple[dt.date, dt.date, int]]) -> None:
    for start, end, value in told:
        say(area, value, start, end)


spans = st.tuples(st.integers(0, 60), st.integers(1, 30), st.integers(0, 5))


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(spans, min_size=1, max_size=6), probe=st.integers(0, 90))
def test_the_last_word_about_a_day_rules(
    country: Country, changes: list[tuple[int, int, int]], probe: int
) -> None:
    Figure.objects.all().delete()
    told = [
        (BASE + dt.timedelta(s), BASE + dt.timedelta(s + length), v) for s, length, v in changes
    ]
    tell(country.tehran, told)
    day = BASE + dt.timedelta(probe)

    last = next((v for start, end, v in reversed(told) if start <= day < end), None)
    assert population(country.tehran, day) == last
