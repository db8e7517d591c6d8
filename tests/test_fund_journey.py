"""One patient's way through the fund in the browser: each role does its part, from the application
to the money that arrived and the appeal that other people decide."""

import csv
import datetime as dt
import io
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast
from pooshesh.disease.models import Disease
from pooshesh.fund.seed import seed as seed_templates
from pooshesh.funnel import actions as funnel
from pooshesh.kernel import audit
from pooshesh.kernel.calendar import format_jalali
from pooshesh.ledger import prove
from pooshesh.ledger.models import Payment
from pooshesh.people.models import Person
from pooshesh.requests.models import Appeal, Request
from pooshesh.requests.tests.conftest import *  # noqa: F403 - a patient, package, credit, bodies
from pooshesh.requests.tests.conftest import Committee
from tests.conftest import Open
from tests.test_a_patient import ZAHRAS, come_in, send

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
NAME = "زهرا کریمی‌نژاد"
SHEBA = "IR062960000000100324200001"
REJECTED = "اثربخشی این دارو برای این بیماری نشان داده نشده است"
HEARD = "گزارش پزشک دیده نشده بود؛ هزینه پرداخت شود"


def press(page: Page, name: str) -> None:
    """Press the button or link of that name in the page, not in the menu."""
    main = page.get_by_role("main")
    button = main.get_by_role("button", name=name, exact=True)
    button.or_(main.get_by_role("link", name=name, exact=True)).first.click()


def says(page: Page, text: str) -> None:
    """Wait until the page says it."""
    expect(page.get_by_role("main").get_by_text(text).first).to_be_visible()


def fill_line(page: Page, invoice: str, asked: str, title: str = "") -> None:
    """The first line of a request: of the package's drug, or of something outside it."""
    page.locator("[name=lines-0-code]").select_option("" if title else "drug")
    page.locator("[name=lines-0-title]").fill(title)
    page.locator("[name=lines-0-on]").fill("۱۴۰۴/۰۶/۱۰")
    page.locator("[name=lines-0-provider]").fill("داروخانه شفا")
    page.locator("[name=lines-0-invoice]").fill(invoice)
    page.locator("[name=lines-0-asked]").fill(asked)


def of_picture(shade: int) -> dict[str, object]:
    """A scanned page, as the file chooser gives it."""
    from pooshesh.portal.tests.conftest import page as picture

    return {"name": "scan.png", "mimeType": "image/png", "buffer": picture(shade).read()}


# --- what each role does -----------------------------------------------------------------------


def applies(patient: Page) -> None:
    """The patient comes in with the code, applies, and sends one of two documents."""
    come_in(patient)
    press(patient, "درخواست تازه")
    patient.get_by_label("بیماری").select_option("SMA")
    press(patient, "فرستادن درخواست")
    send(patient, "identity", 10)
    says(patient, "کم است")


def returns(clerk: Page) -> None:
    """The clerk takes the next file, which lacks a document, and returns it."""
    press(clerk, "پرونده بعدی")
    expect(clerk.get_by_role("heading", name=NAME)).to_be_visible()
    says(clerk, "مدارک لازم کم است")
    press(clerk, "بازگرداندن و پرونده بعدی")
    says(clerk, "برای تکمیل بازگردانده شد؛ به بیمار خبر داده می‌شود.")


def completes(patient: Page) -> None:
    """The patient reads what is missing, brings it, and gives the application back."""
    patient.reload()
    says(patient, "گواهی تشخیص پزشک متخصص")
    send(patient, "diagnosis", 90)
    press(patient, "همه چیز کامل است")
    says(patient, "درخواست شما دوباره نزد میز خدمت است.")


def sends_on(clerk: Page) -> None:
    """The clerk takes the next file and sends it to the university."""
    press(clerk, "پرونده بعدی")
    press(clerk, "فرستادن به دانشگاه و پرونده بعدی")
    says(clerk, "به دانشگاه فرستاده شد.")


def tags(verifier: Page) -> None:
    """The university tags the patient from the start of 1404."""
    press(verifier, "تشخیص بعدی")
    says(verifier, "گواهی تشخیص پزشک متخصص")
    verifier.get_by_label("آغاز نشان").fill("۱۴۰۴/۰۱/۰۱")
    press(verifier, "دادن نشان")
    says(verifier, "ثبت شد")


def asks_inside(clinic: Page) -> None:
    """The clinic brings an invoice of the package: decided by rule at once, with the reasons."""
    clinic.get_by_label("شماره ملی، کد اتباع یا شماره پرونده").fill(ZAHRAS)
    press(clinic, "یافتن")
    press(clinic, "ادامه")
    fill_line(clinic, "۱۱۲۰", "۱۰٬۰۰۰٬۰۰۰")
    clinic.get_by_label("نام صاحب حساب").fill(NAME)
    clinic.get_by_label("شبا").fill(SHEBA)
    clinic.set_input_files("[name=head-uploads]", [of_picture(20)])  # type: ignore[list-item]
    press(clinic, "ارسال")
    says(clinic, "نسخه یا دستور پزشک")
    clinic.get_by_text("افزودن مدرک").click()
    clinic.get_by_label("چه چیزی را نشان می‌دهد").select_option("prescription")
    clinic.set_input_files("[name=uploads]", [of_picture(30)])  # type: ignore[list-item]
    press(clinic, "نگهداری")
    press(clinic, "ارسال")
    says(clinic, "۱۰٬۰۰۰٬۰۰۰ ریال")
    says(clinic, "بر پایه ضوابط")


def asks_outside(patient: Page) -> None:
    """The patient asks for a drug outside the package: it is for the committee."""
    patient.goto("/my/file/")
    press(patient, "درخواست هزینه")
    press(patient, "ادامه")
    fill_line(patient, "۵۵۰۱", "۴٬۰۰۰٬۰۰۰", title="داروی وارداتی")
    patient.set_input_files("[name=head-uploads]", [of_picture(40)])  # type: ignore[list-item]
    press(patient, "فرستادن")
    send(patient, "prescription", 50)
    press(patient, "درخواست را بفرست")
    says(patient, "کمیته")


def holds(secretary: Page, of: Committee, absent: tuple[str, ...] = ()) -> None:
    """The secretary plans a meeting of a body from what waits, opens it, and notes who came."""
    secretary.goto("/fund/committees/")
    press(secretary, str(of.body))
    press(secretary, "برنامه‌ریزی جلسه با دستوری از آنچه منتظر است")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    secretary.get_by_label("تاریخ").first.fill(format_jalali(tomorrow))
    secretary.get_by_label("زمان").fill("۱۰:۰۰")
    secretary.get_by_label("محل", exact=True).fill("سالن جلسات")
    press(secretary, "ذخیره")
    press(secretary, "دعوت")
    press(secretary, "آغاز جلسه")
    for code in of.members.keys() - set(absent):
        press(secretary, f"آمد: {of.members[code].name}")
        gone = f"رفت: {of.members[code].name}"
        expect(secretary.get_by_role("button", name=gone)).to_be_visible()


def puts(secretary: Page, verdict: str, text: str) -> None:
    """Every item of the agenda in one motion."""
    secretary.get_by_label("همه موضوع‌های در انتظار تصمیم، در یک رأی‌گیری").check()
    secretary.get_by_label("متن پیشنهاد").fill(text)
    secretary.get_by_label("در صورت تصویب، موضوع‌ها").select_option(verdict)
    press(secretary, "رأی‌گیری")
    expect(secretary.get_by_role("button", name="شمارش آرا")).to_be_visible()


def counts(secretary: Page, votes: int) -> None:
    """All others vote for; counted, closed."""
    press(secretary, "بقیه همه: موافق")
    voted = secretary.get_by_role("button", name=re.compile("موافق$"), pressed=True)
    expect(voted).to_have_count(votes)
    press(secretary, "شمارش آرا")
    expect(secretary.get_by_text("تصویب شد", exact=True)).to_be_visible()
    press(secretary, "پایان جلسه")
    expect(secretary.get_by_role("main").get_by_role("link", name="صورت‌جلسه")).to_be_visible()


def votes(member: Page) -> None:
    """A member reads the sheet, which names nobody, and votes on a telephone."""
    at = member.url
    member.get_by_role("link", name=re.compile("درخواست")).first.click()
    says(member, "داروی وارداتی")
    expect(member.get_by_text("کریمی")).to_have_count(0)
    member.goto(at)
    press(member, "موافق")
    expect(member.get_by_role("button", name="موافق", pressed=True)).to_be_visible()


def signs(secretary: Page, member: Page) -> None:
    """The member signs the minutes, the secretary notes a signature on paper."""
    member.reload()
    press(member, "صورت‌جلسه")
    says(member, REJECTED)
    press(member, "امضای صورت‌جلسه")
    says(member, "امضا شد.")
    press(secretary, "صورت‌جلسه")
    secretary.get_by_role("button", name=re.compile("^بر کاغذ امضا کرد")).first.click()
    says(secretary, "امضا شد.")


def orders(finance: Page) -> str:
    """The finance clerk draws the voucher of a known payee and orders it; the order's address."""
    says(finance, NAME)
    press(finance, "صدور سند برای همهٔ آنهایی که گیرنده‌شان معلوم است")
    says(finance, "سند صادر شد")
    finance.goto("/ledger/orders/new/")
    finance.get_by_role("checkbox").first.check()
    press(finance, "دستور پرداخت برگزیده‌ها")
    says(finance, "دستور پرداخت داده شد؛ شخص دیگری آن را آزاد می‌کند.")
    return finance.url


def is_paid(finance: Page) -> None:
    """The bank file goes out, the bank's statement comes in: confirmed."""
    finance.reload()
    press(finance, "نوشتن فایل بانک")
    with finance.expect_download() as download:
        press(finance, "گرفتن فایل بانک")
    assert SHEBA in download.value.path().read_text()
    sent = Payment.objects.get()
    today = timezone.localdate().isoformat()
    statement = io.StringIO()
    csv.writer(statement).writerows([
        ("bank_id", "kind", "reference", "amount_rial", "date"),
        ("1", "paid", sent.reference, sent.amount, today),
    ])  # fmt: skip
    finance.goto("/ledger/statements/")
    finance.set_input_files(
        "[name=file]",
        {"name": "bank.csv", "mimeType": "text/csv", "buffer": statement.getvalue().encode()},
    )
    press(finance, "آوردن")
    says(finance, "bank.csv")
    finance.goto("/ledger/vouchers/")
    expect(finance.get_by_role("cell", name="پرداخت‌شده").first).to_be_visible()


def appeals(patient: Page, request: Request) -> None:
    """The patient reads the ground of the rejection and appeals."""
    patient.goto(f"/my/requests/{request.pk}/")
    says(patient, REJECTED)
    patient.locator("summary", has_text="اعتراض").click()
    patient.locator("[name=ground][value=evidence]").check()
    patient.get_by_role("main").locator("form[action$='appeal/'] textarea").fill(
        "گزارش پزشک معالج خوانده نشده است"
    )
    press(patient, "اعتراض را بفرست")
    says(patient, "نزد افراد دیگر")


# --- the way -----------------------------------------------------------------------------------


def test_a_patient_is_tagged_paid_rejected_and_heard(
    browse: Open, cast: Cast, patient: Person, sma: Disease, credit: int, committee: Committee,
    group: Committee,
) -> None:  # fmt: skip
    seed_templates()
    mine = browse(None, "/my/", width=390)
    secretary = browse(cast.secretary, "/fund/committees/")

    applies(mine)
    clerk = browse(cast.fund_clerk, "/fund/desk/")
    returns(clerk)
    completes(mine)
    clerk.goto("/fund/desk/")
    sends_on(clerk)
    tags(browse(cast.verifier, "/diagnoses/"))

    asks_inside(browse(cast.clinic, "/fund/requests/find/"))
    asks_outside(mine)
    inside, outside = Request.objects.order_by("number")

    holds(secretary, committee)
    puts(secretary, "rejected", REJECTED)
    member = browse(cast.member, secretary.url.removeprefix(secretary.url.split("/meetings")[0]),
                    width=390)  # fmt: skip
    votes(member)
    counts(secretary, 5)
    signs(secretary, member)

    finance = browse(cast.finance, "/ledger/decisions/")
    order = orders(finance)
    releaser = browse(cast.releaser, "/ledger/orders/")
    releaser.goto(order)
    press(releaser, "آزادسازی این پرداخت‌ها")
    says(releaser, "آزاد شد")
    is_paid(finance)

    mine.goto(f"/my/requests/{inside.pk}/")
    says(mine, "۱٬۰۰۰٬۰۰۰ تومان واریز شد")
    appeals(mine, outside)
    holds(secretary, group, absent=("patients",))  # whose member sat in the committee
    puts(secretary, "overturned", HEARD)
    counts(secretary, 4)
    mine.reload()
    says(mine, HEARD)
    says(mine, "۴۰۰٬۰۰۰ تومان")

    director = browse(cast.national_director, "/fund/funnel/")
    says(director, "۱۴٬۰۰۰٬۰۰۰ ریال")
    auditor = browse(cast.auditor, f"/audit/?q={Appeal.objects.get().pk}")
    says(auditor, "secretary")

    assert prove.prove().faults == []
    assert list(funnel.prove()) == []
    audit.seal()
    assert list(audit.verify()) == []
