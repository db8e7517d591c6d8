"""Reconciliations as pages show them: every number written, with a way to its rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from pooshesh.access.models import User
from pooshesh.insight.figures import Figure
from pooshesh.statements import facts, shown
from pooshesh.statements.book import Asked
from pooshesh.statements.models import Statement
from pooshesh.statements.reconcile import Beside, Result, Verdict
from pooshesh.web.format import number

#: Permission of the pages that figures lead to.
FUND = "fund.read"


@dataclass(frozen=True)
class Number:
    """A number with its words, and where its rows are; `figure` where an indicator counts it."""

    says: str
    written: str = ""
    figure: Figure | None = None
    address: str = ""


@dataclass(frozen=True)
class Said:
    """A statement, written."""

    one: Statement
    written: str
    rial: str


@dataclass(frozen=True)
class Card:
    """A reconciliation, written."""

    code: str
    title: str
    verdict: Verdict
    said: Sequence[Said]
    follows: Sequence[Number]
    counted: Sequence[Number]
    computed: Sequence[Number]
    explained: str
    why: Sequence[str]


def cards(viewer: User, results: Iterable[Result]) -> list[Card]:
    """Results in the active language; links only to pages the viewer may open."""
    return [_card(viewer, one) for one in results]


def _card(viewer: User, one: Result) -> Card:
    counted = [_figure(viewer, beside) for beside in one.figures]
    for fact, value in one.facts:
        address = facts.address(viewer, fact.of, fact.area)
        written = shown.NOTHING if value is None else number(value)
        counted.append(Number(shown.say(fact.says), written, None, address))
    return Card(
        one.code, shown.say(one.of.title), one.verdict,
        [Said(said, shown.amount(said), shown.in_rial(said)) for said in one.statements],
        [Number(shown.say(sum_.says), shown.bounds(found, sum_.unit))
         for sum_, found in one.follows],
        counted,
        [Number(shown.say(sum_.says), shown.bounds(found, sum_.unit))
         for sum_, found in one.computed],
        shown.say(one.of.explained), [shown.say(why) for why in one.why],
    )  # fmt: skip


def _figure(viewer: User, beside: Beside) -> Number:
    address = _rows(viewer, beside.asked)
    if beside.missing:
        return Number(beside.name, str(beside.missing.label), None, address)
    return Number(beside.name, "", beside.figure, address)


def _rows(viewer: User, asked: Asked) -> str:
    """Where the rows stand today; "" for nobody who may not see them."""
    if not asked.page or not viewer.reach(FUND):
        return ""
    return f"{reverse(asked.page)}?{urlencode(asked.query)}"
