"""A sheet of applications to the fund: checked, persons found or registered, applications opened.

    .venv/bin/python bench/intake.py [--rows 53252] [--known 10000] [--runs 3]

Builds a database of its own anew for each run, with `--known` of the patients registered already,
writes a sheet for the whole country (23 % of it from Lorestan) and prints the seconds of
- the check: every row read and validated;
- the writing, as the job does it: persons recognised by identifier or registered and linked, files
  opened, applications with their first step, the report by row, the audit events;
- the same sheet written again, which writes nothing;
- the job afterwards that tells every patient who left a telephone the tracking number, up to
  where the messages wait for the sender;
- a bare COPY of the very rows that were written into tables without index or constraint.
and the CPU seconds of both processes, which others at work on the machine do not lengthen.
Bar: check and writing of 53,252 rows within 60 s.
"""

import argparse
import csv
import datetime as dt
import random
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import database
import search
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster
from register import Backend

DATABASE = "bench_intake"
LORESTAN = 0.2338  # share of the reported registrations
TABLES = (
    "people_person", "people_identifier", "people_household", "people_membership",
    "people_matchkeys", "people_link", "fund_patientfile", "fund_application",
    "fund_applicationstep", "fund_intakerow",
)  # fmt: skip
HEADER = ("نام", "نام خانوادگی", "نام پدر", "تاریخ تولد", "کد ملی", "تلفن همراه", "بیماری", "استان",
          "بیمه")  # fmt: skip


def sheet(path: Path, rows: int, diseases: Sequence[str], provinces: Sequence[str]) -> None:
    """A sheet of people who do not exist."""
    rng = random.Random(rows)
    names = search.people(rng)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row in range(rows):
            (first, last), (father, _) = next(names), next(names)
            year, month, day = rng.randint(1320, 1400), rng.randint(1, 12), rng.randint(1, 29)
            writer.writerow(
                (
                    first, last, father, f"{year}/{month:02}/{day:02}",
                    search.national_id(row) if rng.random() < 0.9 else "",
                    f"09{rng.randrange(10**9):09}", rng.choice(diseases),
                    "لرستان" if rng.random() < LORESTAN else rng.choice(provinces),
                    rng.choice(("بیمه سلامت", "سایر", "ندارد")),
                )
            )  # fmt: skip


def prepare() -> None:
    """The nation and its provinces, the list of diseases, and a clerk of the nation."""

    from pooshesh import demo
    from pooshesh.access.actions import give
    from pooshesh.access.models import User
    from pooshesh.places.models import Area

    demo.seed()
    clerk = User.objects.create(username="bench")
    give(actor=None, user=clerk, role="fund_clerk", area=Area.objects.get(code="ir"))


def known(path: Path, count: int) -> None:
    """Register the first patients of the sheet beforehand, as a registry knows them."""
    from pooshesh.fund import sheets
    from pooshesh.people.registration import register_census
    from pooshesh.places.models import Area

    read = sheets.read(path, path.name, Area.objects.get(code="ir"))
    by_area: dict[str, list[sheets.Row]] = {}
    for row in read.rows[:count]:
        by_area.setdefault(row.area.code, []).append(row)
    for group in by_area.values():
        register_census(
            [row.person for row in group], area=group[0].area, on=dt.date(2021, 3, 21), actor=None
        )


def once(path: Path, known_before: int) -> tuple[float, float, float, float]:
    """Seconds of check, writing, writing again, bare COPY."""
    from pooshesh.access.models import User
    from pooshesh.disease.models import Disease
    from pooshesh.fund import intake
    from pooshesh.fund.models import Application
    from pooshesh.kernel.jobs import Progress
    from pooshesh.kernel.models import Job
    from pooshesh.places.models import Area
    from pooshesh.portal import sheets

    assert Disease.objects.exists()
    clerk = User.objects.get(username="bench")
    known(path, known_before)
    with path.open("rb") as file:
        row, _new = intake.bring(Area.objects.get(code="ir"), path.name, file, actor=clerk.pk)
    progress = Progress(Job.objects.create(kind=intake.WRITE).pk)
    asked = {"intake": str(row.pk), "by": str(clerk.pk)}
    own, backend = time.process_time(), Backend()
    theirs = backend()
    began = time.perf_counter()
    found = intake.check(progress, **asked)
    checked = time.perf_counter()
    intake.write(progress, **asked)
    written = time.perf_counter()
    print(
        f"  CPU: {time.process_time() - own:.1f} s here, {backend() - theirs:.1f} s in the database"
    )
    intake.write(progress, **asked)
    again = time.perf_counter()
    told = sheets.tell(progress, row.pk.hex)
    print(f"  {told}: told in {time.perf_counter() - again:.1f} s")
    row.refresh_from_db()
    print(f"  {found}, {row.counts}, applications: {Application.objects.count():,}")
    return checked - began, written - checked, again - written, copied()


def copied() -> float:
    """Seconds of a COPY of all rows that were written into bare tables."""
    from django.db import connection, transaction

    spent = 0.0
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"create temp table bare (like {table}) on commit drop")
            with cursor.copy(f"copy {table} to stdout") as out:
                data = b"".join(bytes(block) for block in out)
            began = time.perf_counter()
            with cursor.copy("copy bare from stdin") as into:
                into.write(data)
            spent += time.perf_counter() - began
            cursor.execute("drop table bare")
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=53_252)
    parser.add_argument("--known", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    search.DATABASE = DATABASE
    cluster = Cluster(config().home)
    with ExitStack() as stack:
        if cluster.start():
            stack.callback(cluster.stop)
        folder = Path(stack.enter_context(TemporaryDirectory()))
        measure(cluster, folder, options)


def measure(cluster: Cluster, folder: Path, options: argparse.Namespace) -> None:
    totals: list[float] = []
    for run in range(options.runs):
        if run:
            from django.db import connection

            connection.close()
        database.own(cluster, search.DATABASE)
        prepare()
        from pooshesh.disease.models import Disease
        from pooshesh.places.models import Area

        path = folder / "applications.csv"
        diseases = list(Disease.objects.order_by("code").values_list("code", flat=True))
        places = Area.objects.filter(kind="province").exclude(code="p15").order_by("code")
        sheet(path, options.rows, diseases, [one.name_fa for one in places])
        check, write, again, bare = once(path, options.known)
        totals.append(check + write)
        print(
            f"run {run + 1}: {options.rows:,} rows checked in {check:.1f} s, written in"
            f" {write:.1f} s ({options.rows / write:,.0f} rows/s), again in {again:.1f} s;"
            f" a bare COPY of the rows takes {bare:.2f} s: {write / bare:.1f} ×"
        )
    print(
        f"check and writing: best {min(totals):.1f} s, median {statistics.median(totals):.1f} s;"
        " bar 60 s"
    )


if __name__ == "__main__":
    main()
