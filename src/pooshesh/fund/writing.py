"""Writing a batch of applications: persons found or registered, files, applications, by COPY."""

import datetime as dt
from collections.abc import Iterable, Sequence
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


def write(intake: Intake, batch: Sequence[Row], actor: UUID) -> int:
    """Open the applications of rows that were not written yet, in the caller's transaction; how
    many rows were new. Who holds a row's number and agrees in name or birth is its patient."""
    keys = {row.number: f"{intake.digest[:40]}:{row.number}" for row in batch}
    written = set(
        IntakeRow.objects.filter(intake=intake, row__in=list(keys)).values_list("row", flat=True)
    )
    rows = [row for row in batch if row.number not in written]
    if not rows:
        return 0
    persons, outcomes = _persons(intake, rows, actor)
    everybody = set(persons.values())
    died = Death.objects.filter(person__in=[*everybody, *(merged := merged_into(everybody))])
    dead = {merged.get(one, one) for one in died.values_list("person_id", flat=True)}
    files = _files(everybody - dead, actor)
    for row in rows:
        if persons[row.number] in dead:
            outcomes[row.number] = Outcome.DEAD
    living = [row for row in rows if outcomes[row.number] != Outcome.DEAD]
    opened = _applications(living, keys, persons, files, outcomes, actor)
    copy_in(
        IntakeRow,
        ("id", "intake_id", "row", "province", "outcome", "application_id"),
        (
            (pk, intake.pk, row.number, row.area.province, outcomes[row.number].value,
             opened.get(row.number))
            for pk, row in zip(uuid7s(len(rows)), rows, strict=True)
        ),
    )  # fmt: skip
    return len(rows)


def _persons(
    intake: Intake, rows: Sequence[Row], actor: UUID
) -> tuple[dict[int, UUID], dict[int, Outcome]]:
    """Row → the patient, known or registered now, and how they were met."""
    blinds = blinds_of(one for row in rows for one in row.read)
    queue_for(blinds)
    held = holders_of(blinds)
    persons: dict[int, UUID] = {}
    outcomes: dict[int, Outcome] = {}
    for row in rows:
        holders = [h for one in identity_of(row.read) for h in held.get((one.kind, one.value), ())]
        match = next((h for h in holders if one_person(h, row.person)), None)
        if match is not None:
            persons[row.number], outcomes[row.number] = match.person, Outcome.KNOWN
    fresh = [row for row in rows if row.number not in persons]
    for group in _by_area(fresh):
        done = register_census(
            [row.person for row in group], area=group[0].area, on=timezone.localdate(),
            actor=actor, source_prefix=f"fund:{intake.digest[:40]}",
            read={row.number: row.read for row in group},
        )  # fmt: skip
        for row in group:
            persons[row.number], outcomes[row.number] = done.persons[row.number], Outcome.NEW
        for conflict in done.conflicts:
            linked(done.persons[conflict.row], conflict.holder, LinkOrigin.CLERK)
            outcomes[conflict.row] = Outcome.DOUBT
    stands = survivors(set(persons.values()))
    return {number: stands.get(one, one) for number, one in persons.items()}, outcomes


def _by_area(rows: Iterable[Row]) -> list[list[Row]]:
    groups: dict[UUID, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.area.pk, []).append(row)
    return list(groups.values())


def _files(persons: set[UUID], actor: UUID) -> dict[UUID, PatientFile]:
    """Person → the one file, opened where they live for who had none."""
    lock_persons(persons)
    merged = merged_into(persons)
    found: dict[UUID, PatientFile] = {}
    for file in PatientFile.objects.filter(person__in=[*persons, *merged]).order_by("id"):
        found.setdefault(merged.get(file.person_id, file.person_id), file)
    homes = Person.objects.filter(pk__in=persons - found.keys())
    now = timezone.now()
    made = [
        PatientFile(
            id=pk, person_id=home.pk, area_id=home.area_id, area_path=home.area_path,
            province=home.province, opened_at=now, opened_by=actor,
        )
        for pk, home in zip(uuid7s(len(persons) - len(found)), homes, strict=True)
    ]  # fmt: skip
    copy_in(
        PatientFile,
        ("id", "person_id", "area_id", "area_path", "province", "opened_at", "opened_by"),
        (
            (f.pk, f.person_id, f.area_id, str(f.area_path), f.province, now, actor) for f in made
        ),
    )  # fmt: skip
    return found | {file.person_id: file for file in made}


def _applications(
    rows: Sequence[Row],
    keys: dict[int, str],
    persons: dict[int, UUID],
    files: dict[UUID, PatientFile],
    outcomes: dict[int, Outcome],
    actor: UUID,
) -> dict[int, UUID]:
    """Row → its application: a new one, or the open one of that patient and disease."""
    mine = [files[persons[row.number]].pk for row in rows]
    open_now = Application.objects.filter(file__in=mine, state__in=OPEN)
    known = {
        (file, disease): pk
        for pk, file, disease in open_now.values_list("id", "file_id", "disease_id")
    }
    opened: dict[int, UUID] = {}
    fresh: list[tuple[UUID, Row, PatientFile]] = []
    for pk, row in zip(uuid7s(len(rows)), rows, strict=True):
        file = files[persons[row.number]]
        standing = known.setdefault((file.pk, row.disease), pk)
        opened[row.number] = standing
        if standing == pk:
            fresh.append((pk, row, file))
        else:
            outcomes[row.number] = Outcome.JOINED
    now = timezone.now()
    _write(fresh, keys, now, actor)
    return opened


def _write(
    fresh: Sequence[tuple[UUID, Row, PatientFile]],
    keys: dict[int, str],
    now: dt.datetime,
    actor: UUID,
) -> None:
    copy_in(
        Application,
        ("id", "file_id", "disease_id", "area_id", "area_path", "province", "channel", "state",
         "why", "received_at", "since", "missing", "urgent", "insured", "mobile", "note",
         "source_row", "brought_by"),
        (
            (pk, file.pk, row.disease, file.area_id, str(file.area_path), file.province,
             Channel.BULK.value, State.RECEIVED.value, "", now, now, "{}", row.urgent,
             row.insured, _mobile(row.person.mobile), "", keys[row.number], actor)
            for pk, row, file in fresh
        ),
    )  # fmt: skip
    copy_in(
        ApplicationStep,
        ("id", "application_id", "verb", "source", "target", "text", "missing", "actor", "at"),
        (
            (step, pk, "apply", "", State.RECEIVED.value, "", "{}", actor, now)
            for step, (pk, _row, _file) in zip(uuid7s(len(fresh)), fresh, strict=True)
        ),
    )
    if fresh:
        audit.record(
            "fund.apply_many", actor=actor, kind="application", content={"rows": len(fresh)},
            persons=[file.person_id for _pk, _row, file in fresh],
        )  # fmt: skip
        applications_opened.send(
            sender=Application, application_ids=[pk for pk, _row, _file in fresh], actor=actor
        )


def _mobile(raw: str) -> bytes | None:
    read = grade(Kind.MOBILE, raw)
    return keyring().seal(read.value, MOBILE) if read.grade is Grade.CHECKSUM else None
