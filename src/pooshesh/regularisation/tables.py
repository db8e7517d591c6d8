"""The tables of regularisation."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade, mask
from pooshesh.kernel.identifiers import Identifier as Read
from pooshesh.kernel.text import search_key
from pooshesh.people.models import Identifier
from pooshesh.people.tables import full_name
from pooshesh.regularisation import queries
from pooshesh.regularisation.models import (
    Case,
    CaseState,
    Difference,
    DifferenceKind,
    DifferenceState,
    Ground,
    Origin,
    Outcome,
    Sheet,
    SheetRow,
    SheetState,
)
from pooshesh.web.format import number
from pooshesh.web.registry import register_tones
from pooshesh.web.table import Column, Table

register_tones(
    {
        CaseState.FOUND: "warn",
        CaseState.IDENTIFIED: "info",
        CaseState.REGULARISED: "info",
        CaseState.ELIGIBLE: "info",
        CaseState.INSURED: "good",
        CaseState.REFUSED: "bad",
        CaseState.WITHDRAWN: "quiet",
        CaseState.LEFT: "quiet",
        SheetState.BROUGHT: "quiet",
        SheetState.WRITTEN: "good",
        Outcome.NEW: "good",
        Outcome.KNOWN: "good",
        Outcome.REVIEW: "warn",
        Outcome.ELSEWHERE: "warn",
        DifferenceState.OPEN: "warn",
        DifferenceState.TOLD: "info",
        DifferenceState.APPLIED: "good",
        DifferenceState.KEPT: "quiet",
        DifferenceState.VOID: "quiet",
        DifferenceKind.ENDS: "bad",
        DifferenceKind.MOVES: "info",
    }
)


def _case(row: Case) -> SafeString:
    address = reverse("regularisation:case", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(row.person))


def days_in_step(row: Case) -> int:
    """Days the case has stood at its step."""
    return (timezone.localdate() - row.since).days


class CaseTable(Table[Case]):
    """Cases of foreign nationals."""

    name = "cases"
    caption = gettext_lazy("Cases of foreign nationals")
    empty = gettext_lazy("No case fits; campaigns and the municipal census open them.")
    search_label = gettext_lazy("Search names")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: full_name(row.person),
               sort="person__sort_key", render=_case),
        Column("state", gettext_lazy("Step"), lambda row: CaseState(row.state), kind="state",
               sort="state"),
        Column("since", gettext_lazy("Since"), "since", kind="date", sort="since"),
        Column("days", gettext_lazy("Days in this step"), days_in_step, kind="number"),
        Column("area", gettext_lazy("Area"), lambda row: str(row.area), sort="area__sort_key"),
        Column("origin", gettext_lazy("Opened by"), lambda row: Origin(row.origin).label,
               sort="origin"),
        Column("ground", gettext_lazy("Ground"),
               lambda row: Ground(row.ground).label if row.ground else "", sort="ground",
               hidden=True),
        Column("opened", gettext_lazy("Opened at"), "opened_at", kind="moment", sort="opened_at",
               hidden=True),
    )  # fmt: skip
    order = "since"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(person__search_key__contains=search_key(text))


def _sheet(row: Sheet) -> SafeString:
    address = reverse("regularisation:sheet", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, row.name)


class SheetTable(Table[Sheet]):
    """Sheets a municipality brought."""

    name = "sheets"
    caption = gettext_lazy("Sheets brought")
    empty = gettext_lazy("No sheet has been brought for your city.")
    columns = (
        Column("name", gettext_lazy("File"), "name", render=_sheet),
        Column("city", gettext_lazy("City"), lambda row: str(row.city), sort="city__sort_key"),
        Column("state", gettext_lazy("State"), lambda row: SheetState(row.state), kind="state",
               sort="state"),
        Column("rows", gettext_lazy("Rows"), "rows", kind="number", sort="rows"),
        Column("refused", gettext_lazy("Refused cells"), "problem_count", kind="number",
               sort="problem_count"),
        Column("at", gettext_lazy("Brought at"), "created_at", kind="moment", sort="created_at"),
        Column("until", gettext_lazy("Deleted on"), "delete_by", kind="date", sort="delete_by"),
    )  # fmt: skip
    order = "-at"


def missing(row: SheetRow) -> str:
    """What a person still needs, as the municipality is told."""
    if row.outcome in (Outcome.ELSEWHERE, Outcome.REVIEW):
        return _("A clerk of the insurer looks into it")
    return {
        CaseState.FOUND.value: _("An identity paper or the 12-digit code"),
        CaseState.IDENTIFIED.value: _("Proof of lawful stay"),
    }.get(queries.told(row), _("Nothing"))


class OwnRowTable(Table[SheetRow]):
    """People a municipality brought: their step up to regularised, and what is missing."""

    name = "own_rows"
    caption = gettext_lazy("People of the municipal census")
    empty = gettext_lazy("Nobody has been brought yet.")
    search_label = gettext_lazy("Search names as brought")
    columns = (
        Column("name", gettext_lazy("Name as brought"), "name", sort="search_key"),
        Column("area", gettext_lazy("Neighbourhood"), lambda row: str(row.area),
               sort="area__sort_key"),
        Column("step", gettext_lazy("Step"), lambda row: CaseState(queries.told(row)),
               kind="state"),
        Column("missing", gettext_lazy("Still missing"), missing),
        Column("at", gettext_lazy("Brought at"), "at", kind="moment", sort="at"),
    )  # fmt: skip
    order = "name"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(search_key__contains=search_key(text))


def _record(row: SheetRow) -> SafeString:
    if row.person is None:
        return SafeString("")
    address = reverse("people:person", args=[row.person_id])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(row.person))


class LookTable(Table[SheetRow]):
    """Rows of municipal sheets that a clerk looks into."""

    name = "look"
    caption = gettext_lazy("Municipal rows to look into")
    empty = gettext_lazy("No row of a municipality waits for a clerk.")
    search_label = gettext_lazy("Search names as brought")
    columns = (
        Column("name", gettext_lazy("Name as brought"), "name", sort="search_key"),
        Column("area", gettext_lazy("Neighbourhood"), lambda row: str(row.area),
               sort="area__sort_key"),
        Column("outcome", gettext_lazy("What was found"), lambda row: Outcome(row.outcome),
               kind="state", sort="outcome"),
        Column("record", gettext_lazy("Record"), lambda row: "", render=_record),
        Column("address", gettext_lazy("Address"), "address", hidden=True),
        Column("at", gettext_lazy("Brought at"), "at", kind="moment", sort="at"),
    )  # fmt: skip
    order = "-at"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(search_key__contains=search_key(text))


def _opened(row: Identifier) -> Read:
    kind = Kind(row.kind)
    return grade(kind, keyring().open(bytes(row.sealed), kind))


def why_pseudo(row: Identifier) -> str:
    """What stands in the box instead of the person's own number; never the number itself."""
    read = _opened(row)
    words = {
        "mobile": _("A mobile number"),
        "zero_padded": _("A shorter number filled up with zeros"),
        "passport": _("A passport number"),
        "length": _("A number of the wrong length"),
        "all_same": _("One digit again and again"),
        "foreign_code": _("A foreign code in the box of the national ID"),
        "check_digit": _("A number with a wrong check digit"),
    }
    reason = read.reason.partition(".")[2]
    if reason == "length" and len(read.value) == 11 and read.value.startswith("09"):
        reason = "mobile"
    return words.get(reason, _("Cannot be a person's own number"))


def masked(number: str) -> str:
    """The last three characters of a document number; a dash once it was deleted."""
    return "•" * max(len(number) - 3, 3) + number[-3:] if number else "—"


def _masked(row: Identifier) -> str:
    read = _opened(row)
    return mask(Read(read.kind, read.value, Grade.PSEUDO))


def _worked_off(row: Identifier) -> SafeString:
    address = reverse("regularisation:pseudo_id", args=[row.pk])
    return format_html('<a class="button small" href="{}">{}</a>', address, _("Enter the code"))


def _holder(row: Identifier) -> SafeString:
    address = reverse("people:person", args=[row.person_id])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(row.person))


class PseudoTable(Table[Identifier]):
    """Foreign nationals whose number stands for nobody."""

    name = "pseudo"
    caption = gettext_lazy("Pseudo-IDs of foreign nationals")
    empty = gettext_lazy("No pseudo-ID is left here: everybody has a number of their own, or none.")
    search_label = gettext_lazy("Search names")
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("name", gettext_lazy("Name"), lambda row: full_name(row.person),
               sort="person__sort_key", render=_holder),
        Column("why", gettext_lazy("What stands there"), why_pseudo),
        Column("box", gettext_lazy("In the box of"), lambda row: row.get_kind_display(),
               sort="kind"),
        Column("number", gettext_lazy("Number"), _masked, kind="id"),
        Column("area", gettext_lazy("Area"), lambda row: str(row.person.area),
               sort="person__area__sort_key"),
        Column("at", gettext_lazy("Recorded at"), "recorded_at", kind="moment",
               sort="recorded_at"),
    )  # fmt: skip
    order = "at"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(person__search_key__contains=search_key(text))


class PseudoWorkTable(PseudoTable):
    """The same, for who may enter the true code."""

    columns = (
        *PseudoTable.columns,
        Column("work", gettext_lazy("Work off"), lambda row: "", render=_worked_off),
    )


def _difference(row: Difference) -> SafeString:
    address = reverse("regularisation:difference", args=[row.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(row.person))


class DifferenceTable(Table[Difference]):
    """Cover that differs from the newest decision."""

    name = "differences"
    caption = gettext_lazy("Cover that differs from the decision")
    empty = gettext_lazy("All cover given here is as the newest decisions say.")
    search_label = gettext_lazy("Search names")
    columns = (
        Column("name", gettext_lazy("Name"), lambda row: full_name(row.person),
               sort="person__sort_key", render=_difference),
        Column("kind", gettext_lazy("What differs"), lambda row: DifferenceKind(row.kind),
               kind="state", sort="kind"),
        Column("state", gettext_lazy("State"), lambda row: DifferenceState(row.state),
               kind="state", sort="state"),
        Column("since", gettext_lazy("Decided for"), "since", kind="date", sort="since"),
        Column("from", gettext_lazy("Otherwise from"), "from_day", kind="date", sort="from_day"),
        Column("area", gettext_lazy("Area"), lambda row: str(row.area), sort="area__sort_key"),
        Column("opened", gettext_lazy("Opened at"), "opened_at", kind="moment",
               sort="opened_at"),
    )  # fmt: skip
    order = "opened"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(person__search_key__contains=search_key(text))


def _count(step: CaseState) -> Any:
    return lambda line: line.counts.get(step.value, 0)


def told(count: int | None) -> str:
    """A count; one that is hidden says no more than that."""
    return _("not told") if count is None else number(count)


def _places(steps: Iterable[CaseState]) -> tuple[Column[Any], ...]:
    def figures(key: str, title: Any, read: Any) -> Column[Any]:
        return Column(key, title, read, kind="number", sort=key,
                      render=lambda line: format_html("{}", told(read(line))))  # fmt: skip

    return (
        Column("place", gettext_lazy("Place"), "title", sort="title"),
        *(figures(step.value, step.label, _count(step)) for step in steps),
        figures("total", gettext_lazy("All"), lambda line: line.total),
    )


class PlaceTable(Table[queries.Line]):
    """Cases by place and step."""

    name = "places"
    caption = gettext_lazy("Cases by place, in persons")
    empty = gettext_lazy("There is no case in your area.")
    order = "-total"
    columns: ClassVar[Sequence[Column[Any]]] = _places(CaseState)


class ToldPlaceTable(PlaceTable):
    """The same, as a municipality is told: not even the names of the other steps."""

    columns = _places(queries.TOLD)
