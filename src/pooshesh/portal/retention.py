"""How long what the portal holds is kept, and what a person is told about it."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass
from pooshesh.portal.models import (
    Code,
    Draft,
    Mandate,
    Message,
    Newcomer,
    NewcomerState,
    Term,
    Visit,
)
from pooshesh.web.registry import Held, HeldPart

DOOR_DAYS, VISIT_DAYS, MESSAGE_DAYS, TYPED_DAYS = 1, 365, 365, 90
WISH = gettext_lazy("The patient's own wish")
DUTY = gettext_lazy("Duty to answer for decisions")


def _codes(day: dt.date) -> QuerySet[Code]:
    return Code.objects.filter(made_at__date__lte=day - dt.timedelta(DOOR_DAYS))


def _drafts(day: dt.date) -> QuerySet[Draft]:
    return Draft.objects.filter(made_at__date__lte=day - dt.timedelta(DOOR_DAYS))


def _decoys(day: dt.date) -> QuerySet[Message]:
    """Rows of codes for numbers nobody has: nothing was sent."""
    return Message.objects.filter(masked="", made_at__date__lte=day - dt.timedelta(DOOR_DAYS))


def _delete_door(day: dt.date) -> int:
    """Delete codes, and drafts nobody came back for."""
    return sum(rows.delete()[0] for rows in (_codes(day), _drafts(day), _decoys(day)))


def _due_door(day: dt.date) -> int:
    return sum(rows.count() for rows in (_codes(day), _drafts(day), _decoys(day)))


def _visits(day: dt.date) -> QuerySet[Visit]:
    old = Visit.objects.filter(began_at__date__lte=day - dt.timedelta(VISIT_DAYS))
    return old.exclude(pk__in=Draft.objects.values("visit"))


def _messages(day: dt.date) -> QuerySet[Message]:
    return Message.objects.filter(made_at__date__lte=day - dt.timedelta(MESSAGE_DAYS))


def _typed(day: dt.date) -> QuerySet[Newcomer]:
    late = Q(made_at__date__lte=day - dt.timedelta(TYPED_DAYS))
    ended = ~Q(state=NewcomerState.OPEN)
    return Newcomer.objects.filter(late | ended, typed__isnull=False)


CLASSES = (
    DataClass(
        "portal_door", gettext_lazy("One-time codes that were asked for, and drafts"),
        gettext_lazy("To let patients in, and to lose nothing they typed"), WISH, DOOR_DAYS,
        delete=_delete_door, due=_due_door, tables=("portal.Code", "portal.Draft"),
    ),
    DataClass(
        "portal_visits", gettext_lazy("Visits of the portal"),
        gettext_lazy("To answer who came in and by what right"), DUTY, VISIT_DAYS,
        delete=lambda day: _visits(day).delete()[0], due=lambda day: _visits(day).count(),
        tables=("portal.Visit",),
    ),
    DataClass(
        "portal_messages", gettext_lazy("Messages to patients"),
        gettext_lazy("To answer what a patient was told and when"), DUTY, MESSAGE_DAYS,
        gettext_lazy("The number goes as soon as the message was sent"),
        lambda day: _messages(day).delete()[0], lambda day: _messages(day).count(),
        ("portal.Message",),
    ),
    DataClass(
        "portal_newcomers", gettext_lazy("What first applications said about who applies"),
        gettext_lazy("So that the desk can see who they are"), WISH, TYPED_DAYS,
        gettext_lazy("Sooner when the desk has decided"),
        lambda day: _typed(day).update(typed=None), lambda day: _typed(day).count(),
        ("portal.Newcomer",),
    ),
    DataClass(
        "portal_mandates", gettext_lazy("Mandates: who may act for a patient"),
        gettext_lazy("To answer by what right somebody acted"), DUTY,
        event=gettext_lazy("Kept with the patient's file"),
        tables=("portal.Mandate", "portal.Term"),
    ),
    DataClass(
        "portal_words", gettext_lazy("Words of messages"),
        gettext_lazy("To answer what a patient was told and when"), DUTY,
        tables=("portal.Template",),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """What the portal holds about a person, as classes."""
    own = _("Portal")
    lines = [
        Held(_("Visits of the portal"), Visit.objects.filter(person__in=records).count(), own,
             _("To answer who came in and by what right")),
        Held(_("One-time codes"), Code.objects.filter(person__in=records).count(), own,
             _("To let patients in, and to lose nothing they typed")),
        Held(_("Drafts"), Draft.objects.filter(visit__person__in=records).count(), own,
             _("To let patients in, and to lose nothing they typed")),
        Held(_("Messages"), Message.objects.filter(person__in=records).count(), own,
             _("To answer what a patient was told and when")),
        Held(_("Mandates: who may act for a patient"),
             Mandate.objects.filter(person__in=records).count(), _("The desk"),
             _("To answer by what right somebody acted")),
        Held(_("Times of mandates"),
             Term.objects.filter(mandate__person__in=records).count(), _("The desk"),
             _("To answer by what right somebody acted")),
        Held(_("First application"), Newcomer.objects.filter(person__in=records).count(), own,
             _("So that the desk can see who they are")),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Portal"), 80, _held)
