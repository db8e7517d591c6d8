"""The director's home: what moved and where it came from, what is late, what will run out."""

import datetime as dt
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE
from pooshesh.asking.moving import Contribution, Movement, Pair, decompose, most, movement
from pooshesh.funnel import money
from pooshesh.insight import figures, masking, queries, shown
from pooshesh.insight.figures import Figure, Wanted
from pooshesh.insight.months import end_of, moved
from pooshesh.insight.places import Place, places_of
from pooshesh.kernel.calendar import to_jalali
from pooshesh.ledger import queries as ledger
from pooshesh.web.format import number

MONTH, YEAR = 1, 12  # how many months lie between what is compared
LOOK = 25  # months a figure's usual change is learned from
SHOWN = 5
CAUSES = 3  # areas told by name


@dataclass(frozen=True)
class Cause:
    """An area and what it added to a change; `place` is None for all others together."""

    place: Place | None
    total: Fraction
    rate: Fraction
    weight: Fraction
    unit: str

    @property
    def written(self) -> str:
        return change(self.total, self.unit)

    @property
    def parts(self) -> str:
        """«by itself +1.2, by its part of all −0.3»; "" where there is one part only."""
        if not self.weight:
            return ""
        return _("by itself %(rate)s, by its share of all %(weight)s") % {
            "rate": change(self.rate, self.unit), "weight": change(self.weight, self.unit),
        }  # fmt: skip


@dataclass(frozen=True)
class Moved:
    """A figure that moved: now and before, by how much, and which areas made it."""

    now: Figure
    before: Figure
    movement: Movement
    causes: Sequence[Cause] = ()

    @property
    def written(self) -> str:
        return change(self.movement.change, self.now.indicator.unit)

    @property
    def tone(self) -> str:
        """Whether that is good."""
        better = self.now.indicator.better
        if better == "neither":
            return "info"
        return "good" if (better == "up") == (self.movement.change > 0) else "bad"

    @property
    def unusual(self) -> str:
        """How far beyond its usual change it is."""
        if not self.movement.usual:
            return _("it had not moved before")
        times = number(self.movement.score, 1)
        return _("%(times)s times its usual change") % {"times": times}


def change(found: Fraction, unit: str) -> str:
    """A difference with its sign: «+1.2 percentage points»."""
    sign = "+" if found > 0 else "−" if found < 0 else ""
    size = abs(found)
    if unit == "percent":
        points = number(float(size * 100), 2 if size < Fraction(1, 100) else 1)
        return _("%(sign)s%(points)s percentage points") % {"sign": sign, "points": points}
    return f"{sign}{shown.value(size, unit)}"


def last_whole_month() -> dt.date | None:
    """The last counted month that is over: a month that runs is not set beside whole ones."""
    last = figures.latest_month()
    if last and end_of(last) >= timezone.localdate():
        return moved(last, -1)
    return last


def most_moved(user: User, here: Place, month: dt.date, lag: int) -> Sequence[Moved]:
    """The figures of an area that moved most, each with its causes. Two statements, some more when
    nobody asked since a month was closed."""
    own = user.reach(queries.READ).covers(here.path, here.id)
    closed = tuple(one.id for one in figures.closed(None, month).values())
    return _moves(here, queries.children(user, here), month, lag, own, closed)


@lru_cache(1024)
def _moves(
    here: Place, below: tuple[Place, ...], month: dt.date, lag: int, own: bool,
    closed: tuple[UUID, ...],
) -> tuple[Moved, ...]:  # fmt: skip
    """Kept by the revisions it follows from (`closed`): these never change, nor does what follows
    from them. What lies `below` everybody sees, or it is within the reader's reach."""
    scores = _scores(here, month, lag, own)
    codes = tuple(code for code, _one in scores)
    months = (moved(month, -lag), month)
    found = figures.read(Wanted(codes, (here, *below), months), EVERYWHERE)
    secret = set() if own else masking.elsewhere(Wanted(codes, below, months))
    each = 2 * (1 + len(below))
    moves = []
    for i, (_code, one) in enumerate(scores):
        before, now, *rows = found[i * each : (i + 1) * each]
        made = Moved(now, before, one)
        moves.append(replace(made, causes=_causes(made, rows, secret)) if below else made)
    return tuple(moves)


def _scores(here: Place, month: dt.date, lag: int, own: bool) -> list[tuple[str, Movement]]:
    """Codes of what moved most, with how far."""
    months = tuple(moved(month, -back) for back in range(LOOK - 1, -1, -1))
    codes = tuple(c for c, one in figures.book().indicators.items() if one.method == "ratio")
    found = figures.read(Wanted(codes, (here,), months), EVERYWHERE)
    series = {c: found[i * LOOK : (i + 1) * LOOK] for i, c in enumerate(codes)}
    both = Wanted(codes, (here,), (moved(month, -lag), month))
    secret = set() if own else masking.elsewhere(both)
    return most(
        {
            code: movement([_pair(one) for one in row], lag, row[-1].indicator.scale)
            for code, row in series.items()
            if not secret & {masking.key_of(row[-1]), masking.key_of(row[-1 - lag])}
        },
        SHOWN,
    )


def _pair(one: Figure) -> Pair | None:
    return (one.numerator, one.denominator) if one.source else None


def _causes(one: Moved, rows: Sequence[Figure], secret: Set[masking.Key]) -> list[Cause]:
    """The areas that made most of a change and are told, and the others together."""
    before, now = rows[::2], rows[1::2]
    parts = {new.place: (_whole(old), _whole(new)) for old, new in zip(before, now, strict=True)}
    indicator = one.now.indicator
    every = decompose(parts, _whole(one.before), _whole(one.now), indicator.scale)
    masked = {row.place for row in rows if masking.key_of(row) in secret}
    told = [part for part in every if part.key and part.key not in masked and part.total][:CAUSES]
    others = [part for part in every if part not in told]
    causes = [Cause(part.key, part.total, part.rate, part.weight, indicator.unit) for part in told]
    rest = Cause(
        None, _sum(others, "total"), _sum(others, "rate"), _sum(others, "weight"), indicator.unit
    )
    return [*causes, rest] if others and (rest.total or not causes) else causes


def _whole(one: Figure) -> Pair:
    return one.numerator, one.denominator


def _sum(parts: Sequence[Contribution[Place]], name: str) -> Fraction:
    return sum((getattr(part, name) for part in parts), Fraction(0))


@dataclass(frozen=True)
class RunsOut:
    """Credit that will run out: of provinces by day, and how many have no date."""

    purses: Sequence[money.Purse]
    year: int
    others: int


def runs_out(user: User) -> RunsOut | None:
    """Provinces whose credit of this year runs out within it, the soonest first; None for who does
    not see money. Three statements."""
    reach = user.counts(ledger.READ)
    if not reach:
        return None
    today = timezone.localdate()
    year = to_jalali(today).year
    names = {place.province: place.name for place in places_of("province")}
    found = money.purses(reach, year, names, today)
    dated = sorted(
        (one for one in found if one.runs_out and to_jalali(one.runs_out).year == year),
        key=lambda one: (one.runs_out, one.name),
    )
    return RunsOut(dated[:SHOWN], year, len(found) - len(dated[:SHOWN]))
