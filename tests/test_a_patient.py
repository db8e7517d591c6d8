"""A patient comes in with a code from the outbox and does all that is theirs, on a telephone."""

import datetime as dt
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast
from pooshesh.disease.models import Disease
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel, State
from pooshesh.kernel.config import config
from pooshesh.people.looking import look
from pooshesh.portal.models import Visit
from pooshesh.portal.tests.conftest import page as picture
from pooshesh.portal.visits import IDLE
from pooshesh.requests.tests.conftest import *  # noqa: F403 - a tagged patient, package, credit
from pooshesh.requests.tests.conftest import Bring, line
from tests.conftest import Open, overflows, serious

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
ZAHRAS, MOBILE = "0012345679", "09121234567"


@pytest.fixture
def returned(file: Any, cast: Cast) -> Application:
    """An application that came back for want of a document."""
    row = applications.apply(
        file.person, Disease.objects.get(code="MS"), channel=Channel.DESK,
        actor=cast.fund_clerk.pk,
    )  # fmt: skip
    return applications.return_for(
        row.pk, text="گواهی پزشک خوانا نیست", days=20, missing=["diagnosis"],
        actor=cast.fund_clerk.pk,
    )  # fmt: skip


def sent_code() -> str:
    """The code in the newest message that waits for the gateway."""
    newest = max((config().home / "outbox").glob("*.jsonl"))
    said = json.loads(newest.read_text().splitlines()[-1])
    assert said["to"] == MOBILE
    found = re.search(r"\d{6}", said["text"])
    assert found
    return found[0]


def come_in(page: Page) -> None:
    """Ask for a code with one's number and type it."""
    page.get_by_label("شماره شما").fill("۰۰۱۲۳۴۵۶۷۹")
    page.get_by_role("button", name="کد را برایم بفرست").click()
    page.get_by_label("کد پیامک").fill(sent_code())
    page.get_by_role("button", name="ورود", exact=True).click()


def well_made(page: Page) -> bool:
    """Nothing is too wide or out of reach; a screenshot, where a folder for them was named."""
    if folder := os.environ.get("POOSHESH_SCREENSHOTS"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]+|/", "_", urlsplit(page.url).path).strip("_")
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    return not overflows(page) and serious(page) == []


def send(page: Page, kind: str, shade: int) -> None:
    """Send a picture of a document."""
    page.get_by_label("عکس چه مدرکی است؟").select_option(kind)
    file = picture(shade)
    page.set_input_files(
        "input[type=file]",
        {"name": f"{kind}.png", "mimeType": "image/png", "buffer": file.read()},
    )
    page.get_by_role("button", name="مدرک را بفرست").click()


def test_a_patient_completes_the_file_and_reads_money_reasons_and_readers(
    browse: Open, returned: Application, bring: Bring, cast: Cast
) -> None:
    asked = bring(line())
    look(returned.file.person, "complaint", actor=cast.lorestan_clerk.pk)
    page = browse(None, "/accounts/login/", width=390)
    page.get_by_role("link", name="بیماران: پرونده من").click()
    fine = [well_made(page)]

    come_in(page)
    expect(page.get_by_role("heading", name="پرونده من", exact=True)).to_be_visible()
    fine.append(well_made(page))
    page.get_by_role("link", name=str(returned.disease)).click()
    expect(page.get_by_text("گواهی پزشک خوانا نیست")).to_be_visible()
    send(page, "identity", 10)
    send(page, "diagnosis", 90)
    fine.append(well_made(page))
    page.get_by_role("button", name="همه چیز کامل است").click()
    expect(page.get_by_text("درخواست شما دوباره نزد میز خدمت است.")).to_be_visible()

    page.get_by_role("link", name="پول").click()
    fine.append(well_made(page))
    page.get_by_role("link", name=str(asked.number)).click()
    expect(page.get_by_text("تأییدشدن هنوز واریز نیست").first).to_be_visible()
    fine.append(well_made(page))
    page.get_by_role("link", name="چه کسی دید").click()
    expect(page.get_by_role("cell", name="کارشناس استان").first).to_be_visible()
    fine.append(well_made(page))
    expect(page.get_by_text(cast.lorestan_clerk.username)).to_have_count(0)

    returned.refresh_from_db()
    assert (returned.state, fine) == (State.RECEIVED, [True] * 6)


def test_what_was_typed_when_the_visit_ended_stands_there_again_by_keyboard(
    browse: Open, bring: Bring
) -> None:
    page = browse(None, "/my/", width=1280)
    come_in(page)
    page.goto("/my/requests/new/SMA/expense/")
    page.locator("[name=lines-0-provider]").fill("داروخانه شفا")
    Visit.objects.update(seen_at=timezone.now() - IDLE - dt.timedelta(1))

    page.locator("[name=lines-0-provider]").press("Enter")
    expect(page.get_by_role("heading", name="نشست شما پایان یافت")).to_be_visible()
    page.get_by_role("link", name="ورود دوباره").press("Enter")
    come_in(page)

    expect(page.locator("[name=lines-0-provider]")).to_have_value("داروخانه شفا")
    assert well_made(page)


def test_every_page_of_a_patient_is_without_fault(
    browse: Open, returned: Application, bring: Bring
) -> None:
    asked = bring(line())
    page = browse(None, "/my/")
    page.get_by_label("شماره شما").fill(ZAHRAS)
    page.get_by_role("button", name="کد را برایم بفرست").click()
    faults = _faults(page)
    page.goto("/my/")
    come_in(page)
    paths = [
        "/my/file/", "/my/apply/", f"/my/applications/{returned.pk}/", f"/my/requests/{asked.pk}/",
        "/my/requests/new/", "/my/requests/new/SMA/expense/", "/my/money/", "/my/messages/",
        "/my/readers/", "/my/print/",
    ]  # fmt: skip

    faults += [fault for path in paths for fault in _faults(page, path)]

    assert faults == []


def _faults(page: Page, path: str = "") -> list[str]:
    """Whether a page, or that which is open, cannot be had or used, on a screen or a telephone."""
    page.set_viewport_size({"width": 1280, "height": 800})
    answer = page.goto(path) if path else None
    faults = [] if answer is None or answer.status == 200 else [f"{path}: {answer.status}"]
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        faults += [] if well_made(page) else [f"{page.url}: {width}"]
    return faults
