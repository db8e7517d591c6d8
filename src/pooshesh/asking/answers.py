"""A question answered: figures read, small cells masked, set in rows and columns."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pooshesh.access.models import User
from pooshesh.asking.limits import no_longer_than
from pooshesh.asking.questions import Question, axis_name
from pooshesh.insight import figures, masking, queries, shown
from pooshesh.insight.figures import SHARED, Figure, Wanted
from pooshesh.insight.months import between
from pooshesh.insight.places import Place, places_of
from pooshesh.insight.queries import READ, NotFound
from pooshesh.insight.tables import Line
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

MOST = 8_000  # figures of an answer on screen
MOST_IN_FILE = 40_000

explain(
    {
        "asking.area": gettext_noop("There is no area “%(read)s” within your reach."),
        "asking.many": gettext_noop(
            "This asks for %(count)s figures, more than %(most)s. Choose fewer areas, months or"
            " indicators; a file may hold five times as many."
        ),
        "asking.names": gettext_noop(
            "Outside your own area figures are split by one dimension at most: two would tell of"
            " single persons."
        ),
    }
)

#: A value on an axis: a code of an indicator or area, first and last month, a dimension's key.
Key = str | tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Row:
    """The labels of a row, one for each of its axes, and its cells; None where nothing is."""

    labels: tuple[str, ...]
    cells: tuple[Line | None, ...]


@dataclass(frozen=True)
class Pivot:
    """An answer: titles of the rows' axes, of columns, and rows."""

    heads: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]  # all cells one after another

    @property
    def masked(self) -> int:
        """How many cells are hidden from the viewer."""
        return sum(1 for one in self.lines if one.masked)


@uncollected()
def answer(user: User, question: Question, most: int = MOST) -> Pivot:
    """The answer to a question. Raises Invalid where it cannot be answered, says why."""
    with no_longer_than():
        places = _places(user, question)
        count = len(places) * len(question.periods) * len(question.indicators)
        if count > most:
            raise Invalid("asking.many", count=count, most=most)
        lines = _lines(user, question, places)
    return _pivot(question, places, lines)


def _places(user: User, question: Question) -> tuple[Place, ...]:
    try:
        inside = queries.place(user, question.within) if question.within else queries.home(user)
    except NotFound as error:
        raise Invalid("asking.area", read=question.within[:60]) from error
    if not question.level or question.level == inside.kind:
        return (inside,)
    reach = queries.shared_reach(user)
    return tuple(
        place
        for place in places_of(question.level, inside.path)
        if place.kind in SHARED or reach.covers(place.path, place.id)
    )


def _lines(user: User, question: Question, places: tuple[Place, ...]) -> list[Line]:
    """Every figure asked for, with whether it is hidden."""
    named = user.reach(READ)
    own: list[Place] = []
    others: list[Place] = []
    for place in places:
        (own if named.covers(place.path, place.id) else others).append(place)
    found = [Line(one, False) for one in _read(question, own)]
    if others:
        found += _masked(question, others)
    return found


def _read(question: Question, places: Sequence[Place]) -> list[Figure]:
    """One reading for single months; one for each longer period."""
    if not places:
        return []
    whole = Wanted(
        question.indicators, tuple(places), (), by=question.by, where=dict(question.only)
    )
    if question.per == "month":
        asked = [replace(whole, months=tuple(last for _first, last in question.periods))]
    else:
        asked = [replace(whole, months=(last,), since=first) for first, last in question.periods]
    found = [one for wanted in asked for one in figures.read(wanted)]
    return [one for one in found if len(one.group) == len(question.by)]


# --- small cells ------------------------------------------------------------------------------


def _masked(question: Question, places: Sequence[Place]) -> list[Line]:
    """Figures of areas one sees without names; those of few people hidden, and their cover.

    What is hidden does not depend on which of the areas, months or values were asked for: it is
    worked out of all areas and values, as if every total were known, and of what is cumulative from
    its first month on. What is of several months is hidden where it is in any of them.
    """
    names = tuple(dict.fromkeys((*question.by, *question.only)))
    if len(names) > 1:
        raise Invalid("asking.names")
    every = masking.beside(places, alone=bool(names))
    whole = replace(question, by=names, only={})
    wanted = Wanted(
        question.indicators, every, tuple(between(question.first, question.last)), by=names
    )
    wanted = replace(wanted, months=masking.months_of(wanted))
    months = [one for one in figures.read(wanted) if len(one.group) == len(names)]
    secret = masking.secrets(months)
    rows = [one for one in months if one.month >= question.first]
    if question.per != "month":
        rows = _read(whole, every)
        secret = masking.secrets(rows) | masking.of_months(rows, secret)
    asked = {place.id for place in places}
    return [
        Line(_without(one, question), masking.key_of(one) in secret)
        for one in rows
        if one.place.id in asked and question.only.items() <= dict(one.group).items()
    ]


def _without(one: Figure, question: Question) -> Figure:
    """The figure without the dimension that only narrows."""
    return replace(one, group=tuple(pair for pair in one.group if pair[0] in question.by))


# --- rows and columns -------------------------------------------------------------------------


def _pivot(question: Question, places: Sequence[Place], lines: Sequence[Line]) -> Pivot:
    *row_axes, column = question.axes
    seen = {axis: _keys(axis, question, places, lines) for axis in question.axes}
    order = {axis: {key: n for n, key in enumerate(keys)} for axis, keys in seen.items()}
    stands = {axis: [order[axis][key] for key in _at(axis, lines)] for axis in question.axes}
    placed: dict[tuple[int, ...], dict[int, Line]] = {}
    spots_of = zip(*(stands[axis] for axis in row_axes), strict=True)
    for line, at, across in zip(lines, spots_of, stands[column], strict=True):
        placed.setdefault(at, {})[across] = line
    names = {place.code: place.name for place in places}
    labels = {
        axis: [names[str(key)] if axis == "area" else label(axis, key) for key in keys]
        for axis, keys in seen.items()
    }
    # An axis with one value only says nothing in every row; the lead says it once.
    told = [axis for axis in row_axes if len(seen[axis]) > 1] or row_axes[:1]
    spots = {axis: row_axes.index(axis) for axis in told}
    rows = tuple(
        Row(tuple(labels[axis][at[spots[axis]]] for axis in told),
            tuple(cells.get(n) for n in range(len(seen[column]))))
        for at, cells in sorted(placed.items())
    )  # fmt: skip
    return Pivot(tuple(axis_name(axis) for axis in told), tuple(labels[column]), rows, tuple(lines))


def _at(axis: str, lines: Sequence[Line]) -> list[Key]:
    """Where each cell stands on an axis."""
    ones = [line.figure for line in lines]
    match axis:
        case "indicator":
            return [one.indicator.code for one in ones]
        case "area":
            return [one.place.code for one in ones]
        case "period":
            return [(one.since or one.month, one.month) for one in ones]
        case _:
            return [dict(one.group)[axis] for one in ones]


def _keys(
    axis: str, question: Question, places: Sequence[Place], lines: Sequence[Line]
) -> list[Key]:
    """The values of an axis in their order; those of a dimension are what was found."""
    match axis:
        case "indicator":
            return list(question.indicators)
        case "area":
            return [place.code for place in places]
        case "period":
            return list(question.periods)
        case _:
            return [*sorted({str(key) for key in _at(axis, lines)}, key=_in_order)]


def _in_order(key: str) -> tuple[bool, int, str]:
    """Numbers as numbers, what is not known last."""
    return not key, len(key), key


def label(axis: str, key: Key) -> str:
    """What a value of an axis is called; areas are called by their own names."""
    if isinstance(key, tuple):
        first, last = key
        return shown.month_name(last) if first == last else _span(first, last)
    if axis == "indicator":
        return shown.say(figures.book().indicators[key].name)
    return shown.key_name(axis, key)


def _span(first: dt.date, last: dt.date) -> str:
    return f"{shown.month_name(first)} – {shown.month_name(last)}"
