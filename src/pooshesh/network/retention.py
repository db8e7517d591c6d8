"""How long what residents wrote is kept."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.retention import DataClass
from pooshesh.network.models import Report
from pooshesh.network.voice.actions import KEPT


def _due(day: dt.date) -> QuerySet[Report]:
    held = Q(content__isnull=False) | Q(phone__isnull=False) | ~Q(answer="")
    return Report.objects.filter(held, delete_by__lte=day)


def delete_words(day: dt.date) -> int:
    """Delete words, telephones and answers whose day has come; how many reports. Counts stay."""
    return _due(day).update(content=None, phone=None, answer="")


def due_words(day: dt.date) -> int:
    """Reports whose words should be gone and are not."""
    return _due(day).count()


CLASSES = (
    DataClass(
        "resident_words", _("What residents wrote, and their telephones"),
        _("To answer residents and fix what is missing"), _("The resident's own wish"),
        KEPT.days, delete=delete_words, due=due_words, tables=("network.Report",),
    ),
    DataClass(
        "gaps", _("Gaps with their steps"), _("To fix what is missing, and to answer for it"),
        _("Duty to answer for decisions"), tables=("network.Gap", "network.GapStep"),
    ),
    DataClass(
        "load_forecast", _("Rates of the load forecast, and counts of the newly insured"),
        _("To have beds and visits ready; counts by place, month, age and sex, no person"),
        _("The insurer's task: finding and covering who has no cover"),
        tables=("network.Assumption", "network.Intake"),
    ),
)  # fmt: skip
