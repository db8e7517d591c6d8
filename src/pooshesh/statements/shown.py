"""How statements and what follows from them are written."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pooshesh.indicators import Words
from pooshesh.kernel.money import Rial, format_rial
from pooshesh.statements.bounds import Bounds
from pooshesh.statements.models import Qualifier, Statement, Unit
from pooshesh.web.format import jdate, language, number, percent

NOTHING = "—"


def say(text: Any) -> str:
    """Words of a definition, or a lazy text, in the active language."""
    return text.say(get_language() or "fa") if isinstance(text, Words) else str(text)


def amount(one: Statement) -> str:
    """«حدود ۲۴٬۰۰۰٬۰۰۰٬۰۰۰ ریال»: the number as it was said, with its qualifier and unit."""
    if one.value is None:
        return jdate(one.day)
    written = number(one.value.normalize(), 2)
    return _qualified(one.qualifier, f"{written} {Unit(one.unit).label}")


def in_rial(one: Statement) -> str:
    """What a statement in toman is in rial; "" for others."""
    if one.unit != Unit.TOMAN or one.rial is None:
        return ""
    return format_rial(Rial(one.rial), language())


def _qualified(qualifier: str, written: str) -> str:
    match qualifier:
        case Qualifier.ABOUT:
            return _("about %(number)s") % {"number": written}
        case Qualifier.MORE_THAN:
            return _("more than %(number)s") % {"number": written}
        case Qualifier.LESS_THAN:
            return _("less than %(number)s") % {"number": written}
        case _:
            return written


def bounds(found: Bounds | None, unit: str) -> str:
    """A number that follows, with the least and the most it may be: «۱۴۷ (۹۷ تا ۱۹۷)»."""
    if found is None:
        return NOTHING
    if found.low == found.value and found.high is None:
        return _qualified(Qualifier.MORE_THAN, _written(found.value, unit, 0))
    if found.high == found.value and found.low is None:
        return _qualified(Qualifier.LESS_THAN, _written(found.value, unit, 0))
    value = _written(found.value, unit, 0)
    if found.exact or found.low is found.high is None:
        return value
    if found.high is None:
        assert found.low is not None, "the other end is there"
        least = _qualified(Qualifier.MORE_THAN, _written(found.low, unit, -1))
        return f"{value} ({least})"
    if found.low is None:
        most = _qualified(Qualifier.LESS_THAN, _written(found.high, unit, 1))
        return f"{value} ({most})"
    return _("%(value)s (%(low)s to %(high)s)") % {
        "value": value, "low": _written(found.low, unit, -1), "high": _written(found.high, unit, 1),
    }  # fmt: skip


def _written(value: Fraction, unit: str, towards: int) -> str:
    """Rounded half up, or down (-1) and up (1) for the ends of a range."""
    if unit == "rial":
        return format_rial(Rial(int(_rounded(value, 0, towards))), language())
    if unit == "percent":
        return percent(_rounded(value * 100, 1, towards) / 100)
    written = _rounded(value, 1 if abs(value) < 100 else 0, towards)
    match unit:
        case "times":
            return _("%(number)s times") % {"number": number(written)}
        case "deciles":
            return _("%(number)s deciles") % {"number": number(written)}
        case _:
            return number(written)


def _rounded(value: Fraction, places: int, towards: int) -> Decimal:
    scaled = value * 10**places
    match towards:
        case -1:
            whole = scaled.__floor__()
        case 1:
            whole = scaled.__ceil__()
        case _:
            whole = (scaled + Fraction(1, 2)).__floor__()
    return Decimal(whole).scaleb(-places)
