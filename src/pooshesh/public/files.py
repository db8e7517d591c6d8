"""Open data: the published rows as CSV and Parquet, and what their columns mean."""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from pooshesh.indicators import Indicator, Words
from pooshesh.insight import figures, shown
from pooshesh.insight.months import of_code
from pooshesh.places.models import Area
from pooshesh.public import queries
from pooshesh.public.queries import Edition
from pooshesh.public.tables import LICENCE, TABLES

_NAME = re.compile(r"(all|\d{4}-\d\d)(?:-r(\d+))?\.(csv|parquet)")
_TYPES = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
_KINDS = {
    "string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean,
}  # fmt: skip


def _columns() -> dict[str, tuple[str, Words]]:
    read = yaml.safe_load((Path(__file__).parent / "columns.yaml").read_text("utf-8"))
    return {name: (one["type"], Words(one["fa"], one["en"])) for name, one in read.items()}


#: Column → its type and what it means.
COLUMNS = _columns()


def newest_of_all() -> list[Edition]:
    """The newest release of every month, the oldest first."""
    return [found for month in reversed(queries.months()) if (found := queries.newest(month))]


def indicators() -> list[tuple[str, str, str, str, str]]:
    """Code, name, definition, unit and source of every published indicator."""
    book = figures.book().indicators
    codes = dict.fromkeys(code for table in TABLES.values() for code in table.indicators)
    return [
        (code, shown.say(one.name), shown.say(one.what), one.unit, shown.say(one.cite))
        for code in codes
        if (one := book.get(code))
    ]


def frame(editions: Iterable[Edition]) -> pl.DataFrame:
    """The rows of releases, with the columns of the dictionary."""
    names = {
        area.code: (area.name_fa, area.name_en)
        for area in Area.objects.filter(kind__in=("nation", "province"))
    }
    rows = [
        (
            row.month, row.first, row.table, row.one.code, row.one.name.fa, row.one.name.en,
            row.area, *names.get(row.area, ("", "")), row.dimension, row.key, row.numerator,
            row.denominator, float(row.value) if row.value is not None else None, row.one.unit,
            row.masked, edition.flagged, edition.number, edition.as_of.isoformat(), row.reference,
        )
        for edition in editions
        for row in edition.rows
    ]  # fmt: skip
    schema = {name: _KINDS[kind] for name, (kind, _words) in COLUMNS.items()}
    return pl.DataFrame(rows, schema=schema, orient="row")


@require_safe
def data(request: HttpRequest, name: str) -> HttpResponse:
    """`1401-10.csv`, `1401-10-r1.parquet`, `all.csv`: the newest release, one for good, or all."""
    asked = _NAME.fullmatch(name)
    if asked is None:
        raise Http404
    month, number, form = asked.groups()
    found = newest_of_all() if month == "all" else _of(month, number)
    if not found:
        raise Http404
    buffer = io.BytesIO()
    rows = frame(found)
    if form == "csv":
        rows.write_csv(buffer, include_bom=True)
    else:
        rows.write_parquet(buffer)
    answer = HttpResponse(buffer.getvalue(), content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="pooshesh-{name}"'
    return answer


def _of(month: str, number: str | None) -> list[Edition]:
    try:
        found = queries.newest(of_code(month), int(number) if number else None)
    except ValueError as error:
        raise Http404 from error
    return [found] if found else []


@require_safe
def package(request: HttpRequest) -> HttpResponse:
    """The data dictionary for programs, as a Frictionless data package."""
    fields = [
        {"name": name, "type": kind, "description": words.en, "description_fa": words.fa}
        for name, (kind, words) in COLUMNS.items()
    ]
    found = newest_of_all()
    names = [*(one.code for one in found), *(["all"] if found else [])]
    return JsonResponse(
        {
            "name": "pooshesh-open-figures", "title": "Public figures of Pooshesh",
            "licenses": [{"name": LICENCE,
                          "path": "https://creativecommons.org/licenses/by/4.0/"}],
            "resources": [
                {"name": name, "path": f"{name}.csv", "format": "csv", "encoding": "utf-8",
                 "schema": {"fields": fields, "missingValues": [""]}}
                for name in names
            ],
            "indicators": [_described(one) for one in _published()],
        },
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip


def _published() -> list[Indicator]:
    book = figures.book().indicators
    return [book[code] for code, *_rest in indicators()]


def _described(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code, "unit": one.unit, "period": one.period,
        "name": {"fa": one.name.fa, "en": one.name.en},
        "definition": {"fa": one.what.fa, "en": one.what.en},
        "source": {"fa": one.cite.fa, "en": one.cite.en},
    }  # fmt: skip
