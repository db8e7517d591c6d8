"""The tables of renewal."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.coverage.lists import by_name
from pooshesh.people.tables import full_name
from pooshesh.renewal.models import (
    Appeal,
    AppealState,
    DecileSheetState,
    Item,
    ItemState,
    Outreach,
    OutreachState,
    Row,
    Run,
    RunState,
    Sheet,
)
from pooshesh.renewal.queries import Place, Told, members_of, of_item
from pooshesh.web.cells import badge
from pooshesh.web.table import Column, Table

NAME_OR_NUMBER = gettext_lazy("Name or number of a person")


def _link(name: str, row: Any, text: object) -> SafeString:
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse(name, args=[row.pk]), text)


def _person(row: Any) -> SafeString:
    address = reverse("people:person", args=[row.person_id])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, full_name(row.person))


_STATES = {Run: RunState, Item: ItemState, Sheet: DecileSheetState, Appeal: AppealState,
           Outreach: OutreachState}  # fmt: skip


def _state(row: Any) -> SafeString:
    return badge(_STATES[type(row)](row.state), row.get_state_display())


class RunTable(Table[Run]):
    """Runs of renewal."""

    name = "renewals"
    caption = gettext_lazy("Runs of renewal")
    empty = gettext_lazy("No renewal was counted yet. Choose an area and a day.")
    columns = (
        Column("area", gettext_lazy("Area"), lambda r: str(r.area),
               render=lambda r: _link("renewal:run", r, r.area)),
        Column("on", gettext_lazy("Renewed from"), "on", kind="date", sort="on"),
        Column("persons", gettext_lazy("Persons"), "persons", kind="number", sort="persons"),
        Column("made", gettext_lazy("Counted on"), lambda r: r.made_at.date(), kind="date",
               sort="made_at"),
        Column("state", gettext_lazy("State"), lambda r: r.get_state_display(), sort="state",
               render=_state),
    )  # fmt: skip
    order = "-made"


class RowTable(Table[Row]):
    """What becomes of each person's cover."""

    name = "renewal-rows"
    caption = gettext_lazy("Persons of the run")
    empty = gettext_lazy("Nobody fits.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("person", gettext_lazy("Person"), lambda r: full_name(r.person),
               sort="person__sort_key", render=_person),
        Column("area", gettext_lazy("Area"), lambda r: str(r.area)),
        Column("outcome", gettext_lazy("Outcome"), lambda r: r.get_outcome_display(),
               sort="outcome"),
        Column("reason", gettext_lazy("Reason"), lambda r: r.get_reason_display(), sort="reason"),
        Column("from", gettext_lazy("Share now, percent"), "from_percent", kind="number",
               sort="from_percent"),
        Column("to", gettext_lazy("Share then, percent"), "to_percent", kind="number",
               sort="to_percent"),
        Column("fund", gettext_lazy("Fund"), lambda r: r.get_from_scheme_display(), hidden=True),
        Column("settled", gettext_lazy("What was done"), lambda r: r.get_settled_display(),
               sort="settled"),
    )  # fmt: skip

    def search(self, rows: Any, text: str) -> Any:
        return by_name(rows, text, "person")


def _rows_link(run: Run, place: Place) -> SafeString:
    address = reverse("renewal:rows", args=[run.pk])
    return format_html('<a href="{}?area={}"><bdi>{}</bdi></a>', address, place.code, place.area)


class PlaceTable(Table[Place]):
    """A run by area."""

    name = "renewal-places"
    caption = gettext_lazy("By area")
    empty = gettext_lazy("Nobody is insured here in this area.")
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("area", gettext_lazy("Area"), "area", sort="area"),
        Column("province", gettext_lazy("Province"), "province", sort="province"),
        Column("persons", gettext_lazy("Persons"), "persons", kind="number", sort="persons"),
        Column("changed", gettext_lazy("Renews with another share"), "changed", kind="number",
               sort="changed"),
        Column("cannot", gettext_lazy("Cannot be renewed yet"), "cannot", kind="number",
               sort="cannot"),
    )  # fmt: skip
    order = "-cannot"

    def for_run(self, run: Run) -> "PlaceTable":
        """With links to the rows of each area."""
        first, *others = self.columns
        linked = Column(first.key, first.title, first.value, sort=first.sort,
                        render=lambda place: _rows_link(run, place))  # fmt: skip
        self.columns = (linked, *others)  # type: ignore[misc]
        return self


def _subject(item: Any) -> str:
    return str(item.who or _("Without a name"))


class ItemTable(Table[Item]):
    """The worklist of renewal."""

    name = "renewal-items"
    caption = gettext_lazy("Renewal worklist")
    empty = gettext_lazy("Nothing waits here.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("who", gettext_lazy("Household"), _subject, sort="who",
               render=lambda i: _link("renewal:item", i, _subject(i))),
        Column("persons", gettext_lazy("Persons"), "count", kind="number", sort="count"),
        Column("reason", gettext_lazy("Reason"), lambda i: i.get_reason_display(), sort="reason"),
        Column("area", gettext_lazy("Area"), lambda i: str(i.area)),
        Column("on", gettext_lazy("Renewed from"), "on", kind="date", sort="on"),
        Column("deadline", gettext_lazy("Deadline"), "deadline", kind="date", sort="deadline"),
        Column("state", gettext_lazy("State"), lambda i: i.get_state_display(), render=_state),
    )  # fmt: skip
    order = "deadline"

    def search(self, rows: Any, text: str) -> Any:
        return rows.filter(Exists(by_name(of_item(OuterRef("pk")), text, "person")))


class SheetTable(Table[Sheet]):
    """Sheets of deciles somebody brought."""

    name = "decile-sheets"
    caption = gettext_lazy("Sheets of deciles")
    empty = gettext_lazy("You have brought no sheet yet.")
    columns = (
        Column("name", gettext_lazy("Sheet"), "name", sort="name",
               render=lambda s: _link("renewal:sheet", s, s.name)),
        Column("source", gettext_lazy("Who says so"), "source"),
        Column("rows", gettext_lazy("Rows"), lambda s: s.found.get("total"), kind="number"),
        Column("at", gettext_lazy("Brought on"), lambda s: s.at.date(), kind="date", sort="at"),
        Column("state", gettext_lazy("State"), lambda s: s.get_state_display(), render=_state),
    )  # fmt: skip
    order = "-at"


class AppealTable(Table[Appeal]):
    """Decile appeals."""

    name = "appeals"
    caption = gettext_lazy("Decile appeals")
    empty = gettext_lazy("No appeal fits.")
    search_label = NAME_OR_NUMBER
    columns = (
        Column("who", gettext_lazy("Household"), _subject, sort="who",
               render=lambda a: _link("renewal:appeal", a, _subject(a))),
        Column("decile", gettext_lazy("Decile contested"), "decile", kind="number", sort="decile"),
        Column("filed", gettext_lazy("Filed on"), "filed_on", kind="date", sort="filed_on"),
        Column("due", gettext_lazy("To be answered by"), "due_on", kind="date", sort="due_on"),
        Column("area", gettext_lazy("Area"), lambda a: str(a.area)),
        Column("state", gettext_lazy("State"), lambda a: a.get_state_display(), render=_state),
    )  # fmt: skip
    order = "due"

    def search(self, rows: Any, text: str) -> Any:
        members = by_name(members_of(OuterRef("household")), text, "person")
        return rows.filter(Exists(members))


class OutreachTable(Table[Outreach]):
    """Who is entitled to free cover and has none."""

    name = "entitled"
    caption = gettext_lazy("Entitled to free cover, not covered")
    empty = gettext_lazy("Nobody fits.")
    search_label = NAME_OR_NUMBER
    columns: ClassVar[Sequence[Column[Any]]] = (
        Column("person", gettext_lazy("Person"), lambda o: full_name(o.person),
               sort="person__sort_key",
               render=lambda o: _link("renewal:told", o, full_name(o.person))),
        Column("area", gettext_lazy("Area"), lambda o: str(o.area), sort="area__sort_key"),
        Column("decided", gettext_lazy("Decided on"), "decided_on", kind="date",
               sort="decided_on"),
        Column("deadline", gettext_lazy("To be told by"), "deadline", kind="date",
               sort="deadline"),
        Column("attempts", gettext_lazy("Attempts"), "attempts", kind="number", sort="attempts"),
        Column("told", gettext_lazy("Told on"), "told_on", kind="date", sort="told_on"),
        Column("state", gettext_lazy("State"), lambda o: o.get_state_display(), sort="state",
               render=_state),
    )  # fmt: skip
    order = "deadline"

    def search(self, rows: Any, text: str) -> Any:
        return by_name(rows, text, "person")


class ToldTable(Table[Told]):
    """Told and not told, by area."""

    name = "told"
    caption = gettext_lazy("Told and not told, by area")
    empty = gettext_lazy("Nobody is on the list in your area.")
    columns = (
        Column("area", gettext_lazy("Area"), "area", sort="area"),
        Column("overdue", gettext_lazy("Not told in time"), "overdue", kind="number",
               sort="overdue"),
        Column("untold", gettext_lazy("Not told yet"), "untold", kind="number", sort="untold"),
        Column("told", gettext_lazy("Told"), "told", kind="number", sort="told"),
        Column("enrolled", gettext_lazy("Enrolled"), "enrolled", kind="number", sort="enrolled"),
        Column("declined", gettext_lazy("Declined"), "declined", kind="number", sort="declined"),
    )  # fmt: skip
    order = "-overdue"
