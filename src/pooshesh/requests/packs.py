"""The fund's rules bound to days: 1 statement for any number of days, none to bind again."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

from pooshesh import rules
from pooshesh.policy import queries
from pooshesh.rules import BoundPack
from pooshesh.rules.pack import Pack

PACK = "iran.fund"
#: Newest approved versions by name: (name, first day, id), as `known` reads them.
Versions = tuple[tuple[str, dt.date, str], ...]


def bound(days: Iterable[dt.date], versions: Versions) -> dict[dt.date, BoundPack]:
    """The pack in force on each day. Raises Invalid for a broken pack."""
    found = {}
    for day in sorted(set(days)):
        ruling = tuple(one for one in versions if one[1] <= day)
        found[day] = _bound(day, ruling)
    return found


@lru_cache(maxsize=1024)
def _bound(day: dt.date, ruling: Versions) -> BoundPack:
    """`ruling` tells versions of one day from another; which of them rules, policy says."""
    return rules.bind(_pack(ruling, day), day)


@lru_cache(maxsize=16)
def _pack(ruling: Versions, day: dt.date) -> Pack:
    return queries.pack_in_force(PACK, day)


def ceiling(pack: BoundPack) -> int | None:
    """The yearly ceiling of a patient in rial; None where it is not known."""
    value = pack.values["fund_ceiling"].value if "fund_ceiling" in pack.values else None
    return value if isinstance(value, int) else None
