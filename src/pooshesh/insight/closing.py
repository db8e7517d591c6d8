"""Closing a month: its values worked out of its facts, its digest taken. Then it never changes."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import polars as pl
from django.db import connection, transaction
from django.utils import timezone

from pooshesh.indicators import Book
from pooshesh.indicators.book import DIMENSIONS
from pooshesh.indicators.evaluate import measures_of, numbers
from pooshesh.insight.cells import KEPT_BY_DIMENSION
from pooshesh.insight.models import Reason, Snapshot, SnapshotState
from pooshesh.places.models import Area

#: Columns of facts in the order in which their digest is taken.
FACTS = ("path", "source", "measure", *DIMENSIONS, "value")
#: Values as they are kept, without whose they are.
VALUES = ("indicator", "path", "dimension", "key", "numerator", "denominator")
_SCHEMA = {name: pl.Int64 if name == "value" else pl.String for name in FACTS}
#: Bytes of rows that are read at once.
BLOCK = 16 * 2**20
#: Reasons for which a counting that changes nothing is no revision.
_QUIET = (Reason.LATE, Reason.RUNNING)


_DIMENSIONS = ", ".join(DIMENSIONS)
_SUMMED = f"""select snapshot_id, measure, province, {_DIMENSIONS}, sum(value)::bigint
    from insight_fact where snapshot_id = %s
    group by snapshot_id, measure, province, {_DIMENSIONS}"""  # noqa: S608 - own names only
_SUM = f"""insert into insight_provincefact
    (snapshot_id, measure, province, {_DIMENSIONS}, value) {_SUMMED}"""
_SUMS_DIFFER = f"""
    with kept as (
        select snapshot_id, measure, province, {_DIMENSIONS}, value from insight_provincefact
        where snapshot_id = %s
    ), summed as ({_SUMMED})
    select exists (select * from kept except all select * from summed)
        or exists (select * from summed except all select * from kept)"""  # noqa: S608


def sums_differ(snapshot: Snapshot) -> bool:
    """Whether the facts kept by province are not the sums of the facts."""
    with connection.cursor() as cursor:
        cursor.execute(_SUMS_DIFFER, [snapshot.pk, snapshot.pk])
        return bool((cursor.fetchone() or [True])[0])


def _copied(statement: str, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """Rows of a COPY … TO STDOUT (format csv) as a frame; an empty text stays one."""
    read = []
    with (
        ThreadPoolExecutor(1) as reader,  # what has come is read while the rest is coming
        connection.cursor() as cursor,
        cursor.copy(statement) as rows,
    ):
        for text in _blocks(rows):
            read.append(reader.submit(_read, text, schema))
    return pl.concat([pl.DataFrame(schema=schema), *(one.result() for one in read)])


def _blocks(rows: Iterable[bytes | memoryview]) -> Iterator[BytesIO]:
    """The rows in texts of about `BLOCK` bytes; PostgreSQL sends whole rows."""
    text = BytesIO()
    for row in rows:
        text.write(row)
        if text.tell() >= BLOCK:
            yield text
            text = BytesIO()
    if text.tell():
        yield text


def _read(text: BytesIO, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    text.seek(0)
    read = pl.read_csv(text, has_header=False, schema=schema)
    return read.with_columns(pl.col(pl.String).fill_null(""))


def facts_of(snapshot: Snapshot) -> pl.DataFrame:
    """The facts of a snapshot: path, source, measure, dimensions, value; in no order."""
    columns = ", ".join(("area_path::text", "source", "measure", *DIMENSIONS, "value"))
    return _copied(
        f"copy (select {columns} from insight_fact where snapshot_id = '{snapshot.pk}')"  # noqa: S608
        " to stdout (format csv)",
        _SCHEMA,
    )


def kept_of(snapshot: Snapshot) -> pl.DataFrame:
    """The values kept of a snapshot, in their order."""
    found = _copied(
        "copy (select indicator, area_path::text, dimension, key, numerator, denominator"  # noqa: S608
        f" from insight_value where snapshot_id = '{snapshot.pk}') to stdout (format csv)",
        {n: pl.Int64 if n in ("numerator", "denominator") else pl.String for n in VALUES},
    )
    return found.sort(VALUES)


def digest_of(facts: pl.DataFrame) -> str:
    """What names facts, whatever their order, the same on every machine."""
    # One text a fact: sorting by fourteen columns takes seven times as long.
    lines = facts.select(line=pl.concat_str(FACTS, separator="\x1f"))["line"].sort()
    ends = "\n" if facts.height else ""
    written: str = (lines.str.join("\n").item() or "") + ends
    return hashlib.sha256(written.encode()).hexdigest()


@transaction.atomic
def close(snapshot: Snapshot, book: Book) -> Snapshot | None:
    """Work out all values and close the month; its facts must be complete.

    The closed snapshot, also when somebody closed it in the same moment. None when it was counted
    for late or running data and the revision before holds the same facts: that one stands.
    """
    locked = Snapshot.objects.select_for_update().filter(pk=snapshot.pk).first()
    if locked is None or locked.state == SnapshotState.CLOSED:
        return locked
    facts = facts_of(snapshot)
    digest = digest_of(facts)
    if locked.reason in _QUIET and _same_as_before(locked, digest):
        return None
    _write(snapshot, values_of(facts, book))
    with connection.cursor() as cursor:
        cursor.execute(_SUM, [snapshot.pk])
    Snapshot.objects.filter(pk=snapshot.pk).update(
        state=SnapshotState.CLOSED, closed_at=timezone.now(), digest=digest
    )
    snapshot.refresh_from_db()
    return snapshot


def _same_as_before(snapshot: Snapshot, digest: str) -> bool:
    """Whether the revision before has the same facts; then it has seen all rows up to now."""
    before = Snapshot.objects.filter(month=snapshot.month, state=SnapshotState.CLOSED).order_by(
        "-revision"
    )[:1]
    found = before.first()
    if found is None or found.digest != digest or found.definitions_id != snapshot.definitions_id:
        return False
    Snapshot.objects.filter(pk=found.pk).update(asked_at=snapshot.asked_at)
    snapshot.delete()
    return True


def _write(snapshot: Snapshot, values: pl.DataFrame) -> None:
    areas = pl.DataFrame(
        [(str(a.path), str(a.id), a.province, a.kind) for a in Area.objects.all()],
        schema=["path", "area_id", "province", "kind"], orient="row",
    )  # fmt: skip
    rows = values.join(areas, on="path", how="inner").select(
        pl.lit(str(snapshot.pk)).alias("snapshot_id"), "indicator", "area_id",
        pl.col("path").alias("area_path"), "province", "kind", "dimension", "key", "numerator",
        "denominator",
    )  # fmt: skip
    statement = (
        f"copy insight_value ({', '.join(rows.columns)}) from stdin"
        " (format csv, force_not_null (province, dimension, key))"
    )
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.write(rows.write_csv(include_header=False))


def values_of(facts: pl.DataFrame, book: Book) -> pl.DataFrame:
    """(indicator, path, dimension, key, numerator, denominator) of every area, in their order.

    Of the upper kinds of area also by each value of each dimension. Polars alone decides; the
    lake does the same with the same functions.
    """
    something = (pl.col("numerator") != 0) | (pl.col("denominator").fill_null(0) != 0)
    asked = [one.filter(something) for one in _lazily(facts, book)]
    found = [frame for frame in pl.collect_all(asked) if frame.height]
    schema = {n: pl.Int64 if n in ("numerator", "denominator") else pl.String for n in VALUES}
    return (pl.concat(found) if found else pl.DataFrame(schema=schema)).sort(VALUES)


def _lazily(facts: pl.DataFrame, book: Book) -> Iterator[pl.LazyFrame]:
    parts = pl.col("path").str.split(".")
    deepest = facts.select((pl.col("path").str.count_matches(".", literal=True) + 1).max()).item()
    for depth in range(1, (deepest or 0) + 1):
        level = (
            facts.filter(parts.list.len() >= depth)
            .with_columns(path=parts.list.head(depth).list.join("."))
            .group_by("path", "measure", *DIMENSIONS)
            .agg(pl.col("value").sum())
        )
        by_measure = {
            key[0]: one for key, one in level.partition_by("measure", as_dict=True).items()
        }
        for one in book.indicators.values():
            mine = [by_measure[code] for code in sorted(measures_of([one])) if code in by_measure]
            if not mine:
                continue
            used = pl.concat(mine).lazy()
            for name in ("", *(one.dimensions if depth <= len(KEPT_BY_DIMENSION) else ())):
                rows = numbers(one, used, ["path", name] if name else ["path"])
                yield rows.select(
                    pl.lit(one.code).alias("indicator"), "path",
                    pl.lit(name).alias("dimension"),
                    (pl.col(name) if name else pl.lit("")).alias("key"), "numerator",
                    "denominator",
                )  # fmt: skip
