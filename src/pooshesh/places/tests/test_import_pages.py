"""Pages that import sheets of areas and facilities."""

import os

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from pooshesh.access.models import Grant
from pooshesh.conftest import Cast, SignIn
from pooshesh.kernel import jobs
from pooshesh.kernel.models import Event, Job
from pooshesh.places import retention
from pooshesh.places.models import Area, Facility
from pooshesh.places.tests.conftest import ROW, Commit, check, sheet, text


def write(browser: Client, commit: Commit, what: str = "areas", **fields: str) -> str:
    """Confirm the checked sheet, let its job run, and read where that leads."""
    with commit(execute=True):
        browser.post(f"/places/import/{what}/confirm/", fields)
    answer = browser.get(f"/places/import/{what}/", follow=True)
    return answer.content.decode()


def test_a_sheet_is_checked_and_then_written(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)

    checked = check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    between = Area.objects.filter(code="n9").exists()
    written = write(browser, django_capture_on_commit_callbacks)

    assert "همه ردیف‌ها قابل ثبت‌اند" in checked
    assert between is False
    assert "۱ تازه" in written
    assert Area.objects.get(code="n9").name_fa == "هرندی"


def test_while_a_sheet_is_checked_its_progress_is_shown(cast: Cast, as_user: SignIn) -> None:
    browser = as_user(cast.registrar)

    browser.post("/places/import/areas/", {"file": sheet(ROW), "on": "1400/10/11"})

    page = text(browser, "/places/import/areas/")
    assert "<progress" in page
    assert 'type="file"' not in page
    assert Job.objects.get().kind == "places.check_sheet"


def test_a_sheet_can_be_given_up(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))

    browser.post("/places/import/areas/cancel/")

    assert default_storage.listdir("imports")[1] == []
    assert 'type="file"' in text(browser, "/places/import/areas/")


def test_refused_rows_are_told_in_persian(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    bad = "n8,<script>x</script>,neighbourhood,t9,\n"

    page = check(browser, django_capture_on_commit_callbacks, sheet(ROW + bad))
    write(browser, django_capture_on_commit_callbacks)

    assert "محدوده‌ای با کد «t9» نیست" in page
    assert "<script>x" not in page
    assert not Area.objects.filter(code="n9").exists()


def test_good_rows_are_written_when_asked(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    bad = "n8,شوش,neighbourhood,t9,\n"

    check(browser, django_capture_on_commit_callbacks, sheet(ROW + bad))
    write(browser, django_capture_on_commit_callbacks, only_good="on")

    assert Area.objects.filter(code__in=["n8", "n9"]).get().code == "n9"


def test_a_sheet_is_confirmed_once(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    write(browser, django_capture_on_commit_callbacks)
    kept = default_storage.listdir("imports")[1]

    again = write(browser, django_capture_on_commit_callbacks)

    assert kept == []
    assert "دوباره بارگذاری کنید" in again
    assert Event.objects.filter(action="places.import_areas").count() == 1


def test_columns_that_are_not_read_are_named(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    file = SimpleUploadedFile(
        "areas.csv",
        "code,name_fa,kind,parent,Mayor\nn9,هرندی,neighbourhood,t230101,x\n".encode(),
    )

    page = check(as_user(cast.registrar), django_capture_on_commit_callbacks, file)

    assert "Mayor" in page


def test_who_lost_the_right_writes_no_sheet(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    browser.post("/places/import/areas/confirm/")
    Grant.objects.filter(user=cast.registrar).delete()

    job = Job.objects.get(kind="places.write_sheet")
    jobs.run.call(str(job.id))

    job.refresh_from_db()
    assert job.result is not None
    assert job.result["refused"]["en"] == "You may not import places any more."
    assert not Area.objects.filter(code="n9").exists()


def test_sheets_nobody_confirmed_are_deleted_after_a_day(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    check(browser, django_capture_on_commit_callbacks, sheet(ROW))
    (name,) = default_storage.listdir("imports")[1]
    today = timezone.localdate()
    fresh = retention.delete_sheets(today)
    os.utime(default_storage.path(f"imports/{name}"), (0, 0))

    overdue = retention.due_sheets()
    old = retention.delete_sheets(today)

    assert (fresh, len(overdue), old) == (0, 1, 1)
    assert default_storage.listdir("imports")[1] == []


@pytest.mark.parametrize("content", [b"code,name_fa\n", b"PK\x03\x04 no zip", b"a,b\n1,2\n"])
def test_a_file_that_is_no_sheet_is_refused(
    cast: Cast, as_user: SignIn, content: bytes, django_capture_on_commit_callbacks: Commit
) -> None:
    file = SimpleUploadedFile("areas.xlsx", content)

    page = check(as_user(cast.registrar), django_capture_on_commit_callbacks, file)

    assert "alert error" in page
    assert 'type="file"' in page


def test_an_empty_file_is_refused_at_once(cast: Cast, as_user: SignIn) -> None:
    answer = as_user(cast.registrar).post(
        "/places/import/areas/", {"file": SimpleUploadedFile("a.csv", b""), "on": "1400/10/11"}
    )

    assert "errorlist" in answer.content.decode()


def test_facilities_are_imported_on_their_own_page(
    cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Commit
) -> None:
    browser = as_user(cast.registrar)
    rows = b"code,name_fa,kind,area\nf9,\xd9\x85\xd8\xb1\xda\xa9\xd8\xb2,clinic,n0001\n"
    file = SimpleUploadedFile("facilities.csv", rows)

    check(browser, django_capture_on_commit_callbacks, file, "facilities")
    write(browser, django_capture_on_commit_callbacks, "facilities")

    assert Facility.objects.get().code == "f9"
