"""Months are counted part by part, once, and go on where they stood; late data is seen."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from pooshesh.conftest import Country, at_once
from pooshesh.coverage.models import Insurer, Spell
from pooshesh.indicators import load_book, shipped
from pooshesh.insight import actions, building, figures, sources
from pooshesh.insight.actions import Due
from pooshesh.insight.figures import Wanted
from pooshesh.insight.models import Reason, Snapshot, SnapshotPart
from pooshesh.insight.months import month_of, moved
from pooshesh.insight.places import place_of
from pooshesh.insight.tests import made
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.jobs import Cancelled
from pooshesh.people.models import Death, Person
from pooshesh.places.models import Area

LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def last_month() -> dt.date:
    return moved(month_of(timezone.localdate()), -1)


def person(area: Area, **more: Any) -> Person:
    values: dict[str, Any] = {"sex": "F", "birth_date": dt.date(2000, 1, 1), **more}
    return Person.objects.create(
        area=area, area_path=area.path, province=area.province, created_at=LONG_AGO, **values
    )


def cover(who: Person, insurer: Insurer, **more: Any) -> Spell:
    return Spell.objects.create(
        person=who, insurer=insurer, area=who.area, area_path=who.area_path,
        province=who.province, source="roll", valid=DateRange(dt.date(2026, 1, 1), None),
        recorded=DateTimeTZRange(LONG_AGO, None), **more,
    )  # fmt: skip


@pytest.fixture
def people(country: Country) -> list[Person]:
    """Three of Darvazeh-Ghar, one covered by us, one elsewhere; one died long ago."""
    ours = Insurer.objects.get_or_create(code="ihio", defaults={"ours": True, "name_fa": "ما"})[0]
    other = Insurer.objects.get_or_create(code="sso", defaults={"name_fa": "دیگر"})[0]
    found = [person(country.darvazeh_ghar) for _ in range(4)]
    cover(found[0], ours, scheme="rural", premium_percent=0)
    cover(found[1], other)
    Death.objects.create(person=found[3], on=dt.date(2026, 2, 1), source="")
    return found


def read(code: str, area: Area) -> tuple[int, int | None]:
    asked = Wanted((code,), (place_of(area),), (last_month(),))
    (found,) = figures.read(asked)
    return found.numerator, found.denominator


def test_a_month_counts_who_was_registered_and_covered_at_its_end(
    country: Country, people: list[Person]
) -> None:
    actions.build(Due(last_month(), Reason.FIRST, {}), actor=None)

    assert read("covered_share", country.tehran) == (2, 3)
    assert read("covered_free_share", country.nation) == (1, 3)
    assert read("other_insurer_share", country.darvazeh_ghar) == (1, 3)
    assert read("sponsored_neighbourhoods", country.tehran) == (1, None)
    assert read("unassigned_neighbourhoods", country.tehran) == (1, None)


def test_every_statement_counts_what_its_measures_promise(country: Country) -> None:
    snapshot = building.begin(last_month(), Reason.FIRST, actor=None)

    building.fill(snapshot)

    told = {measure.source for measure in shipped().measures.values()}
    assert set(SnapshotPart.objects.values_list("source", flat=True)) == told
    assert building.late_rows(snapshot) == {}


def test_a_counting_that_was_killed_goes_on_where_it_stood(
    country: Country, people: list[Person]
) -> None:
    snapshot = building.begin(last_month(), Reason.FIRST, actor=None)

    def killed(step: str, done: int, total: int) -> None:
        if done == 12:
            raise Cancelled

    with pytest.raises(Cancelled):
        building.fill(snapshot, killed)
    before = set(SnapshotPart.objects.values_list("pk", flat=True))
    closed = actions.build(Due(last_month(), Reason.FIRST, {}), actor=None)

    assert len(before) == 12
    assert before < set(SnapshotPart.objects.values_list("pk", flat=True))
    assert closed == snapshot
    assert read("covered_share", country.tehran) == (2, 3)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_close_a_month_at_once_close_it_once(
    country: Country, people: list[Person]
) -> None:
    one = Due(last_month(), Reason.FIRST, {})

    refused = at_once(*[lambda: actions.build(one, actor=None)] * 2)

    assert refused == ["", ""]
    assert Snapshot.objects.count() == 1
    assert read("covered_share", country.tehran) == (2, 3)


def test_late_data_makes_a_new_revision_that_says_why(
    country: Country, people: list[Person]
) -> None:
    first = actions.build(Due(last_month(), Reason.FIRST, {}), actor=None)
    cover(people[2], Insurer.objects.get(code="ihio"), scheme="rural")
    Spell.objects.filter(person=people[2]).update(recorded=DateTimeTZRange(timezone.now(), None))

    (late,) = [one for one in actions.due() if one.month == last_month()]
    second = actions.build(late, actor=None)

    assert first is not None
    assert second is not None
    assert (second.revision, second.reason, second.late) == (2, "late", {"persons": 1})
    assert read("covered_share", country.tehran) == (3, 3)
    assert list(actions.prove()) == []


def test_a_recount_that_finds_nothing_new_is_no_revision(country: Country) -> None:
    actions.build(Due(last_month(), Reason.FIRST, {}), actor=None)

    again = actions.build(Due(last_month(), Reason.LATE, {"persons": 1}), actor=None)

    assert again is None
    assert Snapshot.objects.count() == 1


def test_a_statement_that_takes_too_long_is_stopped_and_named(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = (
        "select 'paid' as measure, a.id as area_id, count(*) as value"
        " from places_area a, generate_series(1, 100000000) group by 2"
    )
    slow = sources.Source("slow", counts, "", by_province=False)
    monkeypatch.setattr(building, "sources", lambda: (slow,))
    monkeypatch.setattr(building, "LIMIT", 0.1)
    snapshot = building.begin(last_month(), Reason.FIRST, actor=None)

    with pytest.raises(Invalid) as refused:
        building.fill(snapshot)

    assert refused.value.code == "insight.slow"
    assert "slow" in refused.value.message()
    assert Snapshot.objects.get().state == "building"


def test_a_statement_without_a_promised_dimension_is_refused(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    poor = sources.Source("gaps", "select 'gaps' as measure, null::uuid as area_id, 1 as value", "",
                          False)  # fmt: skip
    monkeypatch.setattr(building, "sources", lambda: (poor,))
    snapshot = building.begin(last_month(), Reason.FIRST, actor=None)

    with pytest.raises(Invalid) as refused:
        building.fill(snapshot)

    assert refused.value.code == "insight.no_dimension"


def test_a_month_that_has_not_begun_is_not_counted() -> None:
    with pytest.raises(Invalid) as refused:
        building.begin(moved(last_month(), 2), Reason.ASKED, actor=None)

    assert refused.value.code == "insight.future"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("update insight_fact set value = value + 1 where measure = 'persons'", "facts"),
        ("update insight_value set numerator = 0 where indicator = 'covered_share'", "values"),
    ],
)
def test_proof_names_a_month_that_was_changed(country: Country, statement: str, what: str) -> None:
    made.month("1401-10", [("persons", country.darvazeh_ghar, 60, {"scheme": "rural"})])
    with connection.cursor() as cursor:
        cursor.execute(statement)

    faults = list(actions.prove())

    assert what in [fault.what for fault in faults]


def test_values_follow_from_the_definitions_that_were_kept(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = made.month("1401-10", [("persons", country.darvazeh_ghar, 60, {"scheme": "rural"})])
    changed = {name: text.replace("unit: percent", "unit: per_1000")
               for name, text in shipped().files.items()}  # fmt: skip
    later = load_book(changed)
    monkeypatch.setattr(figures, "shipped", lambda: later)
    figures.book.cache_clear()

    asked = Wanted(("covered_share",), (place_of(country.nation),), (snapshot.month,))
    (found,) = figures.read(asked)
    figures.book.cache_clear()

    assert found.indicator.unit == "percent"
    assert found.value == 1


def test_the_daily_job_counts_the_month_that_ended_and_the_one_that_runs(country: Country) -> None:
    todo = [(one.month, one.reason) for one in actions.due()]

    assert todo == [
        (last_month(), "first"), (month_of(timezone.localdate()), "running"),
    ]  # fmt: skip


def test_files_of_statements_name_no_table_that_is_written() -> None:
    texts = [path.read_text("utf-8").lower() for path in sources.FOLDER.glob("*.sql")]

    assert not [text for text in texts if "update " in text or "delete " in text]
