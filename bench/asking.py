"""The director's home and questions over a full-size country, beside the health page of the run.

    .venv/bin/python bench/asking.py [--neighbourhoods 2020] [--months 36]

Builds a database of its own (kept for the next run): 31 provinces, their counties and cities, 2,020
neighbourhoods, and for each of the months a closed snapshot with the values of every indicator in
every area, of the nation and its provinces by every dimension, and facts of residents by decile and
sex. Prints milliseconds (median, p95) and statements of each page.
Bars: the director's home ≤ 50 ms, a question ≤ 500 ms.
"""

import argparse
import statistics
import time
from typing import Any

import database
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

DATABASE = "bench_asking"
TIMES = 30
HOME, QUESTION = 50, 500  # milliseconds
KEYS = {
    "sponsor": ["welfare", "relief", "barakat", "astan"],
    "decile": [str(n) for n in range(1, 11)],
    "sex": ["M", "F"],
    "age": ["0-4", "5-14", "15-64", "65+"],
    "nationality": ["iranian", "foreign"],
    "scheme": ["none", "universal", "rural", "other"],
    "disease": ["SMA", "THAL", "HEM", "MS"],
}
#: What a neighbourhood has of an indicator in a month: some 1,000 counted, each differing by its
#: own share, with a little unrest from month to month.
LEAVES = """
create temp table leaf as
select i.code, i.ratio, m.snapshot, a.id as home,
    (400 + (hashint8(a.k * 7 + i.k) & 65535) %% 400
        + (hashint8(a.k * 31 + i.k * 17 + m.k) & 65535) %% (20 + i.k))::bigint as n,
    (1000 + (hashint8(a.k) & 65535) %% 500)::bigint as d
from unnest(%(codes)s::text[], %(ratio)s::bool[]) with ordinality i (code, ratio, k)
cross join unnest(%(snapshots)s::uuid[]) with ordinality m (snapshot, k)
cross join (select id, row_number() over (order by code) as k from places_area
            where kind = 'neighbourhood') a
"""
WHOLE = """
insert into insight_value (snapshot_id, indicator, area_id, area_path, province, kind, dimension,
    key, numerator, denominator)
select l.snapshot, l.code, a.id, a.path, a.province, a.kind, '', '', l.n, l.d
from (select leaf.snapshot, leaf.code, up.top, sum(leaf.n)::bigint as n,
          case when bool_and(leaf.ratio) then sum(leaf.d)::bigint end as d
      from leaf join (
          select n.id as home, a.id as top from places_area n join places_area a on n.path <@ a.path
          where n.kind = 'neighbourhood' and a.kind = %(kind)s) up on up.home = leaf.home
      group by 1, 2, 3) l
join places_area a on a.id = l.top
"""
GROUPS = """
insert into insight_value (snapshot_id, indicator, area_id, area_path, province, kind, dimension,
    key, numerator, denominator)
select v.snapshot_id, v.indicator, v.area_id, v.area_path, v.province, v.kind, g.dimension, g.key,
    v.numerator / g.many, v.denominator / g.many
from insight_value v
join unnest(%(of)s::text[], %(dimensions)s::text[], %(keys)s::text[], %(many)s::int[])
    g (code, dimension, key, many) on g.code = v.indicator
where v.kind in ('nation', 'province') and v.dimension = ''
"""
FACTS = """
insert into insight_fact (snapshot_id, source, measure, area_id, area_path, province, sponsor,
    decile, sex, age, nationality, scheme, disease, value)
select m.snapshot, 'persons', 'persons', a.id, a.path, a.province, '', d::text, s, '', '',
    case when (d + a.k + m.k) %% 5 = 0 then 'none' else 'universal' end, '', 40 + (a.k + d) %% 20
from unnest(%(snapshots)s::uuid[]) with ordinality m (snapshot, k)
cross join (select id, path, province, row_number() over (order by code) as k from places_area
            where kind = 'neighbourhood') a
cross join generate_series(1, 10) d cross join unnest(array['M', 'F']) s
"""
OWN = [
    "id", "code", "kind", "parent_id", "path", "province", "name_fa", "name_en", "sort_key",
    "search_key", "valid",
]  # fmt: skip
MORE = """
insert into places_area (id, code, kind, parent_id, path, province, name_fa, name_en, sort_key,
    search_key, valid{others})
select gen_random_uuid(), 'nb' || n, 'neighbourhood', c.id, c.path || ('nb' || n)::ltree,
    c.province, 'محله ' || n, 'Neighbourhood ' || n, 'محله ' || n, 'nb' || n,
    daterange(null, null){values}
from generate_series(1, %s) n
join (select id, path, province, row_number() over (order by code) as k, count(*) over () as all
      from places_area where kind = 'city') c on c.k = 1 + n %% c.all
"""


def prepare(cluster: Cluster) -> None:
    """The database of this bench with the country."""
    database.own(cluster, DATABASE, fresh=False)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from pooshesh.places import actions, demo

    actions.seed_country()
    demo.load()


def fill(neighbourhoods: int, count: int) -> None:
    """Areas, months, values and facts; once."""
    from django.db import connection, transaction
    from django.utils import timezone

    from pooshesh.indicators import shipped
    from pooshesh.insight.models import Definitions, Snapshot, Value
    from pooshesh.insight.months import month_of, moved
    from pooshesh.places.models import Area

    if Value.objects.exists():
        return
    book = shipped()
    definitions, _made = Definitions.objects.get_or_create(
        digest=book.digest, defaults={"files": dict(book.files)}
    )
    last = moved(month_of(timezone.localdate()), -1)
    Snapshot.objects.all().delete()  # of a run that was cut off
    snapshots = [
        Snapshot.objects.create(
            month=moved(last, -back), revision=1, reason="first", definitions=definitions,
            state="closed", closed_at=timezone.now(), digest="bench",
        ).id
        for back in range(count - 1, -1, -1)
    ]  # fmt: skip
    ones = list(book.indicators.values())
    groups = [(one.code, name, key, len(KEYS[name]))
              for one in ones for name in one.dimensions for key in KEYS[name]]  # fmt: skip
    more = neighbourhoods - Area.objects.filter(kind="neighbourhood").count()
    with transaction.atomic(), connection.cursor() as cursor:
        if more > 0:
            _add(cursor, more)
        given = {
            "codes": [one.code for one in ones],
            "ratio": [one.denominator is not None for one in ones], "snapshots": snapshots,
        }  # fmt: skip
        began = time.perf_counter()
        cursor.execute("set local session_replication_role = replica")  # keys are right by making
        cursor.execute("set local work_mem = '512MB'")
        cursor.execute(LEAVES, given)
        cursor.execute("analyze leaf")
        for kind in ("nation", "province", "county", "city", "neighbourhood"):
            cursor.execute(WHOLE, {"kind": kind})
            print(f"  {kind}: {cursor.rowcount:,} values", flush=True)
        of, dimensions, keys, many = (list(one) for one in zip(*groups, strict=True))
        cursor.execute(GROUPS, {"of": of, "dimensions": dimensions, "keys": keys, "many": many})
        cursor.execute(FACTS, {"snapshots": snapshots})
        cursor.execute("drop table leaf")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze insight_value, insight_fact, places_area")
    print(f"{Value.objects.count():,} values in {time.perf_counter() - began:.0f} s")


def _add(cursor: Any, count: int) -> None:
    """Neighbourhoods beside those of the demo country, over all its cities."""
    cursor.execute(
        """select column_name, data_type from information_schema.columns
        where table_name = 'places_area' and is_nullable = 'NO' and column_default is null
        and column_name <> all(%s)""",
        [OWN],
    )
    blank = {"boolean": "false", "timestamp with time zone": "now()", "jsonb": "'{}'",
             "ARRAY": "'{}'", "integer": "0"}  # fmt: skip
    columns = [(name, blank.get(kind, "''")) for name, kind in cursor.fetchall()]
    others = "".join(f", {name}" for name, _value in columns)
    values = "".join(f", {value}" for _name, value in columns)
    cursor.execute(MORE.format(others=others, values=values), [count])


def pages() -> dict[str, tuple[str, int]]:
    """Name → address, bar in milliseconds (0: none)."""
    from django.utils import timezone

    from pooshesh.insight.months import code_of, month_of, moved

    last = moved(month_of(timezone.localdate()), -1)
    to, year, all_ = code_of(last), code_of(moved(last, -11)), code_of(moved(last, -35))
    three = code_of(moved(last, -2))
    ask = "/figures/ask/?"
    return {
        "health": ("/health/", 0),
        "book": ("/figures/book/", 0),
        "home, nation": ("/figures/", HOME),
        "home, since a year": ("/figures/?since=year", HOME),
        "home, province": ("/figures/?area=p15", HOME),
        "provinces x 36 months": (
            f"{ask}i=covered_share&level=province&from={all_}&to={to}&cols=period", QUESTION),
        "provinces x deciles x year": (
            f"{ask}i=covered_share&level=province&from={year}&to={to}&per=all&by=decile"
            "&cols=decile", QUESTION),
        "2,020 neighbourhoods x 3": (
            f"{ask}i=covered_share&level=neighbourhood&from={three}&to={to}&cols=period", QUESTION),
        "2,020 neighbourhoods x 12, file": (
            f"{ask}i=covered_share&level=neighbourhood&from={year}&to={to}&export=csv", 0),
        "6 indicators x provinces": (
            f"{ask}i=covered_share&i=persons&i=paid&i=tagged&i=applications&i=approval_share"
            f"&level=province&from={to}&to={to}&cols=indicator", QUESTION),
        "neighbourhoods of p15 x decile": (
            f"{ask}i=persons&level=neighbourhood&within=p15&from={to}&to={to}&by=decile"
            "&cols=decile", QUESTION),
        "neighbourhoods x decile": (
            f"{ask}i=persons&level=neighbourhood&from={to}&to={to}&by=decile&cols=decile",
            QUESTION),
    }  # fmt: skip


def measure(times: int) -> None:
    """Milliseconds and statements of each page, by the test client, signed in for the nation."""
    from django.db import connection
    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.test import Client

    import pooshesh.wsgi  # noqa: F401 - loaded as the server loads it
    from pooshesh.access.models import Grant, User
    from pooshesh.places.models import Area

    user, made = User.objects.get_or_create(username="bench", defaults={"full_name": "bench"})
    if made:
        nation = Area.objects.get(code="ir")
        Grant.objects.create(user=user, role="director", area=nation, valid=DateRange(None, None))
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    for name, (path, bar) in pages().items():
        asked: list[str] = []

        def count(execute: Any, sql: str, *more: Any, asked: list[str] = asked) -> Any:
            asked.append(sql)
            return execute(sql, *more)

        with connection.execute_wrapper(count):
            client.get(path)
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            response = client.get(path)
            assert response.status_code == 200, (path, response.status_code)
            taken.append((time.perf_counter() - began) * 1000)
        p95 = statistics.quantiles(taken, n=20)[-1]
        told = f"   bar {bar}" if bar else ""
        print(f"{name:32} {statistics.median(taken):8.1f} ms p50 {p95:8.1f} ms p95"
              f" {min(taken):8.1f} ms least  {len(asked)} statements{told}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--neighbourhoods", type=int, default=2_020)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    prepare(cluster)
    fill(asked.neighbourhoods, asked.months)
    measure(asked.times)


if __name__ == "__main__":
    main()
