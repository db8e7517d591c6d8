"""The national funnel page at a million applications, beside the health page of the same run.

    .venv/bin/python bench/funnel.py [--applications 1000000]

Builds a database of its own (kept for the next run): persons over 31 provinces, a patient file
and an application each, in every state over three years; requests of those tagged. The last
53,252 applications come as one sheet with the triggers that keep positions and counts: prints what
they cost beside the same insert without them, and that everything is proven. Then milliseconds
(median, p95) and statements of the funnel of the nation, of a province, of a disease, and of the
rows behind a number. Bar: the national page ≤ 200 ms.
"""

import argparse
import statistics
import time
from typing import Any

import database
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_funnel"
BAR = 200  # milliseconds
TIMES = 30
SHEET = 53_252  # applications that come at once
PATHS = {
    "health": "/health/",
    "nation": "/fund/funnel/",
    "province": "/fund/funnel/?area=p15",
    "disease": "/fund/funnel/?disease=THAL",
    "rows": "/fund/funnel/rows/?unit=application&state=verifying",
}

#: Keys come one after the other, as those of the product do.
KEY = "('00000000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
PERSONS = f"""
insert into people_person (id, first_name, last_name, father_name, search_key, sort_key, words, sex,
    birth_date, birth_precision, area_id, area_path, province, source, created_at)
select {KEY.format(n="n")}, 'نام' || n % 900, 'خانوادگی' || n % 5000, '', '', '', array[]::text[],
    case n % 2 when 0 then 'M' else 'F' end,
    date '1950-01-01' + n % 25000, 'day', p.id, p.path, p.province, '', now()
from generate_series(1, {{count}}) n
join (select id, path, province, row_number() over (order by code) - 1 as k
      from places_area where kind = 'province') p on p.k = n % 31
"""
FILES = """
insert into fund_patientfile (id, person_id, area_id, area_path, province, opened_at)
select id, id, area_id, area_path, province, now() from people_person
"""
APPLICATIONS = """
insert into fund_application (id, file_id, disease_id, channel, state, why, received_at, since,
    deadline, missing, urgent, insured, note, source_row, area_id, area_path, province)
select f.id, f.id, d.code, 'bulk', s.state, '', s.at, s.at,
    case s.state when 'incomplete' then current_date + 30 end, '{{}}', false, '', '', '',
    f.area_id, f.area_path, f.province
from (select *, row_number() over (order by id) as n from fund_patientfile) f
join (select code, row_number() over (order by code) - 1 as k from disease_disease) d
    on d.k = f.n % (select count(*) from disease_disease)
cross join lateral (
    select (array['received', 'incomplete', 'verifying', 'tagged', 'tagged', 'tagged', 'refused'])
        [1 + f.n % 7] as state, now() - make_interval(days => (f.n % 1095)::int) as at
) s
where f.n between {first} and {last}
"""
REQUESTS = """
insert into requests_request (id, kind, hold, file_id, person_id, disease_id, state, year, "on",
    urgent, channel, payee, payee_name, asked, payable, decided_by, ground, provisional, made_at,
    since, area_id, area_path, province)
select a.file_id, 'expense', '', a.file_id, f.person_id, a.disease_id, s.state, 1404,
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
#: What the triggers keep, for all rows at once.
INTO = """insert into funnel_position (unit, object_id, file_id, disease, state, since, amount,
    area_id, area_path, province) select r.* from"""
PLACED = (
    f"{INTO} funnel_rows('application', array(select id from fund_application)) r",
    f"{INTO} funnel_rows('request', array(select id from requests_request)) r",
    "analyze funnel_position",
    f"{INTO} funnel_persons(array(select file_id from fund_application)) r",
    """insert into funnel_tally (unit, state, province, month, number, amount)
    select unit, state, province, funnel_month(since), sum(n), sum(rial)
    from (select unit, state, province, since, count(*) as n, sum(amount) as rial
          from funnel_position group by 1, 2, 3, 4) by_day
    group by 1, 2, 3, 4""",
)


def prepare(cluster: Cluster) -> None:
    """The database of this bench with the country and the diseases."""
    database.own(cluster, DATABASE, fresh=False)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from pooshesh.disease import seed
    from pooshesh.places import actions

    actions.seed_country()
    seed.seed()


def fill(count: int) -> None:
    """Insert by statements of a whole table without triggers, then place and count everything;
    a sheet's worth of applications with them and without beside it."""
    from django.db import connection, transaction

    from pooshesh.funnel.actions import fold, prove

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from fund_application")
        if cursor.fetchone()[0] >= count:
            return
        began = time.perf_counter()
        cursor.execute("set session_replication_role = replica")
        _timed(cursor, PERSONS.format(count=count))
        _timed(cursor, FILES)
        cursor.execute("analyze")
        _timed(cursor, APPLICATIONS.format(first=1, last=count - SHEET))
        _timed(cursor, REQUESTS)
        cursor.execute("vacuum analyze")
        for statement in PLACED:
            _timed(cursor, statement)
        cursor.execute("vacuum analyze funnel_position")
        sheet = APPLICATIONS.format(first=count - SHEET + 1, last=count)
        with transaction.atomic():
            bare = _timed(cursor, sheet)
            transaction.set_rollback(True)
        cursor.execute("set session_replication_role = origin")
        with transaction.atomic():
            cursor.execute("set local session_replication_role = origin")
            cursor.execute("alter table fund_application disable trigger user")
            checked = _timed(cursor, sheet)
            cursor.execute("set constraints all immediate")
            transaction.set_rollback(True)
        watched = _timed(cursor, sheet)
        folded = fold()
        print(f"{count:,} applications and their requests in {time.perf_counter() - began:.0f} s")
        print(f"{SHEET:,} of them as one sheet: {bare:.1f} s bare, {checked:.1f} s with checks,")
        print(f"  {watched:.1f} s with every position and count; folded into {folded:,} counts")
        began = time.perf_counter()
        wrong = list(prove())
        assert not wrong, wrong[:3]
        print(f"proven in {time.perf_counter() - began:.1f} s")


def _timed(cursor: Any, statement: str) -> float:
    began = time.perf_counter()
    cursor.execute(statement)
    taken = time.perf_counter() - began
    print(f"  {taken:6.1f} s  {' '.join(statement.split())[:60]}")
    return taken


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
