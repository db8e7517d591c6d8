"""What a check answers, and why: pure, from what is recorded about who holds the number.

Whether somebody is covered on a day is decided in one place, `coverage_covered` of the database;
here its codes become an answer about a number that nobody, one person or several may hold.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: Of `coverage_covered`, and: nobody or several hold the number, no such card, a card withdrawn or
#: expired, and that the rules would cover who is not.
NOT_FOUND, SHARED, UNKNOWN_CARD, CARD_GONE, ENTITLED = (
    "not_found", "shared", "unknown_card", "card_gone", "entitled",
)  # fmt: skip
#: Outcomes of the rules that need nothing but enrolment, and the refusals it would help.
ENTITLING = frozenset({"enrol_free", "pays_share"})
HELPED = frozenset({"ended", "never_covered"})

Card = Literal["", "live", "gone"]


@dataclass(frozen=True, slots=True)
class Cover:
    """The spell of a day: [since, until)."""

    insurer: str
    scheme: str
    since: dt.date | None
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What is recorded about one human being who holds the number.

    `reasons` are of `coverage_covered`, the first is the main one; `day` the one it speaks of;
    `outcome` of the newest decision up to the day; `card` how the card asked by stands.
    """

    covered: bool
    reasons: tuple[str, ...]
    cover: Cover | None = None
    day: dt.date | None = None
    outcome: str = ""
    card: Card = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`covered`: this insurer pays. `reasons` in the order to say them."""

    covered: bool
    reasons: tuple[str, ...]
    cover: Cover | None = None
    day: dt.date | None = None


def answer(found: Sequence[Known], *, by_card: bool) -> Answer:
    """The answer about everybody who holds a number; who several may be is told nothing of."""
    if not found:
        return Answer(False, (UNKNOWN_CARD if by_card else NOT_FOUND,))
    if len(found) > 1:
        return Answer(False, (SHARED,))
    [known] = found
    if known.card == "gone":
        return Answer(False, (CARD_GONE,))
    helped = known.outcome in ENTITLING and not HELPED.isdisjoint(known.reasons)
    reasons = (*known.reasons, ENTITLED) if helped else known.reasons
    return Answer(known.covered, reasons, known.cover, known.day)
