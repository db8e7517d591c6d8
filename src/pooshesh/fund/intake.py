"""A sheet of applications from the upload to its rows: brought, checked, written.

Every step may be done again: a sheet is known by the digest of its bytes and a row by its place in
it, so a job that was killed goes on where it was and writes nothing twice. A batch is one
transaction of a fixed number of statements.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from pooshesh.access.models import User
from pooshesh.fund import sheets, writing
from pooshesh.fund.models import Intake, IntakeRow, IntakeState
from pooshesh.fund.retention import CLASSES, FAULTS, VAULT
from pooshesh.fund.sheets import Row
from pooshesh.fund.states import INTAKE, WORK
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.models import Job
from pooshesh.places.models import Area

BATCH = 4_000
CHECK, WRITE = "fund.check_sheet", "fund.write_sheet"
_DAYS = {one.code: one for one in CLASSES}

explain(
    {
        "fund.sheet_gone": gettext_noop("The sheet was deleted; bring it again."),
        "fund.sheet_not_yours": gettext_noop("You may not bring applications of this area."),
        "fund.sheet_empty": gettext_noop("No row of the sheet can be read; nothing is written."),
        "fund.sheet_refused": gettext_noop(
            "%(count)s rows are refused; choose to go on without them, or correct the sheet."
        ),
    }
)


def bring(area: Area, name: str, source: BinaryIO, *, actor: UUID) -> tuple[Intake, bool]:
    """Seal a sheet and keep it with its day of deletion; (the sheet, whether it is new).

    The same bytes brought again for an area are the sheet that is there.
    """
    digest = hashlib.file_digest(source, "sha256").hexdigest()  # type: ignore[arg-type]
    known = Intake.objects.filter(area=area, digest=digest).first()
    if known is not None and known.deleted_at is None:
        return known, False
    source.seek(0)
    pk = known.pk if known else uuid7()
    VAULT.keep(pk, source)
    day = _DAYS["fund_sheets"].delete_by(timezone.localdate())
    if known is not None:  # its bytes were deleted on their day
        Intake.objects.filter(pk=pk).update(deleted_at=None, delete_by=day)
        return Intake.objects.get(pk=pk), False
    try:
        with transaction.atomic():
            row = Intake.objects.create(
                id=pk, area=area, area_path=area.path, province=area.province,
                name=name[-200:], digest=digest, actor=actor, delete_by=day,
            )  # fmt: skip
            _record("fund.bring", row, actor, name=row.name)
    except IntegrityError:  # brought by two at once
        VAULT.delete([pk])
        return Intake.objects.get(area=area, digest=digest), False
    except BaseException:
        VAULT.delete([pk])
        raise
    return row, True


def _record(action: str, row: Intake, actor: UUID, **content: object) -> None:
    audit.record(
        action, actor=actor, kind="intake", object_id=row.pk, content=content,
        area_path=str(row.area_path),
    )  # fmt: skip


def start_check(row: Intake, actor: UUID) -> Job:
    """Queue the dry run."""
    return _queue(row, CHECK, actor)


@transaction.atomic
def start_write(row: Intake, actor: UUID, *, only_good: bool) -> Job:
    """Queue the writing. Raises Invalid when rows are refused and nobody chose to leave them."""
    row = Intake.objects.select_for_update().get(pk=row.pk)
    if row.state != IntakeState.WRITTEN:
        INTAKE.next(row.state, "write")
    if row.refused and not only_good:
        raise Invalid("fund.sheet_refused", count=row.refused)
    if not row.rows:
        raise Invalid("fund.sheet_empty")
    return _queue(row, WRITE, actor)


def _queue(row: Intake, kind: str, actor: UUID) -> Job:
    started = jobs.start(kind, actor=actor, intake=str(row.pk), by=str(actor))
    Intake.objects.filter(pk=row.pk).update(job_id=started.pk)
    return started


def _read(row: Intake, by: UUID) -> sheets.Sheet:
    """The sheet anew, for somebody who still may bring it."""
    user = User.objects.filter(pk=by, is_active=True).first()
    if user is None or not user.reach(WORK).covers(str(row.area_path), row.area_id):
        raise Invalid("fund.sheet_not_yours")
    try:
        with VAULT.opened(row.pk) as path:
            return sheets.read(path, row.name, row.area)
    except FileNotFoundError:
        raise Invalid("fund.sheet_gone") from None


@job(CHECK)
def check(progress: Progress, intake: str, by: str) -> dict[str, int]:
    """Check a sheet of applications."""
    progress(gettext("Reading the sheet"), 0, 1)
    row = Intake.objects.select_related("area").get(pk=intake)
    with uncollected():
        read = _read(row, UUID(by))
    with transaction.atomic():
        if row.state != IntakeState.WRITTEN:
            Intake.objects.filter(pk=row.pk).update(
                state=INTAKE.next(row.state, "check"), rows=len(read.rows), refused=read.refused,
                faults=keyring().seal(_plain(read), FAULTS),
            )  # fmt: skip
        _record("fund.check", row, UUID(by), rows=len(read.rows), refused=read.refused)
    progress(gettext("Reading the sheet"), 1, 1)
    return {"rows": len(read.rows), "refused": read.refused}


def _plain(read: sheets.Sheet) -> str:
    found = [
        {"row": p.row, "field": p.field, "read": p.read, "code": p.error.code,
         "params": {name: str(value) for name, value in p.error.params.items()}}
        for p in read.problems
    ]  # fmt: skip
    return json.dumps({"problems": found, "unread": read.unread}, ensure_ascii=False)


def findings(row: Intake) -> dict[str, Any]:
    """What the dry run found: problems with row, field, read and the sentence; unread headers."""
    if row.faults is None:
        return {"problems": [], "unread": []}
    found: dict[str, Any] = json.loads(keyring().open(bytes(row.faults), FAULTS))
    for one in found["problems"]:
        one["title"] = str(sheets.TITLES.get(one["field"], one["field"]))
        one["expected"] = Invalid(one["code"], **one["params"]).message()
    return found


@job(WRITE)
def write(progress: Progress, intake: str, by: str) -> dict[str, int]:
    """Open the applications of a sheet."""
    row = Intake.objects.select_related("area").get(pk=intake)
    actor = UUID(by)
    with uncollected():
        read = _read(row, actor)
        written = set(IntakeRow.objects.filter(intake=row).values_list("row", flat=True))
        done = len(written)
        for batch in batches([one for one in read.rows if one.number not in written]):
            progress(gettext("Opening applications"), done, len(read.rows))
            with transaction.atomic():
                writing.write(row, batch, actor)
            done += len(batch)
    progress(gettext("Opening applications"), done, len(read.rows))
    return _finish(row, actor)


def batches(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows in batches, those of a place together, since each place is registered in one go;
    of two rows about one patient the nearer place comes first."""
    ordered = sorted(rows, key=lambda row: row.number)
    ordered.sort(key=lambda row: str(row.area.path), reverse=True)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


@transaction.atomic
def _finish(row: Intake, actor: UUID) -> dict[str, int]:
    outcomes = IntakeRow.objects.filter(intake=row).values_list("outcome", flat=True)
    counts = dict(Counter(outcomes))
    row = Intake.objects.select_for_update().get(pk=row.pk)
    if row.state != IntakeState.WRITTEN:
        row.state, row.written_at = IntakeState(INTAKE.next(row.state, "write")), timezone.now()
        row.counts = counts
        row.save(update_fields=["state", "written_at", "counts"])
        _record("fund.write", row, actor, **counts)
    return {"rows": sum(counts.values())}
