"""Link neighbourhood censuses to two rolls, beside an exact join on identifiers.

    .venv/bin/python bench/campaign_linkage.py [FOLDER ...]

A folder holds census.csv, roll_*.csv and truth.csv; without one, a draw of each profile of
neighbourhood.py is linked. Prints precision and recall by group with 95 % Wilson intervals, the
share of the uninsured, and what it cost; the peer, measured in the same run, reads the same files
and joins on equal national or foreign IDs. Bars: precision ≥ .99, recall ≥ .96, share within one
point, ≤ 6 s and ≤ 400 MB.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

import source  # noqa: F401
from pooshesh.people.linkage.accuracy import by_group, uninsured_bounds, wilson
from pooshesh.people.linkage.engine import link
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw, write

Frames = tuple[pl.DataFrame, dict[str, pl.DataFrame]]


def read(folder: Path) -> Frames:
    """Census and rolls by insurer, the row numbers named `row`."""

    def sheet(path: Path, number: str) -> pl.DataFrame:
        cells = pl.read_csv(path, infer_schema=False)
        return cells.rename({number: "row"}).cast({"row": pl.Int64})

    rolls = sorted(folder.glob("roll_*.csv"))
    census = sheet(folder / "census.csv", "census_row")
    return census, {path.stem.removeprefix("roll_"): sheet(path, "roll_row") for path in rolls}


def exact_join(folder: Path) -> pl.DataFrame:
    """The peer: rows whose national or foreign ID stands on a roll exactly as typed."""
    census, rolls = read(folder)
    found = [
        census.join(roll, on=column, suffix="_roll").select(
            "row", roll=pl.lit(insurer), roll_row="row_roll"
        )
        for insurer, roll in rolls.items()
        for column in ("national_id", "foreign_id")
    ]
    first = pl.concat(found).unique("row", keep="first", maintain_order=True)
    return census.select("row").join(first, on="row", how="left")


def report(folder: Path, title: str) -> None:
    started = time.process_time()
    joined = exact_join(folder)
    peer_seconds = time.process_time() - started
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    census, rolls = read(folder)
    started, wall = time.process_time(), time.perf_counter()
    result = link(census, rolls)
    seconds, wall = time.process_time() - started, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    truth = pl.read_csv(folder / "truth.csv", schema_overrides={"roll": pl.String}).rename(
        {"census_row": "row"}
    )
    truth = truth.with_columns(pl.col("foreign").cast(pl.Boolean))
    print(f"\n{title}: {len(census):,} census rows × {sum(map(len, rolls.values())):,} roll rows")
    print_groups("linkage", by_group(result.rows, truth))
    peer_rows = joined.join(result.rows.select("row", "valid_id"), on="row")
    print_groups("exact IDs", by_group(peer_rows, truth).head(1))
    people = truth.unique("person")
    true_share = people["roll"].null_count() / len(people)
    least, most, persons = uninsured_bounds(result.rows)
    low, high = wilson(least, persons)[0], wilson(most, persons)[1]
    print(
        f"  uninsured {least:,} to {most:,} of {persons:,} persons = {least / persons:.2%} to"
        f" {most / persons:.2%} (95 % {low:.2%} to {high:.2%}); truth {true_share:.2%}"
    )
    matches = dict(result.rows["match"].value_counts().sort("match").iter_rows())
    print(f"  rows {matches}, misuse {len(result.misuse)}, pairs {result.compared:,}")
    print(
        f"  {wall:.2f} s, {seconds:.2f} CPU-s = {seconds / peer_seconds:.0f} × reading and joining"
        f" ({peer_seconds:.2f}); {result.compared / seconds:,.0f} pairs/s;"
        f" peak {peak:.0f} MB ({before:.0f} before)"
    )


def print_groups(name: str, groups: pl.DataFrame) -> None:
    for group, on_roll, linked, right in groups.iter_rows():
        shares = [
            "{:.4f} [{:.4f} {:.4f}]".format(right / max(of, 1), *wilson(right, of))
            for of in (linked, on_roll)
        ]
        print(f"  {name:9} {group:10} precision {shares[0]}  recall {shares[1]}  n={on_roll:,}")


def report_draw(profile: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        seed = 100 + list(PROFILES).index(profile)
        write(draw(seed, PROFILES[profile]), Path(folder))
        in_own_process(report, Path(folder), f"draw {seed} of “{profile}”")


def in_own_process(function: Callable[..., None], *arguments: object) -> None:
    """Memory is measured per process, so each linkage gets its own."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    folders = parser.parse_args().folders
    for folder in folders:
        in_own_process(report, folder, folder.name)
    for profile in [] if folders else PROFILES:
        report_draw(profile)


if __name__ == "__main__":
    main()
