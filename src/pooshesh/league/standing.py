"""Who stands where: ranks with ties and intervals, who lies outside the limits, trends. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from pooshesh.league.limits import Z_95, Z_998, Law, interval, limits, rank_ranges, together


class Side(StrEnum):
    """Where a unit lies by the limits of chance."""

    WITHIN = "within"
    ABOVE = "above"  # of 95 %
    FAR_ABOVE = "far_above"  # of 99.8 %
    BELOW = "below"
    FAR_BELOW = "far_below"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Unit:
    """What is ranked. `value` is exact; None has no rank. `ranked`: large enough, and shown."""

    key: Hashable
    numerator: int
    denominator: int | None
    value: Fraction | None
    ranked: bool


@dataclass(frozen=True)
class Standing:
    """A unit's place. `rank` 1 is first; `tied` shares it. `ranks` is the interval of the rank,
    `low` and `high` that of the value (95 %), in the value's unit."""

    key: Hashable
    rank: int | None
    tied: bool
    ranks: tuple[int, int] | None
    low: float | None
    high: float | None
    side: Side


def standings(
    units: Sequence[Unit], law: Law, target: Fraction | None, scale: int, upwards: bool,
    grain: float = 1.0,
) -> list[Standing]:  # fmt: skip
    """The standing of each unit, in their order. `target` is the whole's value."""
    ranked = [unit for unit in units if unit.ranked and unit.value is not None]
    values = sorted(unit.value for unit in ranked if unit.value is not None)
    joint = together(Z_95, len(ranked))
    ranges = dict(
        zip(
            (unit.key for unit in ranked),
            rank_ranges([_interval(unit, law, joint, grain) for unit in ranked], upwards),
            strict=True,
        )
    )
    found = []
    for unit in units:
        own = _interval(unit, law, Z_95, grain) if unit.value is not None else None
        rank, tied = None, False
        if unit.key in ranges and unit.value is not None:
            first, last = bisect_left(values, unit.value), bisect_right(values, unit.value)
            rank, tied = 1 + (len(values) - last if upwards else first), last - first > 1
        found.append(
            Standing(
                unit.key, rank, tied, ranges.get(unit.key), own[0] * scale if own else None,
                own[1] * scale if own else None,
                side_of(unit, law, target, scale, grain),
            )
        )  # fmt: skip
    return found


def side_of(unit: Unit, law: Law, target: Fraction | None, scale: int, grain: float) -> Side:
    """Where a unit lies by the limits; unknown without limits or a value."""
    if target is None or unit.value is None or not unit.denominator:
        return Side.UNKNOWN
    aim, own = float(target) / scale, float(unit.value) / scale
    for z, above, below in (
        (Z_998, Side.FAR_ABOVE, Side.FAR_BELOW),
        (Z_95, Side.ABOVE, Side.BELOW),
    ):
        edges = limits(law, aim, unit.denominator, z, grain)
        if edges is None:
            return Side.UNKNOWN
        if own > edges[1]:
            return above
        if own < edges[0]:
            return below
    return Side.WITHIN


def trend(now: Fraction | None, before: Fraction | None) -> int | None:
    """1 up, -1 down, 0 the same; None where either is not known."""
    if now is None or before is None:
        return None
    return (now > before) - (now < before)


def _interval(unit: Unit, law: Law, z: float, grain: float) -> tuple[float, float] | None:
    whole = 1 if unit.denominator is None else unit.denominator
    if law == Law.SHARE and not 0 <= unit.numerator <= whole:
        return None
    return interval(law, unit.numerator, whole, z, grain)
