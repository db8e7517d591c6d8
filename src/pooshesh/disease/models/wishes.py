"""Diseases people ask for, and how often."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models.listed import Disease
from pooshesh.kernel.ids import uuid7


class WishState(models.TextChoices):
    """What became of a wish; only what somebody looked at is shown by name to the public."""

    NEW = "new", _("Not yet looked at")
    OPEN = "open", _("Under study")
    ADDED = "added", _("Added to the list")
    DECLINED = "declined", _("Declined")


class Wish(models.Model):
    """A disease that people ask to have on the list, and how often they asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=160, unique=True)  # folded name
    name = models.CharField(max_length=160)  # as first typed, or as a clerk corrected it
    count = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=WishState.choices, default=WishState.NEW)
    disease = models.ForeignKey(Disease, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)


class WishVoice(models.Model):
    """One time somebody asked, with their words until these are deleted; never who."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    wish = models.ForeignKey(Wish, models.PROTECT, related_name="+")
    province = models.CharField(max_length=2, blank=True)
    words = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
