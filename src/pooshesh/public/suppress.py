"""Which cells of many tables together must not be published. Pure.

`kernel.cells` masks one table beside its totals. What is published here is many tables over months,
and their numbers hang together: provinces make up the nation, groups make up the whole, a share's
two parts leave a rest, the year so far is the year so far of the month before and this month, and a
revision repeats most numbers of the one before. All of that is a system of sums over numbers; what
is shown is known. More cells are masked until no secret number follows from the system, whatever is
added and subtracted, and until no sum of hidden numbers is of few people.

Two numbers with one name are one number, so a number that a revision repeats must have the name it
had before.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence, Set
from typing import TypeVar

from pooshesh.kernel.cells import LEAST

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)
Sum = tuple[V, tuple[V, ...]]  # a whole and its parts

PRIME = (1 << 61) - 1  # sums are solved modulo it: exact, and quick


def masked(
    cells: Mapping[K, Sequence[V]],
    counts: Mapping[V, int],
    secret: Collection[V],
    sums: Sequence[Sum[V]],
    *,
    before: Set[V] = frozenset(),
    least: int = LEAST,
) -> frozenset[K]:
    """The cells that must be masked.

    A cell tells its numbers; masked, it tells none of them. `counts` has every number's people,
    `secret` those that must not be known. `before` are numbers that were told already and cannot be
    taken back. A secret that followed from these alone is left as it is: no cell could cover it.
    """
    holders: dict[V, list[K]] = defaultdict(list)
    for cell, numbers in cells.items():
        for one in numbers:
            holders[one].append(cell)
    secrets = {one for one in secret if one not in before}
    gone = {cell for one in secrets for cell in holders[one]}
    known = set(before).union(*(cells[cell] for cell in cells if cell not in gone))
    of: dict[V, list[int]] = defaultdict(list)
    for place, (whole, parts) in enumerate(sums):
        for one in {whole, *parts}:
            of[one].append(place)
    watched = _linked(secrets, sums, of)
    while told := _told(watched, sums, secrets, known, counts, least):
        covers: set[V] = set()
        for one in sorted(told, key=lambda v: (counts[v], str(v))):
            if not _touched(one, covers, sums, of):
                covers |= _cover(one, sums, of, known, before, holders, counts)
        if not covers:
            break
        gone.update(cell for one in covers for cell in holders[one])
        known = set(before).union(*(cells[cell] for cell in cells if cell not in gone))
    return frozenset(gone)


def _linked(secrets: Set[V], sums: Sequence[Sum[V]], of: Mapping[V, list[int]]) -> list[int]:
    """The sums that hang together with a secret, by whatever numbers."""
    found: set[int] = set()
    seen: set[V] = set(secrets)
    open_ = list(secrets)
    while open_:
        for place in of.get(open_.pop(), ()):
            if place not in found:
                found.add(place)
                fresh = {sums[place][0], *sums[place][1]} - seen
                seen |= fresh
                open_ += fresh
    return sorted(found)


def _told(
    watched: Sequence[int],
    sums: Sequence[Sum[V]],
    secrets: Set[V],
    known: Set[V],
    counts: Mapping[V, int],
    least: int,
) -> set[V]:
    """Secrets that follow from what is known."""
    told: set[V] = set(secrets & known)
    rows = []
    for place in watched:
        whole, parts = sums[place]
        hidden = [one for one in parts if one not in known]
        if whole in known and 0 < sum(counts[one] for one in hidden) < least:
            told.update(one for one in hidden if one in secrets)
        row: dict[V, int] = dict.fromkeys(hidden, 1)
        if whole not in known:
            row[whole] = row.get(whole, 0) - 1
        if row := {one: factor for one, factor in row.items() if factor}:
            rows.append(row)
    return told | {one for one in solved(rows) if one in secrets}


def solved(rows: Iterable[Mapping[V, int]]) -> set[V]:
    """The numbers that follow from a system of known sums, by elimination."""
    pivots: dict[V, dict[V, int]] = {}
    holding: dict[V, set[V]] = defaultdict(set)  # number → pivots of the rows it stands in
    for given in rows:
        row = {one: factor % PRIME for one, factor in given.items()}
        for one in [one for one in row if one in pivots]:
            _take(row, pivots[one], row[one])
        if not row:
            continue
        pivot = min(row, key=lambda one: len(holding[one]))
        inverse = pow(row[pivot], -1, PRIME)
        row = {one: factor * inverse % PRIME for one, factor in row.items()}
        for other in list(holding[pivot]):
            before = set(pivots[other])
            _take(pivots[other], row, pivots[other][pivot])
            for one in before - set(pivots[other]):
                holding[one].discard(other)
            for one in set(pivots[other]) - before:
                holding[one].add(other)
        pivots[pivot] = row
        for one in row:
            holding[one].add(pivot)
    return {pivot for pivot, row in pivots.items() if len(row) == 1}


def _take(row: dict[V, int], other: Mapping[V, int], times: int) -> None:
    for one, factor in other.items():
        left = (row.get(one, 0) - times * factor) % PRIME
        if left:
            row[one] = left
        else:
            row.pop(one, None)


def _touched(one: V, covers: Set[V], sums: Sequence[Sum[V]], of: Mapping[V, list[int]]) -> bool:
    """Whether a cover was just found in a sum of this number; then it may be covered by now."""
    return bool(covers) and any(
        covers & {sums[place][0], *sums[place][1]} for place in of.get(one, ())
    )


def _cover(
    one: V,
    sums: Sequence[Sum[V]],
    of: Mapping[V, list[int]],
    known: Set[V],
    before: Set[V],
    holders: Mapping[V, list[K]],
    counts: Mapping[V, int],
) -> set[V]:
    """The number to hide for another's sake: of its sums, or of those of what hides beside it.

    Parts before wholes, somebody before nobody, where others hide already, and the smallest.
    """
    seen, ring = {one}, [one]
    while ring:
        near: dict[V, bool] = {}
        for each in ring:
            for place in of.get(each, ()):
                whole, parts = sums[place]
                near |= {part: near.get(part, True) for part in parts}
                near[whole] = False
        free = [v for v in near if v in known and v not in before and v in holders]
        if free:
            return {
                min(
                    free,
                    key=lambda v: (
                        not near[v], counts[v] == 0, -_crossing(v, sums, of, known), counts[v],
                        str(v),
                    ),
                )
            }  # fmt: skip
        ring = [v for v in near if v not in seen]
        seen.update(ring)
    return set()


def _crossing(one: V, sums: Sequence[Sum[V]], of: Mapping[V, list[int]], known: Set[V]) -> int:
    """Of how many sums with hidden numbers it is a part."""
    return sum(any(v not in known for v in (sums[place][0], *sums[place][1])) for place in of[one])
