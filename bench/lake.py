"""Writing the lake beside a bare COPY of the same rows, in CPU seconds and on the clock.

    .venv/bin/python bench/lake.py [--rows 2000000]

Builds a database of its own with one month of so many facts over 31 provinces. Then: the rows by
`copy … to stdout` into a file, and the lake's export of the month (COPY, digest, sort, Parquet by
province). Bar: ≥ 300,000 rows/s of the export, by the clock on a quiet machine.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

import cpu
import database
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_lake"
BAR = 300_000
FACTS = """
insert into insight_fact (snapshot_id, area_id, area_path, province, source, measure, sponsor,
    decile, sex, age, nationality, scheme, disease, value)
select %s, a.id, a.path, a.province, 'persons', 'persons', '', 1 + n %% 10, (array['m', 'f'])
    [1 + n %% 2], (array['0-5', '6-17', '18-64', '65+'])[1 + n %% 4], 'iranian',
    (array['rural', 'universal', 'none'])[1 + n %% 3], 'D' || n / 7440, n %% 900
from generate_series(0, %s - 1) n
join (select id, path, province, row_number() over (order by code) - 1 as k
      from places_area where kind = 'province') a on a.k = n %% 31
"""


def build(rows: int) -> None:
    """A closed month of so many facts."""
    from django.db import connection

    from pooshesh.indicators import shipped
    from pooshesh.insight import closing
    from pooshesh.insight.models import Definitions, Reason, Snapshot
    from pooshesh.insight.months import of_code

    book = shipped()
    definitions = Definitions.objects.create(digest=book.digest, files=dict(book.files))
    snapshot = Snapshot.objects.create(
        month=of_code("1401-10"), revision=1, reason=Reason.FIRST, definitions=definitions
    )
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [snapshot.pk, rows])
        cursor.execute("analyze insight_fact")
    closing.close(snapshot, book)


def prepare(cluster: Cluster) -> None:
    """A new database with the country."""
    database.own(cluster, DATABASE)
    from pooshesh.places import actions

    actions.seed_country()


def bare(folder: Path) -> None:
    """COPY of the same columns into a file."""
    from django.db import connection

    statement = (
        "copy (select area_path::text, source, measure, sponsor, decile, sex, age, nationality,"
        " scheme, disease, value from insight_fact) to stdout (format csv)"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(statement) as blocks,
        (folder / "facts.csv").open("wb") as file,
    ):
        for block in blocks:
            file.write(block)


def timed(server: psycopg.Connection, work: Callable[[], object]) -> tuple[float, float]:
    """(seconds by the clock, CPU seconds of this process and of the database)."""
    pids = [os.getpid(), *cpu.backends(server, DATABASE)]
    began, before = time.perf_counter(), cpu.spent(pids)
    work()
    return time.perf_counter() - began, cpu.spent(pids) - before


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2_000_000)
    rows = parser.parse_args().rows
    cluster = Cluster(config().home)
    started = cluster.start()
    prepare(cluster)
    build(rows)
    from django.db import connection

    from pooshesh.lake import proving, writing

    with cluster.connect() as server, tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        copied = timed(server, lambda: bare(folder))
        lake = timed(server, lambda: writing.export(folder / "lake"))
        proven = timed(server, lambda: list(proving.prove(folder / "lake")))
        connection.close()
        server.execute(f"drop database {DATABASE}")
    if started:
        cluster.stop()
    for name, (clock, spent) in (("COPY", copied), ("lake", lake), ("prove", proven)):
        print(f"{name:6}{clock:7.2f} s  {spent:7.2f} CPU-s  {rows / clock:12,.0f} rows/s")
    print(
        f"lake / COPY: {lake[0] / copied[0]:.1f} x by the clock, {lake[1] / copied[1]:.1f} x in"
        f" CPU; {BAR:,} rows/s:"
        f" {'held' if rows / lake[0] >= BAR else 'NOT held'}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
