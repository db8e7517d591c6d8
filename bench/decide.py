"""Decide populations Parquet to Parquet, beside a scan of the same files and OpenFisca-core.

    .venv/bin/python bench/decide.py [--millions 1 5 20] [--rounds 3] [--openfisca PYTHON]

Draws populations (kept in a temporary folder for the run), then measures each job in a process of
its own: CPU seconds and peak memory of `scan` (the persons read and written, nothing decided), of
`decide` (as `./pooshesh decide`: tables checked, decided with reasons, written), and with
`--openfisca`, a Python that has openfisca-core, the same rules in OpenFisca. The best of the rounds
counts. Bars: decide ≤ 0.8 CPU-s per million, ≤ 3.5 × the scan, growth within 10 %, 20 M persons in
≤ 3 GB.
"""

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import source  # noqa: F401

ON = dt.date(2025, 3, 21)
TABLES = ("people", "households", "places")


def draw(folder: Path, persons: int) -> None:
    from pooshesh.rules import list_packs, load_pack, population

    pack = load_pack(list_packs()["iran"])
    frames = population.draw(pack, persons, on=ON)
    for name, frame in zip(TABLES, frames, strict=True):
        frame.write_parquet(folder / f"{name}.parquet")


def scan(folder: Path) -> None:
    import polars as pl

    pl.scan_parquet(folder / "people.parquet").sink_parquet(folder / "copy.parquet")


def decide(folder: Path) -> None:
    from pooshesh.rules import bind, list_packs, load_pack
    from pooshesh.rules.batch import decide_tables
    from pooshesh.rules.tables import open_tables

    bound = bind(load_pack(list_packs()["iran"]), ON)
    tables = open_tables(bound, *(folder / f"{name}.parquet" for name in TABLES))
    decide_tables(bound, tables, folder / "out.parquet")


JOBS = {"scan": scan, "decide": decide}


def measured(job: str, folder: Path) -> None:
    """Run one job in this process and print what it cost, imports left out."""
    import polars as pl

    import pooshesh.rules.batch
    import pooshesh.rules.tables  # noqa: F401 - imported before the clock starts

    pl.LazyFrame({"warm": [1]}).collect(engine="streaming")
    before = resource.getrusage(resource.RUSAGE_SELF)
    JOBS[job](folder)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"cpu": cpu, "memory": after.ru_maxrss // 1024}))


def best(command: list[str], rounds: int) -> tuple[float, int]:
    """The least CPU seconds of some rounds, and the largest peak memory in MB."""
    found = []
    for _ in range(rounds):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return min(one["cpu"] for one in found), max(one["memory"] for one in found)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--millions", type=float, nargs="+", default=[1, 5, 20])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--openfisca", metavar="PYTHON")
    parser.add_argument("--job", nargs=2, metavar=("JOB", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        measured(options.job[0], Path(options.job[1]))
        return
    each: list[float] = []
    for millions in options.millions:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            draw(folder, int(millions * 1e6))
            run = [sys.executable, __file__, "--job"]
            base, _ = best([*run, "scan", name], options.rounds)
            cpu, memory = best([*run, "decide", name], options.rounds)
            each.append(cpu / millions)
            print(
                f"{millions:4.0f} M   scan {base / millions:5.2f}   decide {cpu / millions:5.2f}"
                f" CPU-s a million   {cpu / base:4.1f} x the scan   {memory:,} MB", flush=True
            )  # fmt: skip
            if options.openfisca and millions <= 5:
                peer = [options.openfisca, str(Path(__file__).with_name("openfisca_peer.py")), name]
                theirs, memory = best(peer, 1)
                print(
                    f"         OpenFisca {theirs / millions:5.2f} CPU-s a million"
                    f"   {theirs / cpu:4.1f} x ours   {memory:,} MB", flush=True
                )  # fmt: skip
    if len(each) > 1:
        print(f"growth: the dearest million costs {max(each) / min(each):.2f} x the cheapest")


if __name__ == "__main__":
    main()
