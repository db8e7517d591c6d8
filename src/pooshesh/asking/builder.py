"""What the question builder offers, with what is chosen."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.asking.questions import AXES, LEVELS, PERS, axis_name, level_name, per_name
from pooshesh.indicators.book import DIMENSIONS
from pooshesh.insight import figures, queries, shown
from pooshesh.insight.months import code_of
from pooshesh.insight.places import Place, places_of

SUBJECTS = {
    "coverage": _("Cover"), "campaigns": _("Campaigns"), "fund": _("The fund's files"),
    "money": _("Money"), "meetings": _("Committees and promises"),
    "network": _("Network, gaps and neighbourhoods"),
}  # fmt: skip
#: Values of dimensions one may narrow to; the others are seen by splitting.
VALUES = {
    "decile": [str(n) for n in range(1, 11)], "sex": ["F", "M"],
    "nationality": ["iranian", "foreign"], "scheme": ["none", "other"],
}  # fmt: skip


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen."""

    value: str
    title: str
    chosen: bool


def offered(user: User, asked: QueryDict, latest: dt.date | None) -> dict[str, Any]:
    """Options of every part of a question by name. Four statements."""
    level, per = asked.get("level", ""), asked.get("per") or "month"
    by, only = asked.getlist("by"), asked.getlist("only")
    last = asked.get("to") or (code_of(latest) if latest else "")
    months = sorted(figures.closed(None, latest), reverse=True) if latest else []
    axes = [*AXES, *DIMENSIONS]
    return {
        "subjects": list(_subjects(asked.getlist("i"))),
        "levels": [Option(one, level_name(one), one == level) for one in LEVELS],
        "withins": _withins(user, asked.get("within", "")),
        "firsts": _months(months, asked.get("from") or last),
        "lasts": _months(months, last),
        "pers": [Option(one, per_name(one), one == per) for one in PERS],
        "bys": [
            [Option(one, axis_name(one), by[n : n + 1] == [one]) for one in DIMENSIONS]
            for n in range(2)
        ],
        "onlys": [
            (axis_name(name), [
                Option(f"{name}:{key}", shown.key_name(name, key), f"{name}:{key}" in only)
                for key in keys
            ])
            for name, keys in VALUES.items()
        ],
        "rows": [Option(a, axis_name(a), a == (asked.get("rows") or "area")) for a in axes],
        "cols": [Option(a, axis_name(a), a == (asked.get("cols") or "period")) for a in axes],
    }  # fmt: skip


def _subjects(chosen: list[str]) -> Iterable[tuple[str, list[Option], int]]:
    """Title, indicators and how many of them are chosen, of each subject."""
    ones = list(figures.book().indicators.values())
    for subject in [*SUBJECTS, *dict.fromkeys(one.subject for one in ones)]:
        options = [
            Option(one.code, shown.say(one.name), one.code in chosen)
            for one in ones
            if one.subject == subject
        ]
        ones = [one for one in ones if one.subject != subject]
        if options:
            count = sum(1 for one in options if one.chosen)
            yield str(SUBJECTS.get(subject, subject)), options, count


def _withins(user: User, chosen: str) -> list[Option]:
    """One's own area, the nation, its provinces, and the area asked for."""
    places: list[Place] = [queries.home(user), *places_of("nation"), *places_of("province")]
    if chosen:
        try:
            places.append(queries.place(user, chosen))
        except queries.NotFound:
            chosen = ""
    known = {place.code: place.name for place in places}
    return [Option(code, name, code == (chosen or places[0].code)) for code, name in known.items()]


def _months(months: list[dt.date], chosen: str) -> list[Option]:
    options = [Option(code_of(m), shown.month_name(m), code_of(m) == chosen) for m in months]
    if chosen and not any(one.chosen for one in options):
        options.insert(0, Option(chosen, chosen, True))
    return options
