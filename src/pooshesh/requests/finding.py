"""Whom a request is for, found by who brings it: a desk or a clinic of the patient's area."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.disease.queries import tags_of
from pooshesh.fund.models import PatientFile
from pooshesh.fund.queries import numbered
from pooshesh.people.merged import survivors
from pooshesh.people.models import Identifier
from pooshesh.people.queries import blinds
from pooshesh.places.models import Facility
from pooshesh.requests.states import APPLY


def _files(user: User) -> QuerySet[PatientFile]:
    return visible(user, APPLY).limit(PatientFile.objects.select_related("person", "area"))


def file(user: User, file_id: UUID) -> PatientFile | None:
    """A file of the area the user may bring requests for."""
    return _files(user).filter(pk=file_id).first()


def by_number(user: User, typed: str) -> PatientFile | None:
    """A file by its number or a tracking number, or by an identifier; never by name."""
    rows = _files(user)
    found = rows.filter(pk__in=numbered(typed).values("pk")).first()
    if found:
        return found
    held = set(
        Identifier.objects.filter(blind__in=blinds(typed), replaced_at=None).values_list(
            "person_id", flat=True
        )
    )
    humans = held | set(survivors(held).values())
    return rows.filter(person__in=humans).order_by("id").first()


def diseases_of(file: PatientFile) -> list[tuple[str, str]]:
    """Diseases the patient was ever tagged with: (code, name), the newest tag first."""
    found = {tag.disease_id: str(tag.disease) for tag in tags_of([file.person_id])}
    return list(found.items())


def facilities_called(user: User, names: Iterable[str]) -> dict[str, UUID]:
    """Places of care of the area by the very name or code that was typed."""
    wanted = [name for name in names if name]
    rows = visible(user, APPLY).limit(Facility.objects.filter(closed_on=None))
    by_name = dict(rows.filter(name_fa__in=wanted).values_list("name_fa", "pk"))
    return by_name | dict(rows.filter(code__in=wanted).values_list("code", "pk"))
