"""What phones send: nothing lost, nothing double."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import DataError, IntegrityError, transaction

from pooshesh.access.models import Grant
from pooshesh.census import actions, queries, receiving, sealing
from pooshesh.census.models import (
    Alley,
    Aside,
    AsideState,
    Conflict,
    ConflictState,
    Device,
    Entry,
    EntryState,
    Revision,
    Round,
    Why,
)
from pooshesh.census.receiving import Result
from pooshesh.census.tests.conftest import TODAY, Field, Receive, content, give, member, sent
from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.kernel.time import from_day


def test_a_household_is_kept_sealed_with_its_first_version(field: Field, receive: Receive) -> None:
    one = sent(field.given[0], content(member(), member(relation="child", first_name="سهراب")))

    answer = receive(one)

    entry = Entry.objects.get(id=one.id)
    assert (answer.result, answer.revision, answer.current) == (Result.KEPT, 1, None)
    assert (entry.persons, entry.state, entry.revision) == (2, EntryState.RECEIVED, 1)
    assert "کاظمی".encode() not in bytes(entry.content or b"")
    assert Revision.objects.filter(entry=entry).count() == 1
    assert Event.objects.filter(action="census.receive").count() == 1


def test_what_is_sent_twice_is_acknowledged_twice_and_kept_once(
    field: Field, receive: Receive
) -> None:
    one = sent(field.given[0], content())

    answers = [receive(one), receive(one)]

    assert [(a.result, a.revision) for a in answers] == [(Result.KEPT, 1)] * 2
    assert (Entry.objects.count(), Revision.objects.count()) == (1, 1)


def test_the_same_household_twice_in_a_batch_is_kept_once(
    field: Field, cast: Cast, device: Device
) -> None:
    one = sent(field.given[0], content())

    receiving.receive(cast.field_worker, device.id, [one, one])

    assert (Entry.objects.count(), Revision.objects.count()) == (1, 1)


def test_a_batch_cut_in_its_middle_leaves_nothing_and_comes_whole_again(
    field: Field, cast: Cast, device: Device
) -> None:
    batch = [sent(field.given[0], content()) for _ in range(3)]
    aside = sent(field.alleys[11], content(), base=2**40)  # more than its column holds
    with pytest.raises(DataError), transaction.atomic():
        receiving.receive(cast.field_worker, device.id, [*batch, aside])
    assert Entry.objects.count() == 0

    answers = receiving.receive(cast.field_worker, device.id, batch)

    assert [a.result for a in answers] == [Result.KEPT] * 3
    assert Entry.objects.count() == 3


def test_other_content_on_the_known_base_is_the_next_version(
    field: Field, receive: Receive
) -> None:
    one = sent(field.given[0], content(address="پلاک ۱"))
    receive(one)

    answer = receive(sent(field.given[0], content(address="پلاک ۲"), made=one.id, base=1))
    undone = receive(sent(field.given[0], one.content, made=one.id, base=2))

    assert (answer.revision, undone.revision) == (2, 3)
    assert sealing.open_(Entry.objects.get().content)["address"] == "پلاک ۱"  # type: ignore[index]


def test_a_late_answer_to_an_old_version_does_not_undo_a_newer_one(
    field: Field, receive: Receive
) -> None:
    first = sent(field.given[0], content(address="پلاک ۱"))
    receive(first)
    receive(sent(field.given[0], content(address="پلاک ۲"), made=first.id, base=1))

    again = receive(first)

    assert (again.result, again.revision) == (Result.KEPT, 2)
    assert again.current is not None
    assert again.current["address"] == "پلاک ۲"


@pytest.fixture
def other_phone(cast: Cast) -> Device:
    return receiving.register_device(cast.field_worker, "گوشی دوم")[0]


def test_another_base_is_a_conflict_that_is_kept_once(
    field: Field, receive: Receive, other_phone: Device
) -> None:
    one = sent(field.given[0], content(address="پلاک ۱"))
    receive(one)
    receive(sent(field.given[0], content(address="پلاک ۲"), made=one.id, base=1))
    late = sent(field.given[0], content(address="پلاک ۳"), made=one.id, base=1)

    answers = [receive(late, phone=other_phone), receive(late, phone=other_phone)]

    assert {(a.result, a.revision, (a.current or {})["address"]) for a in answers} == {
        (Result.CONFLICT, 2, "پلاک ۲")
    }
    assert Conflict.objects.count() == 1
    assert sealing.open_(Entry.objects.get().content)["address"] == "پلاک ۲"  # type: ignore[index]


@pytest.fixture
def conflict(field: Field, receive: Receive, other_phone: Device) -> Conflict:
    """The kept version says address 2, the one that waits address 3 and a note."""
    one = sent(field.given[0], content(member(id=str(uuid4())), address="پلاک ۱"))
    receive(one)
    said = {**one.content, "address": "پلاک ۲"}  # type: ignore[dict-item]
    receive(sent(field.given[0], said, made=one.id, base=1))
    late = {**said, "address": "پلاک ۳", "notes": "در سبز"}
    receive(sent(field.given[0], late, made=one.id, base=1), phone=other_phone)
    return Conflict.objects.get()


def test_the_worker_settles_a_conflict_by_a_version_on_top_of_the_newest(
    field: Field, receive: Receive, conflict: Conflict, other_phone: Device
) -> None:
    mine = sealing.open_(conflict.content)

    answer = receive(sent(field.given[0], mine, made=conflict.entry_id, base=2), phone=other_phone)

    conflict.refresh_from_db()
    assert (answer.result, answer.revision) == (Result.KEPT, 3)
    assert conflict.state == ConflictState.RESOLVED


def test_the_lead_settles_a_conflict_field_by_field(
    cast: Cast, conflict: Conflict, receive: Receive, field: Field, other_phone: Device
) -> None:
    entry = actions.resolve(conflict, {"notes"}, 2, cast.tehran_lead.pk)

    kept = sealing.open_(entry.content)
    assert kept is not None
    assert (kept["address"], kept["notes"], entry.revision) == ("پلاک ۲", "در سبز", 3)
    told = receive(
        sent(field.given[0], sealing.open_(conflict.content), made=entry.id, base=1),
        phone=other_phone,
    )
    assert (told.result, told.revision, told.current) == (Result.KEPT, 3, kept)
    with pytest.raises(Invalid) as refused:
        actions.resolve(conflict, set(), 3, cast.tehran_lead.pk)
    assert refused.value.code == "round.resolved"


def test_a_choice_made_against_an_older_version_is_refused(cast: Cast, conflict: Conflict) -> None:
    with pytest.raises(Invalid) as refused:
        actions.resolve(conflict, {"notes"}, 1, cast.tehran_lead.pk)

    assert refused.value.code == "round.moved_on"


def test_a_phone_two_weeks_late_is_kept_aside_until_the_lead_lets_it_in(
    field: Field, receive: Receive, cast: Cast
) -> None:
    one = sent(field.given[0], content())
    during = from_day(TODAY - dt.timedelta(40), TODAY - dt.timedelta(14))
    Round.objects.filter(id=field.round.id).update(during=during)

    answers = [receive(one), receive(one)]

    waiting = Aside.objects.get()
    assert {a.result for a in answers} == {Result.ASIDE}
    assert (waiting.why, Entry.objects.count()) == (Why.LATE, 0)
    actions.decide_aside(waiting, "accept", "", cast.tehran_lead.pk)
    assert Entry.objects.get().id == one.id
    assert receive(one).result == Result.KEPT


def test_the_alleys_of_a_round_that_is_over_leave_the_phones(
    field: Field, device: Device, cast: Cast
) -> None:
    before = queries.given(cast.field_worker).count()
    after_its_days = queries.given(cast.field_worker, field.round.during.upper).count()

    actions.turn(field.round, "close", cast.tehran_lead.pk)

    assert (before, after_its_days) == (11, 0)
    with pytest.raises(Alley.DoesNotExist):
        queries.held_in(cast.field_worker, field.given[0].id)


def test_a_closed_round_counts_nothing_more(field: Field, receive: Receive, cast: Cast) -> None:
    actions.turn(field.round, "close", cast.tehran_lead.pk)

    answer = receive(sent(field.given[0], content()))

    assert answer.result == Result.ASIDE
    assert Aside.objects.get().why == Why.LATE


def test_an_alley_that_went_to_another_is_kept_aside(
    field: Field, receive: Receive, cast: Cast
) -> None:
    one = sent(field.given[0], content())
    receive(one)
    give(field.round, field.given[:1], cast.tehran_lead)

    answer = receive(sent(field.given[0], content(address="نو"), made=one.id, base=1))

    assert answer.result == Result.ASIDE
    assert Aside.objects.get().why == Why.NOT_GIVEN
    assert answer.current is None  # nothing of the other's alley is shown
    actions.decide_aside(Aside.objects.get(), "accept", "", cast.tehran_lead.pk)
    assert Entry.objects.get().revision == 2


def test_a_refused_household_says_why(field: Field, receive: Receive, cast: Cast) -> None:
    one = sent(field.alleys[11], content())
    receive(one)
    with pytest.raises(Invalid) as nothing:
        actions.decide_aside(Aside.objects.get(), "refuse", " ", cast.tehran_lead.pk)

    actions.decide_aside(Aside.objects.get(), "refuse", "دوباره شمرده شده", cast.tehran_lead.pk)

    assert nothing.value.code == "round.reason"
    assert "دوباره شمرده شده" in receive(one).sentence


def test_a_household_of_another_neighbourhood_is_kept_but_never_let_in(
    field: Field, receive: Receive, cast: Cast, country: Country
) -> None:
    Grant.objects.filter(user=cast.field_worker).update(area=country.unsponsored)
    answer = receive(sent(field.given[0], content()))

    with pytest.raises(Invalid) as refused:
        actions.decide_aside(Aside.objects.get(), "accept", "", cast.tehran_lead.pk)

    assert answer.result == Result.ASIDE
    assert Aside.objects.get().why == Why.ELSEWHERE
    assert refused.value.code == "round.elsewhere"
    with pytest.raises(IntegrityError), transaction.atomic():
        Aside.objects.update(state=AsideState.ACCEPTED)


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (content(consent=False), ["consent"]),
        (content(member(first_name="", last_name=" ")), ["first_name"]),
        (content(member(birth="1403/12/31")), ["birth"]),
        (content(member(birth="1499/01/01")), ["birth"]),
        (content(member(), member()), ["members"]),
        (content(member(relation="cousin")), ["members", "relation"]),
        (content(member(sex="")), ["sex"]),
        (content(member(nation="XX")), ["nation"]),
        (content(outcome="away"), ["outcome"]),
        (content(notes="x" * 1001), ["notes"]),
        ("nothing", [""]),
        (content(member(id="7")), [""]),
    ],
)  # fmt: skip
def test_faults_come_back_for_their_field_and_nothing_is_kept(
    field: Field, receive: Receive, said: object, fields: list[str]
) -> None:
    answer = receive(sent(field.given[0], said))

    assert answer.result == Result.FAULTY
    assert [fault.field.rpartition(".")[2] for fault in answer.faults] == fields
    assert Entry.objects.count() == 0


def test_three_digit_sets_and_a_year_alone_are_read(field: Field, receive: Receive) -> None:
    one = sent(field.given[0], content(member(birth="۱۳۵۰", number="٢٧٠٠٠٠٠١١٥"), decile="۳"))

    receive(one)

    kept = sealing.open_(Entry.objects.get().content)
    assert kept is not None
    head = kept["members"][0]
    assert (head["birth"], head["number"], kept["decile"]) == ("1350", "2700000115", "3")


def test_a_household_that_was_not_at_home_needs_no_members(field: Field, receive: Receive) -> None:
    answer = receive(sent(field.given[0], content(outcome="absent", consent=False, members=[])))

    assert answer.result == Result.KEPT
    assert Entry.objects.get().persons == 0


def test_only_ones_own_phone_sends_and_not_once_it_is_lost(
    field: Field, receive: Receive, device: Device, cast: Cast
) -> None:
    one = sent(field.given[0], content())
    with pytest.raises(Invalid) as foreign:
        receive(one, user=cast.tehran_lead)
    actions.revoke(device, cast.tehran_lead.pk)
    with pytest.raises(Invalid) as lost:
        receive(one)

    actions.restore(device, cast.tehran_lead.pk)

    assert (foreign.value.code, lost.value.code) == ("field.no_device", "field.revoked")
    assert receive(one).result == Result.KEPT


def test_an_alley_has_one_worker_at_a_time_and_history_stays(field: Field, cast: Cast) -> None:
    give(field.round, field.given[:1], cast.tehran_lead)

    assert not queries.given(cast.field_worker).filter(id=field.given[0].id).exists()
    assert queries.given(cast.field_worker).count() == 10


def test_a_batch_costs_a_fixed_number_of_reads(
    field: Field, cast: Cast, device: Device, django_assert_max_num_queries: object
) -> None:
    batch = [sent(field.given[0], content()) for _ in range(20)]
    receiving.receive(cast.field_worker, device.id, batch)

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        receiving.receive(cast.field_worker, device.id, batch)
