"""Values as the active language writes them; the kernel does the writing."""

import datetime as dt
from decimal import Decimal
from typing import Literal

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pooshesh.kernel import calendar, text

Style = Literal["numeric", "prose", "moment"]


def language() -> str:
    """The active language code, Persian when translation is switched off."""
    return get_language() or "fa"


def number(value: Decimal | float, places: int = 1) -> str:
    """«۱٬۲۳۴» or, when it is not whole, «۱٬۲۳۴٫۵» rounded to `places`. Not for money."""
    if value == int(value):
        return text.format_int(int(value), language())
    return text.format_decimal(value, language(), places)


def percent(ratio: Decimal | float, places: int = 1) -> str:
    """A ratio 0.234 as «۲۳٫۴٪»."""
    return text.format_percent(ratio, language(), places)


def jdate(value: dt.date | None, style: Style = "numeric") -> str:
    """A day (or the local day of a moment) in the Jalali calendar; "" for None.

    numeric for tables, prose for sentences, moment adds the local hour and minute.
    """
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    day = value.date() if isinstance(value, dt.datetime) else value
    lang = language()
    if style == "prose":
        return calendar.format_jalali(day, "prose", lang)
    written = calendar.format_jalali(day, "numeric", lang)
    if style == "moment" and isinstance(value, dt.datetime):
        return f"{written} {digits(f'{value:%H:%M}')}"
    return written


def digits(written: str) -> str:
    """Digits of the active language in a text that is not a number (codes stay Latin)."""
    return text.to_persian_digits(written) if text.speaks_persian(language()) else written


def out_of(part: int, whole: int) -> str:
    """The numerator and denominator of a share, in words."""
    return _("%(part)s of %(whole)s") % {"part": number(part), "whole": number(whole)}
