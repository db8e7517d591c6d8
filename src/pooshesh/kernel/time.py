"""Facts in two times: when they hold in the world (`valid`) and when we knew (`recorded`).

History is never overwritten. A changed fact closes the old row's `recorded` range and writes new
rows beside it, so that "what was true on D, as known at T" has one answer for every D and T.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

M = TypeVar("M", bound="Bitemporal")


class BitemporalQuerySet(models.QuerySet[M]):
    """Reads at a day and at a moment of knowledge."""

    def known(self, at: dt.datetime | None = None) -> "BitemporalQuerySet[M]":
        """Rows believed at a moment (default: now)."""
        if at is None:
            return self.filter(recorded__upper_inf=True)
        return self.filter(recorded__contains=at)

    def on(self, day: dt.date, at: dt.datetime | None = None) -> "BitemporalQuerySet[M]":
        """Rows that hold on a day, as known at a moment."""
        return self.known(at).filter(valid__contains=day)


class Bitemporal(models.Model):
    """Mixin: the two ranges. Add `no_overlap(...)` to the model's constraints."""

    valid = DateRangeField()
    recorded = DateTimeRangeField()

    objects = BitemporalQuerySet.as_manager()

    class Meta:
        abstract = True


def no_overlap(name: str, *keys: str, condition: models.Q | None = None) -> ExclusionConstraint:
    """The database refuses two believed facts about the same key on the same day."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((key, RangeOperators.EQUAL) for key in keys),
            ("valid", RangeOperators.OVERLAPS),
            ("recorded", RangeOperators.OVERLAPS),
        ],
        condition=condition,
    )


def from_day(start: dt.date | None, end: dt.date | None = None) -> DateRange:
    """Days from `start` up to, not including, `end`; None is open."""
    return DateRange(start, end, "[)")


def from_now(at: dt.datetime | None = None) -> DateTimeTZRange:
    """Known from this moment on."""
    return DateTimeTZRange(at or timezone.now(), None, "[)")


def state(
    model: type[M],
    key: Mapping[str, Any],
    values: Mapping[str, Any] | None,
    start: dt.date | None,
    end: dt.date | None = None,
    at: dt.datetime | None = None,
) -> M | None:
    """Write that `key` has `values` on [start, end); None states that it has none.

    Parts of older facts outside the range stay believed, inside it they are superseded but kept.
    Must run in a transaction; rows of the key are locked, so two writers queue.
    """
    now = at or timezone.now()
    window = from_day(start, end)
    manager = model._default_manager
    touched = manager.select_for_update().filter(
        **key, recorded__upper_inf=True, valid__overlap=window
    )
    for old in list(touched):
        manager.filter(pk=old.pk).update(recorded=DateTimeTZRange(old.recorded.lower, now, "[)"))
        lower, upper = old.valid.lower, old.valid.upper
        if start is not None and (lower is None or lower < start):
            _copy(old, from_day(lower, start), now)
        if end is not None and (upper is None or upper > end):
            _copy(old, from_day(end, upper), now)
    if values is None:
        return None
    return cast(M, manager.create(**key, **values, valid=window, recorded=from_now(now)))


def _copy(old: M, valid: DateRange, now: dt.datetime) -> None:
    """The part of a fact that still holds, as a new row."""
    fields = {
        f.attname: getattr(old, f.attname)
        for f in old._meta.concrete_fields
        if not f.primary_key and f.name not in ("valid", "recorded")
    }
    type(old)._default_manager.create(**fields, valid=valid, recorded=from_now(now))
