"""Areas as figures have them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from pooshesh.places.models import Area, AreaKind, in_language


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
    return _places(Q(kind=kind, path__within=within))


def tree_of(kind: str, within: str = "ir") -> tuple[Place, ...]:
    """The nation, its provinces, and what lies in an area down to a kind, in the order of names."""
    down = AreaKind.values[: AreaKind.values.index(kind) + 1]
    shared = [one for one in ("nation", "province") if one in down]
    return _places(Q(kind__in=down, path__within=within) | Q(kind__in=shared))


def _places(which: Q) -> tuple[Place, ...]:
    rows = Area.objects.filter(which, valid__upper_inf=True)
    english = in_language("name") == "name_en"
    # Thousands of areas may be read here: as rows, not as models, which take ten times as long.
    wanted = rows.order_by("sort_key").values(
        "id", "code", "kind", "path", "province", "name_fa", "name_en"
    )
    return tuple(
        Place(
            row["id"], row["code"], (english and row["name_en"]) or row["name_fa"], row["kind"],
            row["path"], row["province"],
        )
        for row in wanted
    )  # fmt: skip
