"""What the fund pays of each line of a request, and who decides the rest. Pure: no database.

The law, the package and the tag are those of the day of each service; the household's decile is
that of the request. A line is cut to the package's price and count first, then the fund's share
is taken, then what is left of the yearly ceilings. Lines are decided in their order, so that the
earlier ones use up the ceiling first.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pooshesh.kernel.money import Rial, share, split
from pooshesh.rules import BoundPack
from pooshesh.rules.tree import Value

Span = tuple[dt.date | None, dt.date | None]

#: Outcomes of a line as the pack `iran.fund` answers them in `fund_step`.
PAYS, COMMITTEE, UNKNOWN = "fund_pays", "to_committee", "value_unknown"
NEEDS_TAG, NEEDS_DECILE = "tag_needed", "needs_decile"
NOT_SUPPORTED, CEILING = "not_supported", "ceiling_reached"


class Note(StrEnum):
    """Why less was paid than the fund's share of what was asked; beside the pack's reasons."""

    PRICE = "price"  # dearer than the package's price
    COUNT = "count"  # more than the package gives in a year
    SHARE = "share"  # the package's own share stands for the fund's
    YEAR = "year_ceiling"  # what is left of the yearly ceiling
    PACKAGE = "package_ceiling"  # the yearly ceiling of the disease's package
    PROMISED = "promised"  # what a prior approval promised
    DOUBLE = "double"  # found to be an invoice that was brought before


#: Notes of lines that are paid as the law says.
WHOLE = {Note.SHARE, Note.PROMISED}


class Way(StrEnum):
    """Who decides a line."""

    RULE = "rule"
    COMMITTEE = "committee"  # outside the rules
    GROUP = "group"  # a value of the law is not known
    BACK = "back"  # something is missing: the applicant is asked


_WAYS = {
    COMMITTEE: Way.COMMITTEE, UNKNOWN: Way.GROUP, NEEDS_TAG: Way.BACK, NEEDS_DECILE: Way.BACK,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What is asked for: a code, on a day, so many, for so many rial (the whole line)."""

    code: str
    on: dt.date
    count: int
    asked: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a package gives for a code; None is the invoice's price, the fund's share, no limit."""

    unit_price: int | None = None
    percents: Sequence[int] | None = None  # of deciles 1 to 10
    most_per_year: int | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """A disease's package: offers by code, and what it gives a patient in a year."""

    offers: Mapping[str, Offer]
    ceiling: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What the patient had from the fund this year, in rial; `extended`: granted above the ceiling
    of the law by a working group. `counts` are of codes of the disease."""

    total: int = 0
    extended: int = 0
    of_disease: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """All that is decided by. `facts` are the person's of the request's day, without those of a
    line; `packs` and `packages` have a value for every day of a line. `promised`: rial by code
    that a prior approval promised the provider; they are paid whatever changed since."""

    facts: Mapping[str, Value]
    tags: Sequence[Span]
    packs: Mapping[dt.date, BoundPack]
    packages: Mapping[dt.date, Package | None]
    used: Used = Used()
    promised: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules say of a line: `payable` rial, why, and all that was looked at."""

    step: str
    payable: int
    in_package: bool
    allowed: int  # rial of what was asked that the package gives
    reasons: int  # bit mask of the pack
    pack_id: str
    facts: Mapping[str, Value]
    notes: tuple[Note, ...] = ()

    @property
    def way(self) -> Way:
        return _WAYS.get(self.step, Way.RULE)


def decide(lines: Sequence[Line], known: Known) -> list[Verdict]:
    """A verdict for each line, in order. Errors: `FactError` for facts that are missing."""
    used, verdicts = known.used, []
    counts, promised = Counter(used.counts), dict(known.promised)
    for line in lines:
        verdict = _line(line, known, replace(used, counts=counts))
        if line.code in promised:
            verdict = _kept(line, verdict, promised)
        verdicts.append(verdict)
        if verdict.payable:
            counts[line.code] += line.count
        used = replace(
            used, total=used.total + verdict.payable, of_disease=used.of_disease + verdict.payable
        )
    return verdicts


def _line(line: Line, known: Known, used: Used) -> Verdict:
    package = known.packages[line.on]
    offer = package.offers.get(line.code) if package else None
    allowed, notes = _allowed(line, offer, used.counts.get(line.code, 0))
    tag = tag_on(known.tags, line.on)
    facts: dict[str, Value] = {
        **known.facts,
        "tag_from": tag[0] if tag else None, "tag_until": tag[1] if tag else None,
        "in_package": offer is not None, "asked_rial": allowed,
        "used_rial": max(used.total - used.extended, 0),
    }  # fmt: skip
    pack = known.packs[line.on]
    answer = pack.decide(facts)
    step, said = str(answer.outputs["fund_step"]), answer.outputs["fund_pays_rial"]
    payable = said if isinstance(said, int) else 0
    percent, rest = answer.outputs["fund_percent"], answer.outputs["fund_rest_rial"]
    decile = known.facts.get("decile")
    if (
        offer and offer.percents and step in (PAYS, NOT_SUPPORTED, CEILING)
        and isinstance(decile, int) and isinstance(rest, int)
    ):  # fmt: skip
        percent = offer.percents[decile - 1]
        notes.append(Note.SHARE)
        payable = min(share(Rial(allowed), percent).amount, rest)
        step = NOT_SUPPORTED if not percent else PAYS if rest else CEILING
    if step == PAYS and isinstance(percent, int) and payable < share(Rial(allowed), percent).amount:
        notes.append(Note.YEAR)
    if step == PAYS and package and package.ceiling is not None:
        left = max(package.ceiling - used.of_disease, 0)
        if payable > left:
            payable = left
            notes.append(Note.PACKAGE)
    return Verdict(
        step, payable, offer is not None, allowed, answer.reason_mask, answer.pack_id, facts,
        tuple(notes),
    )  # fmt: skip


def _kept(line: Line, verdict: Verdict, promised: dict[str, int]) -> Verdict:
    """A line whose payment was promised: up to the promise, which it uses up."""
    payable = min(line.asked, promised[line.code])
    promised[line.code] -= payable
    if payable <= verdict.payable:
        return verdict
    return replace(
        verdict, step=PAYS, payable=payable, allowed=max(verdict.allowed, payable),
        notes=(Note.PROMISED,),
    )  # fmt: skip


def _allowed(line: Line, offer: Offer | None, had: int) -> tuple[int, list[Note]]:
    """The part of what is asked that the package gives, and what cut it."""
    if offer is None:
        return line.asked, []
    notes, count, allowed = [], line.count, line.asked
    if offer.most_per_year is not None and had + count > offer.most_per_year:
        given = max(offer.most_per_year - had, 0)
        allowed = allowed * given // count
        count = given
        notes.append(Note.COUNT)
    if offer.unit_price is not None and allowed > offer.unit_price * count:
        allowed = offer.unit_price * count
        notes.append(Note.PRICE)
    return allowed, notes


def tag_on(tags: Sequence[Span], day: dt.date) -> Span | None:
    """The tag that holds on a day; its end is the first day it does not."""
    return next(
        (
            (start, end)
            for start, end in tags
            if (start is None or start <= day) and (end is None or day < end)
        ),
        None,
    )


def by_way(verdicts: Sequence[Verdict]) -> dict[Way, list[int]]:
    """Places of the lines by who decides them; a request with several ways is parted.

    While anything is missing nothing is decided: all lines go back together.
    """
    ways: dict[Way, list[int]] = {}
    for place, verdict in enumerate(verdicts):
        ways.setdefault(verdict.way, []).append(place)
    if Way.BACK in ways:
        return {Way.BACK: list(range(len(verdicts)))}
    return ways


def outcome(verdicts: Sequence[Verdict]) -> str:
    """What lines decided by rule come to: "approved", "part" or "rejected".

    Approved is the whole of the fund's share; a line that was cut or not paid makes it a part.
    """
    if not any(one.payable for one in verdicts):
        return "rejected"
    whole = all(one.payable and not set(one.notes) - WHOLE for one in verdicts)
    return "approved" if whole else "part"


def spread(amount: int, asked: Sequence[int]) -> list[int]:
    """An amount decided for a whole request over its lines, in proportion to what they ask."""
    return [part.amount for part in split(Rial(amount), list(asked))]
