"""The tables of the fund."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.fund import queries
from pooshesh.fund.models import (
    Application,
    Channel,
    Insured,
    Intake,
    IntakeRow,
    IntakeState,
    Outcome,
    PatientFile,
    State,
    Why,
)
from pooshesh.people.tables import full_name
from pooshesh.web.cells import badge, dash
from pooshesh.web.table import Column, Table


def _link(address: str, text: object) -> SafeString:
    return format_html('<a href="{}"><bdi>{}</bdi></a>', address, text)


def file_link(row: PatientFile) -> SafeString:
    """A patient's name, leading to the file."""
    return _link(reverse("fund:file", args=[row.pk]), full_name(row.person))


def _application(row: Application) -> SafeString:
    return _link(reverse("fund:application", args=[row.pk]), full_name(row.file.person))


def days_in_state(row: Application) -> int:
    """Days since the present state began."""
    return (timezone.now() - row.since).days


def _state(row: Application) -> SafeString:
    """The state, with why it closed and whether its last day has passed."""
    shown = badge(State(row.state))
    if row.why:
        shown = format_html("{} <span class='soft'>{}</span>", shown, Why(row.why).label)
    if is_late(row):
        shown = format_html("{} {}", shown, badge("fund_overdue", _("overdue")))
    return shown


def is_late(row: Application) -> bool:
    """Whether the last day to complete it has passed."""
    return (
        row.state == State.INCOMPLETE
        and row.deadline is not None
        and row.deadline < timezone.localdate()
    )


class ApplicationTable(Table[Application]):
    """Applications to the fund."""

    name = "applications"
    caption = gettext_lazy("Applications to the fund")
    empty = gettext_lazy("No application fits.")
    search_label = gettext_lazy("Name, tracking number or identifier")
    columns = (
        Column("name", gettext_lazy("Patient"), lambda row: full_name(row.file.person),
               sort="file__person__sort_key", render=_application),
        Column("code", gettext_lazy("Tracking number"), "code", kind="id", sort="number"),
        Column("disease", gettext_lazy("Disease"), lambda row: str(row.disease),
               sort="disease__sort_key"),
        Column("state", gettext_lazy("State"), lambda row: State(row.state).label, sort="state",
               render=_state),
        Column("days", gettext_lazy("Days in this state"), days_in_state, kind="number",
               sort="since"),
        Column("deadline", gettext_lazy("To be completed by"), "deadline", kind="date",
               sort="deadline"),
        Column("received", gettext_lazy("Received"), "received_at", kind="date",
               sort="received_at"),
        Column("channel", gettext_lazy("Came by"), lambda row: Channel(row.channel).label,
               sort="channel"),
        Column("area", gettext_lazy("Lives in"), lambda row: str(row.area), hidden=True),
        Column("urgent", gettext_lazy("Urgent"), "urgent", kind="yes", sort="urgent", hidden=True),
        Column("insured", gettext_lazy("Insurance as stated"),
               lambda row: Insured(row.insured).label, sort="insured", hidden=True),
        Column("facility", gettext_lazy("Brought by"), lambda row: str(row.facility or ""),
               hidden=True),
    )  # fmt: skip
    order = "-received"

    def search(self, rows: Any, text: str) -> Any:
        return queries.find_applications(rows, text)


class FileTable(Table[PatientFile]):
    """Files of patients."""

    name = "patient-files"
    caption = gettext_lazy("Patient files")
    empty = gettext_lazy("No file fits; the first application of a patient opens one.")
    search_label = gettext_lazy("Name, file number or identifier")
    columns = (
        Column("name", gettext_lazy("Patient"), lambda row: full_name(row.person),
               sort="person__sort_key", render=file_link),
        Column("code", gettext_lazy("File number"), "code", kind="id", sort="number"),
        Column("birth", gettext_lazy("Birth date"), "person.birth_date", kind="date"),
        Column("area", gettext_lazy("Lives in"), lambda row: str(row.area)),
        Column("all", gettext_lazy("Fund applications"), "all_applications", kind="number",
               sort="all_applications"),
        Column("open", gettext_lazy("Open"), "open_applications", kind="number",
               sort="open_applications"),
        Column("opened", gettext_lazy("Opened"), "opened_at", kind="date", sort="opened_at"),
    )  # fmt: skip
    order = "-opened"

    def search(self, rows: Any, text: str) -> Any:
        return queries.find_files(rows, text)


def _intake(row: Intake) -> SafeString:
    return _link(reverse("fund:intake", args=[row.pk]), row.name)


class IntakeTable(Table[Intake]):
    """Sheets of applications."""

    name = "fund-sheets"
    caption = gettext_lazy("Sheets brought")
    empty = gettext_lazy("No sheet has been brought.")
    columns = (
        Column("name", gettext_lazy("File"), "name", render=_intake),
        Column("area", gettext_lazy("Area"), lambda row: str(row.area)),
        Column("state", gettext_lazy("State"), lambda row: IntakeState(row.state), kind="state",
               sort="state"),
        Column("rows", gettext_lazy("Good rows"), "rows", kind="number", sort="rows"),
        Column("refused", gettext_lazy("Refused rows"), "refused", kind="number", sort="refused"),
        Column("created", gettext_lazy("Brought"), "created_at", kind="moment",
               sort="created_at"),
        Column("written", gettext_lazy("Written at"), "written_at", kind="moment",
               sort="written_at"),
    )  # fmt: skip
    order = "-created"


def _row_application(row: IntakeRow) -> SafeString:
    if row.application is None:
        return dash()
    return _link(reverse("fund:application", args=[row.application_id]), row.application.code)


class RowTable(Table[IntakeRow]):
    """What became of the rows of a sheet."""

    name = "fund-sheet-rows"
    caption = gettext_lazy("What became of each row")
    columns = (
        Column("row", gettext_lazy("Row"), "row", kind="number", sort="row"),
        Column("outcome", gettext_lazy("What became of it"), lambda row: Outcome(row.outcome),
               kind="state", sort="outcome"),
        Column("application", gettext_lazy("Tracking number"),
               lambda row: row.application and row.application.code, kind="id",
               render=_row_application),
        Column("disease", gettext_lazy("Disease"),
               lambda row: str(row.application.disease) if row.application else ""),
        Column("state", gettext_lazy("State"),
               lambda row: State(row.application.state) if row.application else None,
               kind="state"),
    )  # fmt: skip
    order = "row"
