"""Link a made-up million, beside Splink 5 on the same records and blocking keys.

    .venv/bin/python bench/linkage.py [--records 1000000] [--splink PYTHON] [--rounds 2]

Draws a population and links it in a process of its own: CPU seconds from Parquet to the table of
links, peak memory, pair F1. With `--splink`, a Python that has splink 5, Splink links the same in
the same run: it is given names normalised and keys hashed beforehand, at no cost, and the best of
all thresholds; the same vetoes are applied to both. Then foreign nationals, all their identifiers
taken away, under two other ways of going wrong, by group with 95 % Wilson intervals. Last, one
typed person beside 20 registered. Bars: ≤ 10 CPU-s, ≤ 2.5 GB and F1 ≥ .988 for a million, a
quarter of Splink's CPU and its F1; precision ≥ .97 and recall ≥ .95 of foreign_without_id; ≤ 1 ms.
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

import numpy as np
import polars as pl

import source  # noqa: F401
from pooshesh.people.linkage import blocking, engine, keys, live
from pooshesh.people.linkage.accuracy import pairs_by_group
from pooshesh.people.linkage.files import link_files
from pooshesh.people.linkage.names import MISSING
from pooshesh.people.synthetic.neighbourhood import PROFILES
from pooshesh.people.synthetic.population import OTHER_ERRORS, Population, draw

FOREIGN_RECORDS, FOREIGN_SHARE, SEED = 150_000, 0.33, 500


def ours(folder: Path) -> None:
    """Link, and print what it cost, imports left out."""
    times: dict[str, float] = {}

    def cpu() -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime

    before = cpu()
    links = link_files(
        pl.read_parquet(folder / "records.parquet"),
        progress=lambda step: times.__setitem__(step, cpu()),
    )
    links.write_parquet(folder / "ours.parquet")
    after, memory = cpu(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    linking = after - times["pairs"]
    print(json.dumps({"cpu": after - before, "linking": linking, "memory": memory}))


def prepare(folder: Path) -> None:
    """For Splink: records normalised, keys hashed (blocks above the cap left out as ours), and the
    pairs that no tool may link."""
    table = keys.build(pl.read_parquet(folder / "records.parquet"), {})
    attributes = blocking.large_keys(table)
    found = engine.compared(table, attributes)
    never = found.vetoes.never
    pl.DataFrame(
        {"row_l": table.row[found.left[never]], "row_r": table.row[found.right[never]]}
    ).write_parquet(folder / "never.parquet")
    columns: dict[str, object] = {"row": table.row}
    spelt = [*table.names.keys, None]
    sounds = [*(table.names.skeletons[code] for code in table.names.skeleton_of[:-1]), None]
    for name, codes in (("first", table.first), ("last", table.last), ("father", table.father)):
        columns[name] = pl.Series(spelt, dtype=pl.String).gather(codes % len(spelt))
        columns[f"{name}_sound"] = pl.Series(sounds, dtype=pl.String).gather(codes % len(sounds))
    date = np.where(table.day < 0, MISSING, table.year * 10_000 + table.day)
    numbers = {
        "birth": date, "year": table.year, "national": table.national,
        "foreign_code": table.foreign, "sex": table.sex, "postal": table.postal,
        "mobile": table.mobile,
    }  # fmt: skip
    for name, codes in numbers.items():
        width = 10 if name == "national" else 0
        text = pl.Series(codes).cast(pl.String).str.zfill(width)
        columns[name] = pl.select(pl.when(pl.Series(codes >= 0)).then(text)).to_series()
    for number, key in enumerate([*blocking.identity_keys(table), *attributes]):
        block = pl.Series(np.where(key >= 0, key, MISSING))
        size = pl.DataFrame({"key": block}).select(pl.len().over("key")).to_series()
        good = (block >= 0) & (size <= blocking.BLOCK_CAP)
        columns[f"block{number}"] = pl.select(pl.when(good).then(block)).to_series()
    pl.DataFrame(columns).write_parquet(folder / "keyed.parquet")


def measured(command: list[str], rounds: int = 1) -> dict[str, object]:
    """What the cheapest of some rounds printed."""
    found = []
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # as `./pooshesh link` has it
    for _ in range(rounds):
        done = subprocess.run(command, capture_output=True, text=True, env=alone)
        if done.returncode:
            raise SystemExit(done.stderr)
        found.append(json.loads(done.stdout.splitlines()[-1]))
    return min(found, key=lambda one: one["cpu"])


def scores(right: int, linked: int, true: int) -> str:
    precision, recall = right / max(linked, 1), right / true
    f1 = 2 * right / (linked + true)
    return f"precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}"


def million(folder: Path, records: int, splink: str | None, rounds: int) -> None:
    drawn = draw(7, PROFILES["usual"].errors, records)
    drawn.records.write_parquet(folder / "records.parquet")
    person = drawn.truth["person"].to_numpy()
    times = np.bincount(person)
    true = int((times * (times - 1) // 2).sum())
    mine = measured([sys.executable, __file__, "--job", "ours", str(folder)], rounds)
    links = pl.read_parquet(folder / "ours.parquet").filter(pl.col("class") == "match")

    def right(frame: pl.DataFrame, one: str, other: str) -> np.ndarray:
        return person[frame[one].to_numpy() - 1] == person[frame[other].to_numpy() - 1]

    hits = int(right(links, "left_row", "right_row").sum())
    print(f"{records:,} records, {len(times):,} people, {true:,} true pairs")
    print(f"  ours    {scores(hits, len(links), true)}  {mine['cpu']:6.1f} CPU-s"
          f"  {mine['memory']:,} MB", flush=True)  # fmt: skip
    if not splink:
        return
    subprocess.run([sys.executable, __file__, "--job", "prepare", str(folder)], check=True)
    peer = str(Path(__file__).with_name("splink_peer.py"))
    files = [str(folder / name) for name in ("keyed.parquet", "splink.parquet")]
    theirs = measured([splink, peer, *files])
    pairs = pl.read_parquet(folder / "splink.parquet").join(
        pl.read_parquet(folder / "never.parquet"), on=["row_l", "row_r"], how="anti"
    )
    pairs = pairs.sort("match_probability", descending=True)
    hit = np.cumsum(right(pairs, "row_l", "row_r"))
    best = int(np.argmax(2 * hit / (np.arange(1, len(hit) + 1) + true)))
    print(
        f"  Splink  {scores(int(hit[best]), best + 1, true)}  {theirs['cpu']:6.1f} CPU-s"
        f"  {theirs['memory']:,} MB  (splink {theirs['version']}, with the same vetoes)"
    )
    whole, linking = (mine[part] / theirs["cpu"] for part in ("cpu", "linking"))
    print(f"  ours / Splink: {whole:.2f} of its CPU; {linking:.2f} from normalised records, as it")


def foreigners() -> None:
    for number, (name, errors) in enumerate(OTHER_ERRORS.items()):
        for stripped in (False, True):
            drawn = draw(SEED + number, errors, FOREIGN_RECORDS, FOREIGN_SHARE, stripped)
            links = link_files(drawn.records).filter(pl.col("class") == "match")
            print(f"{name}{', no foreign national has an ID' if stripped else ''}")
            for row in pairs_by_group(links, with_ids(drawn)).iter_rows(named=True):
                print(
                    "  {group:19} precision {precision:.4f} [{precision_low:.4f}"
                    " {precision_high:.4f}]  recall {recall:.4f} [{recall_low:.4f}"
                    " {recall_high:.4f}]  n={true:,}".format(**row), flush=True
                )  # fmt: skip


def with_ids(drawn: Population) -> pl.DataFrame:
    table = keys.build(drawn.records, {})
    has_id = pl.Series("has_id", table.national_valid | (table.foreign >= 0))
    return drawn.truth.with_columns(has_id)


def one_typed() -> None:
    records = draw(3, PROFILES["usual"].errors, 5_000).records.drop("row").to_dicts()
    live.score_one(records[0], records[1:21])
    took = []
    for start in range(0, 4_000, 20):
        before = time.process_time()
        live.score_one(records[start], records[start + 1 : start + 21])
        took.append(time.process_time() - before)
    print(f"one typed person beside 20: median {np.median(took) * 1e3:.2f} ms CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--splink", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--job", nargs=2, metavar=("JOB", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        {"ours": ours, "prepare": prepare}[options.job[0]](Path(options.job[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        million(Path(folder), options.records, options.splink, options.rounds)
    foreigners()
    one_typed()


if __name__ == "__main__":
    main()
