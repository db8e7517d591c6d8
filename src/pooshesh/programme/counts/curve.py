"""The live curve of a campaign or a plan: people a day and in all, beside the target."""

from collections.abc import Sequence
from itertools import accumulate

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.programme.counts.queries import Day
from pooshesh.programme.plans.models import Plan
from pooshesh.web import charts
from pooshesh.web.format import jdate, number

DRAWN = 90  # days; the table behind has them all


def target(plan: Plan | None, days: Sequence[Day]) -> list[float | None]:
    """Persons to be insured by each of these days: evenly over the days of the plan, from the
    first on which anything was done."""
    if plan is None or not days:
        return []
    first = days[0].day
    reached = [min(plan.days, (one.day - first).days + 1) for one in days]
    return [plan.target_persons * passed / plan.days for passed in reached]


def curves(plan: Plan | None, days: Sequence[Day]) -> list[SafeString]:
    """Two figures, in all and per day, each with the table of its numbers; [] without a day."""
    if not days:
        return []
    labels = [jdate(one.day) for one in days]
    found = list(accumulate(one.found for one in days))
    insured = list(accumulate(one.insured for one in days))
    aim = target(plan, days)
    in_all = [charts.Line(_("Found"), found), charts.Line(_("Insured"), insured)]
    header = [_("Day"), _("Found"), _("Insured")]
    rows = [
        [label, number(a), number(b)] for label, a, b in zip(labels, found, insured, strict=True)
    ]
    if aim:
        in_all.append(charts.Line(_("Target"), aim, dashed=True))
        header.append(_("Target"))
        rows = [[*row, number(round(goal or 0))] for row, goal in zip(rows, aim, strict=True)]
    last = slice(-DRAWN, None)
    per_day = [
        charts.Line(_("Found"), [one.found for one in days[last]]),
        charts.Line(_("Insured"), [one.insured for one in days[last]]),
    ]
    drawn = [charts.Line(one.label, one.values[last], one.dashed) for one in in_all]
    return [
        charts.figure(
            charts.lines(_("Persons in all, by day"), labels[last], drawn),
            _("Persons in all, by day"), header, rows,
        ),
        charts.figure(
            charts.lines(_("Persons a day"), labels[last], per_day),
            _("Persons a day"), [_("Day"), _("Found"), _("Insured")],
            [[label, number(one.found), number(one.insured)]
             for label, one in zip(labels, days, strict=True)],
        ),
    ]  # fmt: skip
