"""Planning, closing, minutes and their signatures, action items that come back; races."""

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from pooshesh.conftest import Cast
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid
from pooshesh.meetings import (
    actions,
    agenda,
    followup,
    minutes,
    paper,
    queries,
    session_queries,
    sitting,
)
from pooshesh.meetings.models import (
    ActionItem,
    Attendance,
    Conflict,
    Decision,
    Item,
    Matter,
    Minutes,
    Role,
    Session,
    Signature,
    Vote,
)
from pooshesh.meetings.tests.conftest import FOR, SINCE, Bring, Group

TODAY = timezone.localdate


@pytest.fixture
def closed(group: Group, held: Session, items: list[Item], cast: Cast) -> Session:
    """The first topic approved, the second carried over, one action item; closed."""
    motion = sitting.put(held, [items[0].pk], text="تصویب", verdict="approved", actor=None)
    present = [group.members[code].pk for code in ("interior", "relief", "welfare")]
    sitting.vote(motion, dict.fromkeys(present, FOR), actor=None)
    sitting.count(motion, actor=None)
    followup.assign(
        held, text="تهیه فهرست", deadline=TODAY() + dt.timedelta(days=3), actor=None,
        organisation=group.organisations["welfare"],
    )  # fmt: skip
    minutes.close(held, actor=cast.secretary.pk)
    held.refresh_from_db()
    return held


def digest(session: Session) -> str:
    return Minutes.objects.get(pk=session.pk).digest


def sign_all(session: Session, group: Group, cast: Cast) -> None:
    minutes.sign(session, group.welfare, digest=digest(session), actor=cast.member.pk)
    minutes.sign(session, group.chair, digest=digest(session), actor=None, on_paper=True)
    relief = group.members["relief"]
    minutes.sign(session, relief, digest=digest(session), actor=None, on_paper=True)


# --- planning ---------------------------------------------------------------------------


def test_sessions_are_numbered_within_their_year(group: Group) -> None:
    soon = timezone.now() + dt.timedelta(days=1)
    starts = [soon, soon, soon + dt.timedelta(days=400)]

    made = [agenda.plan(group.body, starts_at=at, place="سالن", actor=None) for at in starts]

    assert [one.number for one in made] == [1, 2, 1]
    assert made[2].year == made[0].year + 1


def test_an_agenda_takes_as_much_as_the_body_does(group: Group, bring: Bring) -> None:
    type(group.body).objects.filter(pk=group.body.pk).update(capacity=1)
    bring("یکم")
    bring("دوم")

    session = agenda.plan(
        group.body, starts_at=timezone.now() + dt.timedelta(days=1), place="سالن", actor=None
    )

    assert Item.objects.filter(session=session).count() == 1
    assert queries.waiting_matters(group.body).count() == 1


def test_what_was_not_decided_and_open_action_items_come_back_first(
    closed: Session, group: Group, bring: Bring
) -> None:
    bring("تازه", urgent=True)

    again = agenda.plan(
        group.body, starts_at=timezone.now() + dt.timedelta(days=14), place="سالن", actor=None
    )

    lines = session_queries.agenda(again)
    assert [line.title for line in lines] == ["تهیه فهرست", "موضوع دوم", "تازه"]
    assert [line.item.carried_over for line in lines] == [True, True, False]


def test_an_action_item_that_is_done_does_not_come_back(closed: Session, group: Group) -> None:
    followup.finish(ActionItem.objects.get(), report="فرستاده شد", actor=None)

    again = agenda.plan(
        group.body, starts_at=timezone.now() + dt.timedelta(days=14), place="سالن", actor=None
    )

    assert not Item.objects.filter(session=again).exclude(action=None).exists()


def test_items_change_places(planned: Session) -> None:
    first, second = Item.objects.filter(session=planned).order_by("position")

    agenda.move(second, up=True, actor=None)

    assert list(Item.objects.filter(session=planned).order_by("position")) == [second, first]


def test_a_cancelled_session_gives_its_matters_back(planned: Session, group: Group) -> None:
    agenda.cancel(planned, why="تعطیلی", actor=None)

    assert queries.waiting_matters(group.body).count() == 2


@pytest.mark.parametrize("why", ["", "  "])
def test_nothing_is_cancelled_or_dropped_without_a_reason(
    planned: Session, closed: Session, why: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        followup.drop(ActionItem.objects.get(), report=why, actor=None)

    assert refusal.value.code == "action.why"


def test_a_voted_item_stays_on_the_agenda(held: Session, items: list[Item]) -> None:
    sitting.put(held, [items[0].pk], text="متن", verdict="approved", actor=None)

    with pytest.raises(Invalid) as refusal:
        agenda.take_off(items[0], actor=None)

    assert refusal.value.code == "agenda.voted"


# --- closing ----------------------------------------------------------------------------


def test_the_minutes_say_who_was_there_what_was_voted_and_who_does_what(closed: Session) -> None:
    content = Minutes.objects.get(pk=closed.pk).content

    assert [len(one["spans"]) for one in content["people"]] == [1, 0, 1, 1, 0]
    (motion,) = content["motions"]
    assert (motion["members"], motion["needed"], motion["counted"]) == (5, 3, 3)
    assert motion["decisions"][0]["outcome"] == "carried"
    assert content["actions"][0]["owner"] == "سازمان welfare"
    assert digest(closed) == audit.digest(content)
    assert not Attendance.objects.filter(left_at=None).exists()


def test_a_session_does_not_close_over_an_open_motion(held: Session, items: list[Item]) -> None:
    sitting.put(held, [items[0].pk], text="متن", verdict="approved", actor=None)

    with pytest.raises(Invalid) as refusal:
        minutes.close(held, actor=None)

    held.refresh_from_db()
    assert (refusal.value.code, held.state) == ("close.motion", "open")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_secretaries_who_close_at_once_one_wins_and_the_other_is_told(
    held: Session,
) -> None:
    both, said = Barrier(2), []

    def close() -> None:
        session = Session.objects.select_related("body").get(pk=held.pk)
        both.wait()
        try:
            minutes.close(session, actor=None)
        except Invalid as error:
            said.append(error.code)
        finally:
            connection.close()

    first, second = Thread(target=close), Thread(target=close)
    first.start(), second.start()  # type: ignore[func-returns-value]
    first.join(), second.join()  # type: ignore[func-returns-value]

    assert said == ["session.gone"]
    assert Minutes.objects.count() == 1


def test_after_closing_nothing_more_is_voted_or_noted(closed: Session, group: Group) -> None:
    with pytest.raises(Invalid) as refusal:
        sitting.come(closed, group.members["ihio"], actor=None)

    assert refusal.value.code == "session.state"


# --- signing ----------------------------------------------------------------------------


def test_the_last_signature_signs_the_minutes_off(
    closed: Session, group: Group, cast: Cast
) -> None:
    sign_all(closed, group, cast)

    closed.refresh_from_db()
    assert closed.state == "signed"
    assert set(Signature.objects.values_list("digest", flat=True)) == {digest(closed)}


def test_corrected_minutes_have_to_be_read_again(
    closed: Session, group: Group, items: list[Item], cast: Cast
) -> None:
    read = digest(closed)
    minutes.correct(items[1], "به جلسه بعد ماند", actor=None)

    with pytest.raises(Invalid) as refusal:
        minutes.sign(closed, group.welfare, digest=read, actor=cast.member.pk)

    assert refusal.value.code == "minutes.other"


def test_after_the_first_signature_nothing_is_corrected(
    closed: Session, group: Group, items: list[Item], cast: Cast
) -> None:
    minutes.sign(closed, group.welfare, digest=digest(closed), actor=cast.member.pk)

    with pytest.raises(Invalid) as refusal:
        minutes.correct(items[1], "دیگر", actor=None)

    assert refusal.value.code == "minutes.signed"


@pytest.mark.parametrize("model", [Minutes, Vote, Attendance, Item, Decision, Signature])
def test_the_database_holds_what_was_signed(
    closed: Session, group: Group, cast: Cast, model: type[Vote]
) -> None:
    minutes.sign(closed, group.welfare, digest=digest(closed), actor=cast.member.pk)

    with pytest.raises(IntegrityError, match=r"signed|stays"), transaction.atomic():
        model.objects.update(province="99")


def test_a_signature_of_other_minutes_is_refused_by_the_database(
    closed: Session, group: Group
) -> None:
    with pytest.raises(IntegrityError, match="not the minutes"), transaction.atomic():
        Signature.objects.create(minutes_id=closed.pk, member=group.chair, digest="0" * 64)


@pytest.mark.parametrize(
    ("who", "code"), [("ihio", "sign.member"), ("welfare", "sign.twice"), ("relief", "")]
)
def test_only_who_was_present_signs_and_once(
    closed: Session, group: Group, cast: Cast, who: str, code: str
) -> None:
    minutes.sign(closed, group.welfare, digest=digest(closed), actor=cast.member.pk)

    said = ""
    try:
        minutes.sign(closed, group.members[who], digest=digest(closed), actor=None)
    except Invalid as error:
        said = error.code

    assert said == code


def test_an_interest_declared_after_signing_sets_aside_without_touching_the_minutes(
    closed: Session, group: Group, items: list[Item], cast: Cast
) -> None:
    sign_all(closed, group, cast)
    before = digest(closed)
    matter = items[0].matter
    assert matter

    touched = sitting.declare(
        matter, group.members["relief"], reason="سهام‌دار", actor=None
    ).set_aside

    made = Minutes.objects.get(pk=closed.pk)
    assert len(touched) == 1
    assert made.digest == before == audit.digest(made.content)
    assert Matter.objects.get(pk=matter.pk).state == "waiting"
    assert Conflict.objects.count() == 1
    with override("fa"):
        assert "سهام‌دار" in paper.words_of(closed, made)["later"][0]


# --- papers ------------------------------------------------------------------------------


def test_the_papers_are_pdfs_with_the_digest_and_signatures(
    closed: Session, group: Group, cast: Cast
) -> None:
    minutes.sign(closed, group.welfare, digest=digest(closed), actor=cast.member.pk)
    made = Minutes.objects.get(pk=closed.pk)

    with override("fa"):
        words = paper.words_of(closed, made)
        printed = [paper.minutes(closed, made), paper.invitation(closed)]

    assert [one[:5] for one in printed] == [b"%PDF-"] * 2
    assert words["digest"] == made.digest
    assert [bool(when) for _whose, _name, when in words["signatures"]] == [False, False, True]


# --- who sits ------------------------------------------------------------------------------


def test_one_seat_one_chair_one_person(group: Group, cast: Cast) -> None:
    relief = group.organisations["relief"]

    with pytest.raises(Invalid) as second:
        actions.appoint(group.body, relief, name="دیگر", role=Role.MEMBER, start=TODAY(),
                        actor=None)  # fmt: skip
    with pytest.raises(Invalid) as twice:
        actions.appoint(group.body, relief, name="همان", role=Role.ALTERNATE, start=TODAY(),
                        user_id=cast.member.pk, actor=None)  # fmt: skip

    assert (second.value.code, twice.value.code) == ("member.taken", "member.taken")


def test_who_follows_whom_is_known_for_every_day(group: Group) -> None:
    relief = group.organisations["relief"]
    day = dt.date(2022, 3, 21)

    actions.dismiss(group.members["relief"], day=day, actor=None)
    actions.appoint(group.body, relief, name="جانشین", role=Role.MEMBER, start=day, actor=None)

    before, after = (
        {str(one) for one in queries.members_of(group.body, on)} for on in (SINCE, day)
    )
    assert before - after == {"نماینده relief"}
    assert after - before == {"جانشین"}


def test_nobody_sits_without_a_seat(group: Group) -> None:
    relief = group.organisations["relief"]
    actions.end_seat(group.body, relief, day=TODAY(), actor=None)

    with pytest.raises(Invalid) as refusal:
        actions.appoint(group.body, relief, name="نو", role=Role.MEMBER, start=TODAY(), actor=None)

    assert refusal.value.code == "seat.none"
    assert group.members["relief"] not in queries.members_of(group.body)
