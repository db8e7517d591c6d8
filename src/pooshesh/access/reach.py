"""How far somebody sees: the one area filter of the house."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Reach:
    """The areas a permission covers: everything, whole provinces, subtrees, single areas.

    `q()` filters any table that carries `province`, `area_path` and `area_id`; the field names
    can be given for tables that hold them elsewhere. An empty reach matches no row.
    """

    everywhere: bool = False
    provinces: tuple[str, ...] = ()
    subtrees: tuple[str, ...] = ()  # paths below a province
    areas: tuple[UUID, ...] = ()  # of catchments and sponsors

    def __bool__(self) -> bool:
        return bool(self.everywhere or self.provinces or self.subtrees or self.areas)

    def q(self, path: str = "area_path", province: str = "province", area: str = "area_id") -> Q:
        """The filter as a Q over the given field names; it may be joined with others by |."""
        if self.everywhere:
            return ~Q(pk__in=[])  # an empty Q joined by | vanishes, and would let nothing through
        if not self:
            return Q(pk__in=[])
        filters = Q()
        if self.provinces:
            filters |= Q(**{f"{province}__in": self.provinces})
        for subtree in self.subtrees:
            filters |= Q(**{f"{path}__within": subtree})
        if self.areas:
            filters |= Q(**{f"{area}__in": self.areas})
        return filters

    def limit(
        self,
        rows: QuerySet[M],
        path: str = "area_path",
        province: str = "province",
        area: str = "area_id",
    ) -> QuerySet[M]:
        """The rows within reach."""
        return rows.filter(self.q(path, province, area))

    def covers(self, path: str, area_id: UUID | None = None) -> bool:
        """Whether one area lies within reach."""
        if self.everywhere or area_id in self.areas:
            return True
        parts = path.split(".")
        return any(f"p{p}" == parts[1] for p in self.provinces if len(parts) > 1) or any(
            path == s or path.startswith(f"{s}.") for s in self.subtrees
        )


NOWHERE = Reach()
EVERYWHERE = Reach(everywhere=True)


def join(reaches: Sequence[Reach]) -> Reach:
    """The union, without what a wider part already covers."""
    if any(r.everywhere for r in reaches):
        return EVERYWHERE
    provinces = {p for r in reaches for p in r.provinces}
    subtrees = {
        s for r in reaches for s in r.subtrees if s.split(".")[1].removeprefix("p") not in provinces
    }
    top = {s for s in subtrees if not any(s != o and s.startswith(f"{o}.") for o in subtrees)}
    areas = {a for r in reaches for a in r.areas}
    return Reach(
        provinces=tuple(sorted(provinces)),
        subtrees=tuple(sorted(top)),
        areas=tuple(sorted(areas)),
    )
