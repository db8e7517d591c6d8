"""Random people for a pack: every fact drawn from its declared values, nulls where allowed.

For property tests and benchmarks; nothing in it resembles a real person.
"""

import datetime as dt

import numpy as np
import polars as pl

from .frames import HOUSEHOLD, PERSON, PLACE
from .pack import Fact, Pack, required_facts

MEAN_HOUSEHOLD, HOUSEHOLDS_PER_PLACE = 3.3, 600
NULLS, DAYS = 0.3, 20_000  # share of nulls; span of dates around the day, in days


def draw(
    pack: Pack, persons: int, *, on: dt.date, seed: int = 1, nulls: float = NULLS
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(persons, households, places) as `decide` takes them; the same seed gives the same people."""
    random = np.random.default_rng(seed)
    homes = max(1, int(persons / MEAN_HOUSEHOLD))
    places = max(1, homes // HOUSEHOLDS_PER_PLACE)
    keys = {
        "person": {PERSON: np.arange(persons),
                   HOUSEHOLD: np.sort(random.integers(0, homes, persons))},
        "household": {HOUSEHOLD: np.arange(homes), PLACE: random.integers(0, places, homes)},
        "place": {PLACE: np.arange(places)},
    }  # fmt: skip
    frames = []
    for level, columns in keys.items():
        size = len(next(iter(columns.values())))
        drawn = {
            fact.name: _fact(fact, size, on, random, nulls)
            for fact in required_facts(pack)
            if fact.level == level
        }
        frames.append(pl.DataFrame({**columns, **drawn}))
    return frames[0], frames[1], frames[2]


def _fact(
    fact: Fact, size: int, on: dt.date, random: np.random.Generator, nulls: float
) -> pl.Series:
    of = fact.type
    if of.kind == "int":
        made = pl.Series(random.integers(of.low, of.high, size, endpoint=True))
    elif of.kind == "bool":
        made = pl.Series(random.random(size) < 0.5)
    elif of.kind == "date":
        # Half of them on the day or just beside it, where rules turn.
        days = np.where(
            random.random(size) < 0.5,
            random.integers(-2, 2, size, endpoint=True),
            random.integers(-DAYS, DAYS // 10, size),
        )
        made = pl.Series(on.toordinal() - dt.date(1970, 1, 1).toordinal() + days).cast(pl.Date)
    else:
        codes = sorted(of.codes)
        made = pl.Series(codes).gather(random.integers(0, len(codes), size))
    if of.nullable:
        made = made.zip_with(
            pl.Series(random.random(size) >= nulls),
            pl.Series([None], dtype=made.dtype).new_from_index(0, size) if size else made,
        )
    return made.alias(fact.name)
