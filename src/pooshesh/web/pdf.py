"""Printed papers: a room's Typst file and its words become a PDF, the same bytes every time.

A room keeps its papers in `<room>/print/NAME.typ`; they begin as `web/print/house.typ` says. All
words come from Python, already translated: a paper has no catalogue of its own. No network, no
fonts of the machine.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel.text import speaks_persian
from pooshesh.web.format import language

ROOT = Path(__file__).resolve().parents[1]
FONTS = ROOT / "web" / "print" / "fonts"


def pdf(
    paper: str, title: str, data: Mapping[str, Any], *, foot: str = "", on: dt.date | None = None
) -> bytes:
    """The PDF/A of `paper` ("meetings/print/minutes.typ") in the active language.

    `data` is whatever JSON holds: texts, numbers and days as they are to be read. `foot` stands
    at the foot of every page; `on` is the paper's own day (default: today).
    """
    words = {
        **data,
        "title": title,
        "foot": foot,
        "lang": "fa" if speaks_persian(language()) else "en",
        "synthetic": (
            _("Synthetic data: no person here is real") if settings.POOSHESH_SYNTHETIC else ""
        ),
    }
    day = on or timezone.localdate()
    made: bytes = typst.compile(
        ROOT / paper,
        root=ROOT,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(words, ensure_ascii=False)},
        pdf_standards="a-2b",
        timestamp=int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()),
    )
    return made


def pdf_response(made: bytes, name: str) -> HttpResponse:
    """A PDF to look at in the browser, `name`.pdf when it is kept."""
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
