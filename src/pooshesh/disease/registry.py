"""The ministry's registry of rare diseases: a sheet whose rows become tags by themselves.

A row is known by its registry number: brought again it changes nothing, or only the day its tag
ends. Who a row is, valid identifiers say; the others wait for a clerk. A batch takes the same few
statements however many rows it has.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from pooshesh.disease import claims, tags
from pooshesh.disease.models import (
    Disease,
    ImportState,
    RegistryImport,
    RegistryRow,
    RowReason,
    RowState,
    Tag,
    TagSource,
)
from pooshesh.disease.registry_sheet import NAMED, Item, columns, items_of
from pooshesh.disease.retention import ROW, VAULT
from pooshesh.disease.signals import tags_attached
from pooshesh.disease.tags import NewTag
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.sheet_columns import match_columns, validate
from pooshesh.kernel.sheets import read_table
from pooshesh.people.merged import merged_into
from pooshesh.people.models import Person
from pooshesh.people.names import one_person
from pooshesh.people.recognition import Holder, blinds_of, holders_of, identity_of
from pooshesh.places.models import Area

READ, AGAIN = "disease.read_registry", "disease.match_registry"
BATCH = 5_000
PROBLEMS = 500  # as many are kept; all are counted
LANGUAGES = ("fa", "en")

explain(
    {
        "disease.sheet_gone": gettext_noop("The sheet was deleted; bring it again."),
        "disease.row_settled": gettext_noop("This row was settled before."),
    }
)


# --- bringing a sheet --------------------------------------------------------------------------


def bring(name: str, source: BinaryIO, area: Area, *, actor: UUID) -> RegistryImport:
    """Seal a sheet and begin to attach its tags to persons of an area."""
    made_id = uuid7()
    digest = VAULT.keep(made_id, source)
    try:
        with transaction.atomic():
            made = RegistryImport.objects.create(
                id=made_id, name=name[-200:], digest=digest, area=area, area_path=area.path,
                province=area.province, actor=actor,
            )  # fmt: skip
            audit.record(
                "disease.bring_registry", actor=actor, kind="registry_import",
                object_id=made.pk, content={"digest": digest}, area_path=area.path,
            )  # fmt: skip
            started = jobs.start(READ, actor=actor, sheet=str(made.pk))
            RegistryImport.objects.filter(pk=made.pk).update(job_id=started.pk)
    except BaseException:
        VAULT.delete([made_id])
        raise
    return made


@job(READ)
def read_sheet(progress: Progress, sheet: str) -> dict[str, int]:
    """Attach the tags of a sheet of the ministry's registry; a second time nothing is left."""
    brought = RegistryImport.objects.select_related("area").get(pk=sheet)
    if brought.state == ImportState.DONE:
        return {"rows": 0}
    progress(gettext("Reading the sheets"))
    try:
        items, problems, count, total = _read(brought)
    except Invalid:
        RegistryImport.objects.filter(pk=sheet).update(state=ImportState.FAILED)
        raise
    counts: Counter[str] = Counter()
    for start in range(0, len(items), BATCH):
        progress(gettext("Attaching tags"), start, len(items))
        with transaction.atomic():
            counts.update(attach(items[start : start + BATCH], brought, actor=brought.actor))
    RegistryImport.objects.filter(pk=sheet).update(
        state=ImportState.DONE, deleted_at=timezone.now(),
        found={"rows": total, **counts, "problem_count": count, "problems": problems},
    )  # fmt: skip
    VAULT.delete([brought.pk])
    return {"rows": total, **counts, "rows_refused": count}


def _read(brought: RegistryImport) -> tuple[list[Item], list[dict[str, Any]], int, int]:
    asked = columns(Disease.objects.all())
    try:
        with VAULT.opened(brought.pk) as path:
            table = read_table(path, name=brought.name)
    except FileNotFoundError as error:
        raise Invalid("disease.sheet_gone") from error
    matching = match_columns(table.headers, asked)
    checked = validate(table, asked, matching.certain())
    found = [(one.row, str(one.field), one.error) for one in checked.problems]
    items, crossed = items_of(checked.good().iter_rows(named=True))
    found = sorted(found + crossed, key=lambda one: one[0])
    told = [_told(*one) for one in found[:PROBLEMS]]
    return items, told, checked.count + len(crossed), len(table.rows)


def _told(row: int, column: str, error: Invalid) -> dict[str, Any]:
    """A problem in both languages: who reads it is not known yet."""
    said = {}
    for language in LANGUAGES:
        with translation.override(language):
            said[language] = error.message()
    return {"row": row, "field": column, **said}


# --- attaching ---------------------------------------------------------------------------------


@dataclass
class Plan:
    """What a batch does: tags to issue, known tags whose end moves or that get their number, and
    rows that wait for a clerk, each with why."""

    new: list[tuple[Item, NewTag]] = field(default_factory=list)
    moves: dict[UUID, dt.date | None] = field(default_factory=dict)
    numbers: dict[UUID, str] = field(default_factory=dict)
    wait: list[tuple[Item, RowReason]] = field(default_factory=list)
    settled: dict[str, UUID] = field(default_factory=dict)  # registry number → its known tag
    unchanged: int = 0


@uncollected()
def attach(items: Sequence[Item], brought: RegistryImport, *, actor: UUID | None) -> Counter[str]:
    """Attach a batch, in the caller's transaction; at most 22 statements, and
    what follows for each diagnosis that a university was asked about."""
    aside = set(
        RegistryRow.objects.filter(
            registry_number__in=[one.registry_number for one in items], state=RowState.ASIDE
        ).values_list("registry_number", flat=True)
    )
    asked = [one for one in items if one.registry_number not in aside]
    plan = _planned(asked, brought.area)
    made = tags.write([one for _, one in plan.new], TagSource.REGISTRY, actor=actor)
    tags.move_ends(plan.moves, why="", actor=actor)
    if plan.numbers:
        renumbered = [Tag(pk=pk, registry_number=number) for pk, number in plan.numbers.items()]
        Tag.objects.bulk_update(renumbered, ["registry_number"])
    _keep_waiting(plan.wait, brought)
    _settle({tag.registry_number: tag.pk for tag in made} | plan.settled, actor)
    if made or plan.moves or plan.numbers:
        touched = [*made, *Tag.objects.filter(pk__in=[*plan.moves, *plan.numbers])]
        audit.record(
            "disease.attach_registry", actor=actor, kind="registry_import",
            object_id=brought.pk, content={"tags": len(touched)}, area_path=brought.area_path,
            persons=[one.person_id for one in touched],
        )  # fmt: skip
        claims.settle(touched, actor=actor)
        tags_attached.send(sender=Tag, tags=touched, actor=actor)
    return Counter(
        {
            "tags_attached": len(made), "tags_moved": len(plan.moves),
            "tags_numbered": len(plan.numbers), "rows_unchanged": plan.unchanged,
            "rows_waiting": len(plan.wait), "rows_aside": len(aside),
        }
    )  # fmt: skip


def _planned(items: Sequence[Item], area: Area) -> Plan:
    plan = Plan()
    holders = _holders(items, area)
    known = {
        one.registry_number: one
        for one in Tag.objects.filter(registry_number__in=[i.registry_number for i in items])
    }
    found = {one.person for one in holders.values() if isinstance(one, Holder)}
    persons = Person.objects.only("area_id", "area_path", "province").in_bulk(found)
    held = _held([*persons, *(one.person_id for one in known.values())])
    for item in items:
        tag, holder = known.get(item.registry_number), holders[item.row]
        if tag is not None:
            _again(item, tag, held, plan)
        elif isinstance(holder, RowReason):
            plan.wait.append((item, holder))
        else:
            _first_time(item, persons[holder.person], held, plan)
    return plan


def _holders(items: Sequence[Item], area: Area) -> Mapping[int, Holder | RowReason]:
    """Who each row is, or why that is not known. The same words for nobody and for somebody
    elsewhere: who is where is not told."""
    read = {one.row: identity_of(one.person().identifiers()) for one in items}
    held = holders_of(blinds_of(i for identity in read.values() for i in identity))
    found: dict[int, Holder | RowReason] = {}
    for one in items:
        here = [
            holder
            for i in read[one.row]
            for holder in held.get((i.kind, i.value), ())
            if f"{holder.area_path}.".startswith(f"{area.path}.")
        ]
        fitting = [holder for holder in here if one_person(holder, one.person())]
        if fitting:
            found[one.row] = fitting[0]
        elif here:
            found[one.row] = RowReason.OTHER_PERSON
        else:
            found[one.row] = RowReason.NOBODY if read[one.row] else RowReason.NO_NUMBER
    return found


Held = dict[tuple[UUID, str], list[Tag]]


def _held(persons: Sequence[UUID]) -> Held:
    """The tags of persons by person and disease; of merged records as of who they stand under."""
    merged = merged_into(persons)
    found: Held = {}
    for tag in Tag.objects.filter(person__in=[*persons, *merged]):
        owner = merged.get(tag.person_id, tag.person_id)
        found.setdefault((owner, tag.disease_id), []).append(tag)
    return found


def _overlap(starts: dt.date, ends: dt.date | None, tag: Tag) -> bool:
    last = dt.date.max
    return starts < (tag.ends or last) and tag.starts < (ends or last)


def _again(item: Item, tag: Tag, held: Held, plan: Plan) -> None:
    """A row whose tag is here: nothing new, or another end."""
    plan.settled[item.registry_number] = tag.pk
    if tag.revoked_at is not None:
        if item.ends is None or item.ends > (tag.ends or tag.starts):
            plan.wait.append((item, RowReason.REVOKED))
            del plan.settled[item.registry_number]
        else:
            plan.unchanged += 1
        return
    others = [one for one in held.get((tag.person_id, tag.disease_id), ()) if one.pk != tag.pk]
    if item.ends == tag.ends:
        plan.unchanged += 1
    elif (item.ends is not None and item.ends <= tag.starts) or any(
        _overlap(tag.starts, item.ends, one) for one in others
    ):
        plan.wait.append((item, RowReason.OTHER_TAG))
        del plan.settled[item.registry_number]
    else:
        tag.ends = plan.moves[tag.pk] = item.ends


def _first_time(item: Item, person: Person, held: Held, plan: Plan) -> None:
    """A row seen first: a tag of its own, or the number of the tag that the university issued."""
    mine = held.setdefault((person.pk, item.disease), [])
    there = [one for one in mine if _overlap(item.starts, item.ends, one)]
    if not there:
        new = NewTag(person, item.disease, item.starts, item.ends, item.registry_number)
        plan.new.append((item, new))
        mine.append(
            Tag(person=person, disease_id=item.disease, starts=item.starts, ends=item.ends,
                registry_number=item.registry_number)
        )  # fmt: skip
    elif len(there) == 1 and not there[0].registry_number and not there[0].revoked_at:
        there[0].registry_number = plan.numbers[there[0].pk] = item.registry_number
        plan.settled[item.registry_number] = there[0].pk
    else:
        plan.wait.append((item, RowReason.OTHER_TAG))


def _keep_waiting(wait: Sequence[tuple[Item, RowReason]], brought: RegistryImport) -> None:
    """Keep rows for a clerk, each registry number once; name and numbers sealed."""
    RegistryRow.objects.bulk_create(
        [
            RegistryRow(
                import_of=brought, row=item.row, registry_number=item.registry_number,
                disease_id=item.disease, starts=item.starts, ends=item.ends, reason=reason,
                state=RowState.OPEN, sealed=seal(item), area=brought.area,
                area_path=brought.area_path, province=brought.province,
            )
            for item, reason in wait
        ],
        update_conflicts=True, unique_fields=["registry_number"],
        update_fields=["starts", "ends", "disease", "reason", "sealed", "state"],
    )  # fmt: skip


def seal(item: Item) -> bytes:
    """What a row says about a person, sealed."""
    named = {name: value for name, value in asdict(item).items() if name in NAMED and value}
    return keyring().seal(json.dumps(named, default=str, ensure_ascii=False), ROW)


def opened(row: RegistryRow) -> dict[str, str]:
    """What a row says about a person; empty when it was deleted."""
    if row.sealed is None:
        return {}
    found: dict[str, str] = json.loads(keyring().open(bytes(row.sealed), ROW))
    return found


def _settle(settled: Mapping[str, UUID], actor: UUID | None) -> None:
    """Rows that waited and whose tag is here now wait no longer."""
    waiting = RegistryRow.objects.filter(registry_number__in=list(settled), state=RowState.OPEN)
    rows = list(waiting)
    for row in rows:
        row.tag_id, row.state, row.sealed = settled[row.registry_number], RowState.ATTACHED, None
        row.actor, row.settled_at = actor, timezone.now()
    if rows:
        RegistryRow.objects.bulk_update(rows, ["tag", "state", "sealed", "actor", "settled_at"])


# --- the rows that wait ------------------------------------------------------------------------


@job(AGAIN, every=dt.timedelta(days=1))
def match_again(progress: Progress) -> dict[str, int]:
    """Attach rows of the registry whose person was registered since."""
    open_rows = RegistryRow.objects.filter(
        state=RowState.OPEN, reason=RowReason.NOBODY, sealed__isnull=False
    )
    counts: Counter[str] = Counter()
    imports = RegistryImport.objects.select_related("area").filter(
        pk__in=open_rows.values("import_of")
    )
    for done, brought in enumerate(imports):
        progress(gettext("Attaching tags"), done, len(imports))
        rows = list(open_rows.filter(import_of=brought).order_by("row"))
        for start in range(0, len(rows), BATCH):
            items = [_item(row) for row in rows[start : start + BATCH]]
            with transaction.atomic():
                counts.update(attach(items, brought, actor=None))
    return {"tags_attached": counts["tags_attached"], "rows_waiting": counts["rows_waiting"]}


def _item(row: RegistryRow) -> Item:
    said: dict[str, Any] = dict(opened(row))
    if said.get("birth_date"):
        said["birth_date"] = dt.date.fromisoformat(said["birth_date"])
    return Item(row.row, row.registry_number, row.disease_id, row.starts, row.ends, **said)


@transaction.atomic
def attach_row(row: RegistryRow, person: Person, *, actor: UUID) -> Tag:
    """A clerk found whom a row stands for. Raises Invalid as `tags.issue` does."""
    row = _waiting(row)
    new = NewTag(person, row.disease_id, row.starts, row.ends, row.registry_number)
    tag = tags.issue(new, source=TagSource.REGISTRY, actor=actor)
    _done(row, RowState.ATTACHED, actor, tag=tag)
    claims.settle([tag], actor=actor)
    return tag


@transaction.atomic
def set_aside(row: RegistryRow, *, why: str, actor: UUID) -> None:
    """A row that stands for nobody here; it stays aside when the sheet is brought again."""
    why = tags.reason(why)
    row = _waiting(row)
    row.why = why
    _done(row, RowState.ASIDE, actor)
    audit.record(
        "disease.set_row_aside", actor=actor, kind="registry_row", object_id=row.pk, purpose=why,
        area_path=row.area_path,
    )  # fmt: skip


def _waiting(row: RegistryRow) -> RegistryRow:
    row = RegistryRow.objects.select_for_update().get(pk=row.pk)
    if row.state != RowState.OPEN:
        raise Invalid("disease.row_settled")
    return row


def _done(row: RegistryRow, state: RowState, actor: UUID, *, tag: Tag | None = None) -> None:
    row.state, row.sealed, row.tag = state, None, tag
    row.actor, row.settled_at = actor, timezone.now()
    row.save()
