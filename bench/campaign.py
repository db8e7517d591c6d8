"""Run `./pooshesh campaign run` on a real-sized neighbourhood, beside a bare COPY of its rows.

    .venv/bin/python bench/campaign.py [--data FOLDER]

FOLDER holds census.csv, roll_INSURER.csv files and truth.csv; without it a neighbourhood is drawn.
Prints seconds, peak memory, persons a second beside the COPY, precision and recall by group with
95 % Wilson intervals, and the share of the uninsured beside the truth. The database is made anew.
Bars: ≤ 20 s and ≤ 700 MB on 2 cores, precision ≥ .99, recall ≥ .96, share within one point.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

import source  # noqa: F401
from pooshesh.kernel.config import PROJECT, config
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.postgres import Cluster
from pooshesh.people.linkage.accuracy import by_group, wilson
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw, write

DATABASE = "bench_campaign"
NEIGHBOURHOOD = "darvazeh_ghar"


def prepare(cluster: Cluster) -> None:
    """An empty database with the demo country; Django points to it from here on."""
    with cluster.connect() as server:
        server.execute(f"drop database if exists {DATABASE} with (force)")
        server.execute(f"create database {DATABASE}")
    url = cluster.url("postgres", DATABASE)
    os.environ["POOSHESH_DATABASE_URL"] = os.environ["POOSHESH_DATABASE_OWNER_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "pooshesh.settings"
    os.environ["PYTHONPATH"] = str(PROJECT / "src")
    config.cache_clear()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from pooshesh.places import actions, demo
    from pooshesh.programme.demo import load_programme

    actions.seed_country()
    demo.load()
    load_programme()


def copy_alone(folder: Path) -> tuple[int, float]:
    """COPY every row of the sheets into unlogged tables of text; rows and seconds."""
    from django.db import connection

    rows, began = 0, time.perf_counter()
    for path in sorted(folder.glob("*.csv")):
        if path.name == "truth.csv":
            continue
        with path.open("rb") as file, connection.cursor() as cursor:
            columns = ", ".join(f"{name} text" for name in pl.read_csv(path, n_rows=0).columns)
            cursor.execute(f"create unlogged table bare_{path.stem} ({columns})")
            with cursor.copy(f"copy bare_{path.stem} from stdin with (format csv, header)") as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
            cursor.execute(f"select count(*) from bare_{path.stem}")
            rows += cursor.fetchone()[0]
    return rows, time.perf_counter() - began


def run(folder: Path, out: Path) -> tuple[float, float]:
    """The command in a process of its own; its seconds and peak memory in MB."""
    rolls = [
        word
        for path in sorted(folder.glob("roll_*.csv"))
        for word in ("--roll", f"{path.stem.removeprefix('roll_')}={path}")
    ]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pooshesh", "campaign", "run", "--census", folder / "census.csv",
         *rolls, "--neighbourhood", NEIGHBOURHOOD, "--pack", "iran", "--on", "1400-11-22",
         "--out", out],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"campaign run ended with {done.returncode}:\n{done.stderr}")
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def accuracy(folder: Path, out: Path) -> pl.DataFrame:
    """Links of people.csv against truth.csv, by group; a review is no link."""
    census = pl.read_csv(folder / "census.csv", infer_schema=False)
    people = pl.read_csv(out / "people.csv", schema_overrides={"roll": pl.String})
    review = people.filter(pl.col("match") == "review")["person_id"].implode()
    valid = [
        grade(Kind.NATIONAL_ID, number or "", mobile=mobile or "").is_trusted
        for number, mobile in census.select("national_id", "mobile").iter_rows()
    ]
    doubtful = pl.col("person_id").is_in(review)
    links = people.select(
        pl.col("census_row").alias("row"),
        pl.when(~doubtful).then("roll").alias("roll"),
        pl.when(~doubtful).then("roll_row").alias("roll_row"),
    )
    ids = census.select(
        pl.col("census_row").cast(pl.Int64).alias("row"), pl.Series("valid_id", valid)
    )
    truth = pl.read_csv(folder / "truth.csv", schema_overrides={"roll": pl.String})
    truth = truth.rename({"census_row": "row"}).with_columns(pl.col("foreign").cast(pl.Boolean))
    return by_group(links.join(ids, on="row"), truth)


def report(folder: Path, out: Path) -> None:
    rows, alone = copy_alone(folder)
    seconds, memory = run(folder, out)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    residents = summary["residents"]
    print(f"{summary['census_rows']:,} census rows, {residents:,} residents, {rows:,} rows in all")
    print(f"  campaign   {seconds:6.1f} s  {memory:5.0f} MB  {residents / seconds:9,.0f} persons/s")
    print(f"  steps      {summary['timings']}")
    print(f"  bare COPY  {alone:6.2f} s           {rows / alone:9,.0f} rows/s"
          f"   (campaign: {rows / seconds:,.0f} rows/s)")  # fmt: skip
    for group, on_roll, linked, right in accuracy(folder, out).iter_rows():
        low, high = wilson(right, linked)
        least, most = wilson(right, on_roll)
        print(
            f"  {group:10} precision {right / max(linked, 1):.4f} [{low:.4f}, {high:.4f}]"
            f"   recall {right / max(on_roll, 1):.4f} [{least:.4f}, {most:.4f}]"
        )
    people = pl.read_csv(folder / "truth.csv").unique("person")
    true = people["roll"].null_count() / len(people)
    share = summary["uninsured_share"]
    low, high = (bound["value"] for bound in share["bounds"])
    print(
        f"  uninsured  {share['value']:.2%} (bounds {low:.2%} to {high:.2%}), truth {true:.2%}:"
        f" {share['value'] - true:+.2%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--profile", choices=PROFILES, default="usual")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    cluster = Cluster(config().home)
    started = cluster.start()
    try:
        prepare(cluster)
        with tempfile.TemporaryDirectory() as work:
            folder = options.data or Path(work) / "drawn"
            if not options.data:
                write(draw(options.seed, PROFILES[options.profile]), folder)
            report(folder, Path(work) / "out")
    finally:
        if started:
            cluster.stop()


if __name__ == "__main__":
    main()
