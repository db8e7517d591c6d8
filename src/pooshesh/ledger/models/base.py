"""What tables of money share."""

from typing import Any

from django.db import models
from django.db.models import Q

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.money import Rial


def positive(name: str, **more: Any) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(amount__gt=0, **more))


class Where(models.Model):
    """Mixin: where a row belongs; `province` "" and `area_path` "ir" for the nation's own."""

    province = models.CharField(max_length=2, blank=True)
    area_path = PathField()

    class Meta:
        abstract = True


class Money(models.Model):
    """Mixin: an amount in rial."""

    amount = models.BigIntegerField()

    class Meta:
        abstract = True

    @property
    def rial(self) -> Rial:
        """The amount as money."""
        return Rial(self.amount)
