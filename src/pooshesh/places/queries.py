"""Reads of places. Areas are public knowledge; facilities and figures are too."""

import datetime as dt
from uuid import UUID

from pooshesh.places.models import AreaSetMember


def member_areas(area_set_id: UUID, on: dt.date) -> tuple[UUID, ...]:
    """Ids of the areas that belong to a set on a day."""
    return tuple(
        AreaSetMember.objects.filter(area_set_id=area_set_id, valid__contains=on)
        .order_by("area_id")
        .values_list("area_id", flat=True)
    )
