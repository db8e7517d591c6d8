"""The clerk's desk: the next file, in one clerk's hands at a time, without going back to a list."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

import pytest
from django.db import connection, reset_queries
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.disease.models import Disease
from pooshesh.documents.models import Document
from pooshesh.documents.tests.files import png, upload
from pooshesh.fund import applications, desk, queries
from pooshesh.fund.following import WORK
from pooshesh.fund.models import Application, Assignment, Channel, State
from pooshesh.fund.tests.conftest import Apply, MakePatient
from pooshesh.kernel.errors import Invalid
from pooshesh.people import actions as people
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, zahra

pytestmark = pytest.mark.django_db
Waiting = Callable[..., list[Application]]


@pytest.fixture
def waiting(application: Apply, patient: MakePatient) -> Waiting:
    """`waiting(3)` are applications of three patients, the first the oldest."""

    def make(count: int) -> list[Application]:
        return [application(patient("بیمار", f"شماره {'ابپتثجچح'[n]}")) for n in range(count)]

    return make


def _second(cast: Cast, country: Country) -> User:
    """Another fund clerk of Lorestan."""
    made = User.objects.create_user("second_clerk", "a long password", full_name="second")
    Grant.objects.create(
        user=made, role="fund_clerk", area=country.lorestan, valid=DateRange(None, None)
    )
    return made


def _row(got: tuple[desk.WorkKind, Application] | None) -> Application:
    assert got is not None
    return got[1]


def test_the_urgent_come_first_then_who_waits_longest_and_what_was_put_off_last(
    waiting: Waiting, cast: Cast
) -> None:
    oldest, middle, urgent = waiting(3)
    Application.objects.filter(pk=urgent.pk).update(urgent=True)
    kind = desk.kind_of(WORK)
    assert kind

    first = _row(desk.take(cast.fund_clerk))
    applications.send_to_university(first.pk, actor=cast.fund_clerk.pk)
    second = _row(desk.take(cast.fund_clerk))
    desk.skip(cast.fund_clerk, kind, second, "waits for a call")
    third = _row(desk.take(cast.fund_clerk))
    applications.send_to_university(third.pk, actor=cast.fund_clerk.pk)
    last = _row(desk.take(cast.fund_clerk))

    assert [first, second, third, last] == [urgent, oldest, middle, oldest]


def test_a_file_is_in_one_clerks_hands_until_the_time_runs_out(
    waiting: Waiting, cast: Cast, country: Country
) -> None:
    one, other = waiting(2)
    second = _second(cast, country)

    mine = _row(desk.take(cast.fund_clerk))
    again = _row(desk.take(cast.fund_clerk))
    theirs = _row(desk.take(second))
    Assignment.objects.filter(holder=second.pk).update(until=timezone.now() - dt.timedelta(1))
    Assignment.objects.filter(object_id=mine.pk).delete()
    freed = _row(desk.take(cast.fund_clerk))

    assert (mine, again, theirs) == (one, one, other)
    assert freed == one
    with pytest.raises(Invalid):
        desk.check_free(second.pk, one.pk)


def test_who_opens_a_held_file_by_its_address_is_told_and_changes_nothing(
    waiting: Waiting, cast: Cast, country: Country, as_user: SignIn
) -> None:
    (row,) = waiting(1)
    desk.take(cast.fund_clerk)
    client = as_user(_second(cast, country))

    shown = client.get(f"/fund/applications/{row.pk}/").content.decode()
    client.post(f"/fund/desk/{WORK}/{row.pk}/hold/")

    assert "کارشناس دیگری روی این پرونده کار می‌کند" in shown
    assert Assignment.objects.get().holder == cast.fund_clerk.pk


@pytest.mark.parametrize("step", ["send", "withdraw", "documents"])
def test_what_a_clerk_holds_another_moves_by_no_step(
    waiting: Waiting, cast: Cast, country: Country, as_user: SignIn, step: str
) -> None:
    (row,) = waiting(1)
    desk.take(cast.fund_clerk)
    client = as_user(_second(cast, country))

    answer = client.post(
        f"/fund/applications/{row.pk}/{step}/",
        {"text": "moved", "kind": "diagnosis", "uploads": [upload("scan.png", png())]},
        follow=True,
    )

    assert "چیزی تغییر نکرد" in answer.content.decode()
    assert Application.objects.get().state == State.RECEIVED
    assert not Document.objects.exists()


def test_a_file_is_not_put_off_without_a_reason(waiting: Waiting, cast: Cast) -> None:
    (row,) = waiting(1)
    kind = desk.kind_of(WORK)
    assert kind

    with pytest.raises(Invalid):
        desk.skip(cast.fund_clerk, kind, row, " ")

    assert not Assignment.objects.exists()


def test_what_moved_on_is_in_nobodys_hands(waiting: Waiting, cast: Cast) -> None:
    (row,) = waiting(1)
    desk.take(cast.fund_clerk)

    people.record_death(
        Person.objects.get(pk=row.file.person_id), timezone.localdate(), source="registry",
        actor=cast.fund_clerk.pk,
    )  # fmt: skip

    assert not Assignment.objects.exists()
    assert desk.take(cast.fund_clerk) is None


def test_the_desk_counts_what_waits_in_its_own_area(waiting: Waiting, cast: Cast) -> None:
    waiting(2)
    desk.take(cast.fund_clerk)

    (mine,) = [one for one in desk.waiting(cast.fund_clerk) if one.kind.code == WORK]
    (theirs,) = [one for one in desk.waiting(cast.tehran_fund_clerk) if one.kind.code == WORK]

    assert (mine.total, mine.held, mine.urgent) == (2, 1, 0)
    assert theirs.total == 0


def _step(client: Client, row: Application, verb: str, **data: str) -> str:
    answer = client.post(f"/fund/applications/{row.pk}/{verb}/", {**data, "next": "1"})
    return str(answer["Location"])


def test_a_clerk_works_through_files_without_going_back_to_a_list(
    waiting: Waiting, cast: Cast, as_user: SignIn
) -> None:
    rows = waiting(4)
    client = as_user(cast.fund_clerk)

    start = client.post("/fund/desk/next/")["Location"]
    after_send = _step(client, rows[0], "send")
    after_return = _step(client, rows[1], "return", template="unreadable")
    skipped = client.post(f"/fund/desk/{WORK}/{rows[2].pk}/skip/", {"why": "a call is awaited"})
    after_last = _step(client, rows[3], "send")
    done = _step(client, rows[2], "send")

    path = [start, after_send, after_return, skipped["Location"], after_last]
    order = [rows[0], rows[1], rows[2], rows[3], rows[2]]
    assert path == [f"/fund/applications/{row.pk}/" for row in order]
    assert done == "/fund/desk/"
    assert all(one != other for one, other in pairwise(path))
    assert queries.counts_by_state(cast.fund_clerk)[State.VERIFYING] == 3


FILES = 200


@pytest.fixture
def many(country: Country, sma: Disease, cast: Cast) -> None:
    """Two hundred applications at Lorestan's desk, of as many patients."""
    rows = [
        zahra(row=n, household=str(n), first_name=f"بیمار {n}", national_id="", mobile="")
        for n in range(FILES)
    ]
    done = register_census(rows, area=country.falak_ol_din, on=DAY, actor=None)
    for person in done.persons.values():
        applications.apply(person, sma, channel=Channel.DESK, actor=cast.fund_clerk.pk)


def _work_off(clients: list[Client]) -> tuple[list[str], list[int]]:
    """Clerks in turn send the file before them on and are handed the next, until all have been.

    Returns the addresses in the order they were handed out, and the statements of each press.
    """
    at = [client.post("/fund/desk/next/")["Location"] for client in clients]
    handed, costs = [*at], []
    for n in range(FILES):
        which = n % len(clients)
        reset_queries()  # the log is of a bounded length
        with CaptureQueriesContext(connection) as took:
            at[which] = clients[which].post(f"{at[which]}send/", {"next": "1"})["Location"]
        handed.append(at[which])
        costs.append(len(took))
    return handed, costs


def test_two_clerks_work_off_200_files_by_next_file_alone_each_at_the_same_cost(
    many: None, cast: Cast, country: Country
) -> None:
    clients = [Client(), Client()]
    clients[0].force_login(cast.fund_clerk)
    clients[1].force_login(_second(cast, country))

    handed, costs = _work_off(clients)

    assert len(set(handed[:FILES])) == FILES
    assert handed[FILES:] == ["/fund/desk/"] * 2
    assert set(Application.objects.values_list("state", flat=True)) == {State.VERIFYING}
    assert max(costs) == costs[2]  # of the second file each; the first also warms what is kept


def test_two_presses_of_a_button_send_once(waiting: Waiting, cast: Cast, as_user: SignIn) -> None:
    (row,) = waiting(1)
    client = as_user(cast.fund_clerk)

    _step(client, row, "send")
    second = client.post(f"/fund/applications/{row.pk}/send/", follow=True).content.decode()

    assert "نمی‌توان" in second
    assert row.steps.filter(verb="send").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_ten_hands_at_once_get_ten_files(waiting: Waiting, cast: Cast, country: Country) -> None:
    rows = waiting(6)
    clerks = [cast.fund_clerk, _second(cast, country)]

    def take(clerk: User) -> UUID | None:
        try:
            got = desk.take(clerk)
            return got[1].pk if got else None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(take, clerks * 4))

    held = dict(Assignment.objects.values_list("object_id", "holder"))
    assert {held[pk] for pk in got if pk} == {clerk.pk for clerk in clerks}
    assert set(held) <= {row.pk for row in rows}
    assert all(held[pk] == clerk.pk for pk, clerk in zip(got, clerks * 4, strict=True) if pk)
