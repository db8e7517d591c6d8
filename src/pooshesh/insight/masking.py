"""Figures of few people where they are shown to somebody from elsewhere.

One decision for all screens: what is hidden follows from all areas that stand beside one another
and above, never from what was asked for, so that two screens tell no more than one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from pooshesh.insight import figures
from pooshesh.insight.figures import SHARED, Figure, Group, Wanted
from pooshesh.insight.months import between
from pooshesh.insight.places import Place, places_of, tree_of
from pooshesh.kernel import cells

K = TypeVar("K", bound=Hashable)
#: Indicator, area, first month of a sum, last month, group.
Key = tuple[str, str, dt.date | None, dt.date, Group]
#: Path of an area, and which of its people.
Cell = tuple[str, Group]


def people(one: Figure) -> tuple[int, ...]:
    """Each number that a figure tells: both parts, and who is in the denominator alone."""
    whole = one.denominator or 0
    return one.numerator, whole, max(whole - one.numerator, 0)


def hidden(
    counts: Mapping[K, Sequence[int]],
    above: Mapping[K, K],
    least: int,
    known: Collection[K] = frozenset(),
) -> frozenset[K]:
    """What must not be told of a tree of areas, whose every level is shown somewhere. Pure.

    `counts` has each number of people an area would tell, `above` the area that holds it; areas
    that nothing holds stand under a total that is shown. An area with a number between 1 and
    `least` - 1 is hidden. Of the areas that make up a shown one, one hidden alone would follow from
    the rest, and so would hidden ones of few people together; those that make up a hidden one would
    tell it if none were hidden. More areas are hidden then, the smallest first, or that which they
    make up. `known` are those the reader sees anyway: they cover for nobody. Hiding more never
    gives away more.
    """
    few = {key for key, numbers in counts.items() if any(0 < n < least for n in numbers)}
    gone = set(few)
    families: dict[K | None, list[K]] = defaultdict(list)
    for key in counts:
        families[above.get(key)].append(key)
    for family in families.values():
        family.sort(key=lambda key: (not any(counts[key]), sum(counts[key]), str(key)))
    known = _known(families, known)
    size = -1
    while size < len(gone):
        size = len(gone)
        for parent, family in families.items():
            for seen in (frozenset[K](), known):
                unseen = [key for key in family if key not in seen]
                free = [key for key in unseen if key not in gone]
                secret = parent is not None and parent in gone and parent not in seen
                while _told(
                    [counts[key] for key in unseen if key in gone], least, secret, parent in few
                ):
                    if free:
                        gone.add(free.pop(0))
                        continue
                    if parent is not None and parent in above and parent not in seen:
                        gone.add(parent)  # then the whole is not told either
                    break
    return frozenset(gone)


def _known(families: Mapping[K | None, Sequence[K]], known: Collection[K]) -> frozenset[K]:
    """With what is known all that is made up of it alone."""
    found, size = set(known), -1
    while size < len(found):
        size = len(found)
        found |= {
            parent
            for parent, family in families.items()
            if parent is not None and found.issuperset(family)
        }
    return frozenset(found)


def _told(gone: Sequence[Sequence[int]], least: int, secret: bool, few: bool) -> bool:
    """Whether hidden parts of a whole follow from it, or a `secret` whole from its parts."""
    if secret and few:
        return not gone
    if len(gone) == (0 if secret else 1):
        return True
    return any(0 < sum(column) < least for column in zip(*gone, strict=True))


def tree(paths: Iterable[str]) -> dict[str, str]:
    """Each path's nearest one above it among the others."""
    every = set(paths)
    found = {}
    for path in every:
        parts = path.split(".")
        over = (".".join(parts[:depth]) for depth in range(len(parts) - 1, 0, -1))
        nearest = next((one for one in over if one in every), None)
        if nearest is not None:
            found[path] = nearest
    return found


def secrets(rows: Iterable[Figure], known: Collection[str] = frozenset()) -> set[Key]:
    """Figures that must not be told to somebody from elsewhere, of whole tables.

    `rows` are of all areas of a tree, or by one dimension of all areas of a kind, and of what is
    cumulative of every month from the first on: of such a figure the months before it are known, so
    a month is hidden when since the one shown last only few people came. `known` are paths of areas
    the reader sees anyway.
    """
    tables: dict[str, dict[tuple[dt.date | None, dt.date], dict[Cell, Figure]]] = {}
    for one in rows:
        if one.indicator.personal:
            table = tables.setdefault(one.indicator.code, {}).setdefault((one.since, one.month), {})
            table[one.place.path, one.group] = one
    found: set[Key] = set()
    for months in tables.values():
        told: dict[Cell, tuple[int, ...]] = {}
        for _span, table in sorted(months.items(), key=lambda pair: pair[0][1]):
            gone = _secret(table, {cell: people(one) for cell, one in table.items()}, known)
            if any(one.indicator.period == "cumulative" for one in table.values()):
                steps = {cell: _step(one, told.get(cell)) for cell, one in table.items()}
                gone |= _secret(table, steps, known)
                told |= {cell: people(one) for cell, one in table.items() if cell not in gone}
            found |= {key_of(table[cell]) for cell in gone}
    return found


def _secret(
    table: Mapping[Cell, Figure], counts: Mapping[Cell, tuple[int, ...]], known: Collection[str]
) -> set[Cell]:
    least = next(iter(table.values())).indicator.least
    if not any(group for _path, group in table):
        over = tree(path for path, _group in table)
        above: dict[Cell, Cell] = {(path, ()): (parent, ()) for path, parent in over.items()}
        return set(hidden(counts, above, least, {(path, ()) for path in known}))
    return {
        cell
        for part in zip(*counts.values(), strict=True)
        for cell in cells.hidden(dict(zip(counts, part, strict=True)), least)
    }


def _step(one: Figure, before: tuple[int, ...] | None) -> tuple[int, ...]:
    """By how much the parts that add up differ from what was told before."""
    above, below = one.indicator.numerator, one.indicator.denominator
    adds = not above.stands, below is not None and not below.stands
    now = people(one)
    steps = [abs(new - old) for new, old in zip(now, before or (0, 0, 0), strict=True)]
    return tuple(
        step if add else 0 for step, add in zip(steps, (*adds, all(adds)), strict=True)
    )  # fmt: skip


def key_of(one: Figure) -> Key:
    """What `secrets` names a figure by."""
    return one.indicator.code, one.place.code, one.since, one.month, one.group


def elsewhere(wanted: Wanted) -> set[Key]:
    """Of the figures `wanted` names, those that must not be told to somebody from elsewhere.

    What stands beside and above the areas decides, and of what is cumulative the months before:
    never what was asked for. A sum of months is hidden where one of them is. By two dimensions at
    once nothing can be decided: everything is hidden.
    """
    book = figures.book().indicators
    codes = [code for code in wanted.indicators if book[code].personal]
    if not (codes and wanted.areas and wanted.months):
        return set()
    if len(wanted.by) > 1:
        return {key_of(one) for one in figures.read(wanted)}
    long = tuple(code for code in codes if book[code].period == "cumulative")
    short = tuple(code for code in codes if code not in long)
    found: set[Key] = set()
    for some in filter(None, (long, short)):
        found |= _elsewhere(replace(
            wanted, indicators=some, areas=beside(wanted.areas, alone=bool(wanted.by))
        ))  # fmt: skip
    return found


def _elsewhere(every: Wanted) -> set[Key]:
    months = figures.read(replace(every, months=months_of(every), since=None))
    secret = secrets(one for one in months if len(one.group) == len(every.by))
    if every.since is None:
        return secret
    rows = [one for one in figures.read(every) if len(one.group) == len(every.by)]
    return secrets(rows) | of_months(rows, secret)


def of_months(rows: Iterable[Figure], secret: Collection[Key]) -> set[Key]:
    """Sums over months in which one of the `secret` ones is counted."""
    once = defaultdict(set)
    for code, place, _since, last, group in secret:
        once[code, place, group].add(last)
    return {
        key_of(one) for one in rows
        if not one.indicator.numerator.stands
        and once[one.indicator.code, one.place.code, one.group]
        & set(between(one.since or one.month, one.month))
    }  # fmt: skip


def beside(places: Sequence[Place], *, alone: bool) -> tuple[Place, ...]:
    """All areas that are masked together with some of one kind: those above too, unless `alone`."""
    kind, provinces = places[0].kind, {place.province for place in places}
    inside = f"ir.p{provinces.pop()}" if kind not in SHARED and len(provinces) == 1 else "ir"
    return places_of(kind, inside) if alone else tree_of(kind, inside)


def months_of(wanted: Wanted) -> tuple[dt.date, ...]:
    """The single months of what is asked; of what is cumulative those before them too."""
    first, last = min(wanted.since or wanted.months[0], *wanted.months), max(wanted.months)
    book = figures.book().indicators
    if any(book[code].period == "cumulative" for code in wanted.indicators):
        first = min(first, min(figures.closed(None, last), default=first))
    return tuple(between(first, last))
