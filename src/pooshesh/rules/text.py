"""Sentences in two languages, and how values are written inside them."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal, NamedTuple

from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.text import format_int

Lang = Literal["fa", "en"]


class Text(NamedTuple):
    """One text in Persian and English."""

    fa: str
    en: str

    def say(self, lang: Lang) -> str:
        return self.fa if lang == "fa" else self.en


UNKNOWN = Text("نامعلوم", "unknown")
YES, NO = Text("بله", "yes"), Text("خیر", "no")
ASSUMPTION = Text("فرض (منبعی یافت نشد)", "assumption (no source found)")


def show(value: object, lang: Lang, codes: Mapping[str, Text] | None = None) -> str:
    """A value as a reader sees it: Persian digits and Jalali dates in `fa`, codes by title."""
    if value is None:
        return UNKNOWN.say(lang)
    if isinstance(value, bool):
        return (YES if value else NO).say(lang)
    if isinstance(value, dt.date):
        return value.isoformat() if lang == "en" else format_jalali(value)
    if isinstance(value, int):
        return format_int(value, lang)
    title = (codes or {}).get(str(value))
    return title.say(lang) if title else str(value)
