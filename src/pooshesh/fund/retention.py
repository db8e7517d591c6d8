"""How long what the fund holds is kept, what deletes it, and what is kept sealed."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.fund.models import (
    OPEN,
    Application,
    ApplicationStep,
    Intake,
    IntakeRow,
    PatientFile,
)
from pooshesh.kernel import rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.retention import DataClass
from pooshesh.kernel.vault import Vault, vault_rotation
from pooshesh.web.registry import Held, HeldPart

VAULT = Vault(lambda: config().home / "uploads" / "fund", "fund sheet")

MOBILE = "fund application mobile"  # bound into the sealed number
FAULTS = "fund faults"  # bound into the sealed findings
SHEET_DAYS, FINDING_DAYS, MOBILE_DAYS = 90, 90, 180

RECORD = _("Duty to answer for decisions")
LAW = _("Budget law: fund for special and refractory diseases")


def _sheets(day: dt.date) -> QuerySet[Intake]:
    return Intake.objects.filter(delete_by__lte=day, deleted_at=None)


def _delete_sheets(day: dt.date) -> int:
    """Delete the bytes of sheets whose day has come."""
    ids = list(_sheets(day).values_list("id", flat=True))
    Intake.objects.filter(id__in=ids).update(deleted_at=timezone.now())
    # After the commit: a file must not go while its row may still come back.
    transaction.on_commit(lambda: VAULT.delete(ids))
    return len(ids)


def _strays() -> list[Path]:
    long_ago = timezone.now() - dt.timedelta(days=1)
    return VAULT.strays(_kept().values_list("id", flat=True), long_ago)


def _kept() -> QuerySet[Intake]:
    return Intake.objects.filter(deleted_at=None)


def _delete_strays(_day: dt.date) -> int:
    """Delete sheets on the disk that no row speaks of."""
    found = _strays()
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _findings(day: dt.date) -> QuerySet[Intake]:
    before = day - dt.timedelta(days=FINDING_DAYS)
    return Intake.objects.filter(created_at__date__lte=before, faults__isnull=False)


def _mobiles(day: dt.date) -> QuerySet[Application]:
    before = day - dt.timedelta(days=MOBILE_DAYS)
    ended = Application.objects.exclude(state__in=OPEN)
    return ended.filter(since__date__lte=before, mobile__isnull=False)


CLASSES = (
    DataClass(
        "fund_files", _("Patient files and applications with their steps"),
        _("To find and tag the patient's disease and to answer for it"), RECORD,
        tables=("fund.PatientFile", "fund.Application", "fund.ApplicationStep"),
    ),
    DataClass(
        "fund_mobiles", _("Mobile numbers of applicants"),
        _("To tell the patient what is missing and what was decided"), LAW, MOBILE_DAYS,
        _("Counted from the end of the application"),
        lambda day: _mobiles(day).update(mobile=None), lambda day: _mobiles(day).count(),
    ),
    DataClass(
        "fund_sheets", _("Sheets of applications as brought"),
        _("To open the applications in them"), LAW, SHEET_DAYS, "",
        _delete_sheets, lambda day: _sheets(day).count(),
    ),
    DataClass(
        "fund_findings", _("Findings about a sheet of applications"),
        _("To correct the sheet"), LAW, FINDING_DAYS, "",
        lambda day: _findings(day).update(faults=None), lambda day: _findings(day).count(),
    ),
    DataClass(
        "fund_strays", _("Sheets of applications whose upload broke off"),
        _("None; they are left over"), LAW, 1, "", _delete_strays, lambda day: len(_strays()),
    ),
    DataClass(
        "fund_work", _("What became of rows of sheets, and who works on what at the desk"),
        _("To write nothing twice, and to give no file to two clerks"), RECORD,
        tables=("fund.Intake", "fund.IntakeRow", "fund.Assignment", "fund.ReturnTemplate"),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """The file and applications of a person."""
    files = PatientFile.objects.filter(person__in=records)
    rows = Application.objects.filter(file__in=files)
    lines = [
        Held(gettext("Patient file"), files.count(), gettext("Applications to the fund"),
             gettext("To find and tag the patient's disease and to answer for it")),
        Held(gettext("Applications to the fund"), rows.count(),
             gettext("Patient, clinic or service desk"),
             gettext("To find and tag the patient's disease and to answer for it")),
        Held(gettext("Steps of applications"),
             ApplicationStep.objects.filter(application__in=rows).count(),
             gettext("Clerks, universities"), gettext("To answer for each step")),
        Held(gettext("Rows of sheets of applications"),
             IntakeRow.objects.filter(application__in=rows).count(),
             gettext("Sheet of applications"), gettext("To open the applications in them")),
        Held(gettext("Mobile numbers of applicants"), rows.exclude(mobile=None).count(),
             gettext("Patient, clinic or service desk"),
             gettext("To tell the patient what is missing and what was decided")),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(_("Patients' fund"), 62, _held)

rotation.register(
    rotation.column("fund mobile numbers", Application, "mobile", bound=MOBILE),
    rotation.column("fund findings", Intake, "faults", bound=FAULTS),
    vault_rotation("fund sheets", VAULT, _kept),
)
