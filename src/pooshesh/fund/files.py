"""A patient's file for life."""

from uuid import UUID

from django.db import transaction

from pooshesh.fund.models import PatientFile
from pooshesh.kernel import audit
from pooshesh.people.merged import one_human, survivor
from pooshesh.people.models import Person


def file_of(person: Person | UUID) -> PatientFile | None:
    """The file of a human being, whichever of their records it was opened for; the oldest."""
    pk = person.pk if isinstance(person, Person) else person
    rows = PatientFile.objects.filter(person__in=one_human(survivor(pk)))
    return rows.select_related("person", "area").order_by("id").first()


@transaction.atomic
def open_file(person: Person | UUID, *, actor: UUID | None) -> PatientFile:
    """The file of a person, opened where they live when there is none yet."""
    found = file_of(person)
    if found is not None:
        return found
    pk = survivor(person.pk if isinstance(person, Person) else person)
    # Who opens one at the same moment waits here, and then finds it.
    stands = Person.objects.select_for_update(no_key=True, of=("self",)).select_related("area")
    owner = stands.get(pk=pk)
    found = file_of(pk)
    if found is not None:
        return found
    made = PatientFile.objects.create(
        person=owner, area=owner.area, area_path=owner.area_path, province=owner.province,
        opened_by=actor,
    )  # fmt: skip
    made.refresh_from_db(fields=["number"])
    audit.record(
        "fund.open_file", actor=actor, kind="patient_file", object_id=made.pk,
        area_path=made.area_path, persons=[owner.pk],
    )  # fmt: skip
    return made
