"""Printed papers are PDF/A, the same bytes every time, and bring their own fonts."""

from pathlib import Path

import pytest
from django.utils.translation import override

from pooshesh.web import pdf as printing
from pooshesh.web.pdf import pdf, pdf_response

PAPER = """#import "/web/print/house.typ": *
#show: paper
#facts((("شماره", ltr("A-12")),))
#listed(("نام", "رأی"), data.rows)
#signatures((("رئیس", "نام", ""),))
"""


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A paper of a room that stands elsewhere, beside the house's own files."""
    (tmp_path / "web").symlink_to(printing.ROOT / "web")
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "paper.typ").write_text(PAPER, encoding="utf-8")
    monkeypatch.setattr(printing, "ROOT", tmp_path)
    return "room/paper.typ"


def test_a_paper_is_a_pdf_with_its_fonts_and_the_same_every_time(paper: str) -> None:
    data = {"rows": [["عضو یکم", "موافق"], ["عضو دوم", "مخالف"]]}

    with override("fa"):
        first, again = (pdf(paper, "صورت‌جلسه", data) for _ in range(2))

    assert first.startswith(b"%PDF-1.")
    assert b"Vazirmatn" in first
    assert first == again


def test_what_stands_in_the_data_is_never_read_as_commands(paper: str) -> None:
    data = {"rows": [["#panic()", "*$ [ #"]]}

    assert pdf(paper, "#panic()", data).startswith(b"%PDF")


def test_a_paper_opens_in_the_browser_under_its_name() -> None:
    response = pdf_response(b"%PDF", "minutes-1")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'inline; filename="minutes-1.pdf"'
