"""Commands of the league."""

import sys
from argparse import Namespace
from typing import cast

from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.insight import shown
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.league import queries, tables
from pooshesh.league.forms import FIRST, OF, SPANS, Choice
from pooshesh.league.metric import BASES
from pooshesh.league.queries import League, Row
from pooshesh.league.templatetags.league import law_of, outlier, period, ranking_rules, whole
from pooshesh.web.format import number, percent

explain(
    {
        "league.asked": gettext_noop(
            "There is no league with %(name)s “%(read)s”; expected one of %(expected)s."
        ),
        "league.nothing": gettext_noop("Nobody has counted a month yet."),
    }
)
ASKED = ("indicator", "per", "of", "within", "month", "span")
WIDE = 24


class _Console:
    """Who types commands on the machine itself sees everywhere."""

    def reach(self, _permission: str) -> Reach:
        return EVERYWHERE

    counts = reach


@verb(
    "league",
    "Set provinces, sponsors or neighbourhoods beside one another by a metric.",
    arg("indicator", nargs="?", default="", help="its code; without one, who pays costs (paid)"),
    arg("--per", default="", help=f"set over: {', '.join(BASES)}"),
    arg("--of", default="", help=f"{', '.join(OF)}; default: province"),
    arg("--within", default="", metavar="PROVINCE", help="code such as p15; default: the country"),
    arg("--month", default="", help="1401-10; default: the last that is counted"),
    arg("--span", default="", help=f"{', '.join(SPANS)}; default: month"),
)
def league(options: Namespace) -> int:
    """The page's table as text, in POOSHESH_LANGUAGE: outliers first, then by rank."""
    months = list(queries.months())
    if not months:
        raise Invalid("league.nothing")
    given = {name: getattr(options, name) for name in ASKED if getattr(options, name)}
    form = Choice(given if options.indicator else FIRST | given, months, queries.provinces())
    for name, read in given.items():
        if form.picked[name] != read:
            known = tuple(str(code) for code, _title in form.fields[name].choices if code)  # type: ignore[attr-defined]
            raise Invalid("league.asked", name=name, read=read, expected=known)
    found = queries.league(cast(User, _Console()), form.asked(months))
    for line in (*_head(found), "", *(_line(found, row) for row in sorted(found.rows, key=_order))):
        sys.stdout.write(f"{line}\n")
    return 0


def _head(found: League) -> list[str]:
    metric = found.asked.metric
    return [
        f"{metric.title} · {period(found)} · {whole(found)}",
        shown.say(metric.indicator.what),
        shown.say(metric.indicator.cite),
        law_of(found),
        ranking_rules(found),
        *(f"! {outlier(row, found)} {_('This is an outlier to audit, not a medal.')}"
          for row in found.outliers),
    ]  # fmt: skip


def _order(row: Row) -> tuple[float, str]:
    rank = row.standing.rank if row.standing else None
    return rank or float("inf"), row.name


def _line(found: League, row: Row) -> str:
    """Rank, unit, value; where it lies, its share of the country, and its reference."""
    rank = row.standing.rank if row.standing else None
    if row.hidden:
        return f"{'':>4}  {row.name:<{WIDE}} {shown.hidden()}"
    told = [found.asked.metric.text(row.value)]
    if row.standing and row.standing.side in tables.SIDES:
        told.append(str(tables.SIDES[row.standing.side]))
    if row.share is not None and row.times is not None:
        told.append(f"{percent(float(row.share))}, {number(float(row.times))}×")
    if row.figure.source:
        told.append(f"({row.figure.reference})")
    return f"{number(rank) if rank else '—':>4}  {row.name:<{WIDE}} {'  '.join(told)}"
