"""Decisions of requests in words: what each line was paid, by which law, and why not more."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from pooshesh import rules
from pooshesh.policy import queries, words
from pooshesh.policy.models import Decision
from pooshesh.requests.decide import Note
from pooshesh.requests.models import Request, RequestLine, State
from pooshesh.requests.near import Likeness

NOTES: dict[str, StrPromise] = {
    Note.PRICE: _("It is dearer than the price of the package; that price counts."),
    Note.COUNT: _("It is more than the package gives in a year; the rest is not paid."),
    Note.SHARE: _("The package has a share of its own for this service."),
    Note.YEAR: _("Only the rest of the patient's yearly ceiling is paid."),
    Note.PACKAGE: _("Only the rest of the yearly ceiling of the disease's package is paid."),
    Note.PROMISED: _("A prior approval promised it."),
    Note.DOUBLE: _("It was brought before, in another request."),
}
LIKENESS: dict[str, StrPromise] = {
    Likeness.NUMBER: _("Same provider and invoice number"),
    Likeness.TEN_TIMES: _("One amount is ten times the other: rial and toman?"),
    Likeness.SLIP: _("Same provider, amount and days; the number differs by one slip"),
    Likeness.AMOUNT: _("Same patient and amount within a few days"),
    Likeness.PROVIDER: _("Same patient, number and amount; another provider"),
}
#: Why a request went back, and what helps.
BACK: dict[str, StrPromise] = {
    "tag_needed": _("The tag of the disease does not hold on the day of a service; apply to the"
                    " university first."),
    "needs_decile": _("The household's decile is not known; have it recorded first."),
}  # fmt: skip
FUND = "iran.fund"


@dataclass(frozen=True)
class Said:
    """A line with the reasons of its decision; `law` those of the fund's law, with sources."""

    line: RequestLine
    law: tuple[rules.Explanation, ...]
    notes: list[StrPromise]


def line(row: RequestLine) -> Said:
    """A line and why it was decided so, from the rules as they were that day."""
    notes = [NOTES[note] for note in row.notes if note in NOTES]
    return Said(row, _law(row), notes)


def _law(row: RequestLine) -> tuple[rules.Explanation, ...]:
    if not row.pack_id:
        return ()
    # Never kept: it carries what policy explains a decision from.
    said = queries.why(Decision(pack_id=row.pack_id, on=row.on, facts=row.facts), words.lang())
    return tuple(one for one in said if one.reason.startswith("fund_"))


def back_reasons(request: Request, lines: Sequence[RequestLine]) -> list[object]:
    """Why a request went back: in its clerk's words, or what the rules miss."""
    if request.state != State.RETURNED:
        return []
    steps = {row.step for row in lines}
    known = [BACK[step] for step in BACK if step in steps and step in request.ground]
    return list(known) or [request.ground]
