"""Pages of meetings: who sees what, the secretary's screen, the member's, the papers."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.time import from_day
from pooshesh.meetings import actions, agenda, followup, minutes, queries, sitting
from pooshesh.meetings.models import (
    ActionItem,
    Attendance,
    Body,
    BodyKind,
    Conflict,
    Decision,
    Item,
    Motion,
    Seat,
    Session,
    Signature,
    Vote,
)
from pooshesh.meetings.tests.conftest import FOR, Bring, Group
from pooshesh.partners.models import Officer, Organisation


def page(name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=args)


@pytest.fixture
def tehran_secretary(country: Country) -> User:
    """Runs the bodies of Tehran only."""
    made = User.objects.create_user("tehran_secretary", "a long password")
    Grant.objects.create(user=made, role="secretary", area=country.tehran, valid=from_day(None))
    return made


@pytest.fixture
def lorestan_member(country: Country, group: Group) -> User:
    """A member of bodies, in reach of Lorestan only."""
    made = User.objects.create_user("lorestan_member", "a long password")
    Grant.objects.create(user=made, role="member", area=country.lorestan, valid=from_day(None))
    return made


# --- who sees what ------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretary", "member", "programme_head", "national_director"])
def test_the_body_and_its_session_are_read_by_who_may(
    as_user: SignIn, cast: Cast, group: Group, held: Session, who: str
) -> None:
    client = as_user(getattr(cast, who))
    pages = [page("bodies"), page("body", group.body.pk), page("session", held.pk),
             page("matters", group.body.pk), page("actions", group.body.pk),
             page("live", held.pk), page("agenda_pdf", held.pk), page("mine")]  # fmt: skip

    assert [client.get(one).status_code for one in pages] == [200] * len(pages)


@pytest.mark.parametrize("name", ["body", "change", "matters", "actions", "plan"])
def test_a_body_of_the_nation_does_not_exist_for_a_provinces_secretary(
    as_user: SignIn, tehran_secretary: User, group: Group, name: str
) -> None:
    assert as_user(tehran_secretary).get(page(name, group.body.pk)).status_code == 404


def test_a_seat_is_offered_to_organisations_of_ones_area_only(
    as_user: SignIn, tehran_secretary: User, country: Country
) -> None:
    body = actions.found_body(
        code="tehran", kind=BodyKind.COMMITTEE, name_fa="کمیته تهران", name_en="",
        remit_fa="پیگیری", remit_en="", area=country.tehran, capacity=5, actor=None,
    )  # fmt: skip
    town, other = (
        Organisation.objects.create(code=place.code, kind="municipality", name_fa=name, area=place)
        for place, name in (
            (country.tehran_city, "شهرداری تهران"), (country.khorramabad, "شهرداری خرم‌آباد"),
        )
    )  # fmt: skip
    client, address = as_user(tehran_secretary), page("change", body.pk)

    shown = client.get(address).content.decode()
    client.post(
        address, {"verb": "seat", "seat-organisation": other.pk, "seat-start": "1404/01/01"}
    )

    assert (str(town) in shown, str(other) in shown) == (True, False)
    assert not Seat.objects.exists()


@pytest.mark.parametrize("name", ["session", "live", "agenda_pdf", "minutes", "minutes_pdf"])
def test_a_session_out_of_reach_does_not_exist(
    as_user: SignIn, tehran_secretary: User, held: Session, name: str
) -> None:
    assert as_user(tehran_secretary).get(page(name, held.pk)).status_code == 404


def test_a_member_sees_their_body_wherever_it_works(
    as_user: SignIn, lorestan_member: User, group: Group, held: Session
) -> None:
    client = as_user(lorestan_member)
    before = client.get(page("body", group.body.pk)).status_code

    type(group.chair).objects.filter(pk=group.chair.pk).update(user_id=lorestan_member.pk)

    assert before == 404
    assert client.get(page("body", group.body.pk)).status_code == 200
    assert client.get(page("session", held.pk)).status_code == 200


def test_without_the_permission_there_are_no_meetings(as_user: SignIn, cast: Cast) -> None:
    assert as_user(cast.tehran_clerk).get(page("bodies")).status_code == 404


@pytest.mark.parametrize("verb", ["come", "count", "close", "put", "note", "assign", "open"])
def test_only_who_runs_the_body_runs_its_sessions(
    as_user: SignIn, cast: Cast, held: Session, verb: str
) -> None:
    assert as_user(cast.member).post(page("act", held.pk), {"verb": verb}).status_code == 404


# --- queries --------------------------------------------------------------------------------


def test_the_screen_of_a_session_asks_the_same_however_long_the_agenda(
    as_user: SignIn, cast: Cast, group: Group, held: Session,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    agenda.submit(
        group.body, "topic", [agenda.Brought(f"{n}", uuid4()) for n in range(60)], actor=None
    )
    Item.objects.bulk_create(
        Item(session=held, matter=one, position=10) for one in agenda.waiting(group.body)
    )
    client = as_user(cast.secretary)

    with django_assert_max_num_queries(36):
        client.get(page("session", held.pk))


@pytest.mark.parametrize(("name", "most"), [("bodies", 9), ("body", 20), ("matters", 9)])
def test_pages_of_a_body_ask_little(
    as_user: SignIn, cast: Cast, group: Group, name: str, most: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    address = page(name) if name == "bodies" else page(name, group.body.pk)
    client = as_user(cast.secretary)

    with django_assert_max_num_queries(most):
        client.get(address)


# --- the secretary ------------------------------------------------------------------------------


def test_the_secretary_sets_a_body_up(as_user: SignIn, cast: Cast, country: Country) -> None:
    client = as_user(cast.secretary)

    client.post(page("new_body"), {
        "code": "committee", "kind": "committee", "name_fa": "کمیته استانی", "remit_fa": "تصمیم",
        "capacity": "۳۰", "area": "p15",
    })  # fmt: skip

    made = Body.objects.get(code="committee")
    assert (made.province, made.capacity) == ("15", 30)


@pytest.mark.parametrize(
    ("data", "holds"),
    [
        ({"verb": "rule", "rule-start": "1400/01/01", "rule-quorum_members": "۳",
          "rule-majority_percent": "50"}, "rule"),
        ({"verb": "rule", "rule-start": "1400/01/01", "rule-majority_percent": "50"}, ""),
        ({"verb": "rule", "rule-start": "1400/01/01", "rule-quorum_members": "3",
          "rule-quorum_percent": "50", "rule-majority_percent": "50"}, ""),
    ],
)  # fmt: skip
def test_a_rule_names_one_quorum(
    as_user: SignIn, cast: Cast, group: Group, data: dict[str, str], holds: str
) -> None:
    as_user(cast.secretary).post(page("change", group.body.pk), data)

    rule = queries.rule_on(group.body)
    assert rule
    assert rule.quorum_members == (3 if holds else None)


def test_a_member_is_appointed_with_an_account(as_user: SignIn, cast: Cast, group: Group) -> None:
    client = as_user(cast.secretary)
    data = {
        "verb": "member", "member-organisation": str(group.organisations["relief"].pk),
        "member-name": "علی‌البدل", "member-role": "alternate", "member-start": "1400/01/01",
    }  # fmt: skip

    refused = client.post(page("change", group.body.pk), data | {"member-account": "nobody"})
    kept = client.post(page("change", group.body.pk), data | {"member-account": "outsider"})

    assert "nobody" in refused.content.decode()
    assert kept.status_code == 302
    assert queries.own_member(cast.outsider, group.body)


def test_a_session_is_run_on_one_screen(
    as_user: SignIn, cast: Cast, group: Group, planned: Session
) -> None:
    client, address = as_user(cast.secretary), page("act", planned.pk)
    for verb in ("invite", "open"):
        client.post(address, {"verb": verb})
    for code in ("interior", "ihio", "relief"):
        client.post(address, {"verb": "come", "member": group.members[code].pk})

    first, second = Item.objects.filter(session=planned).order_by("position")
    client.post(address, {
        "verb": "declare", "item": second.pk, "member": group.members["ihio"].pk, "reason": "سهم",
    })  # fmt: skip
    client.post(address, {"verb": "put", "all": "1", "text": "تصویب", "verdict": "approved"})
    motion = Motion.objects.get()
    client.post(address, {"verb": "vote", "motion": motion.pk, "vote": "all:for"})
    client.post(address, {"verb": "count", "motion": motion.pk})
    client.post(address, {"verb": "note", "item": first.pk, "note": "گفت‌وگو شد"})
    owner = group.organisations["welfare"].pk
    client.post(address, {
        "verb": "assign", "text": "پیگیری", "owner": owner, "deadline": "1410/01/01",
    })  # fmt: skip
    client.post(address, {"verb": "close"})

    planned.refresh_from_db()
    assert planned.state == "closed"
    assert list(Decision.objects.order_by("item__position").values_list("outcome", flat=True)) == [
        "carried",
        "no_quorum",
    ]
    assert Conflict.objects.count() == ActionItem.objects.count() == 1
    shown = client.get(page("minutes", planned.pk)).content.decode()
    assert "گفت‌وگو شد" in shown
    assert client.get(page("minutes_pdf", planned.pk))["Content-Type"] == "application/pdf"


def test_a_step_that_is_refused_says_why(as_user: SignIn, cast: Cast, held: Session) -> None:
    client = as_user(cast.secretary)

    answer = client.post(page("act", held.pk), {"verb": "invite"}, follow=True)

    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {"verb": "nonsense"},
        {"verb": "come", "member": "x"},
        {"verb": "come", "member": uuid4()},
        {"verb": "note", "item": uuid4()},
        {"verb": "count", "motion": uuid4()},
    ],
)
def test_what_is_not_of_this_session_is_404(
    as_user: SignIn, cast: Cast, held: Session, data: dict[str, str]
) -> None:
    assert as_user(cast.secretary).post(page("act", held.pk), data).status_code == 404


# --- the member -----------------------------------------------------------------------------


def test_a_member_votes_and_signs_by_their_own_hand_only(
    as_user: SignIn, cast: Cast, group: Group, held: Session, items: list[Item]
) -> None:
    client, address = as_user(cast.member), page("act", held.pk)
    motion = sitting.put(held, [items[0].pk], text="متن", verdict="approved", actor=None)

    client.post(address, {
        "verb": "vote", "motion": motion.pk, "vote": f"{group.chair.pk}:against",
    })  # fmt: skip
    sitting.vote(motion, {group.chair.pk: FOR, group.members["relief"].pk: FOR}, actor=None)
    sitting.count(motion, actor=None)
    made = minutes.close(held, actor=None)
    client.post(address, {"verb": "sign", "digest": made.digest})

    own = Vote.objects.get(member=group.welfare)
    assert (own.choice, own.cast_by) == ("against", cast.member.pk)
    signature = Signature.objects.get()
    assert (signature.member_id, signature.on_paper) == (group.welfare.pk, False)


def test_the_home_page_says_what_waits_for_a_member(
    as_user: SignIn, cast: Cast, group: Group, held: Session, items: list[Item]
) -> None:
    sitting.put(held, [items[0].pk], text="رأی درباره بودجه", verdict="approved", actor=None)
    followup.assign(
        held, text="تهیه گزارش", deadline=timezone.localdate(), member=group.welfare, actor=None
    )
    ActionItem.objects.update(deadline=timezone.localdate() - dt.timedelta(days=1))

    home = as_user(cast.member).get("/").content.decode()

    assert "رأی درباره بودجه" in home
    assert "تهیه گزارش" in home
    assert "گذشته از موعد" in home


def test_who_speaks_for_an_organisation_reports_its_action_items(
    as_user: SignIn, cast: Cast, group: Group, held: Session
) -> None:
    action = followup.assign(
        held, text="فهرست", deadline=timezone.localdate(), actor=None,
        organisation=group.organisations["welfare"],
    )  # fmt: skip
    client = as_user(cast.welfare_officer)
    stranger = client.get(page("action", action.pk)).status_code
    Officer.objects.create(
        organisation=group.organisations["welfare"], user_id=cast.welfare_officer.pk,
        valid=from_day(None), recorded=(timezone.now(), None),
    )  # fmt: skip

    dropped = client.post(page("action", action.pk), {"verb": "drop", "report": "نشد"})

    action.refresh_from_db()
    assert stranger == 404
    assert dropped.status_code == 302
    assert action.state == "done"  # only who runs the body drops


def test_topics_wait_and_are_withdrawn(
    as_user: SignIn, cast: Cast, group: Group, bring: Bring
) -> None:
    matter, address = bring("برگشتی"), page("matters", group.body.pk)
    client = as_user(cast.secretary)

    client.post(address, {"add": "1", "title": "تازه", "urgent": "on"})
    client.post(address, {"withdraw": matter.pk})

    assert [one.title for one in queries.waiting_matters(group.body)] == ["تازه"]


def test_who_only_reads_adds_nothing(as_user: SignIn, cast: Cast, group: Group) -> None:
    client = as_user(cast.programme_head)

    answer = client.post(page("matters", group.body.pk), {"add": "1", "title": "تازه"})

    assert answer.status_code == 404
    assert not Attendance.objects.exists()
