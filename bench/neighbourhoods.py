"""A neighbourhood's page at 20,000 and at 2,000,000 persons, and a load of many neighbourhoods.

    .venv/bin/python bench/neighbourhoods.py [--neighbourhoods 200] [--persons 10000] [--load 5]

Pages: 200 neighbourhoods with 100 persons each, then with 10,000 each, households, memberships,
spells, campaigns and census rows as well, in a database of its own. Prints milliseconds (median,
p95) and statements of the page of a neighbourhood, of a province and of the board, beside the
health page of the same run; whether the plans have the same shape at both sizes; and what keeping
and not keeping the counts costs. Load: `campaign load` on drawn neighbourhoods, the real job from
sheet to cover; persons a second, memory, and what 2,020 x 10,000 would take at that pace.
Bars: page ≤ 150 ms at 2 M, statements and plans the same at both sizes.
"""

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import database
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw

if TYPE_CHECKING:
    from django.test import Client

DATABASE = "bench_neighbourhoods"
NATION = 2_020 * 10_000  # persons
SMALL = 100  # persons a neighbourhood
BAR = 150  # milliseconds
TIMES = 40
OTHERS = 0.08  # share of the roll rows of people from elsewhere that is kept
PATHS = {
    "health": "/health/",
    "neighbourhood": "/places/areas/{code}/",
    "province": "/places/areas/p23/",
    "board": "/campaigns/board/",
}


def prepare(cluster: Cluster) -> None:
    """An empty database with the demo country; Django points to it from here on."""
    database.own(cluster, DATABASE)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    from pooshesh.places import actions, demo
    from pooshesh.programme.demo import load_programme

    actions.seed_country()
    demo.load()
    load_programme()


FILL = """
create temp table home as
  select h, gen_random_uuid() as id from generate_series({first} / 4, {last} / 4) h;
create temp table man as
  select n, n / 4 as h, gen_random_uuid() as id from generate_series({first}, {last}) n;
insert into people_household (id, area_id, area_path, province, postal_code, address, created_at)
  select id, '{area}', '{path}', '{province}', '', '', now() from home;
insert into people_person (id, first_name, last_name, father_name, search_key, sort_key, words, sex,
    birth_date, birth_precision, area_id, area_path, province, source, created_at)
  select id, 'نام' || n % 900, 'خانوادگی' || n % 5000, '', 'نام' || n % 900, n % 5000 || '',
    array['نام' || n % 900, 'خانوادگی' || n % 5000], case n % 2 when 0 then 'M' else 'F' end,
    date '1950-01-01' + n % 25000, 'day', '{area}', '{path}', '{province}', '', now()
  from man;
insert into people_membership (person_id, household_id, relation, valid, recorded)
  select man.id, home.id, case n % 4 when 0 then 'head' else 'child' end,
    daterange('2021-01-01', null), tstzrange(now(), null)
  from man join home using (h);
insert into coverage_spell (id, person_id, insurer_id, scheme, premium_percent, area_id, area_path,
    province, campaign_id, source, valid, recorded)
  select gen_random_uuid(), id, case n % 4 when 0 then 'sso' else 'ihio' end,
    case n % 4 when 0 then '' else 'universal' end, 0, '{area}', '{path}', '{province}',
    '{campaign}', case n % 4 when 0 then 'roll' else 'enrolment' end,
    daterange('2022-02-11', null), tstzrange(now(), null)
  from man where n % 10 <> 9;
insert into programme_campaignrow (campaign_id, census_row, household, relation, person_id, match,
    roll, not_dependant, scheme, decision, reasons)
  select '{campaign}', n, h || '', 'other', id,
    case n % 4 when 0 then 'insured' else 'uninsured' end,
    case n % 4 when 0 then 'sso' else '' end, false, 'universal',
    case n % 4 when 0 then 'not_ours' else 'enrol_free' end, ''
  from man;
drop table man; drop table home;
"""


def campaigns(count: int) -> list[Any]:
    """A campaign in each of some neighbourhoods, run and done."""
    from django.utils import timezone

    from pooshesh.places.models import AreaKind
    from pooshesh.places.queries import EVERYWHERE, accountable_sponsor, areas
    from pooshesh.programme.demo import ON
    from pooshesh.programme.models import Campaign, CampaignState

    made: list[Any] = []
    for area in areas(EVERYWHERE).filter(kind=AreaKind.NEIGHBOURHOOD).order_by("code"):
        sponsor = accountable_sponsor(area, ON)
        if sponsor is not None and len(made) < count:
            made.append(
                Campaign.objects.create(
                    area=area,
                    area_path=area.path,
                    province=area.province,
                    sponsor=sponsor,
                    pack="iran",
                    on=ON,
                    state=CampaignState.DONE,
                    ran_at=timezone.now(),
                )
            )
    return made


def fill(made: list[Any], first: int, last: int) -> float:
    """Persons numbered from `first` to `last` in each neighbourhood, and counts; seconds."""
    from django.db import connection

    from pooshesh.programme.counts.keep import keep_area, keep_campaign

    began = time.perf_counter()
    with connection.cursor() as cursor:
        for campaign in made:
            statements = FILL.format(
                first=first, last=last, area=campaign.area_id, path=campaign.area_path,
                province=campaign.province, campaign=campaign.id,
            )  # fmt: skip
            for statement in statements.split(";"):
                if statement.strip():
                    cursor.execute(statement)
        filled = time.perf_counter() - began
        cursor.execute("vacuum analyze")
        for campaign in made:
            keep_campaign(campaign)
            keep_area(campaign.area_id)
        cursor.execute("vacuum full analyze programme_campaigncount, programme_areacount")
        cursor.execute("vacuum analyze programme_campaignday, programme_campaign")
    return filled


class Watch:
    """Counts statements and keeps them to be explained."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Any]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.asked.append((sql, params))
        return execute(sql, params, many, context)


def visits(client: "Client", path: str, codes: list[str]) -> tuple[list[float], Watch]:
    """Milliseconds of each visit, and the statements of the last."""
    from django.db import connection

    spent = []
    watch = Watch()
    for turn in range(TIMES + 3):
        watch = Watch()
        address = path.format(code=codes[turn % len(codes)])
        with connection.execute_wrapper(watch):
            began = time.perf_counter()
            response = client.get(address)
            _ = response.content
            spent.append((time.perf_counter() - began) * 1_000)
        assert response.status_code == 200, (address, response.status_code)
    return spent[3:], watch  # the first fill the caches


def shapes(watch: Watch) -> list[str]:
    """How the database would read each statement: kinds of nodes, tables and indexes, no costs."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for sql, params in watch.asked:
            if sql.lstrip().upper().startswith("SELECT"):
                cursor.execute(f"explain (format json, costs off) {sql}", params)
                (plan,) = cursor.fetchone()
                read = json.loads(plan) if isinstance(plan, str) else plan
                found.append(" ".join(_nodes(read[0]["Plan"])))
    return found


def _nodes(plan: dict[str, Any]) -> Iterator[str]:
    yield f"{plan['Node Type']}({plan.get('Relation Name', '')}{plan.get('Index Name', '')})"
    for child in plan.get("Plans", []):
        yield from _nodes(child)


def measure(client: "Client", codes: list[str], size: str) -> dict[str, tuple[int, list[str]]]:
    """Print the times of every page; statements and plan shapes by page."""
    found = {}
    health = 0.0
    for name, path in PATHS.items():
        spent, watch = visits(client, path, codes)
        median = statistics.median(spent)
        health = health or median
        found[name] = (len(watch.asked), shapes(watch))
        print(f"  {size:>9}  {name:14} {median:7.1f} ms  p95 {_p95(spent):7.1f} ms"
              f"  {len(watch.asked):3} statements  {median / health:6.1f} x health")  # fmt: skip
    return found


def _p95(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95) - 1]


def keeping(made: list[Any]) -> None:
    """What a kept count costs to write and to read, beside counting when asked."""
    from django.db import connection
    from django.utils import timezone

    from pooshesh.access.reach import EVERYWHERE
    from pooshesh.places.models import Area
    from pooshesh.programme.counts import queries
    from pooshesh.programme.counts.keep import keep_area, keep_campaign

    one = made[len(made) // 2]
    area = Area.objects.get(id=one.area_id)
    nation = Area.objects.get(code="ir")
    asked = """select count(distinct s.person_id) from coverage_spell s
               join people_person p on p.id = s.person_id
               where p.area_path <@ %s::ltree and upper_inf(s.recorded) and s.valid @> %s::date"""

    def count(path: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(asked, [path, timezone.localdate()])

    for title, work in (
        ("write: a neighbourhood's count", lambda: keep_area(area.id)),
        ("write: a campaign's count", lambda: keep_campaign(one)),
        ("read kept: neighbourhood", lambda: queries.cover(EVERYWHERE, area)),
        ("read kept: nation", lambda: queries.cover(EVERYWHERE, nation)),
        ("count when asked: neighbourhood", lambda: count(area.path)),
        ("count when asked: nation", lambda: count("ir")),
    ):
        print(f"  {title:32} {_median(work):9.1f} ms")


def _median(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1_000)
    return statistics.median(spent)


def pages(neighbourhoods: int, persons: int) -> bool:
    """Measure every page at both sizes; whether the bars hold."""
    from django.db.backends.postgresql.psycopg_any import DateRange
    from django.test import Client

    from pooshesh.access.models import Grant, User
    from pooshesh.places.models import Area

    made = campaigns(neighbourhoods)
    codes = [one.area.code for one in made]
    user = User.objects.create_user("bench", full_name="bench")
    Grant.objects.create(
        user=user, role="director", area=Area.objects.get(code="ir"), valid=DateRange(None, None)
    )
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    fill(made, 1, SMALL)
    small = measure(client, codes, f"{SMALL * len(made):,}")
    seconds = fill(made, SMALL + 1, persons)
    print(f"  filled {(persons - SMALL) * len(made):,} persons in {seconds:,.0f} s")
    large = measure(client, codes, f"{persons * len(made):,}")
    keeping(made)
    spent, _watch = visits(client, PATHS["neighbourhood"], codes)
    same = [name for name in PATHS if small[name] == large[name]]
    for name in PATHS:
        counts = small[name][0] == large[name][0]
        plans = small[name][1] == large[name][1]
        print(f"  {name:14} same statements: {counts}   same plans: {plans}")
        for before, after in zip(small[name][1], large[name][1], strict=False):
            if before != after:
                print(f"    {before}\n    {after}")
    fits = statistics.median(spent) <= BAR and "neighbourhood" in same
    print(f"  page of a neighbourhood ≤ {BAR} ms, same statements and plans: {fits}")
    return fits


def folder_of(codes: list[str], folder: Path) -> tuple[int, int]:
    """Census sheets named by code and the rolls in parts; census rows and roll rows."""
    rows = rolls = 0
    for seed, code in enumerate(codes, 1):
        drawn = draw(seed, PROFILES["usual"])
        drawn.census.write_csv(folder / f"{code}.csv")
        rows += len(drawn.census)
        for insurer, roll in drawn.rolls.items():
            known = drawn.truth.filter(pl.col("roll") == insurer)["roll_row"].cast(pl.Int64)
            number = pl.col("roll_row").cast(pl.Int64)
            here = roll.filter(number.is_in(known.implode()))
            others = roll.filter(~number.is_in(known.implode())).sample(fraction=OTHERS, seed=seed)
            part = pl.concat([here, others]).drop("roll_row")
            part.write_csv(folder / f"roll_{insurer}_{seed}.csv")
            rolls += len(part)
    return rows, rolls


def load(count: int) -> None:
    """The real load of some neighbourhoods, in a process of its own, twice."""
    from pooshesh.places.models import AreaKind
    from pooshesh.places.queries import EVERYWHERE, areas, without_sponsor
    from pooshesh.programme.demo import ON

    places = areas(EVERYWHERE).filter(kind=AreaKind.NEIGHBOURHOOD)
    bare = without_sponsor(places, ON).values("pk")
    codes = [area.code for area in places.exclude(pk__in=bare).order_by("-code")[:count]]
    folder = Path(tempfile.mkdtemp(prefix="pooshesh-load-"))
    try:
        rows, rolls = folder_of(codes, folder)
        for title in ("load", "load again"):
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "pooshesh", "campaign", "load", folder, "--on", "1400-11-22",
                 "--here", "--skip-bad-rows"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            seconds = time.perf_counter() - began
            if done.returncode:
                sys.exit(f"campaign load ended with {done.returncode}:\n{done.stdout}{done.stderr}")
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
            print(f"  {title:10} {len(codes)} sheets, {rows:,} census rows, {rolls:,} roll rows:"
                  f" {seconds:,.1f} s  {memory:,.0f} MB  {rows / seconds:,.0f} rows/s")  # fmt: skip
            if title == "load":
                hours = NATION / (rows / seconds) / 3600
                print(f"  at this pace {NATION:,} persons take {hours:,.1f} h in one process; the"
                      " rolls of a nation are longer and take more to part")  # fmt: skip
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--neighbourhoods", type=int, default=200)
    parser.add_argument("--persons", type=int, default=10_000, help="a neighbourhood")
    parser.add_argument("--load", type=int, default=5, metavar="N", help="neighbourhoods; 0: none")
    options = parser.parse_args()
    cluster = Cluster(config().home)
    started = cluster.start()
    try:
        prepare(cluster)
        if options.load:
            load(options.load)
        fits = not options.neighbourhoods or pages(options.neighbourhoods, options.persons)
    finally:
        if started:
            cluster.stop()
    sys.exit(0 if fits else 1)


if __name__ == "__main__":
    main()
