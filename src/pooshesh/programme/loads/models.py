"""Tables of loads."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Area


class Load(models.Model):
    """A folder of census sheets, one per neighbourhood, and the rolls they are set against.

    `key` is the digest of the files, the day and the pack: the same folder is the same load.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    pack = models.CharField(max_length=40)
    on = models.DateField()
    skip_bad_rows = models.BooleanField(default=False)
    rolls = models.JSONField(default=dict)  # insurer → rows
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)


class ItemState(models.TextChoices):
    """Where one sheet of a load stands."""

    WAITING = "waiting", _("Waiting")
    BROUGHT = "brought", _("Brought")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class LoadItem(models.Model):
    """One census sheet of a load; `message` says why it was refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    load = models.ForeignKey(Load, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)  # of the file
    sha256 = models.CharField(max_length=64)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    area_path = PathField(null=True)
    province = models.CharField(max_length=2, blank=True)
    campaign = models.ForeignKey("programme.Campaign", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=ItemState.choices, default=ItemState.WAITING)
    message = models.TextField(blank=True)
    job_id = models.UUIDField(null=True)
    seconds = models.FloatField(null=True)  # the job took
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["load", "name"], name="load_item_once")]
        indexes = [models.Index(fields=["load", "state"], name="load_item_state")]
