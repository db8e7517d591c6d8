"""The numbers behind the public tables, and how they hang together. Reads nothing; pure.

A number is named by what it counts (parts of measures, narrowed), of which area and months, and by
how much it is: so two indicators that share a part share its number, and a revision that repeats a
number has the same one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from pooshesh.indicators import Indicator, Part
from pooshesh.insight.months import moved
from pooshesh.public.suppress import Sum, masked
from pooshesh.public.tables import PEOPLE_OF

Filter = frozenset[tuple[str, str]]
What = frozenset[tuple[tuple[str, Filter], int]]  # (measure, narrowed to) → times
Place = tuple[str, dt.date, dt.date]  # area code, first month, last month
Number = tuple[Place, What, int]
NATION = "ir"


@dataclass(frozen=True)
class Cell:
    """A cell of a public table with its true numbers; `shown`: as it was published."""

    table: str
    indicator: str
    area: str
    first: dt.date
    month: dt.date
    dimension: str
    key: str
    numerator: int
    denominator: int | None
    shown: bool = True

    @property
    def place(self) -> Place:
        """Where and when."""
        return self.area, self.first, self.month

    def numbers(self, one: Indicator) -> list[Number]:
        """What it tells: both parts, and of a share of people the rest."""
        group = (self.dimension, self.key) if self.dimension else None
        above = what(one.numerator, group)
        found = [(self.place, above, self.numerator)]
        if one.denominator is not None and self.denominator is not None:
            below = what(one.denominator, group)
            found.append((self.place, below, self.denominator))
            if one.unit == "percent" and one.personal:
                found.append((self.place, _less(below, above), self.denominator - self.numerator))
        return found


def what(part: Part, group: tuple[str, str] | None) -> What:
    """A part as a sum of narrowed measures, "except" written as "all less those"."""
    found: dict[tuple[str, Filter], int] = defaultdict(int)
    for term in part.terms:
        choices: list[list[tuple[tuple[str, str] | None, int]]] = [
            [((name, value), 1) for value in values] for name, values in term.where
        ]
        for name, values in term.not_where:
            choices.append([(None, 1), *(((name, value), -1) for value in values)])
        for chosen in product(*choices):
            pairs = [pair for pair, _times in chosen if pair] + ([group] if group else [])
            if len({name for name, _value in set(pairs)}) < len(set(pairs)):
                continue  # two values of one dimension: nobody
            times = term.sign
            for _pair, factor in chosen:
                times *= factor
            found[term.measure, frozenset(pairs)] += times
    return frozenset((key, times) for key, times in found.items() if times)


def _less(whole: What, part: What) -> What:
    left = defaultdict(int, dict(whole))
    for key, times in part:
        left[key] -= times
    return frozenset((key, times) for key, times in left.items() if times)


@dataclass
class System:
    """All numbers of some releases, which are secret, and the sums that bind them."""

    counts: dict[Number, int] = field(default_factory=dict)
    secret: set[Number] = field(default_factory=set)
    sums: dict[Sum[Number], None] = field(default_factory=dict)  # in the order they were found
    known: set[Number] = field(default_factory=set)
    _so_far: dict[tuple[str, What, dt.date], set[Number]] = field(
        default_factory=lambda: defaultdict(set)
    )
    _single: dict[tuple[str, What, dt.date], set[Number]] = field(
        default_factory=lambda: defaultdict(set)
    )

    def add(
        self, cells: Sequence[Cell], book: Mapping[str, Indicator], *, published: bool
    ) -> dict[int, list[Number]]:
        """Take in the cells of a release; those of one that is published tell what they show.

        Returns the numbers of each cell by its place in the sequence.
        """
        told = {place: cell.numbers(book[cell.indicator]) for place, cell in enumerate(cells)}
        for place, numbers in told.items():
            cell = cells[place]
            for one in numbers:
                self.counts[one] = one[2]
                (area, first, month), of, _count = one
                if cell.table == "year":
                    self._so_far[area, of, month].add(one)
                elif first == month:
                    self._single[area, of, month].add(one)
            if published and cell.shown:
                self.known.update(numbers)
        self._few(cells, book, told)
        self._areas(told)
        self._groups(cells, told)
        self._rests(told)
        return told

    def _few(
        self,
        cells: Sequence[Cell],
        book: Mapping[str, Indicator],
        told: Mapping[int, list[Number]],
    ) -> None:
        """What is of few people is secret, and money and days of few people with it."""
        people = {
            (cell.table, cell.place, cell.dimension, cell.key, cell.indicator): cell.numerator
            for cell in cells
        }
        for place, numbers in told.items():
            cell = cells[place]
            one = book[cell.indicator]
            counted = [number[2] for number in numbers] if one.personal else []
            if whose := PEOPLE_OF.get(cell.indicator):
                key = (cell.table, cell.place, cell.dimension, cell.key, whose)
                counted.append(people.get(key, 0))
            if any(0 < count < one.least for count in counted):
                self.secret.update(_few_of(one, numbers))

    def _areas(self, told: Mapping[int, list[Number]]) -> None:
        """The nation is its provinces."""
        by: dict[tuple[What, dt.date, dt.date], dict[str, Number]] = defaultdict(dict)
        for numbers in told.values():
            for one in numbers:
                (area, first, month), of, _count = one
                by[of, first, month][area] = one
        for found in by.values():
            nation = found.pop(NATION, None)
            if nation is not None and found:
                self._sum(nation, list(found.values()))

    def _groups(self, cells: Sequence[Cell], told: Mapping[int, list[Number]]) -> None:
        """A whole is its groups."""
        whole: dict[tuple[str, Place, int], Number] = {}
        groups: dict[tuple[str, Place, str, int], list[Number]] = defaultdict(list)
        for place, numbers in told.items():
            cell = cells[place]
            for which, one in enumerate(numbers):
                if cell.dimension:
                    groups[cell.indicator, cell.place, cell.dimension, which].append(one)
                else:
                    whole[cell.indicator, cell.place, which] = one
        for (indicator, place_, _dimension, which), found in groups.items():
            if (all_ := whole.get((indicator, place_, which))) is not None:
                self._sum(all_, found)

    def _rests(self, told: Mapping[int, list[Number]]) -> None:
        """All is the part and the rest."""
        for numbers in told.values():
            if len(numbers) == 3:
                above, below, rest = numbers
                self.sums[below, (above, rest)] = None

    def _sum(self, whole: Number, parts: list[Number]) -> None:
        if whole[2] == sum(one[2] for one in parts):
            self.sums[whole, tuple(parts)] = None

    def months(self) -> None:
        """The year so far is that of the month before and this month; whichever add up."""
        for (area, of, month), found in self._so_far.items():
            singles = self._single.get((area, of, month), set())
            before = self._so_far.get((area, of, moved(month, -1)), set())
            for now, single in product(sorted(found, key=_count), sorted(singles, key=_count)):
                if now[2] == single[2]:
                    self.sums[now, (single,)] = None
                for then in sorted(before, key=_count):
                    if now[0][1] == then[0][1] and now[2] == then[2] + single[2]:
                        self.sums[now, (then, single)] = None

    def masked(self, told: Mapping[int, list[Number]]) -> frozenset[int]:
        """Which of the cells that are to be published must be masked."""
        index = {one: place for place, one in enumerate(self.counts)}  # the same on every machine
        return masked(
            {cell: [index[one] for one in numbers] for cell, numbers in told.items()},
            {index[one]: count for one, count in self.counts.items()},
            sorted(index[one] for one in self.secret),
            [(index[whole], tuple(index[p] for p in parts)) for whole, parts in self.sums],
            before={index[one] for one in self.known},
        )


def _count(one: Number) -> int:
    return one[2]


def _few_of(one: Indicator, numbers: list[Number]) -> list[Number]:
    """Of a share its small parts; else both parts, as days or rial of few people are theirs."""
    if one.unit == "percent":
        return [number for number in numbers if 0 < number[2] < one.least]
    return [number for number in numbers if number[2]]
