"""Publishing a month's tables: the job that does it, and the one writer of releases."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.insight import figures, publishing
from pooshesh.insight.figures import Closed, Figure, Wanted
from pooshesh.insight.models import Snapshot
from pooshesh.insight.months import code_of, end_of, month_of
from pooshesh.insight.places import Place, places_of
from pooshesh.kernel import audit
from pooshesh.kernel.calendar import from_jalali, to_jalali
from pooshesh.kernel.jobs import Progress, job
from pooshesh.public.ground import Cell, System
from pooshesh.public.models import Release
from pooshesh.public.tables import TABLES

JOB = "public.release"
CHANNEL = "public"
#: Held while a release is made: of two at once the second finds nothing left to publish.
LOCK = 6_016


@job(JOB, every=dt.timedelta(hours=6))
def release_job(progress: Progress) -> dict[str, int]:
    """Publishes the tables of every month that closed, and of those that were counted anew."""
    return {"releases": release_due(progress)}


def release_due(tell: Callable[[str, int, int], None]) -> int:
    """Publish what is due; how many releases that made."""
    todo = due()
    made = 0
    for place, month in enumerate(todo):
        tell(code_of(month), place, len(todo))
        made += release(month) is not None
    return made


def due() -> list[dt.date]:
    """Months that ended and were closed after that, whose newest revision is not published.

    So are the later months of a year in which one was counted anew: the year so far changed.
    """
    running = month_of(timezone.localdate())
    asked = dict(Snapshot.objects.filter(state="closed").values_list("id", "asked_at"))
    found = figures.closed(None, running)
    last = {
        month: (revision, flagged, made_at)
        for month, revision, flagged, made_at in Release.objects.order_by("number").values_list(
            "month", "revision", "flagged", "made_at"
        )
    }
    todo: list[dt.date] = []
    for month, source in sorted(found.items()):
        if month >= running or timezone.localdate(asked[source.id]) <= end_of(month):
            continue
        before = last.get(month)
        earlier = (one.as_of for m, one in found.items() if year_of(month) <= m < month)
        if (
            before is None
            or before[:2] != (source.revision, source.flagged)
            or any(closed_at > before[2] for closed_at in earlier)
        ):
            todo.append(month)
    return todo


def year_of(month: dt.date) -> dt.date:
    """The first day of the Jalali year of a month."""
    return from_jalali(to_jalali(month)[0], 1, 1)


@transaction.atomic
def release(month: dt.date, actor: UUID | None = None) -> Release | None:
    """Publish a closed month's tables, masked beside all that was published of its year.

    None when the last release says the same, also when another made it in this moment. A month
    that a red check concerns is published flagged.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    as_of = timezone.now()
    source = figures.closed(month, month, as_of).get(month)
    if source is None:
        return None
    found = list(_figures(month, as_of))
    cells = [cell for cell, _figure in found]
    last = Release.objects.filter(month=month).order_by("-number").first()
    if last and last.flagged == source.flagged and _same(last, cells):
        Release.objects.filter(pk=last.pk).update(revision=source.revision)
        return None
    cells = _masked(month, source, cells)
    shown = [(cell, figure) for cell, (_c, figure) in zip(cells, found, strict=True) if cell.shown]
    made = _write(month, last.number + 1 if last else 1, source, as_of, cells,
                  [figure.reference for _cell, figure in found])  # fmt: skip
    publishing.publish(
        CHANNEL, f"{code_of(month)} r{made.number}", [figure for _cell, figure in shown],
        actor=actor,
    )  # fmt: skip
    audit.record(
        "public.release", actor=actor, kind="release", object_id=made.pk,
        content={
            "month": code_of(month), "number": made.number, "etag": made.etag,
            "flagged": made.flagged, "cells": len(cells), "masked": len(cells) - len(shown),
        },
    )  # fmt: skip
    return made


def _figures(month: dt.date, as_of: dt.datetime) -> Iterator[tuple[Cell, Figure]]:
    """Every cell of every public table, with nobody where nobody was counted."""
    areas = (*places_of("nation"), *places_of("province"))
    first = year_of(month)
    for table in TABLES.values():
        since = first if table.so_far else None
        by = (table.by,) if table.by else ()
        wanted = Wanted(table.indicators, areas, (month,), since, by, as_of=as_of)
        read = [one for one in figures.read(wanted) if one.source]
        if table.by:
            read = list(_all_groups(read, areas))
        for one in read:
            key = dict(one.group).get(table.by, "")
            yield Cell(
                table.code, one.indicator.code, one.place.code, since or month, month, table.by,
                key, one.numerator, one.denominator,
            ), one  # fmt: skip


def _all_groups(read: list[Figure], areas: tuple[Place, ...]) -> Iterator[Figure]:
    """Every group that is somewhere, in every area: what is left out would say it is nobody."""
    for code in dict.fromkeys(one.indicator.code for one in read):
        mine = [one for one in read if one.indicator.code == code]
        here = {(one.place.id, one.group): one for one in mine if one.group}
        nobody = replace(
            mine[0], numerator=0, denominator=0 if mine[0].indicator.denominator else None
        )
        keys = sorted({group for _place, group in here}, key=_order)
        for place in areas:
            for group in keys:
                yield here.get((place.id, group)) or replace(nobody, place=place, group=group)


def _order(group: tuple[tuple[str, str], ...]) -> tuple[bool, int, str]:
    key = group[0][1]
    return not key, int(key) if key.isdecimal() else 0, key


def _same(last: Release, cells: list[Cell]) -> bool:
    return [replace(cell, shown=True) for cell in cells_of(last)] == cells


def cells_of(made: Release) -> list[Cell]:
    """The true numbers of a release, and which of them it shows."""
    return [
        Cell(**{
            **row, "first": dt.date.fromisoformat(row["first"]),
            "month": dt.date.fromisoformat(row["month"]),
        })
        for row in made.ground
    ]  # fmt: skip


def _masked(month: dt.date, source: Closed, cells: list[Cell]) -> list[Cell]:
    """The cells, those that must not be shown marked."""
    system = System()
    first = year_of(month)
    after = from_jalali(to_jalali(month)[0] + 1, 1, 1)
    linked = {code for table in TABLES.values() if table.so_far for code in table.indicators}
    for one in Release.objects.filter(month__gte=first, month__lt=after).order_by("made_at"):
        book = figures.book(one.definitions).indicators
        before = [
            cell for cell in cells_of(one)
            if one.month == month or (cell.indicator in linked and not cell.dimension)
        ]  # fmt: skip
        system.add(before, book, published=True)
    told = system.add(cells, figures.book(source.definitions).indicators, published=False)
    system.months()
    gone = system.masked(told)
    return [replace(cell, shown=place not in gone) for place, cell in enumerate(cells)]


def _write(
    month: dt.date,
    number: int,
    source: Closed,
    as_of: dt.datetime,
    cells: list[Cell],
    references: list[str],
) -> Release:
    rows = [
        {
            "table": cell.table, "indicator": cell.indicator, "area": cell.area,
            "first": code_of(cell.first), "month": code_of(cell.month),
            "dimension": cell.dimension, "key": cell.key, "masked": not cell.shown,
            "numerator": cell.numerator if cell.shown else None,
            "denominator": cell.denominator if cell.shown else None,
            "reference": reference,
        }
        for cell, reference in zip(cells, references, strict=True)
    ]  # fmt: skip
    body = json.dumps(
        {
            "month": code_of(month), "release": number, "as_of": as_of.isoformat(),
            "revision": source.revision, "definitions": source.definitions,
            "flagged": source.flagged, "cells": rows,
        },
        ensure_ascii=False, separators=(",", ":"),
    ).encode()  # fmt: skip
    return Release.objects.create(
        month=month, number=number, as_of=as_of, revision=source.revision,
        definitions=source.definitions, flagged=source.flagged,
        ground=[
            {**asdict(cell), "first": cell.first.isoformat(), "month": cell.month.isoformat()}
            for cell in cells
        ],
        body=body, etag=hashlib.sha256(body).hexdigest(),
    )  # fmt: skip
