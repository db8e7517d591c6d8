"""Dry run of renewal beside deciding alone: CPU and memory of a run over N insured persons.

    .venv/bin/python bench/renewal.py [--persons 1000000]

A database of its own, made anew, gets N insured persons in households of four by SQL. Printed:
CPU-seconds of this process and of the database for the whole dry run, and for deciding the same
persons alone (facts read and rules run, nothing written), their ratio, the peak of this process'
memory, statements a batch, and rows a second of a bulk statement of deciles.
"""

import argparse
import os
import resource
import time
from pathlib import Path
from typing import Any

import database
import search
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

search.DATABASE = "bench_renewal"

#: Without the checks of foreign keys: the rows are made to fit.
FILL = """
set session_replication_role = replica;
insert into people_person (id, first_name, last_name, father_name, search_key, sort_key, words,
  sex, birth_date, birth_precision, area_id, area_path, province, source, created_at)
select md5('p' || n)::uuid, 'مینا', 'نمونه', '', 'مینا نمونه', 'نمونه مینا', '{}', 'F',
  '1980-01-01', 'year', %(area)s, %(path)s::ltree, %(province)s, '', now()
from generate_series(1, %(count)s) n;
insert into people_household (id, area_id, area_path, province, postal_code, address, created_at)
select md5('h' || n)::uuid, %(area)s, %(path)s::ltree, %(province)s, '', '', now()
from generate_series(1, %(count)s / 4) n;
insert into people_membership (person_id, household_id, relation, valid, recorded)
select md5('p' || n)::uuid, md5('h' || ((n - 1) / 4 + 1))::uuid,
  case when n %% 4 = 1 then 'head' else 'child' end, daterange('2024-03-20', null),
  tstzrange(now(), null)
from generate_series(1, %(count)s) n;
insert into people_decile (household_id, decile, source, valid, recorded)
select md5('h' || n)::uuid, 1 + n %% 10, 'bench', daterange('2024-03-20', null),
  tstzrange(now(), null)
from generate_series(1, %(count)s / 4) n where n %% 11 <> 0;
insert into people_standing (person_id, status, nationality, source, valid, recorded)
select md5('p' || n)::uuid, 'citizen', 'IR', '', daterange('2024-03-20', null),
  tstzrange(now(), null)
from generate_series(1, %(count)s) n;
insert into coverage_spell (id, person_id, insurer_id, scheme, premium_percent, area_id, area_path,
  province, source, valid, recorded)
select md5('s' || n)::uuid, md5('p' || n)::uuid, (select code from coverage_insurer where ours),
  'universal', case when n %% 3 = 0 then 0 else 100 end, %(area)s, %(path)s::ltree, %(province)s,
  'enrolment', daterange('2024-03-20', null), tstzrange(now(), null)
from generate_series(1, %(count)s) n;
set session_replication_role = origin;
analyze;
"""


def cpu() -> float:
    """CPU-seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def backend_cpu(pid: int) -> float:
    """CPU-seconds of the database process that serves us."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure in a database of its own and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--persons", type=int, default=1_000_000)
    count = parser.parse_args().persons
    cluster = Cluster(config().home)
    cluster.start()
    database.own(cluster, search.DATABASE)

    list(search.make_areas())
    measure(count)


def measure(count: int) -> None:
    """All figures of N persons."""
    import datetime as dt
    from uuid import UUID, uuid4

    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from pooshesh.people.deciles import Stated, set_deciles
    from pooshesh.people.models import Household
    from pooshesh.places.models import Area
    from pooshesh.policy import facts
    from pooshesh.policy.queries import PACK, bound_pack
    from pooshesh.renewal import deciding, runs
    from pooshesh.renewal.days import next_farvardin
    from pooshesh.renewal.models import Row, Run

    area = Area.objects.filter(kind="province").first()
    assert area is not None
    given: dict[str, Any] = {
        "area": area.pk, "path": area.path, "province": area.province, "count": count
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in FILL.split(";\n")[:-1]:
            cursor.execute(statement, given if "%(" in statement else None)
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    today = timezone.localdate()
    on = next_farvardin(today)
    pack = bound_pack(PACK, on)

    def timed(work: Any) -> tuple[float, float, float]:
        ours, theirs, wall = cpu(), backend_cpu(pid), time.monotonic()
        work()
        return cpu() - ours, backend_cpu(pid) - theirs, time.monotonic() - wall

    def alone() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select id from people_person order by id")
            ids: list[UUID] = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(ids), runs.BATCH):
            deciding.decide(pack, facts.of_persons(pack, ids[start : start + runs.BATCH]))

    run = Run.objects.create(area=area, area_path=area.path, province=area.province, on=on)
    decide = timed(alone)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    dry = timed(lambda: runs.count(lambda *_: None, str(run.pk)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert Row.objects.filter(run=run).count() == count

    def statements(size: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            held = deciding.next_held(area.path, on, today, None, size)
            deciding.verdicts(pack, held)
        return len(seen)

    homes = list(Household.objects.values_list("pk", flat=True)[:10_000])
    stated = [Stated(home, 10, today - dt.timedelta(days=1)) for home in homes]
    bulk = timed(lambda: set_deciles(stated, source="bench", actor=uuid4()))
    print(f"persons                      {count:>12,}")
    for name, (ours, theirs, wall) in (("deciding alone", decide), ("dry run", dry)):
        print(f"{name:<28} {ours:6.1f} CPU-s here {theirs:6.1f} CPU-s database {wall:6.1f} s")
    print(f"ratio dry run : deciding     {sum(dry[:2]) / sum(decide[:2]):12.2f}")
    print(f"memory before / peak         {before:8.0f} / {peak:.0f} MiB")
    print(f"statements a batch of 1, {runs.BATCH:,}  {statements(1)}, {statements(runs.BATCH)}")
    print(f"deciles stated               {len(homes) / bulk[2]:12,.0f} a second")


if __name__ == "__main__":
    main()
