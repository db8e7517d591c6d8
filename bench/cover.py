"""Enrol ten thousand at once beside a bare COPY, and open the worklists of a million spells.

    .venv/bin/python bench/cover.py [--persons 1000000] [--enrol 10000] [--fresh]

Builds a database of its own (kept for the next run). Enrolling is measured in CPU-seconds of this
process and of the database together, as a ratio to a bare COPY of the same rows in the same run;
so is billing the households of a neighbourhood, as a ratio to a bare COPY of its invoices. Then
the pages of arrears and of double cover, for a nation and for a county: milliseconds, statements,
and whether the plans read the spells or accounts of everybody to answer for a county.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import database
import search
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

search.DATABASE = "bench_cover"
TICK = os.sysconf("SC_CLK_TCK")
ROUNDS = 5
STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"

#: Four live together. Ours covers nine in ten, half of them pay; another insurer one in twenty.
HOUSEHOLDS = """
    insert into people_household (id, area_id, area_path, province, postal_code, address,
        created_at)
    select p.id, p.area_id, p.area_path, p.province, '', '', now()
    from (select *, row_number() over (order by id) as n from people_person) p where n % 4 = 1
"""
MEMBERS = """
    insert into people_membership (person_id, household_id, relation, valid, recorded)
    select id, first_value(id) over (partition by (n - 1) / 4 order by n),
        case when n % 4 = 1 then 'head' else 'child' end, daterange('2024-03-20', null),
        tstzrange('2024-03-20', null)
    from (select id, row_number() over (order by id) as n from people_person) p
"""
SPELLS = """
    insert into coverage_spell (id, person_id, insurer_id, scheme, premium_percent, area_id,
        area_path, province, source, valid, recorded)
    select gen_random_uuid(), p.id, i.code, case when i.ours then 'universal' else '' end,
        case when i.ours then 100 * ((n / 4) % 2) end, p.area_id, p.area_path, p.province,
        case when i.ours then 'enrolment' else 'roll' end, daterange('2024-03-20', null),
        tstzrange('2024-03-20', null)
    from (select *, row_number() over (order by id) as n from people_person) p
    join coverage_insurer i
      on i.code = 'ihio' and n % 10 > 0 or i.code = 'sso' and n % 20 in (0, 1)
    where n > {bare}
"""
MERGES = """
    insert into people_merge (id, person_id, into_id, survivor_id, reason, actor, at, undone_reason)
    select gen_random_uuid(), a, b, b, '', gen_random_uuid(), now(), ''
    from (select id as a, lag(id) over (order by id) as b, row_number() over (order by id) as n
          from people_person) p
    where n % 1000 = 0
"""
#: One household in five was billed and did not pay.
INVOICES = """
    insert into coverage_invoice (id, household_id, period, amount, issued_on, due_on, at,
        cancelled_reason, area_id, area_path, province)
    select id, id, daterange('2023-03-21', '2024-03-20'), 14352000, '2023-03-21',
        '2023-04-20'::date + (n % 900)::int, now(), '', area_id, area_path, province
    from (select *, row_number() over (order by id) as n from people_household) h where n % 5 = 0
"""
LINES = """
    insert into coverage_invoiceline (invoice_id, person_id, days, yearly, percent, amount, live)
    select id, household_id, period, amount, 100, amount, true from coverage_invoice
"""


def fill_cover(bare: int) -> None:
    """Households, spells, merges and invoices; the first `bare` persons stay without cover."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("select exists (select 1 from coverage_spell)")
        if cursor.fetchone()[0]:
            return
        with transaction.atomic():
            for statement in (HOUSEHOLDS, MEMBERS, SPELLS, MERGES, INVOICES, LINES):
                cursor.execute(statement.format(bare=bare))
        cursor.execute("vacuum analyze")


def cpu() -> float:
    """CPU seconds of this process and of the backend that serves it, so far."""
    from django.db import connection

    backend = connection.connection.info.backend_pid
    numbers = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + (int(numbers[11]) + int(numbers[12])) / TICK


class _Back(Exception):
    """Everything that was measured is taken back."""


def spent(work: Callable[[], object]) -> float:
    """Median CPU seconds of some work with its deferred checks, taken back each time."""
    from django.db import connection, transaction

    taken = []
    for _ in range(ROUNDS):
        with suppress(_Back), transaction.atomic():
            began = cpu()
            work()
            connection.check_constraints()
            taken.append(cpu() - began)
            raise _Back
    return statistics.median(taken)


def copied(table: str, given: list[tuple[Any, ...]], columns: str) -> Callable[[], None]:
    """A bare COPY of rows: what no writer beats."""
    from django.db import connection

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"create temp table bare (like {table}) on commit drop")
            with cursor.copy(f"copy bare ({columns}) from stdin") as copy:
                for row in given:
                    copy.write_row(row)
            cursor.execute(f"insert into {table} ({columns}) select {columns} from bare")

    return work


def writing(count: int) -> None:
    """Enrolment and billing beside the bare rows."""
    from django.db import connection

    from pooshesh.coverage import billing, dues
    from pooshesh.coverage.actions import Enrolment, enrol
    from pooshesh.coverage.models import Scheme
    from pooshesh.kernel.calendar import fiscal_year
    from pooshesh.kernel.ids import uuid7, uuid7s
    from pooshesh.kernel.time import from_day, from_now
    from pooshesh.people.models import Household, Person
    from pooshesh.places.models import Area

    connection.ensure_connection()
    area = Area.objects.get(code="n0001")
    day = fiscal_year(1403)[0]
    persons = list(Person.objects.order_by("id").values_list("id", flat=True)[:count])
    asked = [Enrolment(one, Scheme.UNIVERSAL, 100) for one in persons]
    columns = (
        "id, person_id, insurer_id, scheme, premium_percent, area_id, area_path, province, source,"
        " valid, recorded"
    )
    given = [
        (pk, one, "ihio", "universal", 100, area.pk, area.path, area.province, "enrolment",
         from_day(day), from_now())
        for pk, one in zip(uuid7s(count), persons, strict=True)
    ]  # fmt: skip
    bare = spent(copied("coverage_spell", given, columns))
    ours = spent(lambda: enrol(asked, area=area, on=day, actor=None))
    print(f"enrol {count:,}: {ours:.2f} CPU-s, bare COPY {bare:.2f} CPU-s, {ours / bare:.1f} ×")
    homes = list(Household.objects.order_by("-id").values_list("id", flat=True)[: billing.BATCH])
    known, end = dues.rates(day), fiscal_year(1404)[0]
    batch = spent(lambda: billing.bill_batch(homes, day, end, known, area, actor=None, run=uuid7()))
    print(
        f"bill a batch of {len(homes)} households: {batch:.2f} CPU-s,"
        f" {len(homes) / batch:,.0f} households a CPU-second"
    )


def plan(rows: Any) -> str:
    """What a query reads whole, in words; empty when it reads by an index alone."""
    from django.db import connection

    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"explain (analyze, costs off, timing off) {sql}", params)
        lines = [line for (line,) in cursor.fetchall()]
    whole = sorted({one.split(" on ")[1].split()[0] for one in lines if "Seq Scan on" in one})
    return ", ".join(whole)


def reading() -> bool:
    """The worklists for a nation and a county; whether a county reads nobody else's cover."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from pooshesh.coverage import doubles, lists
    from pooshesh.places.models import Area

    # Static files were not collected here; how a page names them costs the same.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": STATIC}}
    fits, today = True, timezone.localdate()
    big = ("coverage_spell", "coverage_account", "coverage_invoice", "people_person")
    for code in ("ir", "c0501"):
        user = search.viewer(Area.objects.get(code=code))
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        for page, rows in (
            ("arrears", lists.arrears(user).order_by("-owed")[:25]),
            ("double", doubles.doubles(user, today).order_by("person__sort_key")[:25]),
        ):
            address = f"/cover/{page}/"
            client.get(address)
            taken = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                with CaptureQueriesContext(connection) as asked:
                    answer = client.get(address)
                taken.append((time.perf_counter() - began) * 1000)
                assert answer.status_code == 200, answer.status_code
            slow = max(asked.captured_queries, key=lambda one: float(one["time"]))
            whole = plan(rows)
            scans = [name for name in big if name in whole]
            fits = fits and (code == "ir" or not scans)
            print(
                f"{page:8} {code:6} {statistics.median(taken):8.0f} ms  {len(asked)} statements,"
                f" the slowest {float(slow['time']) * 1000:.0f} ms; reads whole: {whole or '—'}"
            )
            if os.environ.get("BENCH_SLOW"):
                print(slow["sql"])
    return fits


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--persons", type=int, default=1_000_000)
    parser.add_argument("--enrol", type=int, default=10_000)
    parser.add_argument("--fresh", action="store_true")
    options = parser.parse_args()
    cluster = Cluster(config().home)
    started = cluster.start()
    try:
        database.own(cluster, search.DATABASE, fresh=options.fresh)
        search.prepare(options.persons)
        fill_cover(options.enrol)
        print(f"{options.persons:,} persons")
        writing(options.enrol)
        fits = reading()
    finally:
        if started:
            cluster.stop()
    print(f"a county's worklists read nobody else's cover: {fits}")
    sys.exit(0 if fits else 1)


if __name__ == "__main__":
    main()
