"""Open data: the published rows as CSV and Parquet, and what their columns mean."""

import io
import re
from collections.abc import Iterable
from typing import Any

import polars as pl
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
_JSON = {pl.String: "string", pl.Int64: "integer", pl.Float64: "number", pl.Boolean: "boolean"}

#: Column → its type and what it means.
COLUMNS: dict[str, tuple[Any, Words]] = {
    "month": (pl.String, Words("ماه جلالی، آخرین ماهی که رقم در بر دارد", "Jalali month, the last one the figure covers")),
    "first_month": (pl.String, Words("نخستین ماهی که رقم در بر دارد", "The first month the figure covers")),
    "table": (pl.String, Words("رمز جدول", "Code of the table")),
    "indicator": (pl.String, Words("رمز شاخص", "Code of the indicator")),
    "indicator_fa": (pl.String, Words("نام فارسی شاخص", "The indicator’s name in Persian")),
    "indicator_en": (pl.String, Words("نام انگلیسی شاخص", "The indicator’s name in English")),
    "area": (pl.String, Words("رمز منطقه: ir کشور است، p با رمز مرکز آمار استان", "Code of the area: ir is the nation, p with the statistical code a province")),
    "area_fa": (pl.String, Words("نام فارسی منطقه", "The area’s name in Persian")),
    "area_en": (pl.String, Words("نام انگلیسی منطقه", "The area’s name in English")),
    "dimension": (pl.String, Words("به تفکیک چه؛ خالی یعنی کل", "By what it is broken down; empty is the whole")),
    "key": (pl.String, Words("مقدار تفکیک؛ با تفکیک و بی‌مقدار یعنی نامعلوم", "The group; empty beside a dimension is not known")),
    "numerator": (pl.Int64, Words("صورت کسر؛ خالی یعنی پوشیده", "Numerator; empty is masked")),
    "denominator": (pl.Int64, Words("مخرج کسر؛ خالی یعنی پوشیده یا بی‌مخرج", "Denominator; empty is masked, or there is none")),
    "value": (pl.Float64, Words("مقدار به واحدش؛ سهم از ۰ تا ۱ است؛ خالی یعنی پوشیده یا بی‌داده", "The value in its unit; a share is 0 to 1; empty is masked or no data")),
    "unit": (pl.String, Words("واحد: number، rial، days، percent (سهم از ۱)، per_1000، rate", "Unit: number, rial, days, percent (a share of 1), per_1000, rate")),
    "masked": (pl.Boolean, Words("پوشیده، چون از اشخاص اندک است یا آنان از آن یافته می‌شوند", "Masked: of few people, or they would follow from it")),
    "flagged": (pl.Boolean, Words("آزمونی درباره این ماه قرمز است", "A check about this month is red")),
    "release": (pl.Int64, Words("شماره انتشار این ماه", "Number of the month’s release")),
    "as_of": (pl.String, Words("لحظه دانسته‌ها، به وقت جهانی", "As known at this moment, UTC")),
    "reference": (pl.String, Words("نشانی همیشگی رقم در دفتر ارقام", "What names the figure for good in the book of figures")),
}  # fmt: skip


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
    schema = {name: kind for name, (kind, _words) in COLUMNS.items()}
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
        {"name": name, "type": _JSON[kind], "description": words.en, "description_fa": words.fa}
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
