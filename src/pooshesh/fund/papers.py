"""Printed papers of an application: the receipt, and the letter about where it stands."""

from django.utils.translation import gettext as _

from pooshesh.fund import queries
from pooshesh.fund.models import Application, State, Why
from pooshesh.people.tables import full_name
from pooshesh.web.format import digits, jdate
from pooshesh.web.pdf import pdf

PAPER = "fund/print/letter.typ"


def letter(row: Application) -> bytes:
    """The PDF for the patient: what was received, what is missing or was decided, what is next."""
    titles = {one.kind: one.title for one in queries.checklist(row).items}
    waits = row.state == State.RECEIVED
    return pdf(
        PAPER, _("Receipt of an application") if waits else _("About your application"),
        {
            "facts": _facts(row),
            "said": said(row),
            "listed": [titles.get(kind, kind) for kind in row.missing],
            "listed_title": _("What is missing"),
            "code_title": _("Tracking number"),
            "code": digits(row.code),
            "after": [
                _("Keep this number: with it the service desk finds your application."),
                _("Applying costs nothing, and nobody may ask you for money for it."),
            ],
        },
        foot=digits(row.code),
    )  # fmt: skip


def _facts(row: Application) -> list[tuple[str, str]]:
    return [
        (_("Patient"), full_name(row.file.person)),
        (_("File number"), digits(row.file.code)),
        (_("Disease"), str(row.disease)),
        (_("Received"), jdate(row.received_at, "prose")),
        (_("State"), str(State(row.state).label)),
        (_("Lives in"), str(row.area)),
    ]


def said(row: Application) -> list[str]:
    """Where an application stands and what comes next, in plain sentences."""
    steps = queries.steps(row)
    reason = [steps[0].text] if steps and steps[0].text else []
    match State(row.state):
        case State.RECEIVED:
            return [_("We have your application. A clerk looks whether anything is missing; then "
                      "the medical university decides about the diagnosis.")]  # fmt: skip
        case State.INCOMPLETE:
            text = _("Your application cannot go on yet. Please complete it by %(day)s.")
            return [text % {"day": jdate(row.deadline, "prose")}, *reason]
        case State.VERIFYING:
            return [_("The medical university of your place decides about the diagnosis now. You "
                      "need do nothing.")]  # fmt: skip
        case State.TAGGED:
            return [_("The university confirmed the diagnosis; the tag is recorded. From now on "
                      "you can bring expense requests.")]  # fmt: skip
        case State.REFUSED:
            return [
                _("The university did not confirm the diagnosis."),
                *reason,
                _("You may appeal at the service desk; other physicians decide about it."),
            ]
        case State.WITHDRAWN:
            return [_("The application was withdrawn. You may apply again at any time.")]
        case _closed:
            why = Why(row.why).label if row.why else ""
            return [_("The application was closed: %(why)s.") % {"why": why}]
