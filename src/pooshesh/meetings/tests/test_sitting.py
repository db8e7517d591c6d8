"""An open session: attendance, interests, motions, votes, the count, and its faults."""

import datetime as dt
from collections.abc import Iterator, Sequence
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.meetings import actions, agenda, registry, sitting
from pooshesh.meetings.models import (
    Body,
    Decision,
    Item,
    Matter,
    Member,
    Motion,
    Role,
    Session,
    Vote,
)
from pooshesh.meetings.registry import Decided, Kind, Undone
from pooshesh.meetings.tests.conftest import AGAINST, FOR, SINCE, Bring, Group

NOW = timezone.now


def put(held: Session, items: Sequence[Item], verdict: str = "approved") -> Motion:
    return sitting.put(
        held, [one.pk for one in items], text="بررسی شد", verdict=verdict, actor=None
    )


def outcomes(motion: Motion) -> list[str]:
    rows = Decision.objects.filter(motion=motion).order_by("item__position")
    return list(rows.values_list("outcome", flat=True))


def all_for(motion: Motion, *members: Member) -> None:
    sitting.vote(motion, {one.pk: FOR for one in members}, actor=None)


@pytest.fixture
def present(group: Group) -> list[Member]:
    return [group.members[code] for code in ("interior", "relief", "welfare")]


# --- it works ---------------------------------------------------------------------------


def test_a_motion_with_quorum_and_majority_decides_its_items(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items)

    all_for(motion, *present)
    counted = sitting.count(motion, actor=None)

    assert outcomes(motion) == ["carried", "carried"]
    standing = counted.standing or {}
    assert (standing["members"], standing["needed"]) == (5, 3)
    assert set(Matter.objects.values_list("state", "verdict")) == {("decided", "approved")}


def test_a_lost_motion_decides_nothing_and_the_matter_waits_on(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])

    sitting.vote(motion, {present[0].pk: FOR, present[1].pk: AGAINST}, actor=None)
    sitting.count(motion, actor=None)

    assert outcomes(motion) == ["lost"]
    assert Matter.objects.get(title="موضوع یکم").state == "waiting"


def test_until_the_count_a_member_may_vote_otherwise(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])

    all_for(motion, *present)
    sitting.vote(motion, {one.pk: AGAINST for one in present}, actor=None)
    sitting.count(motion, actor=None)

    assert outcomes(motion) == ["lost"]
    assert Vote.objects.filter(motion=motion).count() == 3


def test_one_vote_decides_five_hundred_items_in_constant_sql(
    group: Group, held: Session, present: list[Member],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    agenda.submit(
        group.body, "topic", [agenda.Brought(f"{n}", uuid4()) for n in range(500)], actor=None
    )
    Item.objects.bulk_create(
        Item(session=held, matter=matter, position=10 + n)
        for n, matter in enumerate(agenda.waiting(group.body))
    )
    items = list(Item.objects.filter(session=held).select_related("matter"))
    sitting.declare(items[100].matter, present[0], reason="خویشاوند", actor=None)  # type: ignore[arg-type]

    with django_assert_max_num_queries(40):  # savepoints are queries here
        motion = put(held, items)
        all_for(motion, *present)
        sitting.count(motion, actor=None)

    assert sorted(outcomes(motion)) == ["carried"] * 501 + ["no_quorum"]


# --- quorum -------------------------------------------------------------------------------


def test_a_quorum_lost_in_the_middle_decides_nothing(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])
    all_for(motion, *present)

    sitting.leave(held, present[1], actor=None)
    sitting.count(motion, actor=None)

    assert outcomes(motion) == ["no_quorum"]
    assert Decision.objects.get(motion=motion).counted == 2


def test_a_member_removed_before_the_vote_does_not_count(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])
    all_for(motion, *present)

    actions.dismiss(present[1], day=timezone.localdate(), actor=None)
    sitting.count(motion, actor=None)

    decision = Decision.objects.get(motion=motion)
    assert (decision.outcome, decision.counted, decision.in_favour) == ("no_quorum", 2, 2)


def test_an_organisation_that_must_attend_is_waited_for(
    group: Group, held: Session, items: list[Item], present: list[Member]
) -> None:
    today = timezone.localdate()
    actions.set_rule(
        group.body, start=today, quorum_members=2, actor=None,
        must_attend=[group.organisations["ihio"].pk],
    )  # fmt: skip
    motion = put(held, items[:1])
    all_for(motion, *present)

    sitting.count(motion, actor=None)

    assert outcomes(motion) == ["no_quorum"]


def test_a_chair_cannot_decide_alone(
    group: Group, held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])

    all_for(motion, group.chair)
    sitting.count(motion, actor=None)

    assert outcomes(motion) == ["lost"]


def test_the_database_refuses_a_decision_without_a_quorum(held: Session, items: list[Item]) -> None:
    motion = put(held, items[:1])

    with pytest.raises(IntegrityError, match="decision_had_a_quorum"), transaction.atomic():
        Decision.objects.filter(motion=motion).update(
            outcome="carried", needed=4, counted=3, in_favour=3
        )


# --- interests ------------------------------------------------------------------------------


def test_an_interest_takes_the_member_out_of_that_item_only(
    group: Group, held: Session, items: list[Item], present: list[Member]
) -> None:
    sitting.come(held, group.members["ihio"], actor=None)
    matter = items[0].matter
    assert matter

    sitting.declare(matter, group.members["ihio"], reason="عضو هیئت مدیره", actor=None)
    motion = put(held, items)
    all_for(motion, *present, group.members["ihio"])
    sitting.count(motion, actor=None)

    rows = Decision.objects.filter(motion=motion).order_by("item__position")
    assert [(one.counted, one.in_favour) for one in rows] == [(3, 3), (4, 4)]


def test_an_interest_declared_after_the_vote_sets_the_decision_aside(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items)
    all_for(motion, *present)
    sitting.count(motion, actor=None)
    matter = items[0].matter
    assert matter

    touched = sitting.declare(matter, present[1], reason="سهام‌دار", actor=None).set_aside

    matter.refresh_from_db()
    assert [one.item_id for one in touched] == [items[0].pk]
    assert (matter.state, matter.verdict, matter.urgent) == ("waiting", "", True)
    assert Decision.objects.get(pk=touched[0].pk).set_aside_at is not None
    assert Decision.objects.filter(set_aside_at=None).get().item_id == items[1].pk


def test_a_late_interest_of_who_was_not_counted_changes_nothing(
    group: Group, held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])
    all_for(motion, *present)
    sitting.count(motion, actor=None)
    matter = items[0].matter
    assert matter

    touched = sitting.declare(
        matter, group.members["ihio"], reason="خویشاوند", actor=None
    ).set_aside

    assert touched == []
    assert Matter.objects.get(pk=matter.pk).state == "decided"


def test_what_was_set_aside_is_voted_on_again_without_that_member(
    group: Group, held: Session, items: list[Item], present: list[Member]
) -> None:
    first = put(held, items[:1])
    all_for(first, *present)
    sitting.count(first, actor=None)
    assert items[0].matter
    sitting.declare(items[0].matter, present[1], reason="سهام‌دار", actor=None)

    sitting.come(held, group.members["setad"], actor=None)
    again = put(held, items[:1])
    all_for(again, *present, group.members["setad"])
    sitting.count(again, actor=None)

    decision = Decision.objects.get(motion=again)
    assert (decision.outcome, decision.counted) == ("carried", 3)


# --- what other rooms hear --------------------------------------------------------------------


@pytest.fixture
def heard() -> Iterator[list[object]]:
    """What the room of a kind was told."""
    told: list[object] = []

    def decided(decisions: Sequence[Decided]) -> None:
        told.extend((one.object_id, one.verdict) for one in decisions)

    def undone(decisions: Sequence[Undone]) -> None:
        told.extend((one.object_id, f"undone {one.verdict}") for one in decisions)

    registry.register(Kind("heard", "heard", {"paid": "paid"}, decided=decided, undone=undone))
    yield told
    registry.unregister("heard")


def bring_object(body: Body, held: Session) -> tuple[Item, UUID]:
    key = uuid4()
    (matter,) = agenda.submit(body, "heard", [agenda.Brought("درخواست", key)], actor=None)
    return agenda.put_on(held, matter, actor=None), key


def test_the_room_of_an_object_is_told_what_was_decided_and_what_was_set_aside(
    group: Group, held: Session, present: list[Member], heard: list[object]
) -> None:
    item, key = bring_object(group.body, held)

    motion = put(held, [item], "paid")
    all_for(motion, *present)
    sitting.count(motion, actor=None)
    assert item.matter
    sitting.declare(item.matter, present[1], reason="خویشاوند", actor=None)

    assert heard == [(key, "paid"), (key, "undone paid")]


def test_a_room_that_refuses_undoes_the_count(
    group: Group, held: Session, present: list[Member], heard: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(decisions: Sequence[Decided]) -> None:
        raise Invalid("motion.silent")

    refusing = Kind("heard", "heard", {"paid": "paid"}, decided=refuse)
    monkeypatch.setitem(registry._kinds, "heard", refusing)
    item, _key = bring_object(group.body, held)
    motion = put(held, [item], "paid")
    all_for(motion, *present)

    with pytest.raises(Invalid):
        sitting.count(motion, actor=None)

    motion.refresh_from_db()
    assert motion.state == "open"
    assert outcomes(motion) == ["pending"]


# --- refusals -----------------------------------------------------------------------------------


def test_who_is_not_in_the_room_cannot_vote(group: Group, held: Session, items: list[Item]) -> None:
    motion = put(held, items[:1])

    with pytest.raises(Invalid) as refusal:
        all_for(motion, group.members["ihio"])

    assert refusal.value.code == "vote.absent"


def test_an_alternate_cannot_vote_beside_the_member(
    group: Group, held: Session, items: list[Item]
) -> None:
    alternate = actions.appoint(
        group.body, group.organisations["relief"], name="علی‌البدل", role=Role.ALTERNATE,
        start=SINCE, actor=None,
    )  # fmt: skip
    sitting.come(held, alternate, actor=None)
    motion = put(held, items[:1])

    with pytest.raises(Invalid) as refusal:
        all_for(motion, alternate)

    assert refusal.value.code == "vote.alternate"


def test_the_secretary_does_not_change_a_vote_a_member_cast(
    group: Group, held: Session, items: list[Item], cast: Cast
) -> None:
    motion = put(held, items[:1])
    sitting.vote(motion, {group.welfare.pk: FOR}, actor=cast.member.pk)

    with pytest.raises(Invalid) as refusal:
        sitting.vote(motion, {group.welfare.pk: AGAINST}, actor=cast.secretary.pk)

    assert refusal.value.code == "vote.own"


def test_a_motion_is_counted_once(held: Session, items: list[Item], present: list[Member]) -> None:
    motion = put(held, items[:1])
    all_for(motion, *present)
    sitting.count(motion, actor=None)

    with pytest.raises(Invalid) as refusal:
        sitting.count(motion, actor=None)

    assert refusal.value.code == "motion.gone"


@pytest.mark.parametrize(
    ("verdict", "text", "code"),
    [("paid", "متن", "motion.verdict"), ("approved", "  ", "motion.text")],
)
def test_a_motion_without_sense_is_refused(
    held: Session, items: list[Item], verdict: str, text: str, code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        sitting.put(held, [items[0].pk], text=text, verdict=verdict, actor=None)

    assert refusal.value.code == code


def test_a_decided_item_is_not_put_to_the_vote_again(
    held: Session, items: list[Item], present: list[Member]
) -> None:
    motion = put(held, items[:1])
    all_for(motion, *present)
    sitting.count(motion, actor=None)

    with pytest.raises(Invalid) as refusal:
        put(held, items[:1])

    assert refusal.value.code == "motion.items"


def test_a_withdrawn_motion_leaves_nothing_behind(held: Session, items: list[Item]) -> None:
    motion = put(held, items)

    sitting.withdraw_motion(motion, actor=None)

    assert not Decision.objects.exists()
    assert put(held, items).number == 2


def test_nobody_enters_twice_nor_leaves_unseen(held: Session, present: list[Member]) -> None:
    with pytest.raises(Invalid) as twice:
        sitting.come(held, present[0], actor=None)
    sitting.leave(held, present[0], actor=None)
    with pytest.raises(Invalid) as unseen:
        sitting.leave(held, present[0], actor=None)

    assert (twice.value.code, unseen.value.code) == ("attendance.in", "attendance.out")


def test_a_matter_comes_up_after_what_was_carried_over_and_what_is_urgent(
    group: Group, bring: Bring
) -> None:
    bring("عادی")
    bring("فوری", urgent=True)
    first = agenda.plan(
        group.body, starts_at=timezone.now() + dt.timedelta(days=1), place="سالن", actor=None
    )

    titles = Item.objects.filter(session=first).order_by("position")

    assert [one.matter.title for one in titles if one.matter] == ["فوری", "عادی"]
