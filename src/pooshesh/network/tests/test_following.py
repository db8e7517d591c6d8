"""Gaps beside hand-overs, tasks between organisations, and the working group's decisions."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.meetings.models import Body, BodyKind, Matter
from pooshesh.meetings.registry import Decided, Undone
from pooshesh.network import actions, following
from pooshesh.network.models import Finder, Gap, GapKind, GapState, Severity
from pooshesh.partners.models import Organisation, OrganisationKind, Task, TaskState
from pooshesh.partners.signals import handed_over
from pooshesh.partners.subjects import subject

SAID = "نزدیک‌ترین درمانگاه دو ساعت راه است"
SOON = timezone.localdate() + dt.timedelta(days=30)
TODAY = timezone.localdate()


def organisation(code: str) -> Organisation:
    return Organisation.objects.get_or_create(
        code=code, defaults={"kind": OrganisationKind.SPONSOR, "name_fa": code, "name_en": code}
    )[0]


@pytest.fixture
def gap(country: Country) -> Gap:
    """A critical one that was confirmed."""
    made = actions.report_gap(
        area=country.darvazeh_ghar, kind=GapKind.CLINIC, severity=Severity.CRITICAL, text=SAID,
        found_by=Finder.STAFF, actor=None,
    )  # fmt: skip
    return actions.move_gap(made, "confirm", text="", actor=None)


@pytest.fixture
def given(gap: Gap) -> Gap:
    """The gap, given to a sponsor by the insurer."""
    organisation("ihio")
    return actions.move_gap(
        gap, "assign", text=SAID, actor=None, owner=organisation("of_welfare"), deadline=SOON
    )


@pytest.fixture
def group(country: Country) -> Body:
    return Body.objects.get_or_create(
        code="technical", defaults={
            "kind": BodyKind.WORKING_GROUP, "name_fa": "کارگروه", "name_en": "Group",
            "area": country.nation, "area_path": country.nation.path, "capacity": 20,
        },
    )[0]  # fmt: skip


def decided(gap: Gap, verdict: str) -> Decided:
    return Decided(uuid4(), gap.pk, verdict, uuid4(), "تصویب شد که", uuid4(), timezone.now(), None)


def test_an_owner_gets_a_task_that_is_done_with_the_gap(given: Gap, cast: Cast) -> None:
    task = Task.objects.get(about_id=str(given.pk))
    actions.move_gap(given, "close", text="درمانگاه باز شد و پزشک دارد", actor=None)

    done = Task.objects.get(pk=task.pk)
    shown = subject(cast.programme_head, "gap", str(given.pk))
    assert (task.sender.code, task.receiver, task.due) == ("ihio", given.owner, SOON)
    assert (done.state, done.done_on) == (TaskState.DONE, TODAY)
    assert shown
    assert shown.address == f"/gaps/{given.pk}/"


def test_a_task_names_no_gap_outside_the_viewers_area(given: Gap, cast: Cast) -> None:
    here, elsewhere, without = (
        subject(user, "gap", str(given.pk))
        for user in (cast.tehran_clerk, cast.lorestan_clerk, cast.tehran_mayor)
    )

    assert here is not None
    assert (elsewhere, without) == (None, None)


def test_another_owner_gets_another_task_and_the_first_is_taken_back(given: Gap) -> None:
    actions.move_gap(
        given, "assign", text=SAID, actor=None, owner=organisation("of_relief"), deadline=SOON
    )

    states = Task.objects.order_by("sent_at").values_list("receiver__code", "state")
    assert list(states) == [("of_welfare", TaskState.WITHDRAWN), ("of_relief", TaskState.SENT)]


def test_a_gap_the_insurer_fixes_itself_is_no_task(gap: Gap) -> None:
    actions.move_gap(
        gap, "assign", text=SAID, actor=None, owner=organisation("ihio"), deadline=SOON
    )

    assert Task.objects.count() == 0


def test_open_gaps_of_the_former_sponsor_move_with_the_place(given: Gap, country: Country) -> None:
    handed_over.send(
        sender=None, areas=[country.darvazeh_ghar], former=organisation("of_welfare"),
        receiver=organisation("of_relief"), on=TODAY, hand_over=None,
    )  # fmt: skip

    given.refresh_from_db()
    assert given.owner == organisation("of_relief")
    assert given.steps.latest("at").verb == "move"
    assert Task.objects.get().receiver == organisation("of_relief")


def test_gaps_of_others_and_elsewhere_stay(given: Gap, country: Country) -> None:
    others = {"former": organisation("of_setad"), "receiver": organisation("of_relief")}
    handed_over.send(sender=None, areas=[country.darvazeh_ghar], on=TODAY, hand_over=None, **others)
    mine = {"former": organisation("of_welfare"), "receiver": organisation("of_relief")}
    handed_over.send(sender=None, areas=[country.unsponsored], on=TODAY, hand_over=None, **mine)

    given.refresh_from_db()
    assert given.owner == organisation("of_welfare")


def test_severe_gaps_nobody_was_given_wait_for_the_working_group_once(
    gap: Gap, group: Body
) -> None:
    first = following.bring_severe(lambda *_step: None)
    again = following.bring_severe(lambda *_step: None)

    assert (first, again) == ({"gaps": 1}, {"gaps": 0})
    assert Matter.objects.get(kind="gap").urgent


def test_what_waits_there_is_not_brought_again(
    as_user: SignIn, cast: Cast, gap: Gap, group: Body
) -> None:
    browser = as_user(cast.tehran_clerk)
    browser.post(f"/gaps/{gap.pk}/bring/")

    with pytest.raises(Invalid, match="waits for a decision"):
        following.bring([gap], actor=None)
    assert "/bring/" not in browser.get(f"/gaps/{gap.pk}/").content.decode()
    assert Matter.objects.filter(kind="gap").count() == 1


def test_a_decision_moves_the_gap_and_setting_it_aside_opens_it_again(gap: Gap) -> None:
    following.KIND.decided([decided(gap, following.REFUSE)])
    gap.refresh_from_db()
    refused = gap.state
    following.KIND.undone([Undone(uuid4(), gap.pk, following.REFUSE, "تعارض منافع عضو", None)])

    gap.refresh_from_db()
    assert (refused, gap.state) == (GapState.REFUSED, GapState.CONFIRMED)


def test_a_decision_to_fix_stands_in_the_history(gap: Gap) -> None:
    following.KIND.decided([decided(gap, following.FIX)])

    gap.refresh_from_db()
    step = gap.steps.latest("at")
    assert (gap.state, step.verb) == (GapState.CONFIRMED, "decide")
    assert "تصویب شد که" in step.text


def test_a_gap_of_another_province_is_not_brought(as_user: SignIn, cast: Cast, gap: Gap) -> None:
    assert as_user(cast.lorestan_clerk).post(f"/gaps/{gap.pk}/bring/").status_code == 404
