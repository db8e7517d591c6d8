"""Figures of a full-size country: closing a month, and what screens read of them.

    .venv/bin/python bench/figures.py [--months 36]

Builds a database of its own (kept for the next run): 31 provinces, 2,020 neighbourhoods and as many
counties and cities as the demo's country, and for each month anonymous facts of 80 million persons
by decile, sex, nationality and scheme, with the fund's requests and payments by province, disease
and decile, generated at area level. Every month is closed by the product. Prints CPU seconds and
memory of closing one, proves the last, and then milliseconds and statements of what a director's
home, a page of an indicator and a question over two dimensions read. Bars: closing a month ≤ 30
CPU-seconds; reading a director's home ≤ 50 ms, a question ≤ 500 ms.
"""

import argparse
import os
import resource
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import database
import source  # noqa: F401
from cpu import backends, spent
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_figures"
TIMES = 15
PEOPLE = 80_000_000
HOME = (
    "covered_share", "uninsured_share", "foreign_covered_share", "decile_known_share", "paid",
    "requests_approved", "approval_share", "days_to_decision", "spend_per_tagged", "absorption",
)  # fmt: skip

#: Persons live in neighbourhoods (a quarter of them) and in cities.
PERSONS = """
insert into insight_fact (snapshot_id, source, measure, area_id, area_path, province, sponsor,
    decile, sex, age, nationality, scheme, disease, value)
select %(snapshot)s, 'persons', 'persons', a.id, a.path, a.province, '', c.decile, c.sex, '',
    c.nationality, c.scheme, '', greatest(1, (a.people * c.weight)::bigint + %(month)s)
from (
    select id, path, province,
        case kind when 'neighbourhood' then %(people)s * 0.25 else %(people)s * 0.75 end
            / count(*) over (partition by kind) as people
    from places_area where kind in ('neighbourhood', 'city')
) a
cross join (
    select d::text as decile, s.sex, 'iranian' as nationality, k.scheme, 0.97 / 20 * k.share
        as weight
    from generate_series(1, 10) d, (values ('F'), ('M')) s (sex),
        (values ('rural', 0.3), ('universal', 0.4), ('other', 0.2), ('none', 0.1)) k (scheme, share)
    union all
    select '', s.sex, 'foreign', k.scheme, 0.03 / 2 * k.share
    from (values ('F'), ('M')) s (sex),
        (values ('foreign_nationals', 0.4), ('none', 0.6)) k (scheme, share)
) c (decile, sex, nationality, scheme, weight)
"""
MORE = """
insert into insight_fact (snapshot_id, source, measure, area_id, area_path, province, sponsor,
    decile, sex, age, nationality, scheme, disease, value)
select snapshot_id, 'persons', m.measure, area_id, area_path, province, '',
    case m.measure when 'verified' then '' else decile end, '', '', nationality, '', '',
    sum(value * m.part)::bigint
from insight_fact f
cross join (values ('covered_free', 0.2), ('verified', 0.9)) m (measure, part)
where snapshot_id = %(snapshot)s and f.measure = 'persons' and scheme <> 'none'
group by 1, 3, 4, 5, 6, 8, 11
"""
FUND = """
insert into insight_fact (snapshot_id, source, measure, area_id, area_path, province, sponsor,
    decile, sex, age, nationality, scheme, disease, value)
select %(snapshot)s, m.source, m.measure, p.id, p.path, p.province, '', d::text, s.sex, '',
    'iranian', '', 'D' || n, (m.base * (1 + (d * n + %(month)s) %% 7))::bigint
from places_area p, generate_series(1, 10) d, (values ('F'), ('M')) s (sex),
    generate_series(1, 30) n,
    (values ('payments', 'paid', 4e8), ('payments', 'payments_made', 8),
        ('requests', 'requests_decided', 12), ('requests', 'requests_approved', 10),
        ('requests', 'asked', 6e8), ('requests', 'granted', 4e8),
        ('requests', 'decision_days', 200),
        ('tags', 'tags_active', 40)) m (source, measure, base)
where p.kind = 'province'
"""
ALLOCATED = """
insert into insight_fact (snapshot_id, source, measure, area_id, area_path, province, sponsor,
    decile, sex, age, nationality, scheme, disease, value)
select %(snapshot)s, 'allocations', 'allocated', id, path, province, '', '', '', '', '', '', '',
    2 * 10^12::bigint
from places_area where kind = 'province'
"""


def prepare(cluster: Cluster) -> None:
    """The database of this bench with the demo's country: places only."""
    database.own(cluster, DATABASE, fresh=False)
    from pooshesh.places import demo, seed

    seed.seed()
    demo.load()


def fill(cluster: Cluster, count: int) -> None:
    """Facts of so many months, each closed by the product; CPU seconds of both."""
    from django.db import connection
    from django.utils import timezone

    from pooshesh.insight import building, closing, figures
    from pooshesh.insight.models import Reason, Snapshot
    from pooshesh.insight.months import code_of, month_of, moved

    this = month_of(timezone.localdate())
    done = set(Snapshot.objects.filter(state="closed").values_list("month", flat=True))
    closed, wall, facts = [], [], 0
    with cluster.connect() as server:
        for back in range(count, 0, -1):
            month = moved(this, -back)
            if month in done:
                continue
            Snapshot.objects.filter(month=month, state="building").delete()
            snapshot = building.begin(month, Reason.FIRST, actor=None)
            values = {"snapshot": snapshot.pk, "people": PEOPLE, "month": count - back}
            with connection.cursor() as cursor:
                cursor.execute("delete from insight_fact where snapshot_id = %s", [snapshot.pk])
                for statement in (PERSONS, MORE, FUND, ALLOCATED):
                    cursor.execute(statement, values)
                cursor.execute(
                    "select count(*) from insight_fact where snapshot_id = %s", [snapshot.pk]
                )
                facts = cursor.fetchone()[0]
            pids = [os.getpid(), *backends(server, DATABASE)]
            began, busy = time.perf_counter(), spent(pids)
            assert closing.close(snapshot, figures.book())
            closed.append(spent(pids) - busy)
            wall.append(time.perf_counter() - began)
            print(f"  {code_of(month)}: {facts:,} facts, closed in {closed[-1]:.1f} CPU-s")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze insight_value")
        cursor.execute("analyze insight_fact")
    if closed:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"closing a month of {facts:,} facts: {statistics.median(closed):.1f} CPU-s"
              f" ({statistics.median(wall):.1f} s), at most {memory:,.0f} MB")  # fmt: skip


def measure(count: int) -> None:
    """Milliseconds and statements of what screens read."""
    from pooshesh.insight import actions, figures
    from pooshesh.insight.figures import Wanted
    from pooshesh.insight.months import moved
    from pooshesh.insight.places import places_of

    last = figures.latest_month()
    assert last
    months = tuple(moved(last, -back) for back in range(min(12, count) - 1, -1, -1))
    nation, provinces = places_of("nation"), places_of("province")
    here = places_of("neighbourhood", provinces[0].path)
    (people,) = figures.read(Wanted(("persons",), nation, (last,)))
    print(f"{people.numerator:,} persons, {count} months")
    began = time.perf_counter()
    faults = list(actions.prove([last]))
    print(f"proven in {time.perf_counter() - began:.1f} s, {len(faults)} differences")
    where = {
        "a director's home: 10 indicators, nation and provinces, 2 months": Wanted(
            HOME, (*nation, *provinces), months[-2:]
        ),
        "an indicator's months, nation": Wanted(("covered_share",), nation, months),
        "one indicator of the neighbourhoods of a province": Wanted(
            ("covered_share",), here, (last,)
        ),
        "a question: by decile, provinces, 12 months": Wanted(
            ("covered_share",), provinces, months, by=("decile",)
        ),
        "a question: by decile and sex, provinces, 12 months": Wanted(
            ("covered_share",), provinces, months, by=("decile", "sex")
        ),
    }
    for name, wanted in where.items():
        _read(name, partial(figures.read, wanted))


def _read(name: str, ask: Callable[[], Any]) -> None:
    from django.db import connection

    asked: list[str] = []

    def count(execute: Any, sql: str, *more: Any) -> Any:
        asked.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(count):
        found = len(ask())
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    p95 = statistics.quantiles(taken, n=20)[-1]
    print(f"{statistics.median(taken):8.1f} ms p50 {p95:8.1f} ms p95  {len(asked)} statements,"
          f" {found:,} figures  {name}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--months", type=int, default=36)
    asked = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    prepare(cluster)
    fill(cluster, asked.months)
    measure(asked.months)


if __name__ == "__main__":
    main()
