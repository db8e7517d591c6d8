"""Saved questions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.ids import uuid7


class View(models.Model):
    """A question somebody keeps under a name; with `role`, everybody who holds that role sees it.

    A question holds no figure: who opens it reads what they may read themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, blank=True)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once"),
            models.CheckConstraint(name="view_is_named", condition=~Q(name="") & ~Q(query="")),
        ]
        indexes = [models.Index(fields=["role"], name="view_of_role")]

    def __str__(self) -> str:
        return self.name
