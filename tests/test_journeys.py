"""What people do with the product from sign-in to result, in Chromium on a real database."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast
from pooshesh.coverage.models import Spell, Undo
from pooshesh.kernel.models import Event
from pooshesh.people.models import Membership, Person
from pooshesh.programme.models import Campaign, Programme, WorkItem, WorkKind
from pooshesh.programme.tests.sheets import IHIO, PEOPLE, SSO, Row, national_id, person
from tests.conftest import Open, serious

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def press(page: Page, name: str) -> None:
    """Press the button or link of that name in the page, not in the menu."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()


def path_of(page: Page) -> str:
    return urlsplit(page.url).path


# --- the main job ---------------------------------------------------------------------

#: Header on paper → column, in the order in which the enumerators happened to write them.
CENSUS_HEADERS = {
    "تاریخ تولد": "birth_date", "کد ملی": "national_id", "فامیل": "last_name",
    "اسم": "first_name", "نام پدر": "father_name", "جنسیت": "sex", "کد اتباع": "foreign_id",
    "شماره خانوار": "household", "نسبت": "relation",
}  # fmt: skip
ROLL_HEADERS = {
    "شماره ملی": "national_id", "نام خانوادگی": "last_name", "نام": "first_name",
    "نام پدر": "father_name", "تولد": "birth_date", "جنسیت": "sex",
}  # fmt: skip

NAMES = (
    ("ایوب", "ناهید", "طالبی"), ("صمد", "گوهر", "شکوری"), ("یدالله", "عفت", "بابایی"),
    ("نعمت", "پوران", "خسروی"), ("قدرت", "شهلا", "دهقان"), ("ابراهیم", "ملیحه", "سلطانی"),
    ("حبیب", "طاهره", "قنبری"), ("مراد", "اقدس", "فتاحی"), ("کاظم", "بتول", "یاوری"),
    ("جلال", "منیژه", "پاکزاد"), ("عیسی", "شیرین", "وفایی"), ("مصطفی", "آذر", "زمانی"),
    ("رحمان", "ژاله", "اکبری"), ("فیروز", "ثریا", "نجفی"),
)  # fmt: skip

#: Fourteen couples whom no insurer knows.
COUPLES: tuple[Row, ...] = tuple(
    person(household=f"c{n}", relation=relation, first_name=first, last_name=last,
           father_name=father, birth_date=f"13{40 + n}/0{1 + n % 9}/1{n % 10}",
           national_id=national_id(number), sex=sex)
    for n, (man, woman, last) in enumerate(NAMES)
    for relation, first, father, sex, number in (
        ("سرپرست", man, "احد", "مرد", 200 + n), ("همسر", woman, "ولی", "زن", 300 + n))
)  # fmt: skip
UNREADABLE = person(
    household="c0", relation="فرزند", first_name="میلاد", last_name="طالبی", father_name="ایوب",
    birth_date="۱۳۹۰/۰۷/۳۱", national_id=national_id(400), sex="مرد",
)  # fmt: skip


def write(path: Path, headers: Mapping[str, str], rows: Iterable[Row]) -> Path:
    """A CSV as a spreadsheet program in Persian writes it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        writer.writerows([row.get(column, "") for column in headers.values()] for row in rows)
    return path


def test_a_lead_signs_in_and_takes_a_census_to_its_result(
    browse: Open, cast: Cast, programme: Programme, tmp_path: Path
) -> None:
    census = write(tmp_path / "census.csv", CENSUS_HEADERS, [*PEOPLE, *COUPLES, UNREADABLE])
    ihio = write(tmp_path / "bimeh-salamat.csv", ROLL_HEADERS, IHIO)
    sso = write(tmp_path / "tamin.csv", ROLL_HEADERS, SSO)

    page = browse(None, "/campaigns/")
    page.get_by_label("نام کاربری").fill("tehran_lead")
    page.get_by_label("گذرواژه").fill("a long password")
    press(page, "ورود")
    press(page, "پویش تازه")
    area = page.get_by_role("combobox", name="محله")
    area.press_sequentially("دروازه")
    page.get_by_role("option").first.wait_for()
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("دروازه‌غار (n0001)")
    page.get_by_label("روز پویش").fill("۱۴۰۰/۱۱/۲۲")
    page.get_by_label("سرشماری").set_input_files(census)
    page.get_by_label("سازمان بیمه سلامت ایران").set_input_files(ihio)
    page.get_by_label("سازمان تأمین اجتماعی").set_input_files(sso)
    press(page, "بارگذاری فایل‌ها")
    page.locator("select[name$='-first_name']").first.select_option("اسم")
    press(page, "آغاز اجرای آزمایشی")
    campaign = path_of(page)
    press(page, "دیدن یافته‌ها")
    finding = page.locator("#table-findings").get_by_role("row").filter(has_text="تاریخ تولد")
    expect(finding).to_contain_text("در «۱۳۹۰/۰۷/۳۱» روز ۳۱ خوانده شد")
    page.goto(campaign)
    page.get_by_label("ادامه بدون ردیف‌هایی که خواندنی نیست").check()
    press(page, "آغاز پویش")

    page.wait_for_url(f"**{campaign}")
    figures = page.locator(".figure")
    expect(figures.nth(0)).to_contain_text("۳۹")
    expect(figures.nth(1)).to_contain_text("۳۷ از ۳۹")
    expect(figures.nth(2)).to_contain_text("۳۲")
    expect(page.locator(".chart svg").first).to_be_visible()
    with page.expect_download() as download:
        press(page, "ردیف به ردیف (CSV)")
    rows = list(csv.DictReader(download.value.path().open(encoding="utf-8-sig")))
    assert download.value.suggested_filename == "people.csv"
    assert len(rows) == 40
    assert len({row["person_id"] for row in rows if row["decision"] == "enrol_free"}) == 32


# --- worklists ------------------------------------------------------------------------


def test_a_clerk_goes_from_item_to_item_by_keyboard(
    browse: Open, cast: Cast, campaign: Campaign
) -> None:
    page = browse(cast.tehran_clerk, "/worklists/")

    start = page.locator("form[action='/worklists/dependant/next/'] button")
    start.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/worklists/items/*/")
    first = path_of(page)
    page.keyboard.press("Alt+1")
    with page.expect_navigation():
        page.keyboard.press("Alt+Enter")
    second = path_of(page)
    page.keyboard.press("Alt+2")
    page.keyboard.press("Tab")
    page.keyboard.type("در سامانه استعلام نشد")
    with page.expect_navigation():
        page.keyboard.press("Alt+Enter")

    assert second.startswith("/worklists/items/")
    assert second != first
    assert path_of(page) == "/worklists/"
    done = WorkItem.objects.filter(kind=WorkKind.DEPENDANT, done_by=cast.tehran_clerk.id)
    assert set(done.values_list("outcome", flat=True)) == {"confirmed", "denied"}


def test_a_clerk_takes_an_enrolment_back_with_a_reason(
    browse: Open, cast: Cast, campaign: Campaign
) -> None:
    page = browse(cast.tehran_clerk, f"/campaigns/{campaign.id}/people/?decision=enrol_free&q=نرگس")

    press(page, "بازگرداندن")
    page.get_by_label("دلیل").fill("پیش از این زیر پوشش نیروهای مسلح بوده است")
    press(page, "پس گرفتن پوشش")

    expect(page.get_by_role("status").first).to_contain_text("دلیل")
    undo = Undo.objects.get()
    assert undo.reason == "پیش از این زیر پوشش نیروهای مسلح بوده است"
    assert Spell.objects.get(id=undo.spell_id).person.first_name == "نرگس"


# --- rules ------------------------------------------------------------------------------


def test_a_policy_officer_sees_what_a_law_changed_between_two_days(
    browse: Open, cast: Cast
) -> None:
    page = browse(cast.policy_officer, "/rules/")

    press(page, "تصمیم برای شخصی فرضی")
    page.get_by_label("دهک خانوار").select_option("5")
    page.get_by_label("تصمیم در روز").fill("۱۴۰۱/۱۰/۰۱")
    page.get_by_label("در مقایسه با").fill("۱۴۰۴/۰۱/۰۱")
    press(page, "تصمیم بگیر")

    difference = page.get_by_role("region", name="تفاوت میان دو روز")
    expect(difference).to_contain_text("از مقدار نامعلوم به بیمه رایگان تغییر کرد")
    share = difference.get_by_role("row").filter(has_text="سهم حق بیمه هر دهک: ۵")
    expect(share).to_contain_text("از ۱۴۰۲/۰۵/۰۱")
    expect(share).to_contain_text("isna.ir/news/1402060502896")


def test_the_offered_areas_are_accessible_fit_a_telephone_and_close(
    browse: Open, cast: Cast
) -> None:
    page = browse(cast.tehran_lead, "/campaigns/new/", width=390)
    area = page.get_by_role("combobox", name="محله")

    area.press_sequentially("دروازه")
    page.get_by_role("option", name="دروازه‌غار (n0001)").wait_for()

    assert serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    area.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(area).to_have_value("دروازه")


# --- persons ------------------------------------------------------------------------------


def test_a_household_is_registered_by_keyboard(browse: Open, cast: Cast) -> None:
    page = browse(cast.field_worker, "/households/new/")

    page.get_by_label("محله", exact=True).focus()
    page.keyboard.type("n0001")
    page.get_by_label("نام (اختیاری)", exact=True).first.focus()
    page.keyboard.type("گلنار")
    page.keyboard.press("Tab")
    page.keyboard.type("رستگار")
    born = page.get_by_label("تاریخ تولد").first
    born.focus()
    page.keyboard.type("۱۳۷۰/۰۵/۱۰")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="۱۰ مرداد ۱۳۷۰")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(born).to_have_value("۱۳۷۰/۰۵/۱۸")
    born.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("table")).to_contain_text("گلنار رستگار")
    expect(page.get_by_role("table")).to_contain_text("۱۳۷۰/۰۵/۱۸")
    assert Membership.objects.get().person.last_name == "رستگار"


@pytest.fixture
def nargess(campaign: Campaign) -> UUID:
    """Somebody of Darvazeh-Ghar, whose national ID is the row's."""
    return Person.objects.get(first_name="نرگس").id


def test_a_clerk_of_lorestan_opens_a_tehran_record_only_by_breaking_the_glass(
    browse: Open, cast: Cast, nargess: UUID
) -> None:
    page = browse(cast.lorestan_clerk, f"/persons/{nargess}/")

    expect(page.get_by_role("heading", level=1)).to_have_text("چنین صفحه‌ای نیست")
    page.goto("/persons/emergency/")
    page.get_by_label("کد ملی یا کد اتباع خارجی").fill(national_id(21))
    page.get_by_label("دلیل").fill("بیمار بی‌هوش در اورژانس خرم‌آباد است")
    press(page, "ثبت")

    expect(page.get_by_role("heading", level=1)).to_have_text("نرگس موسوی")
    expect(page.get_by_text("دسترسی اضطراری تا")).to_be_visible()
    assert path_of(page) == f"/persons/{nargess}/"
    assert Event.objects.get(action="people.break_glass").actor == cast.lorestan_clerk.id
