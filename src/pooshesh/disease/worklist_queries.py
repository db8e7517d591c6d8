"""Reads of what people wish for, and of what the ministry's registry brought."""

from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from pooshesh.access.queries import Viewer, visible
from pooshesh.disease.models import (
    RegistryImport,
    RegistryRow,
    RowState,
    Wish,
    WishState,
    WishVoice,
)
from pooshesh.disease.states import WRITE
from pooshesh.kernel.models import Job
from pooshesh.people.models import Identifier, Person
from pooshesh.people.queries import blinds, surviving
from pooshesh.places.models import Area, AreaKind


def wishes() -> QuerySet[Wish]:
    """All wishes, those asked for most first."""
    return Wish.objects.select_related("disease").order_by("-count", "-last_at")


def public_wishes() -> QuerySet[Wish]:
    """Wishes somebody looked at: what the public reads by name."""
    return wishes().exclude(state=WishState.NEW)


def unread_wishes() -> tuple[int, int]:
    """(wishes nobody looked at yet, how often they were asked for)."""
    rows = Wish.objects.filter(state=WishState.NEW)
    found = rows.aggregate(wishes=Count("pk"), asked=Sum("count"))
    return found["wishes"], found["asked"] or 0


def voices(one: Wish) -> list[WishVoice]:
    """The latest words about a wish."""
    return list(WishVoice.objects.filter(wish=one).exclude(words="").order_by("-at")[:20])


def by_province(one: Wish) -> list[tuple[str, int]]:
    """How often a wish came from each province, by its name; "" not said."""
    counts = WishVoice.objects.filter(wish=one).values("province").annotate(n=Count("pk"))
    names = dict(provinces())
    found = [(names.get(row["province"], ""), row["n"]) for row in counts]
    return sorted(found, key=lambda pair: -pair[1])


def provinces() -> list[tuple[str, str]]:
    """(statistical code, name) of every province."""
    rows = Area.objects.filter(kind=AreaKind.PROVINCE).order_by("sort_key")
    return [(one.province, str(one)) for one in rows]


def imports(viewer: Viewer) -> QuerySet[RegistryImport]:
    """Sheets of the registry brought for the viewer's area, newest first."""
    rows = visible(viewer, WRITE).limit(RegistryImport.objects.select_related("area"))
    return rows.order_by("-at")


def import_of(viewer: Viewer, import_id: UUID) -> RegistryImport | None:
    """One sheet of the viewer's area."""
    return imports(viewer).filter(pk=import_id).first()


def job_of(job_id: UUID | None) -> Job | None:
    """The job of a sheet."""
    return Job.objects.filter(pk=job_id).first() if job_id else None


def rows(viewer: Viewer) -> QuerySet[RegistryRow]:
    """Rows of the registry that wait for a person of the viewer's area."""
    open_rows = RegistryRow.objects.filter(state=RowState.OPEN)
    found = visible(viewer, WRITE).limit(open_rows.select_related("disease", "area"))
    return found.order_by("at", "row")


def row(viewer: Viewer, row_id: UUID) -> RegistryRow | None:
    """One row that waits."""
    return rows(viewer).filter(pk=row_id).first()


def persons_of(viewer: Viewer, number: str) -> list[Person]:
    """Who holds a number among the persons the viewer may attach tags to."""
    if not number:
        return []
    held = Identifier.objects.filter(blind__in=blinds(number), replaced_at=None)
    reach = visible(viewer, WRITE).limit(Person.objects.select_related("area"))
    found = list(reach.filter(pk__in=held.values("person_id")))
    return surviving(reach, found)
