"""Pages of the ledger: each role does its part, nobody sees another area's money."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.models import Subject
from pooshesh.kernel.money import Rial
from pooshesh.ledger import budgets, vouchers
from pooshesh.ledger.models import (
    Advance,
    Allocation,
    Budget,
    Certificate,
    Limit,
    Order,
    PayeeRecord,
    Statement,
    StatementLine,
    Voucher,
    YearEnd,
)
from pooshesh.ledger.payees import opened
from pooshesh.ledger.tests.conftest import (
    HEADER,
    MILLION,
    OTHER_SHEBA,
    REASON,
    SHEBA,
    Bring,
    Decide,
    ordered,
    payee,
    payment,
    said,
    sent,
)
from pooshesh.people.models import Person
from pooshesh.places.models import Facility

LISTS = (
    "budget", "allocations", "vouchers", "orders", "statements", "lines", "unanswered", "changes",
    "advances", "journal",
)  # fmt: skip


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.status_code
    content: str = answer.content.decode()
    return content


def today() -> str:
    return format_jalali(timezone.localdate(), lang="en")


def test_a_payment_goes_through_the_pages_from_decision_to_confirmed(
    decide: Decide, patient: Person, cast: Cast, as_user: SignIn, country: Country,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    one = decide(person=patient.pk)
    finance = as_user(cast.finance)

    finance.post(
        reverse("ledger:draw", args=[one.pk]),
        {
            "once": uuid7(),
            "amount": "10,000,000",
            "kind": "patient",
            "name": "زهرا رضایی",
            "sheba": SHEBA,
        },
    )
    voucher = Voucher.objects.get()
    chooses = text(finance.get(reverse("ledger:order_new")))
    assert str(voucher.pk) in chooses
    finance.post(reverse("ledger:order_new"), {"voucher": str(voucher.pk)})
    order = Order.objects.get()
    as_user(cast.releaser).post(reverse("ledger:order_act", args=[order.pk, "release"]))
    finance = as_user(cast.finance)
    finance.post(reverse("ledger:order_act", args=[order.pk, "send"]))
    file = finance.post(reverse("ledger:order_file", args=[order.pk]))
    lines = f"{HEADER}\n{said('paid', payment(voucher), '1')}".encode()
    with django_capture_on_commit_callbacks(execute=True):  # the job begins then
        brought = finance.post(
            reverse("ledger:statements"),
            {"area": country.lorestan.code, "file": SimpleUploadedFile("bank.csv", lines)},
            follow=True,
        )

    assert SHEBA in file.content.decode()
    assert "bank.csv" in text(brought)
    assert Voucher.objects.get().state == "paid"
    shown = text(finance.get(reverse("ledger:voucher", args=[voucher.pk])))
    assert "بانک پاسخ داد" in shown
    assert Subject.objects.filter(person_id=patient.pk, event__action="ledger.open").exists()


def test_a_changed_sheba_is_confirmed_by_somebody_else(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    address = reverse("ledger:payee", args=[voucher.pk])
    form = {"kind": "heir", "name": "علی رضایی", "sheba": OTHER_SHEBA, "why": REASON}
    as_user(cast.finance).post(address, form)
    change = PayeeRecord.objects.get(state="waiting")

    decide_at = reverse("ledger:payee_decide", args=[change.pk, "accept"])
    own = as_user(cast.finance).post(decide_at, follow=True)
    assert "شخص دیگری" in text(own)
    as_user(cast.second_finance).post(decide_at)

    assert opened(Voucher.objects.get().payee).sheba == OTHER_SHEBA


def test_a_releaser_sends_an_order_back_with_a_reason(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    order = ordered(cast, voucher)

    as_user(cast.releaser).post(
        reverse("ledger:order_act", args=[order.pk, "refuse"]), {"why": REASON}
    )

    assert (Order.objects.get().state, Voucher.objects.get().state) == ("refused", "vouchered")


def test_the_manager_enters_the_law_allocates_limits_and_closes(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    manager = as_user(cast.fund_manager)
    trillion = 10**12

    manager.post(
        reverse("ledger:law"),
        {"once": uuid7(), "year": "۱۴۰۳", "amount": 50 * trillion, "citation": "تبصره ۱۷"},
    )
    manager.post(
        reverse("ledger:allocate"),
        {"once": uuid7(), "year": "1403", "area": "p15", "way": "allocate", "amount": trillion},
    )
    lower = {"verb": "order", "holder": "", "most": "5000", "sure": "on"}
    manager.post(reverse("ledger:limits"), lower)
    manager.post(f"{reverse('ledger:close_year')}?year=1403", {"again": "1403"})

    assert (Budget.objects.get().year, Allocation.objects.get().province) == (1403, "15")
    assert (Limit.objects.get().most, YearEnd.objects.get().lapsed) == (5_000, 50 * trillion)


def test_a_limit_below_todays_is_asked_about(cast: Cast, as_user: SignIn) -> None:
    form = {"verb": "release", "holder": "", "most": "1"}

    asked = as_user(cast.fund_manager).post(reverse("ledger:limits"), form)

    assert "۵۰٬۰۰۰٬۰۰۰٬۰۰۰ ریال" in text(asked)
    assert not Limit.objects.exists()


def test_toman_typed_as_rial_is_asked_about(country: Country, cast: Cast, as_user: SignIn) -> None:
    law = {
        "once": uuid7(),
        "year": "1403",
        "amount": 5 * 10**12,
        "citation": "تبصره ۱۷",
    }  # a tenth of what is usual

    asked = as_user(cast.fund_manager).post(reverse("ledger:law"), law)

    assert "آیا منظور تومان بود" in text(asked)
    assert not Budget.objects.exists()
    as_user(cast.fund_manager).post(reverse("ledger:law"), {**law, "sure": "on"})
    assert Budget.objects.get().amount == 5 * 10**12


@pytest.mark.parametrize("amount", ["-5", "10000000000000000000", "0", "۱۲٫۵"])
def test_amounts_that_are_none_are_refused_on_the_form(
    decide: Decide, cast: Cast, as_user: SignIn, amount: str
) -> None:
    form = {"once": uuid7(), "amount": amount, "kind": "patient", "name": "زهرا", "sheba": SHEBA}

    shown = as_user(cast.finance).post(reverse("ledger:draw", args=[decide().pk]), form)

    assert "errorlist" in text(shown)
    assert not Voucher.objects.exists()


def test_a_provider_is_paid_ahead_and_a_second_person_accepts_its_certificate(
    hospital: Facility,
    year: int,
    cast: Cast,
    as_user: SignIn,
    bring: Bring,
) -> None:
    as_user(cast.finance).post(
        reverse("ledger:advance_new"),
        {"once": uuid7(), "facility": "بیمارستان (h1)", "year": year, "amount": 200 * MILLION,
         "purpose": "داروی بیماران", "name": "بیمارستان", "sheba": SHEBA},
    )  # fmt: skip
    voucher = Voucher.objects.get(advance=True)
    accept = reverse("ledger:payee_decide", args=[voucher.payee_id, "accept"])
    as_user(cast.second_finance).post(accept)
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1")])
    advance = Advance.objects.get()
    as_user(cast.finance).post(
        reverse("ledger:certificate_new", args=[advance.pk]),
        {"number": "۱۲", "on": today(), "amount": 150 * MILLION, "patients": "۴"},
    )

    at = reverse("ledger:certificate_decide", args=[Certificate.objects.get().pk, "accept"])
    as_user(cast.second_finance).post(at)

    shown = text(as_user(cast.finance).get(reverse("ledger:advance", args=[advance.pk])))
    assert Voucher.objects.get().certified == 150 * MILLION
    assert "۵۰٬۰۰۰٬۰۰۰ ریال" in shown


def test_a_line_that_fits_nothing_is_settled_on_its_page(
    voucher: Voucher, cast: Cast, as_user: SignIn, bring: Bring
) -> None:
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "77").replace("RF", "XX")])
    line = StatementLine.objects.get()

    shown = text(as_user(cast.finance).get(reverse("ledger:lines")))
    as_user(cast.finance).post(
        reverse("ledger:line_act", args=[line.pk, "settle"]), {"settle-why": REASON}
    )

    assert "77" in shown
    assert StatementLine.objects.get().state == "settled"


def test_a_bad_statement_says_which_rows(cast: Cast, as_user: SignIn, country: Country) -> None:
    file = SimpleUploadedFile("bad.csv", f"{HEADER}\n1,شاید,RF1,5,1403/01/01".encode())

    shown = as_user(cast.finance).post(
        reverse("ledger:statements"), {"area": country.lorestan.code, "file": file}
    )

    assert "شاید" in text(shown)
    assert not Statement.objects.exists()


@pytest.mark.parametrize("page", LISTS)
def test_every_list_opens_and_is_exported(
    voucher: Voucher, cast: Cast, as_user: SignIn, page: str
) -> None:
    client, address = as_user(cast.auditor), reverse(f"ledger:{page}")

    shown = text(client.get(address))
    exported = client.get(address, {"export": "csv"})

    assert "<table" in shown or "empty" in shown
    assert exported.status_code == 200


@pytest.mark.parametrize("role", ["finance", "releaser", "fund_manager", "fund_clerk"])
def test_who_works_with_money_sees_the_credit_of_their_area(
    year: int, cast: Cast, as_user: SignIn, role: str
) -> None:
    shown = text(as_user(getattr(cast, role)).get(reverse("ledger:budget")))

    assert "لرستان" in shown


@pytest.mark.parametrize("page", LISTS)
def test_an_empty_ledger_says_so(country: Country, cast: Cast, as_user: SignIn, page: str) -> None:
    assert as_user(cast.auditor).get(reverse(f"ledger:{page}")).status_code == 200


def test_the_proof_is_for_who_sees_the_whole_nation(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    shown = text(as_user(cast.auditor).get(reverse("ledger:proof")))

    assert "دفترها می‌خواند" in shown
    assert as_user(cast.finance).get(reverse("ledger:proof")).status_code == 404


def test_money_of_another_area_does_not_exist(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    order = ordered(cast, voucher)
    client = as_user(cast.tehran_fund_clerk)

    answers = [
        client.get(reverse("ledger:voucher", args=[voucher.pk])),
        client.get(reverse("ledger:paper", args=[voucher.pk])),
        client.get(reverse("ledger:order", args=[order.pk])),
        client.post(reverse("ledger:order_act", args=[order.pk, "release"])),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert "رضایی" not in text(client.get(reverse("ledger:vouchers")))


@pytest.mark.parametrize("role", ["outsider", "clinic", "member", "lorestan_clerk"])
def test_who_has_nothing_to_do_with_money_sees_no_page(
    country: Country, cast: Cast, as_user: SignIn, role: str
) -> None:
    assert as_user(getattr(cast, role)).get(reverse("ledger:budget")).status_code == 404


def test_who_looks_on_reads_no_whole_sheba_and_changes_nothing(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.auditor)

    shown = text(client.get(reverse("ledger:voucher", args=[voucher.pk])))

    assert SHEBA not in shown
    assert f"{SHEBA[:4]}…{SHEBA[-4:]}" in shown
    act = reverse("ledger:voucher_act", args=[voucher.pk, "cancel"])
    assert client.post(act, {"why": REASON}).status_code == 404


def test_a_voucher_is_printed_with_its_amount_in_words(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.finance).get(reverse("ledger:paper", args=[voucher.pk]))

    assert answer["Content-Type"] == "application/pdf"
    printed = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert str(voucher.year) not in printed  # Persian digits on a Persian paper
    assert answer.content.startswith(b"%PDF-")


def test_vouchers_are_found_by_number_sheba_and_reference(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    sent(cast, voucher)
    client, address = as_user(cast.finance), reverse("ledger:vouchers")

    found = [
        text(client.get(address, {"q": asked}))
        for asked in (str(voucher.number), SHEBA, payment(voucher).reference)
    ]

    assert ["زهرا رضایی" in shown for shown in found] == [True, True, True]
    assert "زهرا رضایی" not in text(client.get(address, {"q": OTHER_SHEBA}))


def test_the_money_stands_on_the_record_of_the_patient(
    voucher: Voucher, patient: Person, cast: Cast, as_user: SignIn
) -> None:
    shown = text(as_user(cast.fund_clerk).get(reverse("people:person", args=[patient.pk])))

    assert "پرداخت‌های صندوق" in shown


def test_the_home_page_says_what_waits(voucher: Voucher, cast: Cast, as_user: SignIn) -> None:
    first = text(as_user(cast.finance).get("/"))
    ordered(cast, voucher)
    second = text(as_user(cast.releaser).get("/"))

    assert "سندهای در انتظار دستور پرداخت" in first
    assert "دستورهای در انتظار آزادسازی" in second


def test_the_list_of_vouchers_takes_as_many_statements_for_many(
    decide: Decide, cast: Cast, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    for_all = [vouchers.Drawing(decide(1_000), payee()) for _ in range(20)]
    vouchers.draw_many(for_all, actor=cast.finance.pk)
    client = as_user(cast.finance)

    with django_assert_max_num_queries(16):
        client.get(reverse("ledger:vouchers"))
    with django_assert_max_num_queries(16):
        client.get(reverse("ledger:budget"))


def test_counts_without_names_show_totals_only(
    voucher: Voucher, country: Country, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.mayor_counts)

    shown = text(client.get(reverse("ledger:budget")))

    assert "لرستان" not in shown
    assert "زهرا رضایی" not in text(client.get(reverse("ledger:vouchers")))


def test_a_limit_below_an_order_is_said_on_the_page(
    voucher: Voucher, cast: Cast, as_user: SignIn
) -> None:
    budgets.set_limit("release", None, Rial(5), actor=cast.fund_manager.pk)
    order = ordered(cast, voucher)

    shown = as_user(cast.releaser).post(
        reverse("ledger:order_act", args=[order.pk, "release"]), follow=True
    )

    assert "سقف شما" in text(shown)
    assert Order.objects.get().state == "ordered"
