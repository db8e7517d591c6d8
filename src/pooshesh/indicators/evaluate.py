"""What follows from facts: the two whole numbers of an indicator, by any columns. Polars, exact.

The same function closes a month in the product and recomputes it from the lake.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import and_

import polars as pl

from pooshesh.indicators.book import Indicator, Part, Term


def numbers(indicator: Indicator, facts: pl.LazyFrame, by: Sequence[str]) -> pl.LazyFrame:
    """(by…, numerator, denominator) of an indicator; a group nobody is counted in has no row.

    `facts` has the columns measure, value (Int64), those of `by`, and the dimensions its parts
    filter by. `denominator` is null where the indicator has none.
    """
    both = [_part(indicator.numerator).alias("numerator")]
    if indicator.denominator is None:
        both.append(pl.lit(None, pl.Int64).alias("denominator"))
    else:
        both.append(_part(indicator.denominator).alias("denominator"))
    used = facts.filter(pl.col("measure").is_in(sorted(measures_of([indicator]))))
    return used.group_by(*by).agg(both) if by else used.select(both)


def measures_of(indicators: Iterable[Indicator]) -> set[str]:
    """Codes of all measures some indicators are made of."""
    return {
        term.measure
        for one in indicators
        for part in (one.numerator, one.denominator)
        if part
        for term in part.terms
    }


def _part(part: Part) -> pl.Expr:
    terms = (pl.col("value").filter(_term(term)).sum() * term.sign for term in part.terms)
    return reduce(lambda one, other: one + other, terms).cast(pl.Int64)


def _term(term: Term) -> pl.Expr:
    return reduce(
        and_,
        (
            *(pl.col(name).is_in(list(values)) for name, values in term.where),
            *(~pl.col(name).is_in(list(values)) for name, values in term.not_where),
        ),
        pl.col("measure") == term.measure,
    )


def concentration(deciles: Mapping[str, tuple[int, int]]) -> Fraction | None:
    """The concentration index of decile → (how much, of how many people), -1 to 1, exactly.

    Below zero: the poor have more of it than their share. People are ranked by decile, all of one
    decile at its middle; who has no decile is left out. None where nobody or nothing is counted.
    Source: Kakwani, Wagstaff, van Doorslaer (1997), equation 5.
    """
    before = weighed = much = 0
    for decile in map(str, range(1, 11)):
        amount, people = deciles.get(decile, (0, 0))
        weighed += amount * (2 * before + people)
        before += people
        much += amount
    if not before or not much:
        return None
    return Fraction(weighed, before * much) - 1
