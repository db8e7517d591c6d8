"""How the cells of a sheet of places are read."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.translation import override

from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.sheet_columns import READ_CHARS
from pooshesh.kernel.text import clean, key, to_latin_digits
from pooshesh.places.actions import CODE

explain(
    {
        "cell.code": gettext_noop(
            "“%(read)s” is not a code; expected 1 to 24 of a–z, 0–9 and _ (underscore)."
        ),
        "cell.choice": gettext_noop("“%(read)s” was read; expected one of: %(expected)s."),
        "cell.province": gettext_noop(
            "“%(read)s” was read; expected a province's code of two digits, such as 23."
        ),
        "cell.whole": gettext_noop("“%(read)s” was read; expected a whole number, 0 or more."),
        "cell.degrees": gettext_noop(
            "“%(read)s” was read; expected degrees between %(low)s and %(high)s."
        ),
        "cell.day": gettext_noop("“%(read)s” was read; expected a whole date, such as 1400/11/22."),
    }
)

C = TypeVar("C", bound=TextChoices)


def quoted(text: str) -> str:
    """As much of a cell as a sentence quotes."""
    return text.strip()[:READ_CHARS]


def code(text: str) -> str:
    """A code in lower case and Latin digits."""
    read = to_latin_digits(clean(text)).lower()
    if not CODE.fullmatch(read):
        raise Invalid("cell.code", read=quoted(text))
    return read


def choice(kinds: type[C]) -> Callable[[str], str]:
    """Reads a value of `kinds`, or its Persian or English label."""

    @cache
    def words() -> dict[str, str]:
        found = {key(kind.value): kind.value for kind in kinds}
        for language in ("fa", "en"):
            with override(language):
                found |= {key(str(kind.label)): kind.value for kind in kinds}
        return found

    def read(text: str) -> str:
        value = words().get(key(text))
        if value is None:
            expected = tuple(kind.label for kind in kinds)
            raise Invalid("cell.choice", read=quoted(text), expected=expected)
        return value

    return read


def province(text: str) -> str:
    """A statistical code: 23, ۲۳, p23, or 3 for 03."""
    read = to_latin_digits(clean(text)).lower().removeprefix("p").zfill(2)
    if len(read) != 2 or not read.isdecimal():
        raise Invalid("cell.province", read=quoted(text))
    return read


def whole(text: str) -> int:
    """A number of things, with or without thousands separators."""
    read = to_latin_digits(clean(text)).translate({ord(mark): None for mark in " ,٬،"})
    if not read.isdecimal() or len(read) > 12:
        raise Invalid("cell.whole", read=quoted(text))
    return int(read)


def latitude(text: str) -> float:
    """Degrees north, within Iran and its waters."""
    return _degrees(text, 24, 40)


def longitude(text: str) -> float:
    """Degrees east, within Iran and its waters."""
    return _degrees(text, 44, 64)


def _degrees(text: str, low: int, high: int) -> float:
    try:
        read = float(to_latin_digits(clean(text)).replace("٫", "."))
    except ValueError:
        read = float("nan")
    if not low <= read <= high:
        raise Invalid("cell.degrees", read=quoted(text), low=low, high=high)
    return read


def day(text: str) -> dt.date:
    """A whole date, Jalali or Gregorian."""
    found = parse_date(text).date
    if found is None:
        raise Invalid("cell.day", read=quoted(text))
    return found


def words(text: str) -> list[str]:
    """A list parted by commas, Persian or Latin, or semicolons."""
    parts = clean(text).translate({ord(mark): ";" for mark in "،,؛|"}).split(";")
    return [part.strip()[:40] for part in parts if part.strip()]
