"""A municipality's sheet from the upload to its rows: brought, checked, written.

Every step may be done again: a sheet is known by its content and a row by its own, so the same
sheet from two workers, or a job that was killed, ends with the same rows.
"""

import json
from collections import Counter
from typing import Any, BinaryIO
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext

from pooshesh.access.models import User
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job
from pooshesh.kernel.text import search_key
from pooshesh.people.links import linked
from pooshesh.people.models import LinkOrigin
from pooshesh.people.recognition import (
    Blinds,
    Holder,
    blinds_of,
    holders_of,
    identity_of,
    queue_for,
)
from pooshesh.people.registration import register_census
from pooshesh.places.models import Area
from pooshesh.regularisation import agreements, following, sheets
from pooshesh.regularisation.models import Origin, Outcome, Sheet, SheetRow, SheetState
from pooshesh.regularisation.retention import CLASSES, ROWS, SHEETS, VAULT
from pooshesh.regularisation.sheets import Row
from pooshesh.regularisation.states import SHEET

PROBLEMS = "nationals.problems"  # bound into the sealed findings
PROBLEMS_SHOWN = 500
BATCH = 500
CHECK, WRITE = "nationals.check", "nationals.write"
_DAYS = {one.code: one for one in CLASSES}

explain(
    {
        "nationals.gone": gettext_noop("The sheet was deleted; bring it again."),
        "nationals.not_yours": gettext_noop("You may not bring a census of this city any more."),
        "nationals.bad_rows": gettext_noop(
            "%(count)s cells are refused; choose to go on without their rows, or correct the sheet."
        ),
        "nationals.empty": gettext_noop(
            "No row of the sheet can be read; there is nothing to write."
        ),
    }
)


def bring(
    city: Area, name: str, source: BinaryIO, *, actor: UUID, synthetic: bool = False
) -> Sheet:
    """Seal a sheet and keep it with its day of deletion. Raises Invalid without an agreement."""
    today = timezone.localdate()
    agreement = agreements.allowed(city, today)
    sheet_id = uuid7()
    VAULT.keep(sheet_id, source)
    try:
        with transaction.atomic():
            sheet = Sheet.objects.create(
                id=sheet_id, city=city, area_path=city.path, province=city.province,
                name=name[-200:], agreement_id=agreement, actor=actor, synthetic=synthetic,
                delete_by=_DAYS[SHEETS].delete_by(today),
            )  # fmt: skip
            audit.record(
                "nationals.bring", actor=actor, kind="nationals_sheet", object_id=sheet.pk,
                content={"name": sheet.name}, purpose=f"agreement {agreement}",
                area_path=sheet.area_path,
            )  # fmt: skip
    except BaseException:
        VAULT.delete([sheet_id])
        raise
    return sheet


def start_check(sheet: Sheet, actor: UUID) -> Job:
    """Queue the dry run."""
    return _queue(sheet, CHECK, actor)


@transaction.atomic
def start_write(sheet: Sheet, actor: UUID, *, only_good: bool) -> Job:
    """Queue the writing. Raises Invalid when rows are refused and nobody chose to leave them."""
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.state != SheetState.WRITTEN:
        SHEET.next(sheet.state, "write")
    if sheet.problem_count and not only_good:
        raise Invalid("nationals.bad_rows", count=sheet.problem_count)
    if not sheet.rows:
        raise Invalid("nationals.empty")
    return _queue(sheet, WRITE, actor)


def _queue(sheet: Sheet, kind: str, actor: UUID) -> Job:
    started = jobs.start(kind, actor=actor, sheet=str(sheet.pk), by=str(actor))
    Sheet.objects.filter(pk=sheet.pk).update(job_id=started.pk)
    return started


def _read(sheet: Sheet, by: UUID) -> sheets.Read:
    """The sheet anew, for somebody who still may bring it under an agreement still in force."""
    user = User.objects.filter(pk=by, is_active=True).first()
    if user is None or not user.reach("nationals.census").covers(sheet.area_path, sheet.city_id):
        raise Invalid("nationals.not_yours")
    agreements.allowed(sheet.city, timezone.localdate())
    try:
        with VAULT.opened(sheet.pk) as path:
            return sheets.read(path, sheet.name, sheet.city)
    except FileNotFoundError:
        raise Invalid("nationals.gone") from None


@job(CHECK)
def check(progress: Progress, sheet: str, by: str) -> dict[str, Any]:
    """Check a municipality's census of foreign nationals."""
    progress(gettext("Reading the sheets"), 0, 1)
    found = Sheet.objects.select_related("city").get(pk=sheet)
    read = _read(found, UUID(by))
    progress(gettext("Reading the sheets"), 1, 1)
    with transaction.atomic():
        _one_at_a_time(found.city)
        same = Sheet.objects.filter(city=found.city, digest=read.digest).exclude(pk=found.pk)
        if read.rows and not read.problems and (first := same.first()):
            # The very same content: whoever brings it goes on with the sheet that is there.
            Sheet.objects.filter(pk=found.pk).delete()
            transaction.on_commit(lambda: VAULT.delete([found.pk]))
            return {"same": str(first.pk)}
        _keep_findings(found, read)
        audit.record(
            "nationals.check", actor=UUID(by), kind="nationals_sheet", object_id=found.pk,
            content={"rows": len(read.rows), "problems": len(read.problems)},
            area_path=found.area_path,
        )  # fmt: skip
    return {"rows": len(read.rows), "problems": len(read.problems)}


def _keep_findings(sheet: Sheet, read: sheets.Read) -> None:
    findings = [
        {"row": p.row, "field": p.field, "read": p.read, "code": p.error.code,
         "params": {name: str(value) for name, value in p.error.params.items()}}
        for p in read.problems[:PROBLEMS_SHOWN]
    ]  # fmt: skip
    text = json.dumps({"problems": findings, "unread": read.unread}, ensure_ascii=False)
    Sheet.objects.filter(pk=sheet.pk).update(
        state=SHEET.next(sheet.state, "check"), rows=len(read.rows),
        problem_count=len(read.problems), problems=keyring().seal(text, PROBLEMS),
        # With refused rows the content is not the file's, so another file is not the same sheet.
        digest="" if read.problems else read.digest,
    )  # fmt: skip


def findings(sheet: Sheet) -> dict[str, Any]:
    """What the dry run found: problems with row, field, read, and the sentence; unread headers."""
    if sheet.problems is None:
        return {"problems": [], "unread": []}
    found: dict[str, Any] = json.loads(keyring().open(bytes(sheet.problems), PROBLEMS))
    for one in found["problems"]:
        one["title"] = sheets.TITLES[one["field"]]
        one["expected"] = Invalid(one["code"], **one["params"]).message()
    return found


def _one_at_a_time(city: Area) -> None:
    """Let writers of one city's census follow each other until they commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"nationals {city.pk}"]
        )


@job(WRITE)
def write(progress: Progress, sheet: str, by: str) -> dict[str, int]:
    """Write a municipality's census of foreign nationals."""
    found = Sheet.objects.select_related("city").get(pk=sheet)
    actor, read = UUID(by), _read(found, UUID(by))
    done = 0
    for batch in sheets.batches(read.rows, BATCH):
        progress(gettext("Writing the rows"), done, len(read.rows))
        with transaction.atomic():
            _write_batch(found, batch, actor)
        done += len(batch)
    progress(gettext("Writing the rows"), done, len(read.rows))
    return _finish(found, read, actor)


@transaction.atomic
def write_rows(sheet: Sheet, read: sheets.Read, actor: UUID) -> dict[str, int]:
    """Check and write a sheet that was read, at once: for what is too small to need a job."""
    _keep_findings(sheet, read)
    for batch in sheets.batches(read.rows, BATCH):
        _write_batch(sheet, batch, actor)
    return _finish(sheet, read, actor)


@transaction.atomic
def _finish(sheet: Sheet, read: sheets.Read, actor: UUID) -> dict[str, int]:
    mine = SheetRow.objects.filter(sheet=sheet).values_list("outcome", flat=True)
    counts = dict(Counter(mine))
    sheet = Sheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.state != SheetState.WRITTEN:
        sheet.state, sheet.written_at = SHEET.next(sheet.state, "write"), timezone.now()
        sheet.counts = counts
        sheet.save(update_fields=["state", "written_at", "counts"])
        audit.record(
            "nationals.write", actor=actor, kind="nationals_sheet", object_id=sheet.pk,
            content=counts, area_path=sheet.area_path,
        )  # fmt: skip
    return {"rows": len(read.rows), "fresh": sum(counts.values())}


def _write_batch(sheet: Sheet, batch: list[Row], actor: UUID) -> None:
    city = sheet.city
    _one_at_a_time(city)
    keys = {row.number: row.keys(city)[0] for row in batch}
    # Under every data key: a row brought before the key was changed is the same row.
    any_key = {index: row.number for row in batch for index in row.keys(city)}
    before = {
        any_key[bytes(key)]
        for key in SheetRow.objects.filter(city=city, key__in=list(any_key)).values_list(
            "key", flat=True
        )
    }
    fresh: dict[bytes, Row] = {}
    for row in batch:  # a row that stands twice in a sheet is one row
        if row.number not in before:
            fresh.setdefault(keys[row.number], row)
    if not fresh:
        return
    rows = list(fresh.values())
    blinds = blinds_of(one for row in rows for one in row.person.identifiers())
    queue_for(blinds)
    known = _known(rows, blinds, city)
    registered = _register([row for row in rows if row.number not in known], sheet, actor)
    made = []
    for key, row in fresh.items():
        holder = known.get(row.number)
        person = holder.person if holder and _here(holder, city) else registered.get(row.number)
        outcome = Outcome.NEW if holder is None else Outcome.KNOWN if person else Outcome.ELSEWHERE
        made.append(
            SheetRow(
                sheet=sheet,
                row=row.number,
                city=city,
                key=key,
                area=row.area,
                area_path=row.area.path,
                province=row.area.province,
                name=row.name,
                search_key=search_key(row.name)[:250],
                document=row.document,
                address=row.address,
                arrival=row.arrival,
                outcome=outcome,
                person_id=person,
                other_id=None if person or not holder else holder.person,
                delete_by=_DAYS[ROWS].delete_by(timezone.localdate()),
            )
        )  # fmt: skip
    _set_apart(made)
    SheetRow.objects.bulk_create(made)
    following.open_cases(
        [one.person_id for one in made if one.person_id and one.outcome != Outcome.REVIEW],
        origin=Origin.CENSUS, origin_id=sheet.pk, actor=actor,
    )  # fmt: skip


def _known(rows: list[Row], blinds: Blinds, city: Area) -> dict[int, Holder]:
    """Row number → who holds its number already and may be the same person."""
    held = holders_of(blinds)
    found: dict[int, Holder] = {}
    for row in rows:
        for one in identity_of(row.person.identifiers()):
            for holder in held.get((one.kind, one.value), ()):
                if holder.stands_for(row.person, row.area) or holder.province != city.province:
                    found.setdefault(row.number, holder)
    return found


def _here(holder: Holder, city: Area) -> bool:
    """Whether a known person lives in the city; nobody is moved by a municipality's sheet."""
    return f"{holder.area_path}.".startswith(f"{city.path}.")


def _register(rows: list[Row], sheet: Sheet, actor: UUID) -> dict[int, UUID]:
    """Register those nobody knows, where they live; who may be known already is linked there."""
    persons: dict[int, UUID] = {}
    by_area: dict[UUID, list[Row]] = {}
    for row in rows:
        by_area.setdefault(row.area.pk, []).append(row)
    for group in by_area.values():
        done = register_census(
            [row.person for row in group], area=group[0].area, on=timezone.localdate(),
            actor=actor, source_prefix=f"nationals:{sheet.pk}",
        )  # fmt: skip
        persons |= {row.number: done.persons[row.number] for row in group}
        for conflict in done.conflicts:
            linked(done.persons[conflict.row], conflict.holder, LinkOrigin.CLERK)
    return persons


def _set_apart(rows: list[SheetRow]) -> None:
    """Rows that turn out to be a citizen's record: a clerk looks before anything is opened."""
    citizens = following.is_citizen(
        [row.person_id for row in rows if row.person_id], timezone.localdate()
    )
    for row in rows:
        if row.person_id in citizens:
            row.outcome = Outcome.REVIEW


def taken_over(sheet_id: UUID, actor: UUID) -> UUID | None:
    """The sheet that had the same content as one this user brought, which then was dropped."""
    jobs_of = Job.objects.filter(kind=CHECK, actor=actor, arguments__sheet=str(sheet_id))
    result = jobs_of.order_by("-created_at").values_list("result", flat=True).first()
    return UUID(result["same"]) if result and "same" in result else None
