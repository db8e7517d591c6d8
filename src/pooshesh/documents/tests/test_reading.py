"""Files from outside: what a document keeps of them, and what is refused."""

import io
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from pooshesh.documents import reading
from pooshesh.documents.models import Scan
from pooshesh.documents.reading import MEGABYTES, cleaned
from pooshesh.documents.tests.files import as_png, filled_form, jpeg, pdf, png, upload
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid

PE = b"MZ\x90\x00" + b"\0" * 60 + b"PE\0\0 This program cannot be run in DOS mode"
BOMB = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\x86\xa0\0\1\x86\xa0\x08\x02\0\0\0"


def test_a_picture_is_made_anew_upright_and_without_what_the_camera_noted() -> None:
    made = cleaned(upload("بیمار.jpg", jpeg(place=True)))

    with Image.open(io.BytesIO(made.body)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (30, 60))
        assert not picture.getexif()
    assert b"Khorramabad" not in made.body
    assert (made.name, made.content_type, made.pages) == ("بیمار.jpg", "image/jpeg", 1)
    assert made.scan == Scan.SKIPPED


def _inked(mode: str, paper: Any, ink: Any) -> Image.Image:
    picture = Image.new(mode, (40, 40), paper)
    ImageDraw.Draw(picture).rectangle((10, 10, 20, 20), fill=ink)
    return picture


def _palette() -> Image.Image:
    picture = _inked("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)).quantize()
    picture.info["transparency"] = picture.getpixel((0, 0))
    return picture


@pytest.mark.parametrize(
    "picture",
    [
        _inked("RGBA", (0, 0, 0, 0), (0, 0, 0, 255)),
        _inked("LA", (0, 0), (0, 255)),
        _palette(),
        _inked("I;16", 65_535, 0),
        _inked("I;16", 4_095, 300),  # 12 bits of 16, as many scanners write
    ],
    ids=["rgba", "la", "palette", "16 bits", "12 bits"],
)
def test_black_on_clear_or_deep_paper_stays_black_on_white(picture: Image.Image) -> None:
    made = cleaned(upload("scan.png", as_png(picture)))

    with Image.open(io.BytesIO(made.body)) as kept:
        seen = kept.convert("L")
    assert [seen.getpixel(at) for at in ((0, 0), (15, 15))] == [255, 0]


def test_a_deep_grey_keeps_what_lies_between() -> None:
    picture = _inked("I;16", 65_535, 0)
    picture.putpixel((30, 30), 32_768)

    made = cleaned(upload("scan.png", as_png(picture)))

    with Image.open(io.BytesIO(made.body)) as kept:
        assert kept.mode == "L"
        assert kept.getpixel((30, 30)) in (127, 128)


def test_what_a_file_is_its_bytes_say_and_not_its_name() -> None:
    assert cleaned(upload("scan.jpg", png())).content_type == "image/png"
    assert cleaned(upload("../../etc/passwd.png", png())).name == "passwd.png"


def test_a_pdf_keeps_its_pages_and_nothing_that_acts() -> None:
    made = cleaned(upload("invoice.pdf", pdf(3, script=True, attached=True, link=True)))

    assert len(PdfReader(io.BytesIO(made.body)).pages) == 3
    assert re.findall(rb"\((page \d)\)", made.body) == [b"page 0", b"page 1", b"page 2"]
    assert made.pages == 3
    for secret in (b"gotcha", b"MZ and more", b"cmd.exe", b"/JavaScript", b"/Launch", b"secret"):
        assert secret not in made.body


def test_a_form_keeps_what_it_shows_and_is_no_form_any_more() -> None:
    made = cleaned(upload("form.pdf", filled_form()))

    (page,) = PdfReader(io.BytesIO(made.body)).pages
    told = page.extract_text()
    assert [word in told for word in ("Golab", "ticked", "empty", "not for eyes")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert b"(page 0)" in made.body
    assert b"q 2.00000 0.00000 0.00000 2.00000 20.00000 100.00000 cm" in made.body
    for gone in (b"/AcroForm", b"/Widget", b"/Annots", b"/JavaScript", b"gotcha", b"not for eyes"):
        assert gone not in made.body


def test_what_was_drawn_over_a_page_stays_on_it() -> None:
    made = cleaned(upload("noted.pdf", pdf(note=True)))

    assert "an arrow drawn on it" in PdfReader(io.BytesIO(made.body)).pages[0].extract_text()
    assert b"cmd.exe" not in made.body


def _polyglot() -> bytes:
    return jpeg() + b"PK\x03\x04 an archive PK\x05\x06"


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("empty.pdf", b"", "documents.empty"),
        ("scan.jpg", PE, "documents.executable"),
        ("scan.pdf", b"\x7fELF\x02\x01", "documents.executable"),
        ("scan.pdf", b"#!/bin/sh\nrm -rf ~\n", "documents.executable"),
        ("scan.png", b"PK\x03\x04 an archive", "documents.executable"),
        ("scan.jpg.exe", jpeg(), "documents.executable"),
        ("page.pdf", b"<html><script>alert(1)</script>", "documents.kind"),
        ("scan.gif", b"GIF89a", "documents.kind"),
        ("scan.jpg", _polyglot(), "documents.hidden"),
        ("scan.pdf", pdf() + b"\nPK\x03\x04 PK\x05\x06", "documents.hidden"),
        ("scan.jpg", jpeg()[:200], "documents.broken"),
        ("scan.pdf", b"%PDF-1.7\nnothing", "documents.broken"),
        ("black.png", as_png(Image.new("RGB", (60, 60))), "documents.blank"),
        ("deep.png", as_png(Image.new("I;16", (60, 60), 900)), "documents.blank"),
        ("white.png", as_png(_inked("LA", (0, 0), (255, 255))), "documents.blank"),
        ("bomb.png", BOMB + png()[33:], "documents.broken"),
        ("locked.pdf", pdf(password="1234"), "documents.encrypted"),
        ("form.pdf", filled_form(shown=False), "documents.form"),
        ("xml.pdf", filled_form(xml=True), "documents.form"),
        ("long.pdf", pdf(201), "documents.pages"),
        ("large.jpg", b"\xff\xd8\xff" + b"\0" * MEGABYTES * 10**6, "documents.size"),
    ],
)
def test_what_is_no_document_is_refused_in_a_sentence(name: str, body: bytes, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        cleaned(upload(name, body))

    assert caught.value.code == code
    assert name in caught.value.message()


def test_a_picture_of_more_points_than_anybody_needs_is_refused() -> None:
    out = io.BytesIO()
    Image.new("L", (8_000, 6_000)).save(out, "PNG")

    with pytest.raises(Invalid) as caught:
        cleaned(upload("wide.png", out.getvalue()))

    assert caught.value.code == "documents.pixels"


@pytest.fixture
def scan_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`scan_with(command)` is this installation's scanner to the end of the test."""

    here = config()

    def use(command: str) -> None:
        monkeypatch.setenv("POOSHESH_SCANNER", command)
        read = replace(here, scanner=config.__wrapped__().scanner)
        monkeypatch.setattr(reading, "config", lambda: read)

    return use


def _scanner(folder: Path, status: int) -> str:
    script = folder / f"scanner{status}"
    script.write_text(f'#!/bin/sh\ntest -s "$2" && test "$1" = --quick && exit {status}\nexit 7\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return f"{script} --quick"


def test_a_scanner_sees_the_file_as_it_came_and_refuses(
    tmp_path: Path, scan_with: Callable[[str], None]
) -> None:
    scan_with(_scanner(tmp_path, 0))
    passed = cleaned(upload("a.png", png()))

    scan_with(_scanner(tmp_path, 1))
    with pytest.raises(Invalid) as caught:
        cleaned(upload("a.png", png()))

    assert passed.scan == Scan.PASSED
    assert caught.value.code == "documents.infected"


def test_a_scanner_that_is_missing_is_said_on_the_document(
    scan_with: Callable[[str], None],
) -> None:
    scan_with("/nowhere/scanner")

    assert cleaned(upload("a.png", png())).scan == Scan.SKIPPED
