"""Requests in the browser: brought, seen, decided; each role's own view of it."""

import datetime as dt
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, SignIn
from pooshesh.disease.models import Evidence
from pooshesh.documents.models import Document
from pooshesh.documents.tests.files import png, upload
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.ids import uuid7
from pooshesh.meetings import actions
from pooshesh.meetings.models import Motion
from pooshesh.people.tests.conftest import ZAHRA_ID
from pooshesh.requests import appeals, bringing
from pooshesh.requests.bringing import Asked
from pooshesh.requests.models import Appeal, Doubt, Ground, Kind, Letter, Request, State
from pooshesh.requests.tests.conftest import (
    MILLION,
    Bring,
    Committee,
    line,
    meet,
    vote,
)

pytestmark = pytest.mark.django_db


def posted(**changes: str) -> dict[str, str]:
    """The form of one line, as a browser sends it."""
    return {
        "head-once": str(uuid7()), "lines-TOTAL_FORMS": "3", "lines-INITIAL_FORMS": "0",
        "head-payee": "patient",
        "lines-0-code": "visit", "lines-0-on": "1404/06/10", "lines-0-provider": "درمانگاه شفا",
        "lines-0-invoice": "12", "lines-0-count": "1", "lines-0-asked": "۲٬۰۰۰٬۰۰۰",
    } | changes  # fmt: skip


def address(file: PatientFile) -> str:
    return reverse("requests:new", args=[file.pk]) + "?disease=SMA&kind=expense"


def text(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"requests:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def unasked(sma: object) -> None:
    """No document is asked for, so that a request is submitted at once."""
    Evidence.objects.filter(purpose="request").delete()


def test_an_approval_pressed_twice_is_one(
    as_user: SignIn, cast: Cast, file: PatientFile, credit: int, unasked: None
) -> None:
    asked = address(file).replace("expense", "approval")
    soon = format_jalali(timezone.localdate() + dt.timedelta(days=9), lang="en")
    form = posted(**{"lines-0-on": soon, "lines-0-invoice": ""})
    desk = as_user(cast.fund_clerk)

    first = desk.post(asked, form)
    again = desk.post(asked, form)

    assert first.headers["Location"] == again.headers["Location"]
    assert Request.objects.get().kind == "approval"


def test_a_clinic_finds_a_patient_by_number_and_brings_a_request(
    as_user: SignIn, cast: Cast, file: PatientFile, credit: int, unasked: None
) -> None:
    clinic = as_user(cast.clinic)

    found = clinic.post(reverse("requests:find"), {"patient": ZAHRA_ID})
    made = clinic.post(address(file), posted())

    assert found.headers["Location"] == reverse("requests:new", args=[file.pk])
    request = Request.objects.get()
    assert made.headers["Location"] == reverse("requests:request", args=[request.pk])
    assert (request.state, request.payable) == (State.APPROVED, 2 * MILLION)
    page = text(clinic, "request", request.pk)
    assert "تأیید" in page
    assert str(request.number) in text(clinic, "brought")


def test_without_its_documents_a_request_stays_a_draft_and_says_what_is_missing(
    as_user: SignIn, cast: Cast, file: PatientFile, credit: int
) -> None:
    desk = as_user(cast.fund_clerk)

    desk.post(address(file), posted())
    request = Request.objects.get()
    desk.post(reverse("requests:act", args=[request.pk]), {"verb": "submit"})
    request.refresh_from_db()

    assert request.state == State.DRAFT


def test_one_picture_chosen_twice_is_one_document(
    as_user: SignIn, cast: Cast, file: PatientFile, credit: int
) -> None:
    both = [upload("a.png", png()), upload("b.png", png())]

    made = as_user(cast.fund_clerk).post(address(file), {**posted(), "head-uploads": both})

    request = Request.objects.get()
    assert made.headers["Location"] == reverse("requests:request", args=[request.pk])
    assert Document.objects.get().owner_id == request.pk


def test_what_is_refused_at_the_end_leaves_no_draft_that_holds_its_invoices(
    as_user: SignIn, cast: Cast, bring: Bring, file: PatientFile, unasked: None, group: Committee
) -> None:
    coming = timezone.localdate() + dt.timedelta(days=5)
    bring(line(9 * MILLION, on=coming, invoice=""), kind=Kind.APPROVAL)
    vote(meet(group), "approved")
    granted = Letter.objects.get()
    elsewhere = {"lines-0-provider": "درمانگاه دیگر", "head-letter": str(granted.pk)}

    first = as_user(cast.fund_clerk).post(
        address(file), {**posted(**elsewhere), "head-uploads": [upload("a.png", png())]}
    )

    assert "errorlist" in first.content.decode()
    assert list(Request.objects.all()) == [granted.request]
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lines-0-asked": "200000"}, "تومان"),  # ten times less than the package's price
        ({"lines-0-code": "", "lines-0-title": "دارو", "lines-0-asked": "5"}, "کمتر"),
        ({"lines-0-code": "drug", "lines-0-asked": "5"}, "کمتر"),  # never granted, without a price
        ({"lines-0-count": "1000000000000"}, "lines-0-count"),
        ({"lines-0-count": "900"}, "کمتر"),  # would lift what the package pays
        ({"lines-0-asked": "-5"}, "lines-0-asked"),
        ({"lines-0-asked": "10000000000000000000"}, "lines-0-asked"),
        ({"lines-0-on": "1500/01/01"}, "lines-0-on"),
        ({"lines-0-invoice": ""}, "lines-0-invoice"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_what_was_typed(
    as_user: SignIn, cast: Cast, file: PatientFile, credit: int, change: dict[str, str], said: str
) -> None:
    answer = as_user(cast.fund_clerk).post(address(file), posted(**change))

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Request.objects.exists()


def test_who_ticks_that_the_amount_is_right_is_believed(
    as_user: SignIn, cast: Cast, file: PatientFile, credit: int, unasked: None
) -> None:
    as_user(cast.fund_clerk).post(address(file), posted(**{"lines-0-asked": "200000", "sure": "1"}))

    assert Request.objects.get().asked == 200_000


@pytest.mark.parametrize(("sure", "proposed"), [("", None), ("1", 400_000)])
def test_a_part_a_tenth_of_what_was_asked_is_asked_about(
    as_user: SignIn, cast: Cast, bring: Bring, sure: str, proposed: int | None
) -> None:
    waiting = bring(line(5_000_000, "other"))

    answer = as_user(cast.fund_clerk).post(
        reverse("requests:act", args=[waiting.pk]),
        {"verb": "propose", "amount": "400000", "sure": sure}, follow=True,
    )  # fmt: skip

    waiting.refresh_from_db()
    assert waiting.proposed == proposed
    assert ("تومان" in "".join(str(one) for one in answer.context["messages"])) is not bool(sure)


def test_a_part_by_appeal_a_tenth_of_what_was_asked_is_asked_about(
    as_user: SignIn, cast: Cast, bring: Bring, committee: Committee, group: Committee
) -> None:
    rejected = bring(line(5_000_000, "other"))
    vote(meet(committee), "rejected", "شواهد کافی نیست")
    appeal = appeals.bring(rejected, Ground.NEW, "گزارش تازه", actor=None)

    as_user(cast.fund_clerk).post(
        reverse("requests:appeal", args=[appeal.pk]), {"verb": "propose", "amount": "400000"}
    )

    appeal.refresh_from_db()
    assert appeal.proposed is None


def test_a_request_of_another_province_does_not_exist(
    as_user: SignIn, cast: Cast, bring: Bring, file: PatientFile
) -> None:
    request = bring(line())
    tehran = as_user(cast.tehran_fund_clerk)

    assert tehran.get(reverse("requests:request", args=[request.pk])).status_code == 404
    assert tehran.get(reverse("requests:letter", args=[request.pk])).status_code == 404
    assert tehran.get(reverse("requests:new", args=[file.pk])).status_code == 404
    assert str(request.number) not in text(tehran, "requests")
    assert tehran.get(reverse("requests:request", args=[uuid4()])).status_code == 404


def test_the_page_and_the_letter_say_why_with_the_law(
    as_user: SignIn, cast: Cast, bring: Bring, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    request = bring(line(3 * MILLION, "visit"))
    desk = as_user(cast.fund_clerk)

    with django_assert_max_num_queries(34):
        page = text(desk, "request", request.pk)

    assert "S12" in page
    letter = desk.get(reverse("requests:letter", args=[request.pk]))
    assert letter.headers["Content-Type"] == "application/pdf"
    assert letter.content.startswith(b"%PDF")


def test_a_clerk_says_whether_two_invoices_are_one(
    as_user: SignIn, cast: Cast, bring: Bring
) -> None:
    bring(line(invoice="120345"))
    request = bring(line(invoice="123045"), line(2 * MILLION, "visit"))
    desk = as_user(cast.fund_clerk)
    doubt = Doubt.objects.get()

    assert "120345" in text(desk, "doubt", doubt.pk)
    desk.post(reverse("requests:doubt", args=[doubt.pk]), {"same": "same", "why": "یکی است"})

    request.refresh_from_db()
    assert (request.state, request.payable) == (State.PART, 2 * MILLION)


def test_the_secretary_puts_a_group_to_the_vote_and_prints_all_papers(
    as_user: SignIn, cast: Cast, bring: Bring, committee: Committee
) -> None:
    request = bring(line(5 * MILLION, "other"))
    session = meet(committee)
    secretary = as_user(cast.secretary)
    body = committee.body.pk

    page = text(secretary, "committee", body)
    secretary.post(
        reverse("requests:put", args=[body]),
        {"group": "SMA-expense-approved-0", "verdict": "approved", "text": "تصویب"},
    )

    assert "SMA-expense-approved-0" in page
    assert Motion.objects.get().verdict == "approved"
    assert str(request.number) in text(secretary, "committee", body)
    assert secretary.get(reverse("requests:sheets", args=[session.pk])).content[:4] == b"%PDF"
    assert secretary.get(reverse("requests:papers", args=[session.pk])).content[:4] == b"%PDF"


def test_a_member_reads_the_sheet_blind_and_not_the_request(
    as_user: SignIn, cast: Cast, bring: Bring, committee: Committee
) -> None:
    request = bring(line(5 * MILLION, "other"))
    member = as_user(cast.member)

    sheet = text(member, "sheet", request.pk)

    assert "زهرا" not in sheet
    assert member.get(reverse("requests:request", args=[request.pk])).status_code == 404
    assert member.get(reverse("requests:committee", args=[committee.body.pk])).status_code == 404


def test_a_sheet_is_for_who_sits_in_its_body_today(
    as_user: SignIn, cast: Cast, bring: Bring, committee: Committee, group: Committee
) -> None:
    before_group = bring(line(5 * MILLION, on=dt.date(2026, 4, 1)))
    actions.dismiss(group.members["patients"], day=timezone.localdate(), actor=None)
    before_committee = bring(line(7 * MILLION, "other"))
    member = as_user(cast.member)

    others = member.get(reverse("requests:sheet", args=[before_group.pk]))
    printed = member.get(reverse("requests:sheets", args=[meet(group, "patients").pk]))

    assert (others.status_code, printed.status_code) == (404, 404)
    assert member.get(reverse("requests:sheet", args=[before_committee.pk])).status_code == 200
    assert as_user(cast.secretary).get(
        reverse("requests:sheet", args=[before_group.pk])
    ).status_code == 200  # fmt: skip


def test_a_prior_approval_is_not_asked_for_an_invoice(
    as_user: SignIn, cast: Cast, bring: Bring, sma: object
) -> None:
    Evidence.objects.filter(purpose="request").exclude(kind="invoice").delete()
    coming = timezone.localdate() + dt.timedelta(days=5)
    draft = bring(line(on=coming, invoice=""), kind=Kind.APPROVAL, draft=True)

    as_user(cast.fund_clerk).post(
        reverse("requests:act", args=[draft.pk]), {"verb": "submit"}
    )  # fmt: skip

    draft.refresh_from_db()
    assert draft.state == State.IN_COMMITTEE


def test_an_appeal_is_brought_and_read(
    as_user: SignIn, cast: Cast, bring: Bring, committee: Committee, group: Committee
) -> None:
    request = bring(line(5 * MILLION, "other"))
    vote(meet(committee), "rejected", "در بسته نیست و شواهد کافی نبود")
    desk = as_user(cast.fund_clerk)

    desk.post(
        reverse("requests:bring_appeal", args=[request.pk]),
        {"ground": Ground.EVIDENCE, "text": "گزارش پزشک خوانده نشد"},
    )

    appeal = Appeal.objects.get()
    assert "گزارش پزشک" in text(desk, "appeal", appeal.pk)
    assert str(appeal.number) in text(desk, "appeals")
    letter = desk.get(reverse("requests:appeal_letter", args=[appeal.pk]))
    assert letter.content[:4] == b"%PDF"


def test_the_patients_file_shows_requests_and_what_is_left_of_the_ceiling(
    as_user: SignIn, cast: Cast, bring: Bring, file: PatientFile
) -> None:
    request = bring(line())

    page = as_user(cast.fund_clerk).get(reverse("fund:file", args=[file.pk])).content.decode()

    assert str(request.number) in page
    assert "۸۴۰٬۰۰۰٬۰۰۰" in page


def test_the_lists_open_for_who_may_see_them(
    as_user: SignIn, cast: Cast, bring: Bring, committee: Committee
) -> None:
    request = bring(line())
    auditor = as_user(cast.auditor)

    assert str(request.number) in text(auditor, "requests")
    assert str(request.number) in text(auditor, "request", request.pk)
    assert text(auditor, "appeals")
    assert auditor.get(reverse("requests:doubts")).status_code == 404
    assert as_user(cast.secretary).get(reverse("requests:bodies")).status_code == 200
    assert as_user(cast.outsider).get(reverse("requests:requests")).status_code == 404


def test_a_clinic_sees_at_home_what_came_back_of_what_it_brought(
    file: PatientFile, credit: int, cast: Cast, as_user: SignIn
) -> None:
    clinic = as_user(cast.clinic)
    before = clinic.get("/").content.decode()
    asked = Asked(file, "SMA", [line()], channel="clinic")
    bringing.bring(asked, actor=cast.clinic.pk, draft=True)

    after = clinic.get("/").content.decode()

    assert "از آنچه آورده‌اید چیزی برنگشته است" in before
    assert "درخواست‌های هزینه برای تکمیل" in after
