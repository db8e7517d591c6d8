"""Areas as figures have them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from pooshesh.places.models import Area


@dataclass(frozen=True)
class Place:
    """An area with its name in the active language."""

    id: UUID
    code: str
    name: str
    kind: str
    path: str
    province: str


def place_of(area: Area) -> Place:
    """An area as figures have it."""
    return Place(area.id, area.code, str(area), str(area.kind), str(area.path), area.province)


def places_of(kind: str, within: str = "ir") -> tuple[Place, ...]:
    """The areas of a kind that lie in an area, given by its path; in the order of their names."""
    rows: Iterable[Area] = Area.objects.filter(
        kind=kind, path__within=within, valid__upper_inf=True
    ).order_by("sort_key")
    return tuple(place_of(area) for area in rows)
