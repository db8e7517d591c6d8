"""Writing a batch of applications: persons found or registered, files, applications, by COPY."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils import timezone

from pooshesh.fund.models import (
    OPEN,
    Application,
    ApplicationStep,
    Channel,
    Intake,
    IntakeRow,
    Outcome,
    PatientFile,
    State,
)
from pooshesh.fund.retention import MOBILE
from pooshesh.fund.sheets import Row
from pooshesh.fund.signals import applications_opened
from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.ids import uuid7s
from pooshesh.people.links import linked
from pooshesh.people.merged import merged_into, survivors
from pooshesh.people.models import Death, LinkOrigin, Person
from pooshesh.people.names import one_person
from pooshesh.people.recognition import blinds_of, holders_of, identity_of, queue_for
from pooshesh.people.registration import lock_persons, register_census
from pooshesh.places.models import Area


@dataclass
class Met:
    """The patients of a batch: by row, how each was met, and who was registered just now.

    Those need not be asked for: they are nobody's survivor, have no file and have not died.
    """

    persons: dict[int, UUID] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    fresh: dict[UUID, Area] = field(default_factory=dict)


def write(intake: Intake, rows: Sequence[Row], actor: UUID) -> None:
    """Open the applications of rows that were not written yet, in the caller's transaction.

    Who holds a row's number and agrees in name or birth is its patient.
    """
    met = _met(intake, rows, actor)
    known = set(met.persons.values()) - met.fresh.keys()
    merged = merged_into(known)
    died = Death.objects.filter(person__in=[*known, *merged])
    dead = {merged.get(one, one) for one in died.values_list("person_id", flat=True)}
    for row in rows:
        if met.persons[row.number] in dead:
            met.outcomes[row.number] = Outcome.DEAD
    living = [row for row in rows if met.outcomes[row.number] != Outcome.DEAD]
    files = _files(known - dead, merged, met.fresh, actor)
    opened = _applications(intake, living, met, files, actor)
    copy_in(
        IntakeRow,
        ("id", "intake_id", "row", "province", "outcome", "application_id"),
        (
            (pk, intake.pk, row.number, row.area.province, met.outcomes[row.number].value,
             opened.get(row.number))
            for pk, row in zip(uuid7s(len(rows)), rows, strict=True)
        ),
    )  # fmt: skip


def _met(intake: Intake, rows: Sequence[Row], actor: UUID) -> Met:
    """Find or register the patients."""
    blinds = blinds_of(one for row in rows for one in row.read)
    queue_for(blinds)
    held = holders_of(blinds)
    met = Met()
    for row in rows:
        holders = [h for one in identity_of(row.read) for h in held.get((one.kind, one.value), ())]
        match = next((h for h in holders if one_person(h, row.person)), None)
        if match is not None:
            met.persons[row.number], met.outcomes[row.number] = match.person, Outcome.KNOWN
    stands = survivors(set(met.persons.values()))
    met.persons = {number: stands.get(one, one) for number, one in met.persons.items()}
    for group in _by_area(row for row in rows if row.number not in met.persons):
        _register(intake, group, met, actor)
    return met


def _register(intake: Intake, group: list[Row], met: Met, actor: UUID) -> None:
    """Register the patients of a place whom nobody knows."""
    area = group[0].area
    done = register_census(
        [row.person for row in group], area=area, on=timezone.localdate(), actor=actor,
        source_prefix=f"fund:{intake.digest[:40]}",
        read={row.number: row.read for row in group},
    )  # fmt: skip
    for row in group:
        person = done.persons[row.number]
        met.persons[row.number], met.outcomes[row.number] = person, Outcome.NEW
        if not done.reused:  # by the same sheet, brought for another area
            met.fresh[person] = area
    for conflict in done.conflicts:
        linked(done.persons[conflict.row], conflict.holder, LinkOrigin.CLERK)
        met.outcomes[conflict.row] = Outcome.DOUBT


def _by_area(rows: Iterable[Row]) -> list[list[Row]]:
    groups: dict[UUID, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.area.pk, []).append(row)
    return list(groups.values())


def _files(
    known: set[UUID], merged: Mapping[UUID, UUID], fresh: Mapping[UUID, Area], actor: UUID
) -> dict[UUID, PatientFile]:
    """Person → the one file, opened where they live for who had none."""
    lock_persons(known)
    found: dict[UUID, PatientFile] = {}
    for file in PatientFile.objects.filter(person__in=[*known, *merged]).order_by("id"):
        found.setdefault(merged.get(file.person_id, file.person_id), file)
    homes = Person.objects.filter(pk__in=known - found.keys()).select_related("area")
    places = {**{home.pk: home.area for home in homes}, **fresh}
    now = timezone.now()
    made = {
        person: PatientFile(
            id=pk, person_id=person, area=area, area_path=area.path, province=area.province,
            opened_at=now, opened_by=actor,
        )
        for pk, (person, area) in zip(uuid7s(len(places)), places.items(), strict=True)
    }  # fmt: skip
    copy_in(
        PatientFile,
        ("id", "person_id", "area_id", "area_path", "province", "opened_at", "opened_by"),
        (
            (f.pk, f.person_id, f.area_id, str(f.area_path), f.province, now, actor)
            for f in made.values()
        ),
    )
    return found | made


def _applications(
    intake: Intake,
    rows: Sequence[Row],
    met: Met,
    files: Mapping[UUID, PatientFile],
    actor: UUID,
) -> dict[int, UUID]:
    """Row → its application: a new one, or the open one of that patient and disease."""
    asked = {files[person].pk for person in files if person not in met.fresh}
    open_now = Application.objects.filter(file__in=asked, state__in=OPEN)
    standing = {
        (file, disease): pk
        for pk, file, disease in open_now.values_list("id", "file_id", "disease_id")
    }
    opened: dict[int, UUID] = {}
    new: list[tuple[UUID, Row, PatientFile]] = []
    for pk, row in zip(uuid7s(len(rows)), rows, strict=True):
        file = files[met.persons[row.number]]
        opened[row.number] = standing.setdefault((file.pk, row.disease), pk)
        if opened[row.number] == pk:
            new.append((pk, row, file))
        else:
            met.outcomes[row.number] = Outcome.JOINED
    _write(intake, new, actor)
    return opened


def _write(intake: Intake, new: Sequence[tuple[UUID, Row, PatientFile]], actor: UUID) -> None:
    now = timezone.now()
    copy_in(
        Application,
        ("id", "file_id", "disease_id", "area_id", "area_path", "province", "channel", "state",
         "why", "received_at", "since", "missing", "urgent", "insured", "mobile", "note",
         "source_row", "brought_by"),
        (
            (pk, file.pk, row.disease, file.area_id, str(file.area_path), file.province,
             Channel.BULK.value, State.RECEIVED.value, "", now, now, "{}", row.urgent,
             row.insured, _mobile(row.person.mobile), "", f"{intake.pk.hex}:{row.number}", actor)
            for pk, row, file in new
        ),
    )  # fmt: skip
    copy_in(
        ApplicationStep,
        ("id", "application_id", "verb", "source", "target", "text", "missing", "actor", "at"),
        (
            (step, pk, "apply", "", State.RECEIVED.value, "", "{}", actor, now)
            for step, (pk, _row, _file) in zip(uuid7s(len(new)), new, strict=True)
        ),
    )
    if new:
        audit.record(
            "fund.apply_many", actor=actor, kind="application", content={"rows": len(new)},
            persons=[file.person_id for _pk, _row, file in new],
        )  # fmt: skip
        applications_opened.send(
            sender=Application, application_ids=[pk for pk, _row, _file in new], actor=actor
        )


def _mobile(raw: str) -> bytes | None:
    read = grade(Kind.MOBILE, raw)
    return keyring().seal(read.value, MOBILE) if read.grade is Grade.CHECKSUM else None
