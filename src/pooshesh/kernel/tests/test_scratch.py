"""Uploads and unpacked workbooks: readable by nobody else, and gone however it ends."""

import gc
import io
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from django.conf import settings as product
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError
from pytest_django import Settings

from pooshesh.kernel import sheet_xlsx
from pooshesh.kernel.config import Config, config
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.sheets import read_table

BOUNDARY = "edge"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
).encode()
LARGE = 3 * 2**20  # bytes: more than Django keeps in memory


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Config:
    """A home of its own: other tests read workbooks in the suite's at the same time."""
    one = replace(config(), home=tmp_path / "home")
    monkeypatch.setattr(sheet_xlsx, "config", lambda: one)
    settings.FILE_UPLOAD_TEMP_DIR = one.scratch()
    return one


@pytest.fixture
def scratch(own: Config) -> Path:
    """The folder, still empty."""
    return own.scratch()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_looks_into_the_folder_of_uploads() -> None:
    folder = Path(product.FILE_UPLOAD_TEMP_DIR)

    assert folder == config().home / "tmp"
    assert mode(folder) == 0o700


def test_a_large_upload_is_a_file_of_our_own(scratch: Path) -> None:
    with TemporaryUploadedFile("a.csv", "text/csv", LARGE, "utf-8") as file:
        (kept,) = scratch.iterdir()

        assert kept == Path(file.temporary_file_path())
        assert mode(kept) == 0o600

    assert list(scratch.iterdir()) == []


class Cut(io.BytesIO):
    """A body whose sender goes away at its end."""

    def __init__(self, body: bytes, folder: Path) -> None:
        super().__init__(body)
        self.folder = folder
        self.seen: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.seen.append(len(list(self.folder.iterdir())))
        if part := super().read(size):
            return part
        raise OSError("the sender went away")


def posted(body: io.BytesIO) -> WSGIRequest:
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST", "wsgi.input": body, "CONTENT_LENGTH": str(2 * LARGE),
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
        }
    )  # fmt: skip


def breaks_off(request: WSGIRequest) -> bool:
    """Whether the files of a request cannot be read to the end."""
    try:
        return not request.FILES
    except UnreadablePostError:
        return True


def test_an_upload_that_breaks_off_leaves_nothing(scratch: Path) -> None:
    body = Cut(HEAD + b"x" * LARGE, scratch)

    broken = breaks_off(posted(body))

    gc.collect()  # as after any request that failed: the error held the file
    assert broken
    assert max(body.seen) == 1
    assert list(scratch.iterdir()) == []


def test_an_upload_is_gone_when_its_request_ends(scratch: Path) -> None:
    request = posted(io.BytesIO(HEAD + b"x" * LARGE + f"\r\n--{BOUNDARY}--\r\n".encode()))
    held = len(request.FILES), len(list(scratch.iterdir()))

    request.close()

    assert held == (1, 1)
    assert list(scratch.iterdir()) == []


def workbook(path: Path, value: str) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name"])
        sheet.write_row(1, 0, [value])
    return path


def test_an_unpacked_workbook_is_gone_when_it_was_read(scratch: Path, tmp_path: Path) -> None:
    table = read_table(workbook(tmp_path / "a.xlsx", "x"))

    assert len(table.rows) == 1
    assert list(scratch.iterdir()) == []


def test_an_unpacked_workbook_is_gone_when_it_is_refused(scratch: Path, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", "x")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Invalid):
        read_table(path)

    assert list(scratch.iterdir()) == []


def test_what_a_killed_process_left_is_swept_after_a_while(own: Config, scratch: Path) -> None:
    fresh, old = scratch / "fresh", scratch / "old"
    fresh.touch()
    old.touch()
    os.utime(old, (0, 0))

    swept = own.sweep()

    assert swept == 1
    assert list(scratch.iterdir()) == [fresh]


def test_a_kept_upload_is_readable_by_us_alone(tmp_path: Path, settings: Settings) -> None:
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**default, "OPTIONS": options}}

    stored = default_storage.save("imports/one", SimpleUploadedFile("a.csv", b"x"))

    path = Path(default_storage.path(stored))
    assert path.is_relative_to(tmp_path)
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
