"""How long what requests hold is kept, what is told to who asks, and what is kept sealed."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel import rotation
from pooshesh.kernel.retention import DataClass
from pooshesh.requests.bringing import SHEBA
from pooshesh.requests.models import (
    OPEN,
    Appeal,
    CeilingUse,
    Consent,
    Doubt,
    Letter,
    Request,
    RequestLine,
    RequestStep,
)
from pooshesh.web.registry import Held, HeldPart

SHEBA_DAYS = 365

RECORD = _("Duty to answer for decisions")
LAW = _("Budget law: fund for special and refractory diseases")


def _shebas(day: dt.date) -> QuerySet[Request]:
    before = day - dt.timedelta(days=SHEBA_DAYS)
    ended = Request.objects.exclude(state__in=OPEN)
    return ended.filter(since__date__lte=before, sheba__isnull=False)


CLASSES = (
    DataClass(
        "requests", _("Expense requests with their lines, decisions and appeals"),
        _("To decide, to count the yearly ceiling and to answer for both"), RECORD,
        tables=(
            "requests.Request", "requests.RequestLine", "requests.RequestStep",
            "requests.CeilingUse", "requests.Doubt", "requests.Letter", "requests.Consent",
            "requests.Appeal", "requests.Practice",
        ),
    ),
    DataClass(
        "requests_shebas", _("Bank accounts given with expense requests"),
        _("To draw the voucher"), LAW, SHEBA_DAYS, _("Counted from the end of the request"),
        lambda day: _shebas(day).update(sheba=None), lambda day: _shebas(day).count(),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """Requests of a person and what stands with them."""
    rows = Request.objects.filter(person__in=records)
    lines = RequestLine.every.filter(request__in=rows)
    source, purpose = gettext("Patient, clinic or service desk"), CLASSES[0].purpose
    counted = [
        (gettext("Expense requests and prior approvals"), rows.count()),
        (gettext("Lines of expense requests"),
         lines.count() + RequestLine.every.filter(person__in=records)
         .exclude(request__in=rows).count()),
        (gettext("Steps of expense requests"),
         RequestStep.objects.filter(request__in=rows).count()
         + Consent.objects.filter(request__in=rows).count()),
        (gettext("What the fund granted in a year"),
         CeilingUse.objects.filter(person__in=records).count()),
        (gettext("Invoices that looked alike"), Doubt.objects.filter(line__in=lines).count()),
        (gettext("Letters of prior approval"), Letter.objects.filter(request__in=rows).count()),
        (gettext("Appeals of decisions about expenses"),
         Appeal.objects.filter(request__in=rows).count()),
    ]  # fmt: skip
    held = [Held(what, count, source, purpose) for what, count in counted if count]
    shebas = rows.exclude(sheba=None).count()
    if shebas:
        held.append(
            Held(gettext("Bank accounts given with expense requests"), shebas, source,
                 gettext("To draw the voucher"))
        )  # fmt: skip
    return held


HELD = HeldPart(_("Expense requests"), 66, _held)

rotation.register(rotation.column("shebas of requests", Request, "sheba", bound=SHEBA))
