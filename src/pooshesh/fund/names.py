"""What the fund is called in the shell: menu, tones, names of what the trail keeps, its desk."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pooshesh.fund import home, queries
from pooshesh.fund.desk import WorkKind
from pooshesh.fund.following import WORK as APPLICATION
from pooshesh.fund.models import IntakeState, Outcome, State
from pooshesh.fund.retention import CLASSES, HELD
from pooshesh.fund.states import APPLY, READ, WORDS, WORK
from pooshesh.web.registry import (
    HomePart,
    MenuItem,
    PersonPanel,
    register_data,
    register_held,
    register_home,
    register_menu,
    register_names,
    register_person_panel,
    register_tones,
)


def _address(row: Any) -> str:
    return reverse("fund:application", args=[row.pk])


def _persons(row: Any) -> list[UUID]:
    return [row.file.person_id]


APPLICATIONS = WorkKind(
    APPLICATION, _("Fund applications"), queries.at_the_desk, _address, "since", "urgent", _persons
)

SECTION = _("Patients' fund")


def register() -> None:
    """Hang the fund into the shell."""
    register_menu(
        MenuItem(_("Clerk's desk"), "fund:desk", WORK, SECTION, 300),
        MenuItem(_("New application"), "fund:apply", APPLY, SECTION, 301),
        MenuItem(_("Fund applications"), "fund:applications", READ, SECTION, 302),
        MenuItem(_("Patient files"), "fund:files", READ, SECTION, 303),
        MenuItem(_("Sheets of applications"), "fund:intakes", WORK, SECTION, 304),
        MenuItem(_("My applications"), "fund:brought", APPLY, SECTION, 305),
        MenuItem(_("Reasons for returning"), "fund:reasons", WORDS, SECTION, 347),
    )
    register_home(
        HomePart(SECTION, WORK, 30, home.waiting, _("No file of your area waits at the desk."))
    )
    register_person_panel(
        PersonPanel(_("Patients' fund"), "fund/panel.html", READ, 500, home.panel)
    )
    register_data(*CLASSES)
    register_held(HELD)
    register_tones(
        {
            State.RECEIVED: "info", State.INCOMPLETE: "warn", State.VERIFYING: "info",
            State.TAGGED: "good", State.REFUSED: "bad", State.WITHDRAWN: "quiet",
            State.CLOSED: "quiet", IntakeState.BROUGHT: "quiet", IntakeState.CHECKED: "info",
            IntakeState.WRITTEN: "good", Outcome.NEW: "good", Outcome.KNOWN: "good",
            Outcome.JOINED: "info", Outcome.DOUBT: "warn", Outcome.DEAD: "quiet",
            "fund_overdue": "bad", "fund_brought": "good", "fund_missing": "bad",
            "fund_optional": "quiet", "fund_retired": "quiet", "fund_in_use": "good",
        }
    )  # fmt: skip
    register_names(
        {
            "fund.open_file": _("Opened a patient's file"),
            "fund.look_file": _("Looked at a patient's file"),
            "fund.look": _("Looked at an application"),
            "fund.list": _("Looked at a list of the fund"),
            "fund.apply": _("Brought an application"),
            "fund.send": _("Sent an application to the university"),
            "fund.return": _("Returned an application for completion"),
            "fund.complete": _("Completed an application"),
            "fund.ask": _("The university asked for more"),
            "fund.tag": _("An application led to a tag"),
            "fund.refuse": _("The university refused an application"),
            "fund.uphold": _("The university upheld a refusal"),
            "fund.withdraw": _("Withdrew an application"),
            "fund.lapse": _("Closed an application that was not completed"),
            "fund.die": _("Closed an application of a patient who died"),
            "fund.revive": _("Opened an application again"),
            "fund.take": _("Took a file at the desk"),
            "fund.skip": _("Put a file off"),
            "fund.remind": _("Reminded patients to complete applications"),
            "fund.receipt": _("Printed a receipt or letter"),
            "fund.template": _("Changed a reason for returning"),
            "fund.bring": _("Brought a sheet of applications"),
            "fund.check": _("Checked a sheet of applications"),
            "fund.write": _("Wrote a sheet of applications"),
            "fund.apply_many": _("Opened applications of a sheet"),
            "fund.application": _("Application to the fund"),
            "application": _("Application to the fund"),
            "patient_file": _("Patient file"),
            "intake": _("Sheet of applications"),
            "return_template": _("Reason for returning"),
            "fund mobile numbers": _("Mobile numbers of applicants"),
            "fund findings": _("Findings about a sheet of applications"),
            "fund sheets": _("Sheets of applications as brought"),
            "refused": _("Refused rows"),
            "reminded": _("Patients reminded"),
            "unreached": _("Without a mobile number"),
        }
    )
