"""Writing the lake: month by month, each file whole before the manifest names it.

A killed export leaves the lake as the last manifest says; the next one writes what is missing and
takes away what no manifest names.
"""

import csv
import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import polars as pl
from django.conf import settings
from django.utils import timezone

from pooshesh.insight import closing, figures
from pooshesh.insight.models import Snapshot
from pooshesh.insight.months import code_of
from pooshesh.kernel.errors import Invalid
from pooshesh.lake.layout import COLUMNS, MANIFEST, Manifest, Month, address, read_manifest, written
from pooshesh.places.models import Area

Tell = Callable[[str, int, int], None]


def export(
    folder: Path,
    *,
    first: dt.date | None = None,
    last: dt.date | None = None,
    as_of: dt.datetime | None = None,
    tell: Tell = lambda *_: None,
) -> Manifest:
    """Write the newest revision of closed months (as of a moment); what is there already stays.

    Months outside `first`..`last` stay as they are. Memory: one month. Errors: Invalid when
    somebody else writes there, or a month's facts are not those it closed with.
    """
    with _alone(folder):
        before = read_manifest(folder)
        months = figures.closed(first, last or timezone.localdate(), as_of)
        kept: dict[str, Month] = dict(before.months) if before else {}
        for number, (month, source) in enumerate(sorted(months.items())):
            tell(code_of(month), number, len(months))
            there = kept.get(code_of(month))
            snapshot = Snapshot.objects.get(pk=source.id)
            if not _holds(folder, there, snapshot):
                kept[code_of(month)] = _month(folder, snapshot)
        tell(MANIFEST, len(months), len(months))
        _areas(folder)
        _book(folder, {one.definitions for one in kept.values()})
        _whole(folder / "dictionary.csv", _dictionary().encode("utf-8-sig"))
        manifest = Manifest(
            timezone.now().isoformat(), settings.POOSHESH_SYNTHETIC, dict(sorted(kept.items()))
        )
        _whole(folder / MANIFEST, written(manifest).encode())
        _sweep(folder, manifest)
    return manifest


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder; the machine lets go of it when a process is killed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Invalid("lake.busy", folder=folder.name) from None
        yield


def _holds(folder: Path, there: Month | None, snapshot: Snapshot) -> bool:
    """Whether a month lies there as it closed."""
    return (
        there is not None
        and (there.revision, there.digest) == (snapshot.revision, snapshot.digest)
        and all((folder / name).exists() for name in there.files)
    )


def _month(folder: Path, snapshot: Snapshot) -> Month:
    facts = closing.facts_of(snapshot)
    with ThreadPoolExecutor(1) as other:  # two cores: one proves what the other writes
        proven = other.submit(closing.digest_of, facts)
        made = _parts(folder, facts, snapshot)
        if proven.result() != snapshot.digest:
            for name in made:
                _beside(folder / name).unlink()
            raise Invalid("lake.broken", file=code_of(snapshot.month))
    for name in made:
        _beside(folder / name).replace(folder / name)
    assert snapshot.closed_at, "a closed month has a moment"
    return Month(
        code_of(snapshot.month), snapshot.revision, snapshot.closed_at.isoformat(),
        snapshot.digest, snapshot.definitions_id, made,
    )  # fmt: skip


def _parts(folder: Path, facts: pl.DataFrame, snapshot: Snapshot) -> dict[str, int]:
    """Address → rows of the files of a month, each written beside where it will lie."""
    placed = facts.with_columns(
        province=pl.col("path").str.split(".").list.get(1, null_on_oob=True)
        .str.strip_prefix("p").fill_null("")
    )  # fmt: skip
    made = {}
    for (province,), part in placed.partition_by("province", as_dict=True).items():
        name = address(province, snapshot.month, snapshot.revision)
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        part.drop("province").write_parquet(_beside(path), compression="zstd", compression_level=1)
        made[name] = part.height
    return made


def _areas(folder: Path) -> None:
    rows = [
        (str(a.path), a.code, str(a.kind), a.province, a.name_fa, a.name_en)
        for a in Area.objects.order_by("path")
    ]
    schema = ["path", "code", "kind", "province", "name_fa", "name_en"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String), orient="row")
    frame.write_parquet(_beside(folder / "areas.parquet"))
    _beside(folder / "areas.parquet").replace(folder / "areas.parquet")


def _book(folder: Path, digests: set[str]) -> None:
    for digest in digests:
        shelf = folder / "book" / digest
        shelf.mkdir(parents=True, exist_ok=True)
        for name, text in figures.book(digest).files.items():
            _whole(shelf / name, text.encode())


def _dictionary() -> str:
    made = StringIO()
    writer = csv.writer(made)
    writer.writerow(["column", "type", "fa", "en"])
    writer.writerows([name, *words] for name, words in COLUMNS.items())
    return made.getvalue()


def _sweep(folder: Path, manifest: Manifest) -> None:
    """Take away what no manifest names: older revisions, and what a killed export left."""
    named = {name for month in manifest.months.values() for name in month.files}
    for path in (folder / "facts").glob("province=*/month=*/*"):
        if str(path.relative_to(folder)) not in named:
            path.unlink()
    for shelf in (folder / "book").glob("*"):
        if shelf.name not in {month.definitions for month in manifest.months.values()}:
            shutil.rmtree(shelf)


def _whole(path: Path, content: bytes) -> None:
    """A file is there whole or as it was."""
    _beside(path).write_bytes(content)
    _beside(path).replace(path)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def rows_of(manifest: Manifest) -> Mapping[str, int]:
    """Month → rows."""
    return {code: month.rows for code, month in manifest.months.items()}
