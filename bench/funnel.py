"""The national funnel page at a million applications, beside the health page of the same run.

    .venv/bin/python bench/funnel.py [--applications 1000000]

Builds a database of its own (kept for the next run): persons over 31 provinces, a patient file
and an application each, in every state over three years; requests of a third of them. The triggers
that keep positions and counts run as in the product: prints what they cost beside the same insert
without them, then milliseconds (median, p95) and statements of the funnel of the nation, of a
province, of a disease, and of the rows behind a number. Bar: the national page ≤ 200 ms.
"""

import argparse
import os
import statistics
import time
from typing import Any

import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_funnel"
BAR = 200  # milliseconds
TIMES = 30
PATHS = {
    "health": "/health/",
    "nation": "/fund/funnel/",
    "province": "/fund/funnel/?area=p15",
    "disease": "/fund/funnel/?disease=THAL",
    "rows": "/fund/funnel/rows/?unit=application&state=verifying",
}

PERSONS = """
insert into people_person (id, first_name, last_name, father_name, search_key, sort_key, words, sex,
    birth_date, birth_precision, area_id, area_path, province, source, created_at)
select gen_random_uuid(), 'نام' || n % 900, 'خانوادگی' || n % 5000, '', 'نام' || n % 900,
    n % 5000 || '', array[]::text[], case n % 2 when 0 then 'M' else 'F' end,
    date '1950-01-01' + n % 25000, 'day', p.id, p.path, p.province, '', now()
from generate_series(1, {count}) n
join (select id, path, province, row_number() over (order by code) - 1 as k
      from places_area where kind = 'province') p on p.k = n % 31
"""
FILES = """
insert into fund_patientfile (id, person_id, area_id, area_path, province, opened_at)
select gen_random_uuid(), id, area_id, area_path, province, now() from people_person
"""
APPLICATIONS = """
insert into fund_application (id, file_id, disease_id, channel, state, why, received_at, since,
    deadline, missing, urgent, insured, note, source_row, area_id, area_path, province)
select gen_random_uuid(), f.id, d.code, 'bulk', s.state, '', s.at, s.at,
    case s.state when 'incomplete' then current_date + 30 end, '{}', false, '', '', '',
    f.area_id, f.area_path, f.province
from (select *, row_number() over (order by id) as n from fund_patientfile) f
join (select code, row_number() over (order by code) - 1 as k from disease_disease) d
    on d.k = f.n % (select count(*) from disease_disease)
cross join lateral (
    select (array['received', 'incomplete', 'verifying', 'tagged', 'tagged', 'tagged', 'refused'])
        [1 + f.n % 7] as state, now() - make_interval(days => (f.n % 1095)::int) as at
) s
"""
REQUESTS = """
insert into requests_request (id, kind, hold, file_id, person_id, disease_id, state, year, "on",
    urgent, channel, payee, payee_name, asked, payable, decided_by, ground, provisional, made_at,
    since, area_id, area_path, province)
select gen_random_uuid(), 'expense', '', a.file_id, f.person_id, a.disease_id, s.state, 1404,
    current_date, false, 'desk', 'patient', '', 50000000,
    case s.state when 'approved' then 40000000 else 0 end,
    case s.state when 'approved' then 'rule' else '' end,
    case s.state when 'rejected' then 'x' else '' end, false, now(), a.since, a.area_id,
    a.area_path, a.province
from fund_application a join fund_patientfile f on f.id = a.file_id
cross join lateral (select (array['approved', 'in_committee', 'rejected'])
    [1 + (a.number % 3)::int] as state) s
where a.state = 'tagged'
"""


def prepare(cluster: Cluster) -> None:
    """The database of this bench with the country and the diseases."""
    with cluster.connect() as server:
        found = server.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if not found.fetchone():
            server.execute(f"create database {DATABASE}")
    url = cluster.url("postgres", DATABASE)
    os.environ["POOSHESH_DATABASE_URL"] = os.environ["POOSHESH_DATABASE_OWNER_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "pooshesh.settings"
    config.cache_clear()
    import django
    from django.core.management import call_command

    django.setup()
    from pooshesh.kernel import schema

    schema.migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    from pooshesh.disease import seed
    from pooshesh.places import actions

    actions.seed_country()
    seed.seed()


def fill(count: int) -> None:
    """Insert by statements of a whole table; the applications also once without the triggers."""
    from django.db import connection, transaction

    from pooshesh.funnel.actions import fold

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from fund_application")
        if cursor.fetchone()[0] >= count:
            return
        cursor.execute(PERSONS.format(count=count))
        cursor.execute(FILES)
        cursor.execute("vacuum analyze")
        with transaction.atomic():
            cursor.execute("set local session_replication_role = replica")
            bare = _timed(cursor, APPLICATIONS)
            transaction.set_rollback(True)
        watched = _timed(cursor, APPLICATIONS)
        print(f"{count:,} applications inserted in {watched:.1f} s with every position and count,")
        print(
            f"  {watched / bare:.1f} × the same insert without triggers and checks ({bare:.1f} s)"
        )
        took = _timed(cursor, REQUESTS)
        print(f"requests of those tagged in {took:.1f} s")
        began = time.perf_counter()
        print(f"folded into {fold():,} counts in {time.perf_counter() - began:.1f} s")
        cursor.execute("vacuum analyze")


def _timed(cursor: Any, statement: str) -> float:
    began = time.perf_counter()
    cursor.execute(statement)
    return time.perf_counter() - began


def measure() -> None:
    """Milliseconds and statements of each page, by the test client, signed in for the nation."""
    from django.db import connection
    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.test import Client

    from pooshesh.access.models import Grant, User
    from pooshesh.places.models import Area

    nation = Area.objects.get(code="ir")
    user, made = User.objects.get_or_create(username="bench", defaults={"full_name": "bench"})
    if made:
        for role in ("director", "auditor"):
            Grant.objects.create(user=user, role=role, area=nation, valid=DateRange(None, None))
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    for name, path in PATHS.items():
        asked: list[str] = []

        def count(execute: Any, sql: str, *more: Any, asked: list[str] = asked) -> Any:
            asked.append(sql)
            return execute(sql, *more)

        with connection.execute_wrapper(count):
            client.get(path)
        taken = []
        for _ in range(TIMES):
            began = time.perf_counter()
            response = client.get(path)
            assert response.status_code == 200, (path, response.status_code)
            response.getvalue() if response.streaming else response.content
            taken.append((time.perf_counter() - began) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        bar = f"   bar {BAR}" if name == "nation" else ""
        print(f"{name:10} {statistics.median(taken):8.1f} ms p50 {p95:8.1f} ms p95"
              f"   {len(asked)} statements{bar}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--applications", type=int, default=1_000_000)
    asked = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    prepare(cluster)
    fill(asked.applications)
    measure()


if __name__ == "__main__":
    main()
