"""What people see and do with cover in the browser, and what they must not see."""

import datetime as dt
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.coverage import actions, codes, payments, proofs, suspensions
from pooshesh.coverage.models import (
    Application,
    Document,
    Invoice,
    Notice,
    Payment,
    Proof,
    Reason,
    Resolution,
    Spell,
)
from pooshesh.coverage.tests.conftest import NEW_YEAR, NEXT_YEAR, REASON, YEARLY, Family
from pooshesh.coverage.tests.test_suspension import DEADLINE, TODAY
from pooshesh.coverage.verify_pages import TRIES
from pooshesh.kernel.models import Event, Subject
from pooshesh.kernel.money import Rial

#: What is typed → the lists that have it: Zahra's name, and the number of Ali.
FOUND_IN = {
    "زهرا": ("spells", "arrears", "notices"), "0499370899": ("spells", "arrears", "doubles"),
}  # fmt: skip
SEARCHED = ("spells", "arrears", "notices", "doubles")


def text(browser: Client, name: str, *args: object, **query: str) -> str:
    answer = browser.get(reverse(f"coverage:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(browser: Client, name: str, *args: object, **data: object) -> str:
    """What the page says after a form was sent."""
    answer = browser.post(reverse(f"coverage:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def clerk(cast: Cast, as_user: SignIn) -> Client:
    return as_user(cast.tehran_clerk)


@pytest.fixture
def everything(country: Country, insured: Family) -> Family:
    """A household with an invoice, a payment, a notice, a card and a second insurer."""
    payments.issue_invoice(insured.household, NEW_YEAR, NEXT_YEAR, actor=None)
    payments.record_payment(
        insured.household, Rial(YEARLY), reference="77", paid_on=dt.date(2025, 1, 1), actor=None
    )
    suspensions.give_notice(insured.zahra, Reason.ARREARS, DEADLINE, actor=None)
    proofs.issue(insured.zahra, actor=None)
    actions.record_roll_cover(
        "sso", [insured.ali.pk], area=country.unsponsored, on=NEW_YEAR, actor=None
    )
    return insured


@pytest.mark.parametrize(
    ("name", "queries"),
    [("schemes", 12), ("spells", 12), ("arrears", 10), ("notices", 11), ("doubles", 16),
     ("births", 8)],
)  # fmt: skip
def test_a_list_shows_its_area_alone_for_the_same_few_statements(
    cast: Cast, as_user: SignIn, everything: Family, name: str, queries: int,
    django_assert_max_num_queries: object,
) -> None:  # fmt: skip
    clerk = as_user(cast.tehran_clerk)
    with django_assert_max_num_queries(queries):  # type: ignore[operator]
        here = text(clerk, name)

    elsewhere = text(as_user(cast.lorestan_clerk), name)

    assert here != elsewhere
    assert "کریمی‌نژاد" not in elsewhere
    assert "محله بی‌حامی" not in elsewhere


@pytest.mark.parametrize("typed", ["زهرا", "0499370899", "بهرام"])
def test_a_list_is_searched_by_name_or_number(
    clerk: Client, everything: Family, typed: str
) -> None:
    found = {name for name in SEARCHED if exported(clerk, name, typed)}

    assert found == set(FOUND_IN.get(typed, ()))


def exported(browser: Client, name: str, typed: str) -> list[str]:
    """The rows of a list in a file, narrowed to what was typed."""
    answer = browser.get(reverse(f"coverage:{name}"), {"q": typed, "export": "csv"})
    return b"".join(answer).decode().splitlines()[1:]


def test_who_left_in_a_file_is_written_down(clerk: Client, everything: Family) -> None:
    b"".join(clerk.get(reverse("coverage:spells"), {"export": "csv"}))

    event = Event.objects.get(action="coverage.export")
    people = set(Subject.objects.filter(event=event).values_list("person_id", flat=True))
    assert people == {everything.zahra.pk, everything.ali.pk}


def test_funds_count_persons_of_a_day(clerk: Client, everything: Family) -> None:
    before = text(clerk, "schemes", on="1402/12/29")

    assert "هیچ" not in text(clerk, "schemes").partition("<table")[2]
    assert "<table" not in before


def test_arrears_show_what_is_owed_and_how_late(clerk: Client, everything: Family) -> None:
    shown = text(clerk, "arrears")

    assert "۱۹٬۳۸۰٬۰۰۰ ریال" in shown
    assert "زهرا کریمی‌نژاد" in shown


PERSON_PAGES = ("person", "notice", "suspend", "revive", "newborn")
HOUSEHOLD_PAGES = ("household", "enrol", "invoice_new", "pay", "refund")


def statuses(browser: Client, names: tuple[str, ...], row: UUID) -> list[int]:
    return [browser.get(reverse(f"coverage:{name}", args=[row])).status_code for name in names]


def test_a_persons_cover_is_for_its_area_alone(
    cast: Cast, as_user: SignIn, insured: Family
) -> None:
    users = (cast.tehran_clerk, cast.lorestan_clerk, cast.tehran_mayor)

    seen = [statuses(as_user(user), PERSON_PAGES, insured.zahra.pk) for user in users]

    assert seen == [[200] * 5, [404] * 5, [404] * 5]


def test_a_households_cover_is_for_its_area_alone(
    cast: Cast, as_user: SignIn, insured: Family
) -> None:
    users = (cast.tehran_clerk, cast.lorestan_clerk, cast.field_worker)

    seen = [statuses(as_user(user), HOUSEHOLD_PAGES, insured.household.pk) for user in users]

    assert seen == [[200] * 5, [404] * 5, [404] * 5]


def test_papers_are_for_their_area_alone(cast: Cast, as_user: SignIn, everything: Family) -> None:
    rows: list[tuple[str, UUID]] = [
        ("invoice", Invoice.objects.get().pk), ("receipt", Payment.objects.get().pk),
        ("letter", Notice.objects.get().pk), ("card", Proof.objects.get().pk),
    ]  # fmt: skip
    addresses = [reverse(f"coverage:{name}", args=[row]) for name, row in rows]

    theirs = [as_user(cast.lorestan_clerk).get(one).status_code for one in addresses]
    papers = [as_user(cast.tehran_clerk).get(one) for one in addresses]

    assert theirs == [404] * 4
    assert [paper.content[:5] for paper in papers] == [b"%PDF-"] * 4
    assert Event.objects.filter(action="coverage.print").count() == 4


def test_a_clerk_enrols_a_household_with_documents(clerk: Client, family: Family) -> None:
    shown = text(clerk, "enrol", family.household.pk, on="1403/01/01")
    said = post(
        clerk, "enrol", family.household.pk, on="1403/01/01",
        member=[str(family.zahra.pk), str(family.ali.pk)],
        identity=SimpleUploadedFile("کارت.pdf", b"%PDF-1.4 x"),
    )  # fmt: skip

    made = Application.objects.get()
    kept = clerk.get(reverse("coverage:document", args=[Document.objects.get().pk]))
    form = clerk.get(reverse("coverage:application", args=[made.pk]))
    assert "۱۹٬۳۸۰٬۰۰۰ ریال" in shown
    assert "سی و هشت میلیون" in shown
    assert "دهک ۱۰" in shown
    assert Spell.objects.filter(application_id=made.pk).count() == 2
    assert str(made.pk) in said
    assert b"".join(kept) == b"%PDF-1.4 x"
    assert form.content.startswith(b"%PDF-")


def test_an_unknown_premium_is_said_on_the_page(clerk: Client, family: Family) -> None:
    assert "نامعلوم" in text(clerk, "enrol", family.household.pk)


def test_a_wrong_document_is_told_and_nobody_enrolled(clerk: Client, family: Family) -> None:
    said = post(
        clerk, "enrol", family.household.pk, on="1403/01/01", member=[str(family.zahra.pk)],
        identity=SimpleUploadedFile("scan.pdf", b"MZ program"),
    )  # fmt: skip

    assert "scan.pdf" in said
    assert not Spell.objects.exists()


def test_toman_for_rial_is_asked_about(clerk: Client, everything: Family) -> None:
    data = {
        "amount": str(YEARLY // 10), "reference": "88", "paid_on": "1403/11/01", "method": "bank",
    }  # fmt: skip

    asked = post(clerk, "pay", everything.household.pk, **data)
    post(clerk, "pay", everything.household.pk, **data, sure="on")

    assert "۱۹٬۳۸۰٬۰۰۰ ریال" in asked
    assert Payment.objects.get(reference="88").amount == YEARLY // 10


def test_a_clerk_bills_cancels_and_refunds(clerk: Client, insured: Family) -> None:
    home = insured.household.pk
    post(clerk, "invoice_new", home, year="1403", month="1")
    one = Invoice.objects.get()
    post(clerk, "pay", home, amount=str(one.amount), reference="9", paid_on="1403/11/01",
         method="card")  # fmt: skip
    post(clerk, "invoice_cancel", one.pk, reason=REASON)
    post(clerk, "refund", home, amount=str(one.amount), reference="10", refunded_on="1403/11/02",
         reason=REASON)  # fmt: skip

    shown = text(clerk, "household", home)
    assert REASON in shown
    assert "10" in shown


def test_a_clerk_gives_notice_suspends_and_revives(clerk: Client, insured: Family) -> None:
    person = insured.zahra.pk
    post(clerk, "notice", person, reason="documents", deadline=DEADLINE.isoformat(), text="مدارک")
    post(clerk, "suspend", person, reason="documents", start=DEADLINE.isoformat())
    then = text(clerk, "person", person, on=DEADLINE.isoformat())
    post(clerk, "revive", person, since=DEADLINE.isoformat())

    now = text(clerk, "person", person, on=DEADLINE.isoformat())
    assert "badge bad" in then
    assert "badge bad" not in now.partition("<h2")[0]
    assert "مدارک" in now


def test_a_refused_suspension_says_why(clerk: Client, everything: Family) -> None:
    said = post(clerk, "suspend", everything.zahra.pk, reason="arrears", start=TODAY.isoformat())

    assert "بی‌خبر" in said


def test_a_clerk_decides_which_insurer_stays(clerk: Client, everything: Family) -> None:
    said = post(clerk, "resolve", everything.ali.pk, "sso", stays="ours",
                since=DEADLINE.isoformat(), reason=REASON)  # fmt: skip

    assert Resolution.objects.get().stays_ours
    assert "علی" not in said.partition("<table")[2]


def test_a_clerk_registers_a_newborn(clerk: Client, insured: Family) -> None:
    said = post(clerk, "newborn", insured.zahra.pk, first_name="سارا", last_name="رضایی", sex="F",
                birth_date=(TODAY - dt.timedelta(days=5)).isoformat())  # fmt: skip

    assert "سارا" in said
    assert "سارا" in text(clerk, "births", state="grace")
    assert "سارا" not in text(clerk, "births", state="over").partition("<table")[2]


def test_opening_the_cover_of_somebody_is_written_down(clerk: Client, everything: Family) -> None:
    text(clerk, "person", everything.zahra.pk)

    event = Event.objects.get(action="coverage.open")
    assert event.purpose == "cover"
    assert Subject.objects.get(event=event).person_id == everything.zahra.pk


def test_the_history_costs_the_same_however_long(
    clerk: Client, everything: Family, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        text(clerk, "person", everything.zahra.pk)


def test_the_home_page_tells_a_clerk_what_waits(clerk: Client, everything: Family) -> None:
    assert "/cover/double/" in clerk.get("/").content.decode().partition("<main")[2]


# --- the public page ---------------------------------------------------------------------------


@pytest.fixture
def code(everything: Family) -> str:
    return proofs.code_of(Proof.objects.get())


def verified(client: Client, code: str) -> str:
    """What anybody reads about a code."""
    answer = client.get(f"/verify/{code}/")
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2].replace(codes.written(code), "")


def test_anybody_reads_that_a_card_covers_and_not_whom(
    client: Client, everything: Family, code: str
) -> None:
    shown = verified(client, code)

    assert "alert good" in shown
    assert "صندوق بیمه سلامت همگانی" in shown
    assert not [word for word in ("زهرا", "کریمی", "دروازه", "تهران", "بی‌حامی") if word in shown]
    assert Subject.objects.filter(event__action="coverage.verify").count() == 1


def test_a_typed_code_leads_to_its_answer(client: Client, code: str) -> None:
    answer = client.get("/verify/", {"code": codes.written(code).lower()}, follow=True)

    assert "alert good" in answer.content.decode()


def test_a_mistyped_code_is_told_apart(client: Client, code: str) -> None:
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")

    shown = client.get("/verify/", {"code": wrong}).content.decode()

    assert "alert warn" in shown


def test_unknown_revoked_and_uncovered_look_alike(
    client: Client, everything: Family, code: str
) -> None:
    suspended_code = proofs.code_of(proofs.issue(everything.ali, actor=None))
    actions.undo_spell(
        Spell.objects.known().get(person=everything.ali, insurer="ihio").pk, reason=REASON,
        actor=None,
    )  # fmt: skip
    proofs.revoke(Proof.objects.get(person=everything.zahra), reason=REASON, actor=None)

    answers = {verified(client, one) for one in (code, suspended_code, codes.new())}

    assert len(answers) == 1
    assert "alert bad" in answers.pop()


def test_a_check_costs_the_same_for_every_code(
    client: Client, code: str, django_assert_num_queries: object
) -> None:
    client.get(f"/verify/{code}/")

    with django_assert_num_queries(6):  # type: ignore[operator]
        client.get(f"/verify/{code}/")
    with django_assert_num_queries(5):  # type: ignore[operator]
        client.get(f"/verify/{codes.new()}/")


def test_who_tries_many_codes_has_to_wait(
    client: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pooshesh.web.limits.time", lambda: 1_000_000.0)  # within one window
    answers = [client.get(f"/verify/{codes.new()}/").status_code for _ in range(TRIES)]

    last = client.get(f"/verify/{code}/")

    assert set(answers) == {200}
    assert last.status_code == 429
    assert "alert good" not in last.content.decode()


def test_an_expired_card_proves_nothing(client: Client, everything: Family, code: str) -> None:
    Proof.objects.update(issued_on=TODAY - dt.timedelta(days=400), expires_on=timezone.localdate())

    assert "alert bad" in verified(client, code)


def test_a_person_has_one_card(clerk: Client, everything: Family) -> None:
    post(clerk, "issue_card", everything.zahra.pk)

    assert Proof.objects.count() == 1


def test_a_revoked_card_makes_room(clerk: Client, everything: Family) -> None:
    post(clerk, "revoke_card", Proof.objects.get().pk, reason=REASON)
    post(clerk, "issue_card", everything.zahra.pk)

    assert Proof.objects.filter(revoked_at=None).count() == 1
    assert Proof.objects.count() == 2
