"""How long what coverage holds is kept, what deletes it, and what a person is told about it."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.coverage.documents import VAULT
from pooshesh.coverage.models import (
    Account,
    Application,
    Birth,
    Document,
    Ending,
    Invoice,
    InvoiceLine,
    Notice,
    Payment,
    Proof,
    Refund,
    Resolution,
    Source,
    Spell,
    Suspension,
)
from pooshesh.kernel.retention import DataClass
from pooshesh.people.models import Membership
from pooshesh.web.registry import Held, HeldPart

DOCUMENTS, STRAYS, PAPERS = "cover_documents", "cover_strays", "cover_papers"
#: An assumption, no source states it: a year of cover and the time to object to its renewal.
DOCUMENT_DAYS = 545
STRAY = dt.timedelta(days=1)

LAW = gettext_lazy("Universal health insurance law")


def _due(day: dt.date) -> QuerySet[Document]:
    before = day - dt.timedelta(days=DOCUMENT_DAYS)
    return Document.objects.filter(at__date__lte=before, deleted_at=None)


@transaction.atomic
def delete_documents(day: dt.date) -> int:
    """Delete the bytes of documents whose day has come; how many. That they were shown stays."""
    ids = list(_due(day).values_list("id", flat=True))
    Document.objects.filter(id__in=ids).update(deleted_at=timezone.now(), name="")
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: VAULT.delete(ids))
    return len(ids)


def _strays() -> list[Path]:
    held = Document.objects.filter(deleted_at=None).values_list("id", flat=True)
    return VAULT.strays(held, timezone.now() - STRAY)


def delete_strays(_day: dt.date) -> int:
    """Delete documents on the disk that no row speaks of; how many."""
    found = _strays()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


CLASSES = (
    DataClass(
        DOCUMENTS, gettext_lazy("Documents of an enrolment"),
        gettext_lazy("To decide about cover, and about an objection to it"), LAW, DOCUMENT_DAYS,
        gettext_lazy("Counted from the day they were brought"), delete_documents,
        lambda day: _due(day).count(), ("coverage.Document",),
    ),
    DataClass(
        STRAYS, gettext_lazy("Documents of enrolments that broke off"),
        gettext_lazy("None; they are left over"), LAW, STRAY.days, "", delete_strays,
        lambda _day: len(_strays()),
    ),
    DataClass(
        PAPERS, gettext_lazy("Spells of cover, notices, invoices and payments"),
        gettext_lazy("To answer for cover and for money"), LAW,
        tables=(
            "coverage.Insurer", "coverage.Spell", "coverage.Undo", "coverage.Notice",
            "coverage.Suspension", "coverage.Ending", "coverage.Resolution", "coverage.Birth",
            "coverage.Application", "coverage.Proof", "coverage.Account", "coverage.Invoice",
            "coverage.InvoiceLine", "coverage.Payment", "coverage.Refund",
        ),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """What coverage holds about a person, as classes."""
    homes = Membership.objects.known().filter(person__in=records).values("household_id")
    asked = Application.objects.filter(household__in=homes)
    papers = Document.objects.filter(application__in=asked, deleted_at=None)
    oldest = papers.order_by("at").values_list("at", flat=True).first()
    until = oldest and timezone.localdate(oldest) + dt.timedelta(days=DOCUMENT_DAYS)
    answer, money = _("To answer for cover and for money"), _("To ask for the premium once")
    about = {"person__in": records}
    spells = Spell.objects.filter(person__in=records)
    lines = [
        Held(_("Cover by this insurer"), spells.filter(source=Source.ENROLMENT).count(),
             _("Enrolment"), _("To give what the person is entitled to")),
        Held(_("Cover by other insurers"), spells.filter(source=Source.ROLL).count(),
             _("Insurers' rolls as brought"), _("To find who has no cover")),
        Held(_("Suspensions of cover"), Suspension.objects.filter(**about).count(),
             _("This insurer"), answer),
        Held(_("Ends of cover"), Ending.objects.filter(**about).count(), _("This insurer"),
             answer),
        Held(_("Enrolment forms of the household"), asked.count(), _("The household"), answer),
        Held(_("Documents brought with an enrolment"), papers.count(), _("The household"),
             _("To decide about cover, and about an objection to it"), until),
        Held(_("Notices that cover will stop"), Notice.objects.filter(**about).count(),
             _("This insurer"), _("So that nobody loses cover silently")),
        Held(_("Decisions which insurer stays"), Resolution.objects.filter(**about).count(),
             _("Clerks"), answer),
        Held(_("Cards with a code"), Proof.objects.filter(**about).count(), _("This insurer"),
             _("To prove cover without telling a name")),
        Held(_("Births into a covered household"), Birth.objects.filter(**about).count(),
             _("The household"), _("To cover a newborn from the first day")),
        Held(_("Invoices of the household"), Invoice.objects.filter(household__in=homes).count(),
             _("This insurer"), money),
        Held(_("Payments of the household"), Payment.objects.filter(household__in=homes).count(),
             _("Bank"), money),
        Held(_("Lines of invoices"), InvoiceLine.objects.filter(**about).count(),
             _("This insurer"), money),
        Held(_("Account of the household"), Account.objects.filter(household__in=homes).count(),
             _("This insurer"), money),
        Held(_("Money paid back to the household"),
             Refund.objects.filter(household__in=homes).count(), _("This insurer"), money),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Cover, enrolment, notices and money"), 25, _held)
