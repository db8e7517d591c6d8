"""Tables of statements and of reconciliations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pooshesh.insight import figures
from pooshesh.insight import shown as insight
from pooshesh.insight.figures import Figure
from pooshesh.statements import queries
from pooshesh.statements.models import Statement
from pooshesh.statements.reconcile import Result, Verdict
from pooshesh.statements.shown import NOTHING, amount, bounds, in_rial, say
from pooshesh.web.cells import badge
from pooshesh.web.format import number
from pooshesh.web.table import Column, Table


def _words(one: Statement) -> SafeString:
    address = reverse("statements:statement", args=[one.id])
    return format_html('<a href="{}"><q dir="auto">{}</q></a>', address, one.words)


def _indicator(one: Statement) -> str:
    found = figures.book().indicators.get(one.indicator)
    return say(found.name) if found else ""


class StatementTable(Table[Statement]):
    name = "statements"
    caption = _("Published figures")
    empty = _("Nothing that somebody published is registered here.")
    order = "-as_of"
    columns = (
        Column("words", _("Words"), "words", render=_words),
        Column("said", _("Number"), amount),
        Column("rial", _("In rial"), "rial", kind="number", sort="rial", hidden=True),
        Column("state", _("State it names"), "state"),
        Column("area", _("Area"), "area", sort="area__sort_key"),
        Column("as_of", _("As of"), "as_of", kind="date", sort="as_of"),
        Column("speaker", _("Who said it"), "speaker", sort="speaker", hidden=True),
        Column("source", _("Where it was published"), "source", sort="source"),
        Column("indicator", _("Indicator it speaks of"), _indicator, hidden=True),
        Column("unit", _("Unit"), lambda one: one.get_unit_display(), hidden=True),
        Column("qualifier", _("Said"), lambda one: one.get_qualifier_display(), hidden=True),
        Column("value", _("Value"), "value", sort="value", hidden=True),
        Column("code", _("Code"), "code", kind="id", sort="code", hidden=True),
        Column("retracted", _("Retracted"), "retracted_at", kind="moment", sort="retracted_at"),
    )

    def search(self, rows: QuerySet[Statement], text: str) -> QuerySet[Statement]:
        return queries.called(rows, text)


@dataclass(frozen=True)
class Line:
    """A line of the reconciliations as they are exported and printed by the command."""

    code: str
    title: str
    verdict: Verdict
    part: str
    says: str
    shown: str = ""
    source: str = ""
    reference: str = ""


def lines(results: Iterable[Result]) -> Iterator[Line]:
    """Everything of some reconciliations, one line a number, in the active language."""
    for one in results:
        for told in _parts(one):
            yield Line(one.code, say(one.of.title), one.verdict, *map(str, told))


def _parts(one: Result) -> Iterator[tuple[object, ...]]:
    """Part, what it says, and as far as there is: the number, its source, its reference."""
    for said in one.statements:
        rial = in_rial(said)
        shown = f"{amount(said)} = {rial}" if rial else amount(said)
        yield _("Published"), said.words, shown, said.source, said.code
    for what, found in one.follows:
        yield _("Follows"), say(what.says), bounds(found, what.unit)
    for beside in one.figures:
        if beside.figure is None or beside.missing:
            yield _("Counted here"), beside.name, str(beside.missing and beside.missing.label)
        else:
            yield (_("Counted here"), f"{beside.name} · {beside.figure.place.name}",
                   _whole(beside.figure),
                   insight.span(beside.figure), beside.figure.reference)  # fmt: skip
    for fact, value in one.facts:
        yield _("Registered here"), say(fact.says), NOTHING if value is None else number(value)
    for what, found in one.computed:
        yield _("Computed here"), say(what.says), bounds(found, what.unit)
    yield _("Why they differ"), say(one.of.explained)
    for why in one.why:
        yield _("Verdict"), say(why)


def _whole(figure: Figure) -> str:
    """A figure; a share with the two numbers it is made of."""
    written = insight.text(figure)
    if figure.indicator.denominator is None:
        return written
    return f"{written} ({insight.parts(figure)})"


class LineTable(Table[Line]):
    """The reconciliations line by line; for export."""

    name = "reconciliations"
    caption = _("Figures that do not reconcile")
    columns = (
        Column("code", _("Code"), "code", kind="id"),
        Column("title", _("Title"), "title"),
        Column("verdict", _("Verdict"), "verdict", kind="state",
               render=lambda one: badge(one.verdict)),
        Column("part", _("Part"), "part"),
        Column("says", _("What"), "says"),
        Column("shown", _("Number"), "shown"),
        Column("source", _("Source"), "source"),
        Column("reference", _("Reference"), "reference", kind="id"),
    )  # fmt: skip
