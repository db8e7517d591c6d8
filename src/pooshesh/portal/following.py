"""Patients are told when something of theirs moves, in the transaction that moves it."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone, translation

from pooshesh.fund.models import Application
from pooshesh.portal import messages
from pooshesh.portal.finding import told_at
from pooshesh.portal.messages import Note
from pooshesh.portal.models import Told
from pooshesh.web.format import digits, jdate

#: What happened to an application → what its patient is told; of the rest nothing.
APPLICATIONS = {
    "apply": Told.RECEIVED, "return": Told.INCOMPLETE, "ask": Told.INCOMPLETE,
    "send": Told.VERIFYING, "tag": Told.TAGGED, "refuse": Told.REFUSED, "uphold": Told.REFUSED,
    "lapse": Told.CLOSED,
}  # fmt: skip


def on_application(*, application: Application, verb: str, **_more: Any) -> None:
    """An application moved."""
    event = APPLICATIONS.get(verb)
    if event:
        with translation.override("fa"):
            filled = {"number": digits(application.code), "day": _day(application.deadline)}
        _tell([Note(application.file.person_id, event, application.pk, filled)])


def _day(day: Any) -> str:
    return jdate(day, "prose") if day else "—"


def _tell(notes: Sequence[Note]) -> None:
    if notes:
        mobiles = told_at({note.person_id for note in notes}, timezone.localdate())
        messages.tell(notes, mobiles)
