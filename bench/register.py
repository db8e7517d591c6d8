"""Registering in bulk and checking for doubles while somebody types, in a registry of a million.

    .venv/bin/python bench/register.py [--persons 1000000] [--runs 7] [--batch 10000] [--fresh]

Builds a registry of its own by registering it (kept for the next run), then prints
- persons per second of a census through `register_many`: validated, recognised by identifier,
  linked to the whole registry, with households, standings, search words, hashes and the audit
  event; best and median run, the CPU of this process and of its database backend; and how many
  times a bare COPY of the very same rows into tables without index or constraint it takes;
- p50, p95 and p99 of the live check, beside a row read by its primary key.
Every census is rolled back, so that each run meets the same registry.
Bars: 3,000 persons/s; live check p99 ≤ 5 ms.
"""

import argparse
import datetime as dt
import gc
import random
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import database
import search
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster
from pooshesh.people.synthetic.mistakes import mistyped, respelt

if TYPE_CHECKING:
    from pooshesh.people.recognition import CensusPerson
    from pooshesh.places.models import Area

DATABASE = "bench_register"
ON = dt.date(2022, 2, 11)
TABLES = ("person", "identifier", "household", "membership", "standing", "matchkeys", "link")
CHILDREN = 3  # members of a household


def drawn(rng: random.Random, start: int) -> Iterator["CensusPerson"]:
    """People who do not exist, in households; every sixth has no national ID."""
    from pooshesh.people.models import LegalStatus, Relation
    from pooshesh.people.recognition import CensusPerson

    names = search.people(rng)
    position = start
    while True:
        (_, last), (father, _) = next(names), next(names)
        postal = str(rng.randrange(1_100_000_000, 10**10))
        for member in range(CHILDREN):
            position += 1
            yield CensusPerson(
                row=position, household=str(position // CHILDREN),
                relation=Relation.CHILD if member else Relation.HEAD,
                first_name=next(names)[0], last_name=last, father_name=father,
                sex=rng.choice("MF"),
                birth_date=dt.date(1940, 3, 21) + dt.timedelta(days=rng.randrange(29_000)),
                birth_precision="day",
                national_id=search.national_id(position) if rng.random() < 5 / 6 else "",
                mobile=f"09{rng.randrange(10**9):09}", postal_code=postal,
                status=LegalStatus.CITIZEN, nationality="IR",
            )  # fmt: skip


def prepare(persons: int, batch: int) -> None:
    """A registry of `persons` people, registered as any other."""
    from django.db import connection

    from pooshesh.people.models import Person
    from pooshesh.people.registration import register_census
    from pooshesh.places.models import Area

    there = Person.objects.count()
    if there >= persons:
        return
    if not Area.objects.exists():
        list(search.make_areas())
    areas = list(Area.objects.filter(kind="neighbourhood").order_by("code"))
    rng, began = random.Random(there), time.monotonic()
    people = drawn(rng, there)
    for start in range(there, persons, batch):
        rows = [next(people) for _ in range(min(batch, persons - start))]
        register_census(rows, area=rng.choice(areas), on=ON, actor=None)
        sys.stderr.write(f"\r{start + len(rows):,}")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    spent = time.monotonic() - began
    print(f"\nregistered {persons - there:,} persons in {spent:.0f} s, hot and cold")


class Backend:
    """CPU seconds of the database backend of this connection."""

    def __init__(self) -> None:
        from django.db import connection

        connection.ensure_connection()
        self.stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")

    def __call__(self) -> float:
        fields = self.stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / 100


def bulk(runs: int, size: int, area: "Area") -> None:
    from django.db import transaction

    from pooshesh.people.models import Link, Person
    from pooshesh.people.registering import register_many

    backend, total = Backend(), Person.objects.count()
    rates, cpus, ratios = [], [], []
    found = 0
    for run in range(runs):
        rng = random.Random(1_000 + run)
        people = drawn(rng, 10_000_000 + run * size)
        rows = [next(people) for _ in range(size)]
        before = Link.objects.count()
        with transaction.atomic():
            wall, own, theirs = time.perf_counter(), time.process_time(), backend()
            with transaction.atomic():
                register_many(rows, area=area, on=ON, actor=None)
            check_constraints()  # what a commit would check
            wall = time.perf_counter() - wall
            own, theirs = time.process_time() - own, backend() - theirs
            found += Link.objects.count() - before
            bare = copied(area)
            transaction.set_rollback(True)
        rates.append(size / wall)
        cpus.append(size / (own + theirs))
        ratios.append(wall / bare)
        print(f"run {run + 1}: {size / wall:6,.0f} persons/s; CPU {own:.2f} + {theirs:.2f} s;"
              f" {wall / bare:.1f} × a bare COPY of the rows ({bare:.2f} s)")  # fmt: skip
    print(
        f"bulk registration beside {total:,} persons: best {max(rates):,.0f}, median"
        f" {statistics.median(rates):,.0f} persons/s; best {max(cpus):,.0f}, median"
        f" {statistics.median(cpus):,.0f} per CPU-second of both processes;"
        f" {min(ratios):.1f} to {max(ratios):.1f} × a bare COPY; {found / runs:.0f} links a run"
    )


def check_constraints() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def copied(area: "Area") -> float:
    """Seconds of a COPY of the area's newest rows into bare tables."""
    from django.db import connection

    spent = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            name = f"people_{table}"
            cursor.execute(f"create temp table bare (like {name}) on commit drop")
            with cursor.copy(
                f"copy (select * from {name} where xmin = pg_current_xact_id()::xid"
                f" or xmin::text::bigint > pg_current_xact_id()::text::bigint % (2^32)::bigint)"
                " to stdout"
            ) as out:
                data = [bytes(block) for block in out]
            began = time.perf_counter()
            with cursor.copy("copy bare from stdin") as into:
                into.write(b"".join(data))
            spent += time.perf_counter() - began
            cursor.execute("drop table bare")
    return spent


def live(count: int) -> None:
    """The check as a clerk's form asks for it, half of somebody registered, with slips."""
    from django.db import connection

    from pooshesh.people import queries
    from pooshesh.people.models import Person
    from pooshesh.places.models import Area

    rng = random.Random(3)
    clerk = search.viewer(Area.objects.get(code="c0501"))
    with connection.cursor() as cursor:
        cursor.execute("select id from people_person order by md5(id::text) limit %s", [count // 2])
        ids = [pk for (pk,) in cursor.fetchall()]
    known = [newcomer(one, rng) for one in Person.objects.filter(pk__in=ids)]
    strangers = drawn(rng, 50_000_000)
    asked = [*known, *(next(strangers) for _ in range(count - len(known)))]
    rng.shuffle(asked)
    gc.collect()
    gc.freeze()  # a server holds no census it has just registered, to be searched for garbage
    search.timed(lambda pk: Person.objects.get(pk=pk), ids)
    line("limit: row by primary key", search.timed(lambda pk: Person.objects.get(pk=pk), ids))
    backend = Backend()
    own, theirs = time.process_time(), backend()
    line("live check", search.timed(lambda one: queries.doubles(clerk, one), asked))
    own, theirs = time.process_time() - own, backend() - theirs
    print(f"  CPU of each live check: {own / count * 1000:.2f} + {theirs / count * 1000:.2f} ms")
    met = sum(bool(queries.doubles(clerk, one)) for one in known)
    alarms = sum(bool(queries.doubles(clerk, one)) for one in asked if one.row > 50_000_000)
    print(f"of {len(known)} registered already {met} were found, with a slip and without a number;"
          f" of {count - len(known)} strangers {alarms} were")  # fmt: skip


def newcomer(one: object, rng: random.Random) -> "CensusPerson":
    """Somebody registered, typed anew without a number: one name otherwise, the other mistyped."""
    from pooshesh.people.models import Person
    from pooshesh.people.recognition import CensusPerson

    assert isinstance(one, Person)
    typed = CensusPerson(
        row=1, first_name=one.first_name, last_name=respelt(one.last_name, rng),
        father_name=one.father_name, sex=one.sex, birth_date=one.birth_date,
        birth_precision=one.birth_precision,
    )  # fmt: skip
    return replace(typed, first_name=mistyped(one.first_name, rng)) if rng.random() < 0.3 else typed


def line(name: str, taken: Sequence[float]) -> None:
    p = statistics.quantiles(taken, n=100)
    print(f"{name:26} p50 {p[49]:6.2f} ms   p95 {p[94]:6.2f} ms   p99 {p[98]:6.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--checks", type=int, default=1_000)
    parser.add_argument("--fresh", action="store_true", help="build the registry anew")
    options = parser.parse_args()
    cluster = Cluster(config().home)
    started = cluster.start()
    search.DATABASE = DATABASE
    try:
        database.own(cluster, search.DATABASE, fresh=options.fresh)
        prepare(options.persons, options.batch)
        from pooshesh.places.models import Area

        bulk(options.runs, options.batch, Area.objects.get(code="n0000"))
        live(options.checks)
    finally:
        if started:
            cluster.stop()


if __name__ == "__main__":
    main()
