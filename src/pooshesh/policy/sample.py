"""A synthetic sample of the population, to try reforms on before there is a register. Invented.

Provinces as in the 1395 census; everything else is assumed: households of 3.3 persons, deciles
even with one in ten not known, two in five persons of another insurer, one in twenty-five a foreign
national, one in four in a programme neighbourhood. No row stands for anybody.
"""

import datetime as dt

import numpy as np
import polars as pl

from pooshesh.places.seed import read_data
from pooshesh.rules import BoundPack
from pooshesh.rules.frames import HOUSEHOLD, PERSON, PolarsEngine

SEED = 1400
SIZES = np.array([1, 2, 3, 4, 5, 6])
SHARES = np.array([0.09, 0.21, 0.27, 0.27, 0.11, 0.05])
OTHER_INSURER, FOREIGN, PROGRAMME, NO_DECILE = 0.40, 0.04, 0.25, 0.10


def draw(pack: BoundPack, persons: int) -> pl.DataFrame:
    """person_id, every fact of the pack `iran`, province and sex; always the same people."""
    random = np.random.default_rng(SEED)
    homes = int(persons / (SIZES * SHARES).sum() * 1.02) + 10
    sizes = random.choice(SIZES, homes, p=SHARES)
    home = np.repeat(np.arange(homes), sizes)[:persons]
    place = np.arange(persons) - np.searchsorted(home, home)  # 0 is the head
    known = read_data("provinces.csv")
    weights = np.array([float(one["population"]) for one in known])
    province = random.choice([one["code"] for one in known], homes, p=weights / weights.sum())
    foreign = random.random(homes) < FOREIGN
    lawful = random.choice(["none", "identified", "regularised", "refugee"], homes)
    insurer = np.where(
        random.random(homes) < OTHER_INSURER,
        random.choice(["sso", "armed_forces", "other"], homes, p=[0.88, 0.08, 0.04]),
        "",
    )
    decile = np.where(random.random(homes) < NO_DECILE, 0, random.integers(1, 11, homes))
    since = dt.date(pack.on.year - 1, 1, 1)
    frame = pl.DataFrame(
        {
            PERSON: np.arange(persons),
            HOUSEHOLD: home,
            "province": province[home],
            "sex": np.where(random.random(persons) < 0.507, "M", "F"),
            "nationality": np.where(foreign, "foreign", "citizen")[home],
            "foreign_status": np.where(foreign, lawful, "none")[home],
            # Head and spouse carry the household's other insurer; children are its dependants.
            "other_insurer_code": np.where(place < 2, insurer[home], ""),
            "relation": np.array(["head", "spouse", "child", "child", "child", "parent"])[place],
            "decile": decile[home],
            "programme_resident": (random.random(homes) < PROGRAMME)[home],
        }
    ).lazy()
    engine = PolarsEngine(pack.plan)
    lawful_now = pl.col("foreign_status").is_in(["regularised", "refugee"])
    whole = engine.with_aggregates(
        frame.with_columns(
            pl.col("other_insurer_code").replace("", None).cast(engine.codes),
            pl.col("nationality", "foreign_status", "relation").cast(engine.codes),
            pl.when(lawful_now).then(pl.lit(since)).alias("lawful_from"),
            pl.lit(None, pl.Date).alias("lawful_until"),
            pl.col("decile").replace(0, None).cast(pl.Int64),
            pl.when(pl.col("decile") > 0).then(pl.lit(since)).alias("decile_date"),
            (pl.col("other_insurer_code") != "").alias("other_insurer_principal"),
        )
    )
    return whole.select(PERSON, "province", "sex", *pack.plan.facts).collect()
