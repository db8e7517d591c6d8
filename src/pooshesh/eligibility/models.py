"""Tables of eligibility: the keys by which providers' programs ask."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Area

PER_MINUTE = 600


class Pass(models.Model):
    """A provider's program may check cover in the name of an account, until a day.

    The pass itself is signed and shown once; only its id is here. What it may do is what the
    account may do at that moment, so ending the account's role ends the pass.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)  # of the provider or its system
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2, blank=True)
    per_minute = models.PositiveIntegerField(default=PER_MINUTE)  # in each server process
    given_by = models.UUIDField()
    given_at = models.DateTimeField(default=timezone.now)
    expires_on = models.DateField()  # the last day it works
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="pass_revoked_by_somebody",
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
            models.CheckConstraint(name="pass_lets_some_through", condition=Q(per_minute__gte=1)),
        ]
