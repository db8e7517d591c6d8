"""How long what places holds is kept: areas and facilities, no persons; and sheets brought."""

import datetime as dt

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.retention import DataClass
from pooshesh.places.import_jobs import FOLDER, KEPT_FOR

RECORD = _("Duty to answer for decisions")
SERVE = _("To say where somebody lives, who answers for the place and where care is")


def due_sheets() -> list[str]:
    """Sheets of places on the disk that nobody wrote in time, as stored names."""
    if not default_storage.exists(FOLDER):
        return []
    before = timezone.now() - KEPT_FOR
    names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    return [one for one in names if default_storage.get_modified_time(one) < before]


def delete_sheets(_day: dt.date) -> int:
    """Delete sheets of places that nobody confirmed; how many."""
    due = due_sheets()
    for stored in due:
        default_storage.delete(stored)
    return len(due)


CLASSES = (
    DataClass(
        "areas", _("Areas, their names and figures, and who answers for them"), SERVE, RECORD,
        tables=("places.Area", "places.PastName", "places.Figure", "places.AreaSet",
                "places.AreaSetMember"),
    ),
    DataClass(
        "facilities", _("Health facilities"), SERVE, RECORD, tables=("places.Facility",),
    ),
    DataClass(
        "place_sheets", _("Sheets of places that nobody confirmed"),
        _("To be able to go on with an upload"), RECORD, KEPT_FOR.days, "", delete_sheets,
        lambda _day: len(due_sheets()),
    ),
)  # fmt: skip
