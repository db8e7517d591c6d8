"""What requests are called in the shell: menu, tones, names of what the trail keeps, the desk."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pooshesh.fund import desk
from pooshesh.fund.desk import WorkKind
from pooshesh.fund.registry import FilePart, register_file_part
from pooshesh.requests import home, panel, queries
from pooshesh.requests.models import AppealStand, DoubtState, LetterState, State
from pooshesh.requests.retention import CLASSES, HELD
from pooshesh.requests.states import APPLY, READ, RUN, WORK
from pooshesh.web.registry import (
    HomePart,
    MenuItem,
    register_data,
    register_held,
    register_home,
    register_menu,
    register_names,
    register_tones,
)


def _doubt(row: Any) -> str:
    return reverse("requests:doubt", args=[row.pk])


def _request(row: Any) -> str:
    return reverse("requests:request", args=[row.pk])


def _persons(row: Any) -> list[UUID]:
    return [row.person_id]


def _of_doubt(row: Any) -> list[UUID]:
    return [row.line.person_id]


def register() -> None:
    """Hang requests into the shell."""
    section = _("Patients' fund")
    register_menu(
        MenuItem(_("Expense requests"), "requests:requests", READ, section, 330),
        MenuItem(_("Requests brought"), "requests:brought", APPLY, section, 332),
        MenuItem(_("Invoices that look alike"), "requests:doubts", WORK, section, 334),
        MenuItem(
            _("Committees of the fund"),
            "requests:bodies",
            READ,
            section,
            336,
            also="meetings.read",
        ),
        MenuItem(_("Appeals"), "requests:appeals", READ, section, 338),
    )
    register_home(
        HomePart(_("Committees of the fund"), RUN, 31, home.committees),
        HomePart(_("What you brought to the patients' fund"), APPLY, 32, home.brought,
                 _("Nothing you brought came back.")),
    )  # fmt: skip
    register_data(*CLASSES)
    register_held(HELD)
    register_file_part(FilePart(_("Expense requests"), "requests/panel.html", 20, panel.requests))
    desk.register(
        WorkKind("request_doubt", _("Invoices that look alike"), queries.open_doubts, _doubt,
                 "found_at", "", _of_doubt)
    )  # fmt: skip
    desk.register(
        WorkKind("request_screen", _("Requests before their meeting"), queries.to_screen, _request,
                 "since", "urgent", _persons)
    )  # fmt: skip
    register_tones(
        {
            State.DRAFT: "quiet", State.SUBMITTED: "info", State.RETURNED: "warn",
            State.IN_COMMITTEE: "info", State.DEFERRED: "warn", State.APPROVED: "good",
            State.PART: "good", State.REJECTED: "bad", State.WITHDRAWN: "quiet",
            State.DIED: "quiet", State.CLOSED: "quiet", DoubtState.OPEN: "warn",
            DoubtState.SAME: "bad", DoubtState.DIFFERENT: "good", DoubtState.CHANGED: "quiet",
            LetterState.ISSUED: "good",
            LetterState.USED: "quiet", LetterState.EXPIRED: "quiet", LetterState.REVOKED: "bad",
            AppealStand.WAITING: "info", AppealStand.DEFERRED: "warn",
            AppealStand.OVERTURNED: "good", AppealStand.UPHELD: "bad",
            AppealStand.WITHDRAWN: "quiet", "no_money": "quiet", "provisional": "warn",
        }
    )  # fmt: skip
    register_names(
        {
            "requests.bring": _("Brought an expense request"),
            "requests.change": _("Changed an expense request"),
            "requests.submit": _("Submitted an expense request"),
            "requests.decide": _("Decided an expense request by the rules"),
            "requests.return": _("Returned an expense request for completion"),
            "requests.answer": _("Answered a committee's question"),
            "requests.withdraw": _("Withdrew an expense request"),
            "requests.die": _("Closed a request of a patient who died"),
            "requests.propose": _("Set what a part would be"),
            "requests.agree": _("Agreed to an urgent request before the meeting"),
            "requests.confirm": _("Read the paper of a member who agreed"),
            "requests.doubt": _("Said whether two invoices are one"),
            "requests.doubt_back": _("Took back that two invoices are one"),
            "requests.end_letter": _("Ended a prior approval"),
            "requests.appeal": _("Brought an appeal"),
            "requests.withdraw_appeal": _("Withdrew an appeal"),
            "requests.appeal_decided": _("An appeal was decided"),
            "requests.appeal_undone": _("The decision of an appeal was set aside"),
            "requests.look": _("Looked at an expense request"),
            "requests.list": _("Looked at a list of expense requests"),
            "requests.papers": _("Printed letters and sheets of requests"),
            "requests.practice": _("Changed how a body of the fund works"),
            "request": _("Expense request"),
            "appeal": _("Appeal of a request"),
            "request_doubt": _("Invoices that look alike"),
            "request_screen": _("Requests before their meeting"),
            "requests.letters": _("End prior approvals that expired"),
            "requests.lapse": _("Closed an expense request nobody completed"),
            "requests.clock": _("Remind of requests to complete, and close late ones"),
            "requests.credit": _("Decide requests that waited for credit"),
            "letters": _("Letters of prior approval"),
            "waited": _("Waited for credit"),
            "decided": _("Decided"),
            "returned": _("Returned for completion"),
            "lapsed": _("Closed late"),
            "shebas of requests": _("Bank accounts given with expense requests"),
        }
    )
