"""Figures of few people where they are shown to somebody from elsewhere."""

from collections.abc import Sequence

from pooshesh.insight.figures import Figure
from pooshesh.insight.tables import Line
from pooshesh.kernel.cells import hidden


def lines(rows: Sequence[Figure], own: bool) -> list[Line]:
    """Figures that stand beside one another under a total that is shown.

    In one's own area nothing is masked. Elsewhere those of few people are, and as many others as
    it takes for none to follow from the total by subtraction, of both parts of a ratio.
    """
    if own or not rows or not rows[0].indicator.personal:
        return [Line(one, False) for one in rows]
    least = rows[0].indicator.least
    masked: set[int] = set()
    for part in ("numerator", "denominator", "rest"):
        table = {(number, part): _part(one, part) for number, one in enumerate(rows)}
        masked |= {number for number, _part_name in hidden(table, least)}
    # What is masked for one part is not shown at all, so every part is covered by the others'.
    return [Line(one, number in masked) for number, one in enumerate(rows)]


def _part(one: Figure, part: str) -> int:
    whole = one.denominator or 0
    if part == "rest":  # who is not in the numerator is found by subtraction as well
        return max(whole - one.numerator, 0)
    return one.numerator if part == "numerator" else whole
