"""Closing a month: its values worked out of its facts, its digest taken. Then it never changes."""

import hashlib
from collections.abc import Iterable

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from pooshesh.indicators import Book, Indicator
from pooshesh.indicators.book import DIMENSIONS
from pooshesh.indicators.evaluate import measures_of, numbers
from pooshesh.insight.cells import KEPT_BY_DIMENSION
from pooshesh.insight.models import Snapshot, SnapshotState, Value
from pooshesh.kernel.bulk import copy_in
from pooshesh.places.models import Area

COLUMNS = ("source", "measure", "area", *DIMENSIONS, "value")
_FIELDS = (
    "snapshot_id", "indicator", "area_id", "area_path", "province", "kind", "dimension", "key",
    "numerator", "denominator",
)  # fmt: skip


def facts_of(snapshot: Snapshot) -> pl.DataFrame:
    """The facts of a snapshot in their order: path, source, measure, dimensions, value."""
    names = ("path", "source", "measure", *DIMENSIONS, "value")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select area_path::text, source, measure, {", ".join(DIMENSIONS)}, value
            from insight_fact where snapshot_id = %s""",  # noqa: S608 - own names only
            [snapshot.id],
        )
        rows = cursor.fetchall()
    schema = {name: pl.Int64 if name == "value" else pl.String for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row").sort(names)


def digest_of(facts: pl.DataFrame) -> str:
    """What names facts in their order, the same on every machine."""
    made = hashlib.sha256()
    for row in facts.iter_rows():
        made.update("\x1f".join(map(str, row)).encode() + b"\n")
    return made.hexdigest()


@transaction.atomic
def close(snapshot: Snapshot, book: Book) -> None:
    """Work out all values and close the month; it must be building, its facts complete."""
    facts = facts_of(snapshot)
    areas = {str(area.path): area for area in Area.objects.all()}  # before COPY has the connection
    copy_in(Value, _FIELDS, _values(snapshot, facts, areas, book))
    closed = Snapshot.objects.filter(pk=snapshot.pk, state=SnapshotState.BUILDING).update(
        state=SnapshotState.CLOSED, closed_at=timezone.now(), digest=digest_of(facts)
    )
    assert closed, "a month is closed once"


def _values(
    snapshot: Snapshot, facts: pl.DataFrame, areas: dict[str, Area], book: Book
) -> Iterable[tuple[object, ...]]:
    deepest = max((path.count(".") + 1 for path in areas), default=1)
    parts = pl.col("path").str.split(".")
    for depth in range(1, deepest + 1):
        level = facts.lazy().filter(parts.list.len() >= depth).with_columns(
            place=parts.list.head(depth).list.join(".")
        )  # fmt: skip
        for one in book.indicators.values():
            mine = level.filter(pl.col("measure").is_in(sorted(measures_of([one]))))
            for name in ("", *(one.dimensions if depth <= len(KEPT_BY_DIMENSION) else ())):
                yield from _rows(snapshot, areas, one, mine, name)


def _rows(
    snapshot: Snapshot, areas: dict[str, Area], one: Indicator, facts: pl.LazyFrame, name: str
) -> Iterable[tuple[object, ...]]:
    by = ["place", name] if name else ["place"]
    for path, *key, numerator, denominator in numbers(one, facts, by).collect().iter_rows():
        area = areas[path]
        yield (
            snapshot.id, one.code, area.id, path, area.province, area.kind, name,
            key[0] if key else "", numerator, denominator,
        )  # fmt: skip
