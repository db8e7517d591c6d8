"""Nationalities: what they are called, and how one is found by its name."""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pooshesh.kernel.text import key, sort_key
from pooshesh.places.models import in_language

DATA = Path(__file__).parent / "data" / "nations.csv"
#: Those who live here in numbers stand before the others.
FIRST = ("IR", "AF", "IQ", "PK", "SY", "LB", "YE", "IN", "BD", "AZ", "TR", "TM", "AM", "TJ")
CODE = re.compile(r"(?:^|\()([A-Za-z]{2})\)?$")  # alone, or at the end of what was chosen


class Nation(NamedTuple):
    """An ISO 3166-1 alpha-2 code and its names; as text, the name in the active language."""

    code: str
    name_fa: str
    name_en: str

    def __str__(self) -> str:
        return str(getattr(self, in_language("name")))


@cache
def nations() -> dict[str, Nation]:
    """All nations by code."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["code"]: Nation(**row) for row in rows}


def nation(code: str) -> str:
    """The name of a nationality in the active language; the code where it has none."""
    return str(nations().get(code, code))


def called(text: str) -> Nation | None:
    """The nation of this code or whole name, Persian or English, in any spelling of its letters."""
    coded = CODE.search(text.strip())
    if coded and (found := nations().get(coded[1].upper())):
        return found
    wanted = key(text)
    return next((one for one in nations().values() if wanted in _keys(one)), None)


def search(text: str) -> list[Nation]:
    """Nations whose name holds `text`, or whose code it is, best first; all for an empty text."""
    exact, wanted = called(text), key(text)
    fitting = [
        one
        for one in nations().values()
        if one == exact or any(wanted in name for name in _keys(one))
    ]
    return sorted(fitting, key=lambda one: (one != exact, *_place(one, wanted)))


def _keys(one: Nation) -> tuple[str, str]:
    return key(one.name_fa), key(one.name_en)


def _place(one: Nation, wanted: str) -> tuple[bool, int, str]:
    begins = any(name.startswith(wanted) for name in _keys(one))
    often = FIRST.index(one.code) if one.code in FIRST else len(FIRST)
    return not begins, often, sort_key(str(one))
