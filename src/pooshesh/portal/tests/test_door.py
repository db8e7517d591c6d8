"""One-time codes and visits: who comes in, who does not, and what nobody learns at the door."""

import datetime as dt
import json
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.people.actions import record_death
from pooshesh.people.models import Person
from pooshesh.portal import codes, messages, visits
from pooshesh.portal.models import Code, Message, Visit
from pooshesh.portal.tests.conftest import (
    CHILDS,
    MOBILE,
    NOBODYS,
    NUMBER,
    ComeIn,
    newest,
    number,
    visit_of,
)


def asked(who: str) -> tuple[list[str], bytes]:
    """The statements of asking for a code, without their values, and the answer."""
    browser = Client()
    with CaptureQueriesContext(
        connection,
    ) as caught:
        browser.post("/my/", {"number": who, "sits": "patient"})
    page = browser.get("/my/code/").content
    shapes = [
        re.sub(r"'[^']*'(::\w+)?|\b\d+\b", "?", q["sql"])[:90] for q in caught.captured_queries
    ]
    return shapes, re.sub(rb'value="\w{64}"|"\w{64}"', b"", page)


def test_a_patient_comes_in_with_the_code_and_goes_out(patient: Person, come_in: ComeIn) -> None:
    browser = come_in(NUMBER)

    page = browser.get("/my/file/")
    browser.post("/my/out/")
    after = browser.get("/my/file/")

    assert (page.status_code, patient.first_name in page.content.decode()) == (200, True)
    assert (after.status_code, after["Location"]) == (302, "/my/")
    verbs = Event.objects.filter(action__startswith="portal.").order_by("pk")
    assert [e.action for e in verbs] == ["portal.ask_code", "portal.enter", "portal.leave"]
    assert Visit.objects.get().ended == "out"


def test_the_code_goes_to_the_mobile_on_record_and_is_kept_nowhere(patient: Person) -> None:
    visits.ask(NUMBER)
    outbox = config().home / "outbox"
    before = set(outbox.glob("*")) if outbox.exists() else set()

    sent = messages.deliver()

    lines = [
        json.loads(line)
        for path in sorted(set(outbox.glob("*")) - before)
        for line in path.read_text().splitlines()
    ]
    code = codes.of(newest().pk)
    assert (sent, lines[-1]["to"], code in lines[-1]["text"]) == (1, MOBILE, True)
    row = Message.objects.get()
    assert (row.mobile, row.text, row.masked[-4:]) == (None, "", MOBILE[-4:])
    assert messages.deliver() == 0


def test_the_door_tells_nobody_who_is_known(patient: Person) -> None:
    asked(number(408199999))  # the first one fills caches

    known, answer = asked(NUMBER)
    unknown, same_answer = asked(NOBODYS)
    gibberish, _ = asked("abc")

    assert known == unknown == gibberish
    assert answer == same_answer
    assert Message.objects.filter(sent_at=None).count() == 1


def test_a_code_nobody_got_opens_nothing(patient: Person) -> None:
    made = visits.ask(NOBODYS)

    with pytest.raises(Invalid, match="not the code"):
        visits.confirm(made.pk, codes.of(made.pk))


def test_a_wrong_code_counts_and_five_end_it(patient: Person) -> None:
    made = visits.ask(NUMBER)
    wrong = f"{(int(codes.of(made.pk)) + 1) % 10**6:06}"
    refused = [_refused(made, wrong) for _ in range(visits.TRIES)]

    with pytest.raises(Invalid, match="not the code"):
        visits.confirm(made.pk, codes.of(made.pk))
    assert all(refused)
    assert Code.objects.get().tries == visits.TRIES


def _refused(made: Code, typed: str) -> bool:
    try:
        visits.confirm(made.pk, typed)
    except Invalid:
        return True
    return False


def test_one_code_opens_one_visit(patient: Person) -> None:
    made = visits.ask(NUMBER)
    visits.confirm(made.pk, codes.of(made.pk))

    with pytest.raises(Invalid, match="not the code"):
        visits.confirm(made.pk, codes.of(made.pk))


def test_a_code_of_six_minutes_ago_opens_nothing(patient: Person) -> None:
    made = visits.ask(NUMBER)
    Code.objects.update(ends_at=timezone.now() - dt.timedelta(minutes=1))

    with pytest.raises(Invalid, match="five minutes"):
        visits.confirm(made.pk, codes.of(made.pk))


@pytest.mark.parametrize("who", [NUMBER, NOBODYS])
def test_a_number_asks_five_times_in_a_quarter_of_an_hour(patient: Person, who: str) -> None:
    asked_for = [visits.ask(who) for _ in range(visits.ASKS)]

    with pytest.raises(Invalid, match="Too many"):
        visits.ask(f" {who[:4]}-{who[4:]}")
    assert len(asked_for) == visits.ASKS


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_tries_at_once_are_each_counted(patient: Person) -> None:
    made = visits.ask(NUMBER)
    wrong = f"{(int(codes.of(made.pk)) + 1) % 10**6:06}"

    def guess(_: int) -> bool:
        try:
            return _refused(made, wrong)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        refused = list(pool.map(guess, range(12)))

    assert (all(refused), Code.objects.get().tries) == (True, visits.TRIES)


def test_the_session_of_before_is_worth_nothing_inside(patient: Person) -> None:
    browser = Client()
    browser.post("/my/", {"number": NUMBER, "sits": "patient"})
    planted = browser.session.session_key
    browser.post("/my/code/", {"code": codes.of(newest().pk)})

    thief = Client()
    thief.cookies["sessionid"] = str(planted)
    answer = thief.get("/my/file/")

    assert answer.status_code == 302
    assert browser.get("/my/file/").status_code == 200


def test_another_browser_cannot_use_the_code(patient: Person) -> None:
    visits.ask(NUMBER)

    answer = Client().post("/my/code/", {"code": codes.of(newest().pk)})

    assert (answer.status_code, answer["Location"]) == (302, "/my/")


def test_a_helper_is_recorded_and_shown(patient: Person, come_in: ComeIn) -> None:
    browser = come_in(NUMBER, sits="helper")

    page = browser.get("/my/file/").content.decode()

    assert "badge warn" in page
    assert Event.objects.get(action="portal.enter").purpose == "helper"


def test_a_visit_ends_when_nobody_is_there(patient: Person, come_in: ComeIn) -> None:
    browser = come_in(NUMBER)
    Visit.objects.update(seen_at=timezone.now() - visits.IDLE)

    answer = browser.get("/my/file/")

    assert (answer.status_code, Visit.objects.get().ended) == (302, "idle")


def test_a_child_has_no_code_of_its_own(child: Person) -> None:
    visits.ask(CHILDS)

    assert Code.objects.get().person is None


def test_after_a_death_the_patients_code_opens_nothing(
    patient: Person, come_in: ComeIn, cast: Cast
) -> None:
    browser = come_in(NUMBER)
    record_death(patient, timezone.localdate(), source="ثبت احوال", actor=cast.lorestan_clerk.pk)

    answer = browser.get("/my/file/")
    again = visits.ask(NUMBER)

    assert (answer.status_code, again.person) == (302, None)


def test_the_reader_of_a_record_is_told_by_role_alone(
    patient: Person, cast: Cast, come_in: ComeIn
) -> None:
    clerk = Client()
    clerk.force_login(cast.lorestan_clerk)
    clerk.post("/persons/purpose/", {"purpose": "cover"})
    clerk.get(f"/persons/{patient.pk}/")

    page = come_in(NUMBER).get("/my/readers/").content.decode()

    assert "کارشناس استان" in page
    assert cast.lorestan_clerk.username not in page


def test_pages_ask_few_statements(
    patient: Person, come_in: ComeIn, django_assert_max_num_queries: object
) -> None:
    browser = come_in(NUMBER)

    with django_assert_max_num_queries(12):  # type: ignore[operator]
        browser.get("/my/readers/")


@given(st.uuids())
def test_a_code_is_six_digits_and_read_in_any_script(code_id: object) -> None:
    code = codes.of(code_id)  # type: ignore[arg-type]
    persian = code.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))

    assert re.fullmatch(r"\d{6}", code)
    assert codes.matches(code_id, f" {persian[:3]} {persian[3:]}")  # type: ignore[arg-type]


def test_one_visit_is_the_actor_of_what_is_done_in_it(patient: Person, come_in: ComeIn) -> None:
    browser = come_in(NUMBER)

    assert Event.objects.get(action="portal.enter").actor == visit_of(browser)
    assert visits.seen(uuid4()) is None
