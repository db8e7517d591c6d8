"""The census on a phone: a real browser, the network cut and restored."""

import base64
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pooshesh.census import sealing, shell
from pooshesh.census.actions import revise
from pooshesh.census.models import Conflict, Entry, Photo, Revision
from pooshesh.census.tests.conftest import *  # noqa: F403 - a round with alleys
from pooshesh.census.tests.conftest import Field
from pooshesh.conftest import Cast
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.programme.tests.sheets import foreign_code, national_id
from tests.conftest import Open, overflows, serious

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

PIN = "۸۲۷۳۶۴"
NAME = "زرین‌تاج"


@pytest.fixture
def phone(browse: Open, field: Field, cast: Cast) -> Page:
    """The field worker's phone: the app opened once, a PIN set, the alleys fetched."""
    page = browse(cast.field_worker, "/field/", width=390)
    page.get_by_label("پین", exact=True).fill(PIN)
    page.get_by_label("پین بار دیگر").fill(PIN)
    page.get_by_role("button", name="آماده‌سازی این گوشی").click()
    expect(page.get_by_text("بی‌شبکه هم باز می‌شود")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("link", name="کوچه 00")).to_be_visible()
    return page


def unlock(page: Page) -> None:
    page.get_by_label("پین", exact=True).fill("827364")
    page.get_by_role("button", name="باز کردن").click()
    expect(page.get_by_role("link", name="کوچه 00")).to_be_visible()


def write_household(page: Page, first_name: str, number: str = "") -> None:
    """A household of one in the first alley."""
    page.get_by_role("link", name="کوچه 00").click()
    page.get_by_role("link", name="خانوار تازه").click()
    page.get_by_label("نام", exact=True).fill(first_name)
    page.get_by_label("نام خانوادگی").fill("نیک‌سرشت")
    page.get_by_label("جنس").select_option("F")
    page.get_by_label("سال", exact=True).fill("۱۳۵۰")
    page.get_by_label("شماره مدرک").fill(number)
    page.get_by_label("خانوار موافق است").check()
    page.get_by_role("button", name="ذخیره").click()
    expect(page.get_by_text("روی گوشی ذخیره شد")).to_be_visible()
    page.get_by_role("link", name="بازگشت").click()


def unsent(page: Page) -> str:
    return page.locator("#unsent[data-count]").get_attribute("data-count") or ""


def send(page: Page) -> None:
    page.get_by_role("button", name="ارسال").click()
    expect(page.locator(".alert.good")).to_contain_text("ارسال شد")


STORED = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("pooshesh-field");
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await Promise.all(["meta", "households", "photos"].map((name) =>
    new Promise((done) => {
      const asked = db.transaction(name).objectStore(name).getAll();
      asked.onsuccess = () => done(asked.result);
    })));
  db.close();
  const shown = (_key, value) => {
    if (value instanceof ArrayBuffer) return new TextDecoder("latin1").decode(value);
    if (ArrayBuffer.isView(value)) return new TextDecoder("latin1").decode(value);
    if (value instanceof CryptoKey) return `key, can be taken out: ${value.extractable}`;
    return value;
  };
  return JSON.stringify(rows, shown);
}"""


def test_households_written_without_a_network_arrive_once(phone: Page) -> None:
    phone.context.set_offline(True)
    phone.reload()
    unlock(phone)
    write_household(phone, NAME, national_id(11))
    write_household(phone, "پوران")
    phone.reload()
    waiting = unsent(phone)
    stored = phone.evaluate(STORED)
    unlock(phone)
    phone.get_by_role("button", name="ارسال").click()
    expect(phone.locator(".alert.bad")).to_contain_text("چیزی از دست نرفته")
    before = Entry.objects.count()

    phone.context.set_offline(False)
    send(phone)
    send(phone)

    assert (waiting, before, unsent(phone)) == ("2", 0, "0")
    assert NAME not in stored
    assert json.dumps(NAME)[1:-1] not in stored
    assert NAME.encode().decode("latin1") not in stored
    assert national_id(11) not in stored
    assert "key, can be taken out: false" in stored
    assert (Entry.objects.count(), Revision.objects.count()) == (2, 2)
    names = {
        sealing.open_(entry.content)["members"][0]["first_name"]  # type: ignore[index]
        for entry in Entry.objects.all()
    }
    assert names == {NAME, "پوران"}


def test_a_lost_answer_is_sent_again_and_kept_once(phone: Page) -> None:
    write_household(phone, NAME)

    def lose(route: Any) -> None:
        route.fetch()  # the server has it; its answer never comes
        route.abort("internetdisconnected")

    phone.context.route("**/field/sync/", lose)
    phone.get_by_role("button", name="ارسال").click()
    expect(phone.locator(".alert.bad")).to_be_visible()
    kept = (Entry.objects.count(), unsent(phone))
    phone.context.unroute("**/field/sync/")

    send(phone)

    assert kept == (1, "1")
    assert (Entry.objects.count(), Revision.objects.count(), unsent(phone)) == (1, 1, "0")


def test_two_versions_are_merged_on_the_phone(phone: Page, cast: Cast, field: Field) -> None:
    write_household(phone, NAME)
    send(phone)
    entry = Entry.objects.get()
    said = sealing.open_(entry.content)
    assert said is not None
    revise(entry, {**said, "address": "کوی دیگر"}, user=cast.tehran_lead.pk, device=None)
    phone.get_by_role("link", name="کوچه 00").click()
    phone.get_by_role("link", name=NAME).click()
    phone.get_by_label("نشانی").fill("کوی من")
    phone.get_by_label("یادداشت").fill("در سبز")
    phone.get_by_role("button", name="ذخیره").click()
    expect(phone.get_by_text("روی گوشی ذخیره شد")).to_be_visible()
    phone.get_by_role("link", name="بازگشت").click()
    send(phone)
    waiting = (unsent(phone), Conflict.objects.count())
    phone.get_by_role("link", name="کوچه 00").click()
    phone.get_by_role("link", name=NAME).click()
    faults = serious(phone)
    phone.get_by_label("کوی دیگر").check()

    phone.get_by_role("button", name="نگه داشتن این انتخاب").click()
    expect(phone.get_by_text("روی گوشی ذخیره شد")).to_be_visible()
    phone.get_by_role("link", name="بازگشت").click()
    send(phone)

    entry.refresh_from_db()
    merged = sealing.open_(entry.content)
    assert merged is not None
    assert waiting == ("1", 1)
    assert (merged["address"], merged["notes"], entry.revision) == ("کوی دیگر", "در سبز", 3)
    assert faults == []


def test_a_photo_follows_its_household(phone: Page) -> None:
    phone.get_by_role("link", name="کوچه 00").click()
    phone.get_by_role("link", name="خانوار تازه").click()
    drawn = phone.evaluate("""() => {
      const canvas = document.createElement("canvas");
      canvas.width = 3000; canvas.height = 2000;
      canvas.getContext("2d").fillRect(10, 10, 1000, 900);
      return canvas.toDataURL("image/png").split(",")[1];
    }""")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": base64.b64decode(drawn)}
    phone.get_by_label("عکس از مدرک").set_input_files(picture)
    expect(phone.get_by_text("عکس‌های این گوشی: ۱")).to_be_visible()
    phone.get_by_label("نام", exact=True).fill(NAME)
    phone.get_by_label("جنس").select_option("F")
    phone.get_by_label("خانوار موافق است").check()
    phone.get_by_role("button", name="ذخیره").click()
    expect(phone.get_by_text("روی گوشی ذخیره شد")).to_be_visible()
    phone.get_by_role("link", name="بازگشت").click()

    send(phone)

    photo = Photo.objects.get()
    assert photo.entry_id == Entry.objects.get().id
    image = sealing.open_photo(photo.content or b"")
    assert image[:2] == b"\xff\xd8"
    assert photo.size < 100_000


def test_of_who_refused_nobody_stays_on_the_phone(phone: Page) -> None:
    phone.get_by_role("link", name="کوچه 00").click()
    phone.get_by_role("link", name="خانوار تازه").click()
    phone.get_by_label("نام", exact=True).fill(NAME)
    phone.get_by_label("خانوار موافق است").check()
    phone.get_by_label("نتیجه").select_option("refused")
    phone.get_by_label("نشانی").fill("پلاک ۱۲")

    phone.get_by_role("button", name="ذخیره").click()
    expect(phone.get_by_text("روی گوشی ذخیره شد")).to_be_visible()

    kept = phone.evaluate("""async () => {
      const households = await import("/static/census/households.js");
      return (await households.all())[0].content;
    }""")
    assert (kept["members"], kept["consent"], kept["address"]) == ([], False, "پلاک ۱۲")


def test_faults_are_told_at_their_field_and_the_form_is_kept(phone: Page) -> None:
    phone.get_by_role("link", name="کوچه 00").click()
    phone.get_by_role("link", name="خانوار تازه").click()
    phone.get_by_label("شماره مدرک").fill("۲۷۰۰۰۰۰۱۱۶")
    remark = phone.get_by_text("رقم کنترل")
    expect(remark).to_be_visible()
    phone.get_by_role("button", name="ذخیره").click()
    expect(phone.get_by_text("نام یا نام خانوادگی را بنویسید")).to_be_visible()
    faults = serious(phone)

    phone.get_by_role("link", name="بازگشت").click()

    expect(phone.get_by_text("ناتمام")).to_be_visible()
    assert unsent(phone) == "1"
    assert faults == []


def test_wrong_pins_are_counted_and_open_nothing(phone: Page) -> None:
    phone.get_by_role("button", name="قفل").click()
    pin = phone.get_by_label("پین", exact=True)
    pin.fill("111222")
    phone.get_by_role("button", name="باز کردن").click()
    expect(phone.get_by_text(re.compile("پین نادرست.*۴"))).to_be_visible()
    phone.evaluate("""async () => {
      const vault = await import("/static/census/vault.js");
      for (const pin of ["1", "2", "3", "4"]) await vault.unlock(pin);
    }""")

    pin.fill("827364")
    phone.get_by_role("button", name="باز کردن").click()

    expect(phone.get_by_text("پین‌های نادرست زیاد شد")).to_be_visible()
    assert serious(phone) == []


@pytest.mark.parametrize("width", [360, 390])
def test_every_screen_fits_a_cheap_phone(phone: Page, width: int) -> None:
    phone.set_viewport_size({"width": width, "height": 700})
    wide = [overflows(phone)]
    found = serious(phone)
    phone.get_by_role("link", name="کوچه 00").click()
    wide.append(overflows(phone))
    phone.get_by_role("link", name="خانوار تازه").click()
    phone.get_by_role("button", name="افزودن عضو").click()
    wide.append(overflows(phone))
    found += serious(phone)

    assert wide == [False] * 3
    assert found == []


# --- the same rules on the phone as on the server --------------------------------------------

NUMBERS = [national_id(n) for n in range(20)] + [
    "", "1", "0000000000", "1111111111", "0012345679", "12345679", "123456789", "09121234567",
    "9121234567", "00989121234567", "P1234567", "700000000041", "000000000041", "27000001",
    "270000011", "2700000116", "0000123456", "۲۷۰۰۰۰۰۱۱۵", "٢٧٠٠٠٠٠١١٥", "270-000-0115", "98 76",
    foreign_code(1), "12345678901", "989121234567",
]  # fmt: skip
BIRTHS = [
    "1370", "1370/5", "1370/05/31", "1370/07/31", "1399/12/30", "1400/12/30", "1403/12/30",
    "1404/12/30", "1408/12/30", "1199", "1501", "1500/12/29", "1370/13", "1370/0", "1370/1/0",
    "۱۳۷۰/۰۵/۳۱", "13", *(f"{year}/12/30" for year in range(1300, 1410)),
]  # fmt: skip
SAID = {"check_digit": "check", "all_same": "same", "zero_padded": "zeros",
        "foreign_code": "foreign", "passport": "length"}  # fmt: skip


def python_number(text: str) -> str:
    read = grade(Kind.NATIONAL_ID, text)
    reason = read.reason.removeprefix("national_id.")
    return "" if read.is_trusted or not read.value else SAID.get(reason, reason)


def python_birth(text: str) -> list[int] | None:
    try:
        read = parse_date(text)
    except Invalid:
        return None
    parts = [int(part) for part in text.translate(str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789"))
             .split("/")]  # fmt: skip
    return parts if read.year == parts[0] else None


def python_mobile(text: str) -> bool:
    return not text or grade(Kind.MOBILE, text).is_trusted


def test_the_phone_decides_as_the_server_does(browse: Open, cast: Cast, field: Field) -> None:
    page = browse(cast.field_worker, "/field/", width=390)

    told = page.evaluate(
        """async ([numbers, births]) => {
          const rules = await import("/static/census/rules.js");
          return {
            numbers: numbers.map(rules.nationalId),
            codes: numbers.map(rules.foreignCode),
            mobiles: numbers.map(rules.mobileNumber),
            postal: numbers.map(rules.postalCode),
            births: births.map(rules.readBirth),
          };
        }""",
        [NUMBERS, BIRTHS],
    )

    codes = [not n or grade(Kind.FOREIGN_CODE, n).is_trusted for n in NUMBERS]
    postal = [not n or grade(Kind.POSTAL_CODE, n).is_trusted for n in NUMBERS]
    assert dict(zip(NUMBERS, told["numbers"], strict=True)) == {
        n: python_number(n) for n in NUMBERS
    }
    assert dict(zip(BIRTHS, told["births"], strict=True)) == {b: python_birth(b) for b in BIRTHS}
    assert told["mobiles"] == [python_mobile(n) for n in NUMBERS]
    assert (told["codes"], told["postal"]) == (codes, postal)


def test_the_app_is_small() -> None:
    sizes = [(shell.STATIC / name).stat().st_size for name in (*shell.FILES, "worker.js")]

    assert sum(sizes) < 100_000
