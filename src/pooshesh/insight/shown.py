"""How a figure is written: its number with its unit, and its name's other halves."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from pooshesh.indicators import Part, Words
from pooshesh.insight import figures
from pooshesh.insight.figures import Figure
from pooshesh.kernel.calendar import MONTHS_EN, MONTHS_FA, to_jalali
from pooshesh.kernel.money import Rial, format_rial
from pooshesh.kernel.text import speaks_persian
from pooshesh.web.format import digits, language, number, percent

NOTHING = "—"

#: What measures count, after a number.
NOUNS: Mapping[str, Any] = {
    "person": gettext_lazy("persons"), "household": gettext_lazy("households"),
    "neighbourhood": gettext_lazy("neighbourhoods"), "application": gettext_lazy("applications"),
    "request": gettext_lazy("requests"), "approval": gettext_lazy("approvals"),
    "payment": gettext_lazy("payments"), "case": gettext_lazy("cases"),
    "meeting": gettext_lazy("meetings"), "promise": gettext_lazy("promises"),
    "record": gettext_lazy("records"), "read": gettext_lazy("openings of a record"),
    "visit": gettext_lazy("visits"), "day": gettext_lazy("days"), "rial": gettext_lazy("rial"),
}  # fmt: skip

DIMENSION_NAMES: Mapping[str, Any] = {
    "sponsor": gettext_lazy("Sponsor"), "decile": gettext_lazy("Decile"),
    "sex": gettext_lazy("Sex"), "age": gettext_lazy("Age group"),
    "nationality": gettext_lazy("Nationality"), "scheme": gettext_lazy("Scheme"),
    "disease": gettext_lazy("Disease"),
}  # fmt: skip


def say(words: Words) -> str:
    """A text of a definition in the active language."""
    return words.say(get_language() or "fa")


def text(figure: Figure, *, masked: bool = False) -> str:
    """The number of a figure with its unit; «—» for none, never zero for an empty denominator.

    `masked` writes «fewer than 5» where it is of fewer people than may be published.
    """
    if masked and figure.small:
        return _("fewer than %(least)s") % {"least": number(figure.indicator.least)}
    return value(figure.value, figure.indicator.unit, noun(figure.indicator.numerator))


def hidden() -> str:
    """What stands where a figure is masked for another's sake."""
    return _("not shown")


def value(found: Fraction | None, unit: str, counted: str = "") -> str:
    """A value in one of the units of indicators."""
    if found is None:
        return NOTHING
    match unit:
        case "percent":
            return percent(_decimal(found))
        case "rial":
            return format_rial(Rial(round(found)), language())
        case "days":
            return _("%(number)s days") % {"number": _plain(found, 1)}
        case "per_1000":
            return _("%(number)s per 1,000") % {"number": _plain(found, 1)}
        case "index":
            return f"{'−' if found < 0 else ''}{_plain(abs(found), 3)}"
        case "rate":
            return _plain(found, 2)
        case _:
            return f"{_plain(found, 1)} {counted}".strip()


def _decimal(found: Fraction) -> Decimal:
    return Decimal(found.numerator) / Decimal(found.denominator)


def _plain(found: Fraction, places: int) -> str:
    return number(_decimal(found), places)


def noun(part: Part | None) -> str:
    """What a part of an indicator counts, in words; "" for none."""
    if part is None:
        return ""
    measures = figures.book().measures
    counted = {measures[t.measure].counts for t in part.terms if t.measure in measures}
    return str(NOUNS[counted.pop()]) if len(counted) == 1 else ""


def parts(figure: Figure) -> str:
    """Numerator and denominator with what they count: «۶۰ نفر از ۱۰۰ نفر»; "" for no source."""
    if figure.source is None:
        return ""
    one = figure.indicator
    above = f"{number(figure.numerator)} {noun(one.numerator)}".strip()
    if one.denominator is None:
        return above
    below = f"{number(figure.denominator or 0)} {noun(one.denominator)}".strip()
    return _("%(part)s of %(whole)s") % {"part": above, "whole": below}


def month_name(month: Any) -> str:
    """«دی ۱۴۰۱» of a month's first day."""
    year, which, _day = to_jalali(month)
    names = MONTHS_FA if speaks_persian(language()) else MONTHS_EN
    return f"{names[which - 1]} {digits(str(year))}"


def span(figure: Figure) -> str:
    """The month a figure is of, or its first and last."""
    last = month_name(figure.month)
    if figure.indicator.period == "cumulative":
        return _("up to the end of %(month)s") % {"month": last}
    if figure.since and figure.since != figure.month:
        return _("%(first)s to %(last)s") % {"first": month_name(figure.since), "last": last}
    return last


def key_name(dimension: str, key: str) -> str:
    """What a value of a dimension is called."""
    if not key:
        return _("not known")
    if dimension in ("decile",):
        return digits(key)
    return str(KEYS.get((dimension, key), key))


KEYS: Mapping[tuple[str, str], Any] = {
    ("sex", "M"): gettext_lazy("Male"), ("sex", "F"): gettext_lazy("Female"),
    ("nationality", "iranian"): gettext_lazy("Iranian"),
    ("nationality", "foreign"): gettext_lazy("Foreign"),
    ("scheme", "none"): gettext_lazy("No cover"),
    ("scheme", "other"): gettext_lazy("Another insurer"),
}  # fmt: skip
