"""How long the census keeps what households said, and their photographed documents."""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.census.models import Aside, Conflict, Entry, Photo, Revision
from pooshesh.kernel.retention import DataClass, register

PHOTO_DAYS = 180
ENTRY_DAYS = 365  # after it came


def _due_photos(today: dt.date) -> Q:
    return Q(delete_by__lte=today, deleted_at=None)


def delete_photos(today: dt.date) -> int:
    """Delete the bytes of photos whose day has come; how many."""
    return Photo.objects.filter(_due_photos(today)).update(content=None, deleted_at=timezone.now())


def due_photos(today: dt.date) -> int:
    """Photos whose day has come and that are still here."""
    return Photo.objects.filter(_due_photos(today)).count()


def _due_entries(today: dt.date) -> Q:
    before = today - dt.timedelta(days=ENTRY_DAYS)
    return Q(received_at__date__lte=before, content__isnull=False)


@transaction.atomic
def delete_entries(today: dt.date) -> int:
    """Delete what households said, in every version; how many versions. Counts and times stay."""
    due = _due_entries(today)
    return sum(
        rows.filter(due).update(content=None)
        for rows in (
            Revision.objects.all(), Conflict.objects.all(), Aside.objects.all(),
            Entry.objects.all(),
        )
    )  # fmt: skip


def due_entries(today: dt.date) -> int:
    """Versions of households whose day has come and that are still here."""
    due = _due_entries(today)
    return sum(
        rows.filter(due).count()
        for rows in (
            Revision.objects.all(), Conflict.objects.all(), Aside.objects.all(),
            Entry.objects.all(),
        )
    )  # fmt: skip


register(
    DataClass(
        "field_photo", _("Documents photographed at the door"),
        _("To read what the worker could not copy"), _("The household's consent at the door"),
        PHOTO_DAYS, delete=delete_photos, due=due_photos, tables=("census.Photo",),
    ),
    DataClass(
        "field_household", _("Households as taken on the phone"),
        _("To find who lives there"), _("The household's consent at the door"),
        ENTRY_DAYS, delete=delete_entries, due=due_entries,
        tables=("census.Entry", "census.Revision", "census.Conflict", "census.Aside"),
    ),
    DataClass(
        "census_rounds", _("Rounds of the census: alleys, who takes them, phones"),
        _("To know who counts where, and which phone may send"), _("Duty to answer for decisions"),
        tables=("census.Round", "census.Zone", "census.Alley", "census.Assignment",
                "census.Device", "census.Feed"),
    ),
)  # fmt: skip
