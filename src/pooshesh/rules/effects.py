"""What a reform does to a population: who moves, what it costs the state and the households.

Both packs decide the same persons. Money is exact: a household pays `premium_percent` of the yearly
`premium_rial`, the state the rest; a person whose premium is not known is counted as such and left
out of the sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from .bind import BoundPack
from .frames import PolarsEngine

OUTCOME, PERCENT, PREMIUM = "decision", "premium_percent", "premium_rial"
SIDES = ("before", "after")


@dataclass(frozen=True)
class Sums:
    """A population under one pack. Money in rial a year; `priced` are the persons it counts.

    `insured` are those with a share of the premium, `free` those whose share is 0.
    """

    insured: int
    free: int
    priced: int
    household: int
    state: int


@dataclass(frozen=True)
class Group:
    """Persons of one value of a grouping column (None: not known), before and after.

    `moved` are those with another outcome or another share of the premium.
    """

    value: str | int | None
    persons: int
    moved: int
    before: Sums
    after: Sums


@dataclass(frozen=True)
class Effect:
    """`moves` counts persons by (outcome before, outcome after), only those that differ."""

    total: Group
    moves: tuple[tuple[str, str, int], ...]
    by: dict[str, tuple[Group, ...]]
    #: What households pay, by decile: below 0 the poor pay more than their part, above 0 the rich.
    concentration: tuple[float | None, float | None]


def effect(
    before: BoundPack, after: BoundPack, facts: pl.LazyFrame, groups: Sequence[str]
) -> Effect:
    """Compare two packs. `facts` holds person_id, every fact and aggregate, and the `groups`."""
    held = facts.collect(engine="streaming").lazy()
    sides = [_side(pack, held, side) for pack, side in zip((before, after), SIDES, strict=True)]
    both = pl.concat(
        [held.select(groups).collect(), *(side.collect() for side in sides)], how="horizontal"
    )
    other = pl.col(f"{OUTCOME}.before") != pl.col(f"{OUTCOME}.after")
    moved = other | pl.col(f"{PERCENT}.before").ne_missing(pl.col(f"{PERCENT}.after"))
    moves = (
        both.filter(other)
        .group_by(f"{OUTCOME}.before", f"{OUTCOME}.after")
        .len()
        .cast({f"{OUTCOME}.before": pl.String, f"{OUTCOME}.after": pl.String})
        .sort("len", f"{OUTCOME}.before", f"{OUTCOME}.after", descending=[True, False, False])
    )
    sums = [pl.len().alias("persons"), moved.sum().alias("moved")]
    sums += [one for side in SIDES for one in _sums(side)]
    by = {
        column: tuple(
            _group(row.pop(column), row)
            for row in both.group_by(column).agg(sums).sort(column, nulls_last=True).to_dicts()
        )
        for column in groups
    }
    total = _group(None, both.select(sums).row(0, named=True))
    deciles = by.get("decile", ())
    return Effect(
        total,
        tuple((str(was), str(now), int(count)) for was, now, count in moves.iter_rows()),
        by,
        (_concentration(deciles, "before"), _concentration(deciles, "after")),
    )


def _side(pack: BoundPack, facts: pl.LazyFrame, side: str) -> pl.LazyFrame:
    decided = PolarsEngine(pack.plan).columns(facts)
    return decided.select(pl.col(OUTCOME, PERCENT, PREMIUM).name.suffix(f".{side}"))


def _sums(side: str) -> list[pl.Expr]:
    percent = pl.col(f"{PERCENT}.{side}")
    premium = pl.col(f"{PREMIUM}.{side}").cast(pl.Int128)  # no sum of any premium overflows
    made = {
        "insured": percent.is_not_null().sum(),
        "free": (percent == 0).sum(),
        "priced": (percent.is_not_null() & premium.is_not_null()).sum(),
        # Hundredths of a rial, so that nothing is rounded before the sum.
        "household": (premium * percent).sum(),
        "state": (premium * (100 - percent)).sum(),
    }
    return [expr.alias(f"{name}.{side}") for name, expr in made.items()]


def _group(value: object, row: dict[str, int]) -> Group:
    assert value is None or isinstance(value, str | int)
    return Group(value, row["persons"], row["moved"], *(_of(row, side) for side in SIDES))


def _of(row: dict[str, int], side: str) -> Sums:
    return Sums(
        row[f"insured.{side}"], row[f"free.{side}"], row[f"priced.{side}"],
        row[f"household.{side}"] // 100, row[f"state.{side}"] // 100,
    )  # fmt: skip


def _concentration(deciles: Sequence[Group], side: str) -> float | None:
    """The concentration index of what households pay, persons ranked by decile; -1 to 1.

    C = 2/μ · Σ pᵍ·x̄ᵍ·Rᵍ - 1 over groups, R being the middle of a group's ranks (Kakwani,
    Wagstaff and van Doorslaer 1997). None where nobody pays.
    """
    known = [one for one in deciles if one.value is not None]
    persons = sum(one.persons for one in known)
    paid = sum(_paid(one, side) for one in known)
    if not paid:
        return None
    below, weighted = 0, 0.0
    for one in known:
        weighted += _paid(one, side) * (below + one.persons / 2) / persons
        below += one.persons
    return 2 * weighted / paid - 1


def _paid(group: Group, side: str) -> int:
    sums: Sums = getattr(group, side)
    return sums.household
