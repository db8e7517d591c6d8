"""Sentences of the league's pages."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.insight import shown
from pooshesh.insight.figures import Closed
from pooshesh.league.limits import Law
from pooshesh.league.metric import LEAST_RANKED
from pooshesh.league.queries import League, Row
from pooshesh.web.format import jdate, number, percent

register = template.Library()

LAWS = {
    Law.SHARE: gettext_lazy(
        "A share: Wilson's interval (1927), and limits by the same test, t ± z√(t(1−t)/n)."
    ),
    Law.COUNT: gettext_lazy(
        "A count: the exact Poisson interval (Garwood 1936), and exact limits between whole "
        "numbers (Spiegelhalter 2005)."
    ),
    Law.MEAN: gettext_lazy(
        "A mean of waits, taken to spread as much as their mean: gamma interval and limits."
    ),
    Law.MONEY: gettext_lazy(
        "Money: so many payments that spread as much as their mean, which makes it a Poisson "
        "count in units of twice the country's mean payment."
    ),
    Law.NONE: gettext_lazy(
        "There is no honest formula of chance for this figure, so no limits and no intervals."
    ),
}


@register.simple_tag
def law_of(league: League) -> str:
    """Which formula the limits come from."""
    return str(LAWS[league.law])


@register.simple_tag
def outlier(row: Row, league: League) -> str:
    """«Lorestan: 23.4% of …, 2.2% of the people: 10.6 times its share»."""
    people = sum(one.people or 0 for one in league.rows)
    return _("%(place)s: %(share)s of “%(what)s”, %(people)s of the people: %(times)s times "
             "its share.") % {
        "place": row.name,
        "share": percent(float(row.share or 0)),
        "what": shown.say(row.figure.indicator.name),
        "people": percent((row.people or 0) / people),
        "times": number(float(row.times or 0)),
    }  # fmt: skip


@register.simple_tag
def period(league: League) -> str:
    """The months a league is of."""
    first = next(iter(league.rows), None)
    return shown.span(first.figure) if first else shown.month_name(league.asked.month)


@register.simple_tag
def as_of_closed(source: Closed) -> str:
    """When the month was closed."""
    return _("As of %(moment)s, revision %(revision)s") % {
        "moment": jdate(source.as_of, "moment"),
        "revision": number(source.revision),
    }


@register.simple_tag
def whole(league: League) -> str:
    """What all units together have."""
    if league.target is not None:
        return league.asked.metric.text(league.target)
    return shown.text(league.whole, masked=True) if league.whole else shown.NOTHING


@register.simple_tag
def ranking_rules(league: League) -> str:
    """Who has no rank, and how rank intervals are made."""
    words = [
        _("Equal values share a rank (=). A unit whose denominator is under %(least)s has no "
          "rank; an empty denominator has no value, never zero.")
        % {"least": number(LEAST_RANKED)}
    ]  # fmt: skip
    if league.law != Law.NONE:
        words.append(
            _("The interval of a rank counts who is surely before and surely behind, by intervals "
              "that hold together (Klein, Wright, Wieczorek 2020; no random numbers).")
        )  # fmt: skip
    if league.hidden:
        words.append(
            _("Units of fewer than %(least)s persons are not shown, nor those by which they "
              "would follow from the total.")
            % {"least": number(league.asked.metric.indicator.least)}
        )  # fmt: skip
    return " ".join(words)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: str) -> str:
    """The query of this page with changes; "" drops."""
    params = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value:
            params[key] = value
    return f"?{params.urlencode()}"
