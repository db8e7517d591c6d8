"""What was published, for good."""

from django.db import models
from django.utils import timezone

from pooshesh.kernel.ids import uuid7


class Release(models.Model):
    """The public tables of a month, as they were published; later ones are further releases.

    `body` is what the public sees, masked, JSON; every page and file is made of it. `ground` has
    all numbers: the next release masks beside it. `flagged`: a check was red about the month.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    month = models.DateField()
    number = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField(default=timezone.now)
    as_of = models.DateTimeField()
    revision = models.PositiveSmallIntegerField()  # of the month that was counted
    definitions = models.CharField(max_length=64)
    flagged = models.BooleanField(default=False)
    ground = models.JSONField()
    body = models.BinaryField()
    etag = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "number"], name="release_once"),
        ]
