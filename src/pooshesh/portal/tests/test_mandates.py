"""Guardian, heir and delegate: registered by proof, for a time, and worth nothing after it."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.documents.reading import Cleaned, cleaned
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.models import Event
from pooshesh.people.actions import record_death
from pooshesh.people.models import Person
from pooshesh.portal import mandates, queries, rights, visits
from pooshesh.portal.models import Code, Mandate, MandateKind, Message
from pooshesh.portal.tests.conftest import CHILDS, NOBODYS, NUMBER, PARENTS, ComeIn, page

TODAY = timezone.localdate()
DAY = dt.timedelta(1)
PARENT_MOBILE = "09121110003"


def proof() -> list[Cleaned]:
    return [cleaned(page())]


def given_to(
    person: Person, kind: str, cast: Cast, last: dt.date | None = None, since: dt.date = TODAY
) -> Mandate:
    """A mandate of the parent for somebody."""
    return mandates.register(
        person, kind=kind, name="پروین کمالوند", number=grade(Kind.NATIONAL_ID, PARENTS),
        mobile=grade(Kind.MOBILE, PARENT_MOBILE), since=since, last=last, proof=proof(),
        actor=cast.fund_clerk.pk,
    )  # fmt: skip


def test_a_guardian_comes_in_for_a_child_with_their_own_mobile(
    child: Person, cast: Cast, come_in: ComeIn
) -> None:
    given_to(child, MandateKind.GUARDIAN, cast)

    page = come_in(PARENTS, patient=CHILDS).get("/my/file/").content.decode()

    assert child.first_name in page
    assert Message.objects.get(event="code").masked[-4:] == PARENT_MOBILE[-4:]
    assert Event.objects.get(action="portal.enter").purpose == "guardian"


@pytest.mark.parametrize(
    ("holder", "of"), [(PARENTS, NUMBER), (NOBODYS, CHILDS), (NUMBER, CHILDS), (PARENTS, NOBODYS)]
)
def test_a_mandate_opens_no_other_file_and_to_nobody_else(
    child: Person, patient: Person, cast: Cast, holder: str, of: str
) -> None:
    given_to(child, MandateKind.GUARDIAN, cast)

    visits.ask(holder, patient=of)

    assert Code.objects.get().person is None


def test_a_mandate_that_ended_opens_nothing_also_within_an_open_visit(
    child: Person, cast: Cast, come_in: ComeIn
) -> None:
    made = given_to(child, MandateKind.GUARDIAN, cast, since=TODAY - 30 * DAY)
    browser = come_in(PARENTS, patient=CHILDS)

    mandates.end(made, last=TODAY - DAY, why="حضانت به دیگری رسید", actor=cast.fund_clerk.pk)

    assert browser.get("/my/file/").status_code == 302
    assert visits.ask(PARENTS, patient=CHILDS).person is None


def test_what_was_known_of_a_mandate_stays_to_be_asked_for(child: Person, cast: Cast) -> None:
    made = given_to(child, MandateKind.GUARDIAN, cast, since=TODAY - 30 * DAY)
    before = timezone.now()
    mandates.end(made, last=TODAY - 10 * DAY, why="حضانت به دیگری رسید", actor=cast.fund_clerk.pk)

    now, then = (
        queries.mandates(cast.fund_clerk, TODAY, known)[0].holds for known in (None, before)
    )
    last_month = queries.mandates(cast.fund_clerk, TODAY - 20 * DAY)[0].holds

    assert (now, then, last_month) == (False, True, True)


def test_with_the_patients_death_delegates_end_and_heirs_begin(patient: Person, cast: Cast) -> None:
    given_to(patient, MandateKind.DELEGATE, cast, last=TODAY + 90 * DAY)
    alive = visits.ask(PARENTS, patient=NUMBER).person
    with pytest.raises(Invalid, match="heirs come after"):
        given_to(patient, MandateKind.HEIR, cast)

    record_death(patient, TODAY, source="ثبت احوال", actor=cast.lorestan_clerk.pk)
    delegate = visits.ask(PARENTS, patient=NUMBER).person
    given_to(patient, MandateKind.HEIR, cast)
    heir = visits.ask(PARENTS, patient=NUMBER).person

    assert (alive, delegate, heir) == (patient, None, patient)


@pytest.mark.parametrize(
    ("kind", "last", "said"),
    [
        (MandateKind.GUARDIAN, None, "until 18 only"),
        (MandateKind.DELEGATE, None, "last day"),
        (MandateKind.DELEGATE, TODAY + 800 * DAY, "at most a year"),
        (MandateKind.DELEGATE, TODAY - DAY, "before the first"),
    ],
)
def test_what_dates_do_not_allow_is_refused(
    patient: Person, cast: Cast, kind: str, last: dt.date | None, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        given_to(patient, kind, cast, last=last)


def test_without_a_proof_and_for_oneself_there_is_no_mandate(child: Person, cast: Cast) -> None:
    facts: dict[str, Any] = {
        "kind": MandateKind.GUARDIAN, "name": "پروین", "mobile": grade(Kind.MOBILE, PARENT_MOBILE),
        "since": TODAY, "last": None, "actor": cast.fund_clerk.pk,
    }  # fmt: skip

    with pytest.raises(Invalid, match="proves"):
        mandates.register(child, number=grade(Kind.NATIONAL_ID, PARENTS), proof=[], **facts)
    with pytest.raises(Invalid, match="own number"):
        mandates.register(child, number=grade(Kind.NATIONAL_ID, CHILDS), proof=proof(), **facts)


@given(
    st.dates(dt.date(1950, 1, 1), dt.date(2030, 1, 1)),
    st.integers(0, 30_000),
    st.one_of(st.none(), st.integers(0, 30_000)),
)
def test_a_guardian_holds_exactly_while_the_patient_is_an_alive_child(
    birth: dt.date, lived: int, dies: int | None
) -> None:
    on = birth + lived * DAY
    death = birth + dies * DAY if dies is not None else None

    holds = rights.holds(MandateKind.GUARDIAN, on, birth=birth, death=death)
    himself = rights.himself(on, birth=birth, death=None)

    dead = death is not None and death <= on
    assert holds == (rights.is_child(birth, on) and not dead)
    assert himself != rights.is_child(birth, on)
    assert rights.holds(MandateKind.HEIR, on, birth=birth, death=death) == dead


def test_the_desk_registers_and_ends_a_mandate(child: Person, cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.fund_clerk)
    typed = {
        "kind": "guardian", "name": "پروین کمالوند", "national_id": PARENTS, "foreign_code": "",
        "mobile": PARENT_MOBILE, "since": "1404/01/01", "last": "", "proof": page(),
    }  # fmt: skip

    made = browser.post(f"/portal/mandates/of/{child.pk}/", typed)
    listed = browser.get("/portal/mandates/").content.decode()
    ended = browser.post(made["Location"], {"last": "1404/02/01", "why": "پایان حضانت"})

    assert (made.status_code, "پروین کمالوند" in listed, ended.status_code) == (302, True, 302)
    assert not queries.mandates(cast.fund_clerk, TODAY)[0].holds
    sealed = Mandate.objects.get()
    assert PARENT_MOBILE.encode() not in bytes(sealed.holder_mobile)


def test_the_desk_of_another_province_does_not_see_it(
    child: Person, cast: Cast, as_user: SignIn, country: Country
) -> None:
    made = given_to(child, MandateKind.GUARDIAN, cast)
    browser = as_user(cast.tehran_fund_clerk)

    pages = [f"/portal/mandates/{made.pk}/", f"/portal/mandates/of/{child.pk}/"]

    assert [browser.get(page).status_code for page in pages] == [404, 404]
    assert queries.mandates(cast.tehran_fund_clerk, TODAY) == []
    assert Client().get(pages[0]).status_code == 302
