"""Tasks between organisations: a clock, escalation, history, promises kept."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job
from pooshesh.partners import actions, clock, tasks
from pooshesh.partners import task_queries as queries
from pooshesh.partners.clock import Share
from pooshesh.partners.models import StepKind, Task, TaskState
from pooshesh.partners.tests.conftest import Bodies, days

DAY = dt.date(2022, 1, 1)


@given(st.integers(-30, 60), st.integers(0, 30))
def test_a_task_escalates_further_with_time_and_never_before_its_day_is_over(
    late: int, more: int
) -> None:
    today = DAY + dt.timedelta(late)

    found = clock.level(DAY, today)

    assert found <= clock.level(DAY, today + dt.timedelta(more))
    assert found == 0 or late > 0
    assert clock.overdue(DAY, today) == max(0, late)


@pytest.fixture
def task(bodies: Bodies, cast: Cast, country: Country) -> Task:
    """The ministry hands welfare a task about Darvazeh-Ghar, due in five days."""
    return tasks.send(
        user=cast.programme_head, sender=bodies.interior, receiver=bodies.welfare,
        title="فهرست خانوارهای بی‌شناسنامه", due=days(5), area=country.darvazeh_ghar,
    )  # fmt: skip


def late(task: Task, count: int) -> Task:
    """The same task, so many days overdue."""
    Task.objects.filter(pk=task.pk).update(due=days(-count))
    task.refresh_from_db()
    return task


def escalate() -> dict[str, int]:
    progress = jobs.Progress(Job.objects.create(kind="partners.escalate").id)
    found: dict[str, int] = tasks.escalate(progress)
    return found


def kinds(task: Task) -> list[str]:
    return [step.kind for step in reversed(queries.history(task))]


def test_a_task_is_accepted_and_done_with_its_history(task: Task, cast: Cast) -> None:
    accepted = tasks.act(task, "accept", cast.welfare_officer)

    done = tasks.act(accepted, "finish", cast.welfare_officer, text="فرستاده شد")

    assert done.state == TaskState.DONE
    assert Task.objects.get().done_on == days(0)
    assert kinds(task) == [StepKind.SENT, StepKind.ACCEPTED, StepKind.DONE]


def test_a_task_is_returned_with_a_reason_and_sent_again_with_a_new_day(
    task: Task, cast: Cast
) -> None:
    with pytest.raises(Invalid) as without:
        tasks.act(task, "return", cast.welfare_officer)
    returned = tasks.act(task, "return", cast.welfare_officer, text="در حوزه ما نیست")

    again = tasks.act(returned, "resend", cast.programme_head, due=days(20))

    assert without.value.code == "task.reason"
    assert (again.state, Task.objects.get().due) == (TaskState.SENT, days(20))


@pytest.mark.parametrize(
    ("verb", "who", "code"),
    [
        ("accept", "programme_head", "task.not_yours"),
        ("withdraw", "welfare_officer", "task.not_yours"),
        ("finish", "welfare_officer", "transition.refused"),
        ("accept", "tehran_clerk", "task.not_yours"),
    ],
)
def test_each_side_has_its_own_verbs(
    task: Task, cast: Cast, verb: str, who: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        tasks.act(task, verb, getattr(cast, who))

    assert refused.value.code == code
    assert Task.objects.get().state == TaskState.SENT


def test_two_who_act_at_once_do_not_overrun_each_other(task: Task, cast: Cast) -> None:
    seen = Task.objects.get()
    tasks.act(task, "accept", cast.welfare_officer)

    with pytest.raises(Invalid) as refused:
        tasks.act(seen, "return", cast.welfare_officer, text="نه")

    assert refused.value.code == "task.moved_on"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": " "}, "task.title"),
        ({"due": days(-1)}, "task.due"),
    ],
)
def test_a_bad_task_is_refused(
    bodies: Bodies, cast: Cast, changed: dict[str, object], code: str
) -> None:
    good = {"title": "کار", "due": days(1), "sender": bodies.interior, "receiver": bodies.setad}

    with pytest.raises(Invalid) as refused:
        tasks.send(user=cast.programme_head, **{**good, **changed})  # type: ignore[arg-type]

    assert refused.value.code == code


def test_nobody_sends_in_anothers_name(bodies: Bodies, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        tasks.send(
            user=cast.programme_head, sender=bodies.welfare, receiver=bodies.setad, title="کار",
            due=days(1),
        )  # fmt: skip

    assert refused.value.code == "task.not_yours"


def test_an_overdue_task_escalates_to_the_head_and_then_to_the_programmes(
    task: Task, bodies: Bodies, cast: Cast
) -> None:
    actions.name_officer(
        actor=None, organisation=bodies.welfare, user_id=cast.tehran_lead.id, head=True
    )

    nothing = escalate()
    late(task, 3)
    first, again = escalate(), escalate()
    to_head = list(queries.escalated_to(cast.tehran_lead))
    to_others = [
        *queries.escalated_to(cast.welfare_officer), *queries.escalated_to(cast.programme_head),
    ]  # fmt: skip
    late(task, 10)
    second = escalate()

    assert [nothing, first, again, second] == [
        {"tasks": 0}, {"tasks": 1}, {"tasks": 0}, {"tasks": 1},
    ]  # fmt: skip
    assert (to_head, to_others) == ([task], [])
    assert list(queries.escalated_to(cast.programme_head)) == [task]
    assert kinds(task) == [StepKind.SENT, StepKind.ESCALATED, StepKind.ESCALATED]


def test_a_task_that_is_done_escalates_no_further(task: Task, cast: Cast) -> None:
    tasks.act(tasks.act(task, "accept", cast.welfare_officer), "finish", cast.welfare_officer)
    late(task, 30)

    assert escalate() == {"tasks": 0}


def test_promises_kept_are_done_in_time_out_of_those_that_fell_due(
    bodies: Bodies, cast: Cast
) -> None:
    def made(due: int, done: int | None, state: str = TaskState.DONE) -> None:
        one = tasks.open_task(
            actor=None, sender=bodies.interior, receiver=bodies.setad, title="کار", due=days(0)
        )
        Task.objects.filter(pk=one.pk).update(
            due=days(due), state=state, done_on=None if done is None else days(done)
        )

    made(-5, -5)
    made(-5, -4)  # a day late
    made(-3, None, TaskState.ACCEPTED)
    made(-3, None, TaskState.WITHDRAWN)  # nobody's promise
    made(0, None, TaskState.SENT)  # its day is not over
    made(-40, -41)  # of another period

    assert queries.promises_kept(days(-30), days(30)) == {bodies.setad.pk: Share(1, 3)}
    assert queries.promises_kept_by(bodies.welfare, days(-30), days(30)) == Share(0, 0)
    assert Share(0, 0).ratio is None


def test_inbox_and_outbox_are_each_sides_own(
    task: Task, cast: Cast, bodies: Bodies, as_user: SignIn
) -> None:
    receiver = as_user(cast.welfare_officer)
    inbox = receiver.get("/tasks/?box=in&state=open").content.decode()
    outbox = receiver.get("/tasks/?box=out").content.decode()
    home = receiver.get("/").content.decode()

    assert task.title in inbox
    assert task.title not in outbox
    assert "/tasks/?box=in&amp;state=open" in home
    assert task.title in as_user(cast.programme_head).get("/tasks/?box=out").content.decode()


def test_the_page_of_a_task_acts_and_answers(
    task: Task, cast: Cast, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(cast.welfare_officer)
    address = f"/tasks/{task.id}/"

    browser.post(f"{address}accept/", {"seen": "sent", "text": ""})
    browser.post(f"{address}reply/", {"seen": "accepted", "text": "در دست اقدام است"})
    with django_assert_max_num_queries(22):
        page = browser.get(address).content.decode()

    assert "در دست اقدام است" in page
    assert f"{address}finish/" in page
    assert f"{address}withdraw/" not in page


def test_an_overdue_task_says_so_in_the_list_and_its_export(
    task: Task, cast: Cast, as_user: SignIn
) -> None:
    late(task, 4)
    browser = as_user(cast.welfare_officer)

    shown = browser.get("/tasks/?state=overdue&col=title&col=state&col=late").content.decode()
    sheet = b"".join(browser.get("/tasks/?col=title&col=late&export=csv")).decode()

    assert "گذشته از موعد" in shown
    assert f"{task.title},4" in sheet


def test_a_task_about_another_area_does_not_exist(task: Task, cast: Cast, as_user: SignIn) -> None:
    stranger, near = as_user(cast.lorestan_clerk), cast.tehran_clerk

    assert stranger.get(f"/tasks/{task.id}/").status_code == 404
    assert task.title not in stranger.get("/tasks/").content.decode()
    assert list(queries.tasks(near)) == [task]
    assert queries.verbs(near, task) == []
