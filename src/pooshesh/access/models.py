"""Tables of access: users, what they may do where and until when, broken glass."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import Reach
from pooshesh.access.roles import ROLES
from pooshesh.kernel.ids import uuid7
from pooshesh.places.models import Area, AreaSet


class UserManager(BaseUserManager["User"]):
    """Makes users; allauth asks for it by this name."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody who signs in. What they may do is in their grants, never in a flag here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = models.CharField(_("Username"), max_length=60, unique=True)
    email = models.EmailField(_("E-mail"), blank=True)
    full_name = models.CharField(_("Full name"), max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)  # production refuses to start with one
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.full_name or self.username

    def may(self, permission: str) -> bool:
        """Whether some live grant carries the permission, wherever its scope."""
        from pooshesh.access.queries import live_grants

        return any(permission in ROLES[grant.role].permissions for grant in live_grants(self))

    def reach(self, permission: str) -> Reach:
        """Where this user sees names by a permission."""
        from pooshesh.access.queries import visible

        return visible(self, permission)

    def counts(self, permission: str) -> Reach:
        """Where this user sees figures by a permission, names or not."""
        from pooshesh.access.queries import countable

        return countable(self, permission)


class Grant(models.Model):
    """A role, held by a user, over a scope, for a time.

    The scope is the subtree of an area, or the areas of a set (a catchment or a sponsor);
    `counts_only` shows figures of that scope without any name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=[(r.code, r.title) for r in ROLES.values()])
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    area_set = models.ForeignKey(AreaSet, models.PROTECT, null=True, related_name="+")
    counts_only = models.BooleanField(default=False)
    valid = DateRangeField()
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["user"], name="grant_user")]
        constraints = [
            models.CheckConstraint(
                name="grant_has_one_scope",
                condition=models.Q(area__isnull=False) ^ models.Q(area_set__isnull=False),
            ),
            models.CheckConstraint(
                name="grant_role_is_known", condition=models.Q(role__in=list(ROLES))
            ),
        ]


class BrokenGlass(models.Model):
    """An emergency look beyond one's area: a typed reason, an end, and everything logged."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    person_id = models.UUIDField()
    reason = models.TextField()
    began_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="glass_ends_after_it_began",
                condition=models.Q(ends_at__gt=models.F("began_at")),
            ),
            models.CheckConstraint(
                name="glass_has_a_reason", condition=models.Q(reason__regex=r"\S.{9,}")
            ),
        ]
