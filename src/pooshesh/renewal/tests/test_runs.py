"""A dry run changes nothing; the real run renews who renews and takes cover from nobody."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country
from pooshesh.coverage import queries as cover
from pooshesh.coverage.models import Notice, Reason, Spell
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.jobs import Progress
from pooshesh.people import actions as people
from pooshesh.people.models import Person
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import items, runs
from pooshesh.renewal.deciding import Decided, Held, next_held, verdict, verdicts
from pooshesh.renewal.models import (
    Appeal,
    Concerned,
    Item,
    ItemState,
    Outcome,
    Row,
    Run,
    RunState,
    Settled,
    Why,
)
from pooshesh.renewal.tests.conftest import CARE, ON, START, TODAY, Insure, home

DAY = dt.timedelta(days=1)
Count = Callable[[], Run]
Renew = Callable[[Run], Run]


def facts() -> list[tuple[object, ...]]:
    """Everything believed of cover."""
    return list(Spell.objects.known().order_by("pk").values_list())


def said(run: Run, person: Person) -> tuple[str, str, int | None]:
    row = Row.objects.get(run=run, person=person)
    return row.outcome, row.reason, row.to_percent


@pytest.fixture
def three(country: Country, insure: Insure) -> tuple[Person, Person, Person]:
    """One whose share stays, one whose share changes, one without a decile."""
    area = country.unsponsored
    return (
        insure(area, 1, decile=10, percent=100),
        insure(area, 2, decile=8, percent=60),
        insure(area, 3, percent=100, until=ON),
    )


def test_a_dry_run_says_who_renews_and_why_not(
    three: tuple[Person, Person, Person], counted: Count
) -> None:
    run = counted()

    assert (run.state, run.persons) == (RunState.COUNTED, 3)
    assert said(run, three[0]) == ("same", "", 100)
    assert said(run, three[1]) == ("changed", "", 40)
    assert said(run, three[2]) == ("cannot", "decile_missing", None)


def test_a_dry_run_changes_nothing(three: tuple[Person, Person, Person], counted: Count) -> None:
    before = facts()

    counted()

    assert facts() == before
    assert not Item.objects.exists()
    assert not Notice.objects.exists()


def test_a_run_covers_its_area_only(country: Country, insure: Insure, counted: Count) -> None:
    insure(country.falak_ol_din, 4, decile=10, percent=100)

    assert counted().persons == 0


def test_only_who_renews_is_renewed_and_the_others_keep_their_cover(
    three: tuple[Person, Person, Person], counted: Count, renewed: Renew
) -> None:
    renewed(counted())

    shares = dict(Spell.objects.on(ON).values_list("person_id", "premium_percent"))
    assert shares == {three[0].pk: 100, three[1].pk: 40, three[2].pk: 100}
    assert Spell.objects.on(ON - DAY).get(person=three[1]).premium_percent == 60
    assert cover.covered(three[2].pk, ON + 400 * DAY).covered
    item = Item.objects.get()
    assert (item.reason, item.state, item.deadline > TODAY) == ("decile_missing", "open", True)


def test_a_second_click_and_a_second_run_renew_nothing_twice(
    three: tuple[Person, Person, Person], counted: Count, renewed: Renew, cast: Cast
) -> None:
    run = renewed(counted())
    before = facts()

    with pytest.raises(Invalid, match="not ready"):
        runs.start_renewal(run, actor=cast.tehran_clerk.pk)
    again = renewed(counted())

    assert again.state == RunState.RENEWED
    assert facts() == before
    assert Item.objects.count() == 1


def test_a_killed_renewal_goes_on_where_it_stopped(
    three: tuple[Person, Person, Person], counted: Count, cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    run = counted()
    Run.objects.filter(pk=run.pk).update(state=RunState.RENEWING)
    monkeypatch.setattr(runs, "BATCH", 1)
    first = Row.objects.filter(run=run).order_by("person_id").values_list("pk", flat=True)[:1]
    runs._renew_batch(run, list(first), cast.tehran_clerk.pk)

    runs.renew(Progress(uuid4()), str(run.pk), str(cast.tehran_clerk.pk))
    runs.renew(Progress(uuid4()), str(run.pk), str(cast.tehran_clerk.pk))

    assert Row.objects.filter(run=run, settled="").count() == 0
    assert Spell.objects.on(ON).count() == 3
    assert Item.objects.count() == 1


def test_a_killed_count_goes_on_after_its_last_person(
    country: Country, three: tuple[Person, Person, Person], counted: Count,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    run = counted()
    Row.objects.filter(run=run, person=three[2]).delete()
    Run.objects.filter(pk=run.pk).update(state=RunState.COUNTING)
    monkeypatch.setattr(runs, "BATCH", 1)

    runs.count(Progress(uuid4()), str(run.pk))

    assert Row.objects.filter(run=run).count() == 3


def test_what_changed_since_the_count_is_decided_anew(
    three: tuple[Person, Person, Person], counted: Count, renewed: Renew, cast: Cast
) -> None:
    run = counted()
    people.set_decile(home(three[2]), 10, source="پایگاه", since=START, actor=cast.tehran_clerk.pk)
    people.record_death(three[0], TODAY, source="ثبت احوال", actor=cast.tehran_clerk.pk)

    run = renewed(run)

    assert run.moved == 2
    assert Row.objects.get(run=run, person=three[2]).settled == Settled.RENEWED
    assert not cover.covered(three[0].pk, ON).covered


def test_cover_ends_by_renewal_only_after_a_notice_and_its_deadline(
    three: tuple[Person, Person, Person], counted: Count, renewed: Renew, cast: Cast
) -> None:
    renewed(counted())
    item = Item.objects.get()

    with pytest.raises(Invalid, match="give notice first"):
        items.end_cover(cast.tehran_clerk, item.pk)
    items.give_notice(cast.tehran_clerk, item.pk, ON + 60 * DAY)
    with pytest.raises(Invalid, match="when the time told in the notice is over"):
        items.end_cover(cast.tehran_clerk, item.pk)
    with pytest.raises(IntegrityError, match="renewal_ends_after_a_notice"):
        Concerned.objects.update(settled=ItemState.ENDED, notice=None)


def test_after_its_deadline_a_notice_ends_cover(
    three: tuple[Person, Person, Person], counted: Count, renewed: Renew, cast: Cast
) -> None:
    renewed(counted())
    item = Item.objects.get()
    items.give_notice(cast.tehran_clerk, item.pk, TODAY + 20 * DAY)

    items.end_cover(cast.tehran_clerk, item.pk)

    assert cover.covered(three[2].pk, ON - DAY).covered
    assert not cover.covered(three[2].pk, ON).covered
    assert Notice.objects.get().reason == Reason.RENEWAL
    assert Item.objects.get().state == ItemState.ENDED


def test_an_item_is_renewed_once_the_decile_is_known(
    three: tuple[Person, Person, Person], counted: Count, renewed: Renew, cast: Cast
) -> None:
    renewed(counted())
    item = Item.objects.get()
    with pytest.raises(Invalid, match="still cannot be renewed"):
        items.agree(cast.tehran_clerk, item.pk, accepts_share=True)
    items.give_notice(cast.tehran_clerk, item.pk, ON)
    people.set_decile(home(three[2]), 9, source="پایگاه", since=START, actor=cast.tehran_clerk.pk)

    items.agree(cast.tehran_clerk, item.pk, accepts_share=False)

    assert Spell.objects.on(ON).get(person=three[2]).premium_percent == 50
    assert Notice.objects.get().withdrawn_at is not None
    assert Item.objects.get().state == ItemState.SETTLED


def test_two_clerks_never_get_the_same_item(
    country: Country, three: tuple[Person, Person, Person], counted: Count, renewed: Renew,
    cast: Cast,
) -> None:  # fmt: skip
    renewed(counted())

    mine = items.take(cast.tehran_clerk)

    assert mine is not None
    assert items.take(cast.tehran_clerk) == mine
    other = User.objects.create_user("other_clerk", "a long password")
    Grant.objects.create(user=other, role="clerk", area=country.tehran, valid=DateRange(None, None))
    assert items.take(other) is None
    with pytest.raises(Invalid, match="Another clerk"):
        items.note(other, mine.pk, "یادداشت")


def test_an_open_appeal_holds_cover_as_it_was(
    three: tuple[Person, Person, Person], counted: Count, cast: Cast
) -> None:
    one = home(three[1])
    Appeal.objects.create(
        household=one, decile=8, since=START, source="پایگاه", text="…", filed_on=TODAY,
        due_on=TODAY + DAY, area=one.area, area_path=one.area_path, province=one.province,
    )  # fmt: skip

    run = counted()

    assert said(run, three[1])[:2] == ("cannot", "appeal_open")


def test_a_batch_takes_as_many_statements_for_three_as_for_one(
    country: Country, three: tuple[Person, Person, Person]
) -> None:
    pack = bound_pack(PACK, ON)

    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            held = next_held(country.tehran.path, ON, TODAY, None, count)
            verdicts(pack, held)
        assert len(held) == count
        return len(seen)

    assert statements(1) == statements(3)


HELD = Held(UUID(int=1), UUID(int=2), UUID(int=2), None, UUID(int=3), "ir", "23", CARE, 0,
            False, False)  # fmt: skip


@pytest.mark.parametrize(
    ("decided", "outcome", "why"),
    [
        (None, "cannot", Why.DEAD),
        (Decided("enrol_free", CARE, 0), "same", None),
        (Decided("pays_share", CARE, 30), "cannot", Why.DECILE_RAISED),
        (Decided("enrol_free", "foreign_nationals", 0), "changed", None),
        (Decided("needs_decile", "none", None), "cannot", Why.DECILE_MISSING),
        (Decided("regularise", "none", None), "cannot", Why.STATUS_EXPIRED),
        (Decided("not_ours", "none", None), "cannot", Why.ELSEWHERE),
        (Decided("dependant_worklist", "none", None), "cannot", Why.DEPENDANT),
        (Decided("value_unknown", "none", None), "cannot", Why.VALUE_UNKNOWN),
    ],
)
def test_each_decision_has_its_outcome(
    decided: Decided | None, outcome: str, why: Why | None
) -> None:
    found = verdict(HELD, decided)

    assert (found.outcome, found.why) == (outcome, why)


@given(
    st.sampled_from(["enrol_free", "pays_share", "needs_decile", "regularise", "something new"]),
    st.one_of(st.none(), st.integers(0, 100)),
    st.one_of(st.none(), st.integers(0, 100)),
    st.booleans(),
    st.booleans(),
)
def test_nobody_renews_without_known_terms_and_nobody_free_pays_unasked(
    outcome: str, percent: int | None, before: int | None, suspended: bool, contested: bool
) -> None:
    held = replace(HELD, percent=before, suspended=suspended, contested=contested)

    found = verdict(held, Decided(outcome, CARE, percent))

    renews = found.outcome != Outcome.CANNOT
    assert (found.why is None) == renews
    assert not renews or found.percent is not None
    assert not renews or before != 0 or not found.percent
    assert not renews or not suspended
