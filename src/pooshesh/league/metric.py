"""What a league is of: an indicator as it is, or its count over another figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext_lazy as _

from pooshesh.indicators import Indicator
from pooshesh.insight import figures, shown
from pooshesh.league.limits import Law
from pooshesh.web.format import number, percent

#: Units with a smaller denominator have no rank: theirs is chance above all.
LEAST_RANKED = 30
#: How often something was paid or promised, by the indicator of its rial.
EVENTS: Mapping[str, str] = {
    "paid": "payments_made",
    "committed": "requests_approved",
}
#: Whose rial are told where nothing in the figure counts them.
WITNESSES: Mapping[str, str] = {
    **EVENTS,
    "sma_paid": "sma_patients",
    "out_of_pocket_share": "payments_made",
}
CENSUS = "people"


@dataclass(frozen=True)
class Base:
    """What a count may be set over: the numerator of an indicator ("" is the census), × `scale`."""

    title: Any
    indicator: str
    scale: int


BASES: Mapping[str, Base] = {
    "insured": Base(_("Per 1,000 insured"), "covered_share", 1000),
    "tagged": Base(_("Per tagged patient"), "tags_active", 1),
    CENSUS: Base(_("Per 1,000 people of the 1395 census"), "", 1000),
}


@dataclass(frozen=True)
class Metric:
    """An indicator, and what it is set over ("" is as it is)."""

    indicator: Indicator
    per: str = ""

    @property
    def base(self) -> Base | None:
        return BASES.get(self.per)

    @property
    def scale(self) -> int:
        return self.base.scale if self.base else self.indicator.scale

    @property
    def divided(self) -> bool:
        """Whether there is a denominator, so that small and large units can be set side by side."""
        return bool(self.base or self.indicator.denominator)

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators that must be read for it."""
        wanted = (self.indicator.code, self.base.indicator if self.base else "", self.witness)
        return tuple(dict.fromkeys(code for code in wanted if code))

    @property
    def witness(self) -> str:
        """The indicator that counts whose or how many its rial are; "" for none."""
        return WITNESSES.get(self.indicator.code, "")

    @property
    def law(self) -> Law:
        """Under which chance it stands, by what its parts count."""
        one = self.indicator
        above, below = counted(one), _counts(one.denominator)
        if one.method != "ratio":
            return Law.NONE
        if above == "rial":
            return Law.MONEY if one.code in EVENTS else Law.NONE
        if above == "day":
            return Law.MEAN if below not in ("", "rial", "day") else Law.NONE
        if one.unit == "percent" and not self.base:
            return Law.SHARE if below not in ("", "rial", "day") else Law.NONE
        return Law.COUNT if below != "rial" else Law.NONE

    @property
    def names_people(self) -> bool:
        """Whether few people can be told from it."""
        base = self.base.indicator if self.base else ""
        return self.indicator.personal or bool(base) or bool(self.witness)

    def value(self, numerator: int, denominator: int | None) -> Fraction | None:
        """What is shown, exactly, of two whole numbers; None with nothing to divide by."""
        if not self.base:
            return self.indicator.value(numerator, denominator)
        return Fraction(numerator * self.scale, denominator) if denominator else None

    def text(self, value: Fraction | float | None) -> str:
        """The value with its unit in the active language; «—» for none."""
        found = None if value is None else Fraction(value)
        if not self.base:
            return shown.value(found, self.indicator.unit, shown.noun(self.indicator.numerator))
        return shown.value(found, "rial") if found is not None and self.rial else self.plain(found)

    def plain(self, value: Fraction | float | None) -> str:
        """The value without its unit, where a title says it; a percent keeps its sign."""
        if value is None:
            return shown.NOTHING
        if self.indicator.unit == "percent" and not self.base:
            return percent(float(value))
        if self.rial:
            return number(round(value))
        return number(float(value), 2 if self.base or self.indicator.unit == "rate" else 1)

    @property
    def rial(self) -> bool:
        """Whether its values are money."""
        return counted(self.indicator) == "rial" and self.indicator.unit != "percent"

    @property
    def title(self) -> str:
        name = shown.say(self.indicator.name)
        return f"{name} — {self.base.title}" if self.base else name


def counted(one: Indicator) -> str:
    """What an indicator's numerator counts: person, rial…; "" for a mixture."""
    return _counts(one.numerator)


def additive(one: Indicator) -> bool:
    """Whether it is a count, which may be set over another figure and shared out."""
    return one.denominator is None and one.method == "ratio"


def _counts(part: Any) -> str:
    if part is None:
        return ""
    measures = figures.book().measures
    found = {measures[term.measure].counts for term in part.terms}
    return str(found.pop()) if len(found) == 1 else ""


def metrics_of(code: str, of: str) -> list[str]:
    """What a count may be set over, for provinces, sponsors or neighbourhoods; "" always."""
    book = figures.book().indicators
    if not additive(book[code]):
        return [""]
    fits = [
        name
        for name, base in BASES.items()
        if (base.indicator in book or (name == CENSUS and of in ("province", "months")))
        and (of != "sponsor" or "sponsor" in book[base.indicator].dimensions)
        and base.indicator != code
    ]
    return ["", *fits]
