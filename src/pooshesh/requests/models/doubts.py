"""Pairs of lines that look like one invoice."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Placed
from pooshesh.requests.models.request import RequestLine
from pooshesh.requests.near import Likeness


class DoubtState(models.TextChoices):
    OPEN = "open", _("To look at")
    SAME = "same", _("The same invoice")
    DIFFERENT = "different", _("Different invoices")
    CHANGED = "changed", _("The line was changed since")


class Doubt(Placed):
    """Two lines that look like one invoice; `line` came later and waits until a clerk said so."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="+")
    other = models.ForeignKey(RequestLine, models.PROTECT, related_name="+")
    likeness = ArrayField(
        models.CharField(max_length=20, choices=[(one.value, one.value) for one in Likeness])
    )
    state = models.CharField(max_length=9, choices=DoubtState.choices, default=DoubtState.OPEN)
    why = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["province", "found_at", "id"], name="doubt_open", condition=Q(state="open")
            ),
            GistIndex(fields=["area_path"], name="doubt_path"),
        ]
        constraints = [
            models.UniqueConstraint(name="doubt_once", fields=["line", "other"]),
        ]
