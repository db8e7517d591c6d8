"""How long what partners holds is kept: organisations, contacts, agreements, tasks."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.retention import DataClass
from pooshesh.partners.models import Contact

#: An assumption, no source states it: two years to ask back about what was agreed by telephone.
CONTACT_DAYS = 730
WORK = _("To know who answers for a place, and to reach them")
RECORD = _("Duty to answer for decisions")


def _ended(day: dt.date) -> QuerySet[Contact]:
    before = day - dt.timedelta(days=CONTACT_DAYS)
    over = Q(valid__endswith__lte=before) | Q(recorded__endswith__date__lte=before)
    return Contact.objects.filter(over)


CLASSES = (
    DataClass(
        "organisations", _("Organisations, their offices and who speaks for them"), WORK, RECORD,
        tables=("partners.Organisation", "partners.Office", "partners.Officer"),
    ),
    DataClass(
        "contacts", _("Contacts at organisations: name, telephone, e-mail"), WORK,
        _("The contact's own post"), CONTACT_DAYS,
        _("Counted from the end of the post, or of a wrong entry"),
        lambda day: _ended(day).delete()[0], lambda day: _ended(day).count(),
        ("partners.Contact",),
    ),
    DataClass(
        "agreements", _("Agreements with their terms and signed papers"),
        _("To prove what was agreed, and that data may be exchanged"), RECORD,
        tables=("partners.Agreement", "partners.AgreementTerm", "partners.AgreementDocument"),
    ),
    DataClass(
        "hand_overs", _("Hand-overs of neighbourhoods"),
        _("To answer who was responsible on a day"), RECORD,
        tables=("partners.HandOver", "partners.HandOverArea"),
    ),
    DataClass(
        "tasks", _("Tasks between organisations with their history"),
        _("To have it done in time, and to answer for it"), RECORD,
        tables=("partners.Task", "partners.TaskStep"),
    ),
)  # fmt: skip
