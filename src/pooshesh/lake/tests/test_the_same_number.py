"""One number, wherever it is told: on screens, in files, on paper, in public and in the lake.

Late data then makes a new revision of the month: all of them tell the new number, and what was
printed, published or bookmarked before still tells the old one.
"""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from pooshesh.access.reach import EVERYWHERE
from pooshesh.briefing import actions as briefings
from pooshesh.briefing.models import Briefing, Template, Version
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight import publishing
from pooshesh.insight.months import code_of, moved, of_code
from pooshesh.insight.tests import made
from pooshesh.lake import reading, writing
from pooshesh.public import actions as public
from pooshesh.public import serving
from pooshesh.statements import seed as statements

CODE = "1401-12"
ASK = f"/figures/ask/?i=covered_share&level=province&from={CODE}&to={CODE}"
LEAGUE = f"/figures/league/?indicator=covered_share&month={CODE}"
OPEN = f"/open/figure/covered_share/p15/{CODE}/"
SCREENS = {
    "director's home": f"/figures/?area=p15&month={CODE}",
    "ask": ASK,
    "book": f"/figures/book/?area=p15&month={CODE}",
    "indicator": f"/figures/of/covered_share/?area=p15&month={CODE}",
    "league": LEAGUE,
    "reconciliation": "/reconciliation/R10/",
}
MAP = f"/figures/map/?indicator=covered_share&month={CODE}"
FILES = {"ask": ASK, "book": SCREENS["book"], "league": LEAGUE, "map": MAP}


@dataclass(frozen=True)
class Told:
    """A share of Lorestan's people covered: of so many, and how it is written."""

    numerator: int
    denominator: int
    written: str
    revision: int

    @property
    def reference(self) -> str:
        return f"covered_share/p15/{CODE}/{self.revision}"


FIRST = Told(6_137, 9_871, "۶۲٫۲٪", 1)
LATE = Told(6_245, 9_871, "۶۳٫۳٪", 2)


def people(country: Country, covered: int, all_of_them: int) -> list[made.Given]:
    return [
        ("persons", country.falak_ol_din, covered, {"scheme": "rural"}),
        ("persons", country.falak_ol_din, all_of_them - covered, {"scheme": "none"}),
        ("persons", country.darvazeh_ghar, 500, {"scheme": "rural"}),
        ("persons", country.darvazeh_ghar, 500, {"scheme": "none"}),
    ]


@pytest.fixture
def months(country: Country) -> None:
    """A year in which little moved until the last month."""
    statements.seed()
    for back in range(10, 0, -1):
        made.month(code_of(moved(of_code(CODE), -back)), people(country, 5_000 + back % 2, 9_871))
    made.month(CODE, people(country, FIRST.numerator, FIRST.denominator))


@pytest.fixture
def version() -> Version:
    """A briefing of the one number."""
    template = Template.objects.create(code="one", name_fa="یکی", name_en="One")
    text = "{covered_share@p15}"
    return briefings.change(template, text, text, why="نخست", after=0, actor=None)


def brief(version: Version, country: Country) -> Briefing:
    return briefings.make(
        version, country.nation, of_code(CODE), reach=EVERYWHERE, address="", actor=None
    )


def screens(client: Client, told: Told) -> dict[str, tuple[bool, bool]]:
    """Screen → whether it writes the number, and leads to the figure by its reference."""
    addresses = {**SCREENS, "figure": f"/figures/at/{told.reference}/"}
    pages = {name: client.get(where).content.decode() for name, where in addresses.items()}
    return {
        name: (told.written in page, f"/figures/at/{told.reference}/" in page)
        for name, page in pages.items()
    }


def files(client: Client, kind: str, told: Told) -> dict[str, bool]:
    """Screen → whether its export holds the number, unrounded as far as it is written."""
    share = round(told.numerator / told.denominator, 5)
    read: Callable[[HttpResponse], str] = {"csv": _csv, "xlsx": _xlsx}[kind]
    found = {
        name: read(client.get(f"{where}&export={kind}"))  # type: ignore[arg-type]
        for name, where in FILES.items()
    }
    return {name: str(share) in text for name, text in found.items()}


def _csv(answer: HttpResponse) -> str:
    return b"".join(answer).decode()


def _xlsx(answer: HttpResponse) -> str:
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    return str(book.get_sheet_by_index(0).to_python())


def open_rows(kind: str) -> pl.DataFrame:
    """The number in the open data."""
    file = io.BytesIO(Client().get(f"/open/data/{CODE}.{kind}").content)
    rows = pl.read_csv(file) if kind == "csv" else pl.read_parquet(file)
    return rows.filter(indicator="covered_share", area="p15", dimension="").select(
        "numerator", "denominator", "reference"
    )


def test_a_number_is_the_same_wherever_it_is_told_and_stays_where_it_was_told(
    months: None, version: Version, country: Country, cast: Cast, as_user: SignIn, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(serving, "LOOK", 0.0)
    client = as_user(cast.national_director)
    public.release(of_code(CODE))
    before, lake = brief(version, country), writing.export(tmp_path / "first")
    seen = everywhere(client, before, tmp_path / "first", FIRST)

    late = made.month(CODE, people(country, LATE.numerator, LATE.denominator))
    publishing.correct(late)
    public.release(of_code(CODE))
    writing.export(tmp_path / "late")
    after = brief(version, country)

    assert lake.months[CODE].revision == 1
    assert seen == ALL
    assert everywhere(client, after, tmp_path / "late", LATE) == ALL
    assert FIRST.written in client.get(f"/figures/at/{FIRST.reference}/").content.decode()
    assert FIRST.written in Client().get(f"{OPEN}r1/").content.decode()
    kept = {paper.language: paper.sha256 for paper in before.papers.all()}
    again = briefings.made_again(before)
    assert {key: hashlib.sha256(pdf).hexdigest() for key, pdf in again.items()} == kept


ALL = {
    "screens": dict.fromkeys([*SCREENS, "figure"], (True, True)), "map": True,
    "csv": dict.fromkeys(FILES, True), "xlsx": dict.fromkeys(FILES, True),
    "reconciliation's file": True, "briefing": True, "its paper": True, "public page": True,
    "open csv": True, "open parquet": True, "lake": True,
}  # fmt: skip


def everywhere(client: Client, one: Briefing, lake: Path, told: Told) -> dict[str, object]:
    """Where a number is told → whether it is this one."""
    row = (told.numerator, told.denominator)
    table = _csv(client.get("/reconciliation/?export=csv"))  # type: ignore[arg-type]
    paper = one.papers.get(language="fa")
    shared = reading.values(lake, reading.month_of(lake, CODE)).filter(
        indicator="covered_share", path="ir.p15", dimension=""
    )
    return {
        "screens": screens(client, told),
        "map": told.written in client.get(MAP).content.decode(),
        "csv": files(client, "csv", told),
        "xlsx": files(client, "xlsx", told),
        "reconciliation's file": f"{told.written}" in table and told.reference in table,
        "briefing": [*one.figures] == [
            {"asked": "covered_share@p15", "reference": told.reference,
             "numerator": row[0], "denominator": row[1]}
        ],
        "its paper": told.written in str(paper.words["blocks"])
        and f"/figures/at/{told.reference}/".encode() in bytes(paper.pdf),
        "public page": told.written in Client().get(OPEN).content.decode(),
        "open csv": open_rows("csv").rows() == [(*row, told.reference)],
        "open parquet": open_rows("parquet").rows() == [(*row, told.reference)],
        "lake": shared.row(0)[-2:] == row,
    }  # fmt: skip
