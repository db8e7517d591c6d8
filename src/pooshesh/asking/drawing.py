"""An answer drawn: lines over time, or bars; alone as a file, or with its table on the page."""

import heapq
from collections.abc import Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pooshesh.asking.answers import Pivot, label
from pooshesh.asking.questions import Question
from pooshesh.insight import shown
from pooshesh.insight.figures import Figure
from pooshesh.insight.tables import Line
from pooshesh.web import charts

LINES = 2  # drawn over time
BARS = 31

#: Colours and letters of a drawing that stands alone, where no sheet of ours does.
_STYLE = (
    "<style>text{fill:#17202a;font:14px Vazirmatn,Tahoma,sans-serif}"
    "text.soft{fill:#55606c;font-size:12px}text.strong{font-weight:650}"
    ".track{fill:#eef1f4}.axis{stroke:#8a949e;fill:none}.grid-line{stroke:#d8dde2}"
    ".series-1{fill:#0b5d66}.series-2{fill:#b4541a}"
    ".line{fill:none;stroke:#0b5d66;stroke-width:2.5}"
    ".line.series-1{fill:none}.line.series-2{fill:none;stroke:#b4541a}</style>"
)


def draw(question: Question, pivot: Pivot) -> SafeString | None:
    """The chart of the first indicator; None where there is nothing to be drawn, or below zero."""
    code = question.indicators[0]
    shown_ones = [one for one in pivot.lines if one.figure.indicator.code == code]
    if len(question.periods) > 1:
        drawn = dict.fromkeys((o.figure.place.code, o.figure.group) for o in shown_ones)
        first = list(drawn)[:LINES]
        more = len(drawn) > LINES
        shown_ones = [o for o in shown_ones if (o.figure.place.code, o.figure.group) in first]
    known = [(value, one) for one in shown_ones if (value := _value(one)) is not None]
    if not known or min(value for value, _one in known) < 0:
        return None
    if len(question.periods) > 1:
        return _over_time(question, shown_ones, more)
    return _bars(known)


def title(question: Question, pivot: Pivot) -> str:
    """What the chart shows, with its unit."""
    one = next(o.figure.indicator for o in pivot.lines if o.figure.indicator.code ==
               question.indicators[0])  # fmt: skip
    name = shown.say(one.name)
    if one.unit == "percent":
        return _("%(name)s, percent") % {"name": name}
    if one.unit == "rial":
        return _("%(name)s, rial") % {"name": name}
    return name


def alone(svg: SafeString) -> str:
    """A chart as a file of its own."""
    head, rest = svg.split(">", 1)
    return f'{head} xmlns="http://www.w3.org/2000/svg">{_STYLE}{rest}'


def _value(line: Line) -> float | None:
    one = line.figure
    if one.indicator.denominator is None and one.source and not line.masked:
        return float(one.numerator)  # a count, of which there may be thousands
    value = line.value
    if value is None:
        return None
    return value * 100 if one.indicator.unit == "percent" else value


def _name(one: Figure, places: bool) -> str:
    keys = [shown.key_name(name, key) for name, key in one.group]
    return "، ".join([one.place.name, *keys] if places or not keys else keys)


def _over_time(question: Question, lines: Sequence[Line], more: bool) -> SafeString:
    series: dict[str, dict[object, float | None]] = {}
    places = len({one.figure.place.code for one in lines}) > 1
    for one in lines:
        at = one.figure.since or one.figure.month, one.figure.month
        series.setdefault(_name(one.figure, places), {})[at] = _value(one)
    drawn = [
        charts.Line(name, [values.get(period) for period in question.periods])
        for name, values in series.items()
    ]
    heads = [label("period", period) for period in question.periods]
    description = ""
    if more:
        description = _("The first two of the table are drawn.")
    return charts.lines(shown.say(lines[0].figure.indicator.name), heads, drawn,
                        description=description)  # fmt: skip


def _bars(known: Sequence[tuple[float, Line]]) -> SafeString:
    places = len({one.figure.place.code for _value, one in known}) > 1
    most = heapq.nlargest(BARS, known, key=_height) if len(known) > BARS else known
    data = [charts.Datum(_name(one.figure, places), value) for value, one in most]
    description = _("The largest of the table are drawn.") if len(known) > BARS else ""
    title = shown.say(known[0][1].figure.indicator.name)
    return charts.bar(title, data, description=description)


def _height(pair: tuple[float, Line]) -> float:
    return pair[0]
