"""Load, bind, decide one, trace and explain: pack `iran`, beside a bare function call.

    .venv/bin/python bench/explain.py [--rounds 20000]

Prints microseconds, the best of five runs each. Bars: a decision with its reasons ≤ 5 µs, binding
≤ 100 ms. The limit in the same run: a Python function of as many arguments that gives back a dict.
"""

import argparse
import datetime as dt
import timeit
from collections.abc import Callable

import source  # noqa: F401
from pooshesh.rules import bind, explain, list_packs, load_pack, trace

ON = dt.date(2025, 3, 21)


def microseconds(job: Callable[[], object], rounds: int) -> float:
    return min(timeit.repeat(job, number=rounds, repeat=5)) / rounds * 1e6


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20_000)
    rounds = parser.parse_args().rounds
    path = list_packs()["iran"]
    pack = load_pack(path)
    bound = bind(pack, ON)
    facts = {fact.name: fact.example for fact in pack.facts.values()}
    facts |= {"decile": 6, "decile_date": dt.date(2024, 1, 1), "outside_principal": False}
    traced = trace(bound, facts)

    def bare(*slots: object) -> dict[str, object]:
        return {"decision": slots[0], "scheme": None, "premium_percent": 0, "premium_rial": 0}

    least = microseconds(lambda: bare(*facts.values()), rounds)
    jobs: list[tuple[str, Callable[[], object], int]] = [
        ("load, every check and case", lambda: load_pack(path), 5),
        ("bind", lambda: bind(pack, ON), 50),
        ("decide, with reasons", lambda: bound.decide(facts), rounds),
        ("trace", lambda: trace(bound, facts), rounds // 50),
        ("explain in Persian", lambda: explain(traced, "fa"), rounds // 200),
    ]
    print(f"{'a bare call':28} {least:10.2f} µs")
    for name, job, count in jobs:
        taken = microseconds(job, count)
        print(f"{name:28} {taken:10.2f} µs   {taken / least:8.1f} x the bare call")


if __name__ == "__main__":
    main()
