"""Draw a population of records at once: people written down several times, and the truth.

    python -m pooshesh.people.synthetic.population 1000000 OUT.parquet --profile usual --seed 7

Writes OUT.parquet (row and the columns of `neighbourhood.COLUMNS`) and OUT.truth.parquet (row,
person, foreign). Some 1.28 records a person: one as a registry keeps it, the others, and a quarter
of the first, written down as carelessly as the profile says. The people do not exist.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pooshesh.people.synthetic.mistakes import latin, mistyped, respelt, shortened, slipped
from pooshesh.people.synthetic.neighbourhood import (
    COLUMNS,
    PERSIAN_DIGITS,
    PROFILES,
    Errors,
    NamePool,
    load_names,
)

Texts = NDArray[np.object_]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

FOREIGN = 0.06  # share of households
HAS_CODE = 0.55  # of foreign nationals
EXTRA = (0.785, 0.165, 0.035, 0.015)  # further records of a person: none, one, two, three
CARELESS = 0.25  # share of first records written down carelessly
LAST_YEAR = 1404

#: Two ways of going wrong that no model is trained on; `files.LIKELY` was chosen with them in view.
OTHER_ERRORS = {
    # A paper form read by machine: letters and digits misread, hardly anything left out.
    "scanned": replace(
        Errors(), typo=0.16, variant=0.15, shortened=0.03, swapped=0.02, latin=0.20, no_father=0.05,
        birth_slip=0.12, year_only=0.02, year_only_foreign=0.10, id_slip=0.06, no_postal=0.15,
        no_mobile=0.15, other_mobile=0.20, lost_zeros=0.0, persian_digits=0.5,
    ),
    # Told over the telephone: nicknames, ages for dates, other spellings, nobody has the papers.
    "by_telephone": replace(
        Errors(), typo=0.05, variant=0.45, shortened=0.16, latin=0.10, no_father=0.22,
        no_national_id=0.35, no_foreign_id=0.50, birth_slip=0.04, year_only=0.15,
        year_only_foreign=0.30, no_postal=0.60, no_mobile=0.05, other_mobile=0.30, moved=0.05,
    ),
}  # fmt: skip


NOBODY = np.array(None, object)  # what `np.where` takes for an empty cell


@dataclass(frozen=True)
class Population:
    """`records`: row and `COLUMNS` as text; `truth`: row, person, foreign (bool)."""

    records: pl.DataFrame
    truth: pl.DataFrame


def draw(
    seed: int, errors: Errors, size: int, foreign: float = FOREIGN, stripped: bool = False
) -> Population:
    """Some `size` records of people in households, a share `foreign` of them foreign.

    `stripped` takes the identifiers of all foreign nationals away.
    """
    rng, chance = np.random.default_rng(seed), random.Random(seed)
    people = _people(rng, int(size / (1 + sum(n * p for n, p in enumerate(EXTRA)))), foreign)
    times = 1 + rng.choice(len(EXTRA), len(people.male), p=EXTRA)
    person = np.repeat(np.arange(len(times)), times)
    first = np.concatenate([[True], person[1:] != person[:-1]])
    careless = ~first | (rng.random(len(person)) < CARELESS)
    cells = _written(people, person, careless, errors, rng, chance)
    if stripped:
        cells["national_id"][people.foreign[person]] = None
        cells["foreign_id"][people.foreign[person]] = None
    order = rng.permutation(len(person))
    rows = pl.int_range(1, len(person) + 1, eager=True).alias("row")
    return Population(
        pl.DataFrame(
            [
                rows,
                *(pl.Series(c, cells[c][order].tolist(), dtype=pl.String) for c in COLUMNS),
            ]
        ),
        pl.DataFrame([rows, pl.Series("person", person[order]),
                      pl.Series("foreign", people.foreign[person[order]])]),
    )  # fmt: skip


@dataclass(frozen=True)
class _People:
    names: tuple[Texts, Texts, Texts]
    birth: tuple[Numbers, Numbers, Numbers]
    male: Mask
    foreign: Mask
    national: Texts
    code: Texts
    postal: Numbers
    mobile: Numbers
    parents_id: Texts


def _people(rng: np.random.Generator, size: int, foreign_share: float) -> _People:
    home_size = np.clip(1 + rng.poisson(2.1, size), 1, 9)
    home = np.repeat(np.arange(size), home_size)[:size]
    homes = int(home[-1]) + 1
    place = np.arange(size) - np.searchsorted(home, home)
    foreign = (rng.random(homes) < foreign_share)[home]
    male = rng.random(size) < np.select([place == 0, place == 1], [0.85, 0.08], 0.515)

    def drawn(kind: str, count: int) -> tuple[Texts, Texts]:
        """Iranian and Afghan names of one kind, for each of `count`."""
        pools: list[NamePool] = [getattr(names, kind) for names in load_names()]
        picked = [
            np.array(pool.names, object)[
                np.searchsorted(pool.cumulative, rng.random(count) * pool.cumulative[-1])
            ]
            for pool in pools
        ]
        return picked[0], picked[1]

    def of_origin(pair: tuple[Texts, Texts]) -> Texts:
        return np.where(foreign, pair[1], pair[0])

    def of_home(kind: str) -> Texts:
        each = drawn(kind, homes)
        return np.where(foreign, each[1][home], each[0][home])

    head, surname = of_home("male"), of_home("surname")
    first = np.where(male, of_origin(drawn("male", size)), of_origin(drawn("female", size)))
    first = np.where((place == 0) & male, head, first)
    for _ in range(4):  # brothers and sisters never share a name
        borne = pl.DataFrame({"home": home, "name": pl.Series(first.tolist())})
        again = ~borne.select(pl.struct("home", "name").is_first_distinct()).to_series().to_numpy()
        other = np.where(male, of_origin(drawn("male", size)), of_origin(drawn("female", size)))
        first = np.where(again, other, first)
    last = np.where(place == 1, of_origin(drawn("surname", size)), surname)
    father = np.where(place < 2, of_origin(drawn("male", size)), head)
    head_year = rng.integers(1330, 1379, homes)[home]
    year = head_year + rng.integers(-6, 7, size) * (place == 1)
    child = head_year + 20 + 3 * (place - 2) + rng.integers(0, 3, size)
    year = np.minimum(np.where(place < 2, year, child), LAST_YEAR - rng.integers(0, 6, size))
    month = rng.integers(1, 13, size)
    day = rng.integers(1, np.select([month <= 6, month < 12], [32, 31], 30))
    new_year = rng.random(size) < np.where(foreign, 0.33, 0.03)
    month, day = np.where(new_year, 1, month), np.where(new_year, 1, day)
    for at in np.flatnonzero((place >= 3) & (rng.random(size) < 0.03)):  # twins
        year[at], month[at], day[at] = year[at - 1], month[at - 1], day[at - 1]
    national = np.where(foreign, NOBODY, national_ids(rng, size))
    code = _distinct(rng, 10**11, 10**12, size).astype(str).astype(object)
    return _People(
        names=(first, last, father),
        birth=(year, month, day),
        male=male,
        foreign=foreign,
        national=national,
        code=np.where(foreign & (rng.random(size) < HAS_CODE), code, NOBODY),
        postal=rng.integers(1_100_000_000, 10**10, homes)[home],
        mobile=rng.integers(0, 10**9, homes)[home],
        parents_id=np.where(place >= 2, national[np.searchsorted(home, home)], NOBODY),
    )


def national_ids(rng: np.random.Generator, size: int) -> Texts:
    """Different numbers of ten digits with right check digits."""
    nine = _distinct(rng, 1_000_000, 10**9, size)
    rest = sum(nine // 10**power % 10 * (power + 2) for power in range(9)) % 11
    number = nine * 10 + np.where(rest < 2, rest, 11 - rest)
    return np.char.zfill(number.astype(str), 10).astype(object)


def _distinct(rng: np.random.Generator, low: int, high: int, size: int) -> Numbers:
    found = np.unique(rng.integers(low, high, int(size * 1.1) + 100))
    return rng.permutation(found)[:size]


def _written(
    people: _People, person: Numbers, careless: Mask, errors: Errors, rng: np.random.Generator,
    chance: random.Random,
) -> dict[str, Texts]:  # fmt: skip
    """The cells of every record, as `neighbourhood.written` writes one."""
    count, foreign = len(person), people.foreign[person]

    def happens(share: float, among: Mask = careless) -> Mask:
        return among & (rng.random(count) < share)

    def change(cells: Texts, at: Mask, how: Callable[[str], str]) -> None:
        for place in np.flatnonzero(at):
            if cells[place]:
                cells[place] = how(cells[place])

    names = [column[person] for column in people.names]
    for cells in names:
        change(cells, happens(errors.shortened), shortened)
        change(cells, happens(errors.typo), lambda name: mistyped(name, chance))
    swapped = happens(errors.swapped)
    names[0][swapped], names[1][swapped] = names[1][swapped], names[0][swapped].copy()
    in_latin = happens(errors.latin, careless & foreign)
    for cells in names:
        change(cells, in_latin, lambda name: latin(name, chance))
        change(cells, happens(errors.variant, ~in_latin), lambda name: respelt(name, chance))
    names[2][happens(errors.no_father)] = None
    names[0][happens(errors.no_first)] = None

    year, month, day = (column[person] for column in people.birth)
    slip = np.where(happens(errors.birth_slip), rng.integers(0, 4, count), -1)
    year = year + np.where(slip == 0, rng.choice([-10, -2, -1, 1, 2, 10], count), 0)
    day = np.where(slip == 1, rng.integers(1, 30, count), day)
    crossed = (slip == 2) & (day <= 12)
    month, day = np.where(crossed, day, month), np.where(crossed, month, day)
    month = np.where(slip == 3, rng.integers(1, 13, count), month)
    day = np.minimum(day, np.select([month <= 6, month < 12], [31, 30], 29))
    two = np.char.zfill
    whole = [two(np.minimum(year, LAST_YEAR).astype(str), 4), two(month.astype(str), 2),
             two(day.astype(str), 2)]  # fmt: skip
    birth = np.array(["/".join(parts) for parts in zip(*whole, strict=True)], object)
    only_year = happens(errors.year_only) | happens(errors.year_only_foreign, careless & foreign)
    birth[only_year] = whole[0][only_year]
    birth[happens(errors.no_birth)] = None

    def other(own: Numbers, at: Mask, low: int, high: int) -> Numbers:
        return np.where(at, rng.integers(low, high, count), own)

    postal = other(people.postal[person], happens(errors.moved), 1_100_000_000, 10**10)
    digits = other(people.mobile[person], happens(errors.other_mobile), 0, 10**9)
    postal_cells = postal.astype(str).astype(object)
    mobile_cells = ("09" + np.char.zfill(digits.astype(str), 9).astype(object)).astype(object)
    postal_cells[happens(errors.no_postal)] = None
    mobile_cells[happens(errors.no_mobile)] = None

    national, code = people.national[person], people.code[person]
    national[happens(errors.no_national_id)] = None
    change(national, happens(errors.id_slip), lambda number: slipped(number, chance))
    parents = happens(errors.parents_id) & (people.parents_id[person] != None)  # noqa: E711
    national[parents] = people.parents_id[person][parents]
    national[happens(errors.dummy_id)] = "1111111111"
    code[happens(errors.no_foreign_id)] = None
    pseudo = happens(errors.pseudo_id, careless & foreign & (code == None))  # noqa: E711
    for at in np.flatnonzero(pseudo):
        as_mobile = mobile_cells[at] and chance.random() < 0.5
        national[at] = (
            mobile_cells[at][1:] if as_mobile else f"{chance.randrange(10**6, 10**8):010}"
        )
    everywhere = np.ones(count, np.bool_)
    change(national, happens(errors.lost_zeros, everywhere), lambda number: number.lstrip("0"))
    change(national, happens(errors.persian_digits),
           lambda number: number.translate(PERSIAN_DIGITS))  # fmt: skip

    sex = np.where(people.male[person] != happens(errors.wrong_sex), "M", "F").astype(object)
    sex[happens(errors.no_sex)] = None
    columns = (*names, birth, national, code, sex, postal_cells, mobile_cells)
    return dict(zip(COLUMNS, columns, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=int)
    parser.add_argument("out", type=Path)
    every = {name: profile.errors for name, profile in PROFILES.items()} | OTHER_ERRORS
    parser.add_argument("--profile", choices=every, default="usual")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--foreign", type=float, default=FOREIGN)
    options = parser.parse_args()
    drawn = draw(options.seed, every[options.profile], options.records, options.foreign)
    drawn.records.write_parquet(options.out)
    drawn.truth.write_parquet(options.out.with_suffix(".truth.parquet"))


if __name__ == "__main__":
    main()
