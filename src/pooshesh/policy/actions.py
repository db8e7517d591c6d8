"""The only writer of policy: keeping decisions with the pack they were made by."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import Jsonb

from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in
from pooshesh.people.models import Person
from pooshesh.policy.models import BoundPack, Decision
from pooshesh.policy.queries import files_in_force
from pooshesh.rules import BoundPack as Pack
from pooshesh.rules import Decision as Answer
from pooshesh.rules.tree import Value

_COLUMNS = tuple(field.attname for field in Decision._meta.concrete_fields)


@dataclass(frozen=True)
class Made:
    """A decision about a person and the facts it was made on."""

    person_id: UUID
    facts: Mapping[str, Value]
    decision: Answer


@transaction.atomic
def keep_decisions(pack: Pack, made: Sequence[Made], actor: UUID | None) -> list[UUID]:
    """Store decisions; their ids, in order. The same decision made again keeps its first id."""
    _keep_pack(pack)
    rows = [_row(pack, one) for one in made]
    kept: dict[tuple[UUID, str], UUID] = {
        (person, digest): decision
        for person, digest, decision in Decision.objects.filter(
            pack_id=pack.id, on=pack.on, person_id__in=[row.person_id for row in rows]
        ).values_list("person_id", "digest", "id")
    }
    fresh = {
        (row.person_id, row.digest): row for row in rows if (row.person_id, row.digest) not in kept
    }
    copy_in(Decision, _COLUMNS, ([_cell(row, name) for name in _COLUMNS] for row in fresh.values()))
    kept |= {key: row.id for key, row in fresh.items()}
    audit.record(
        "policy.decide", actor=actor, kind="pack", object_id=pack.id,
        content={"on": pack.on, "decisions": len(rows)}, persons=(row.person_id for row in rows),
    )  # fmt: skip
    return [kept[row.person_id, row.digest] for row in rows]


def _keep_pack(pack: Pack) -> None:
    if BoundPack.objects.filter(id=pack.id).exists():
        return
    files = files_in_force(pack.pack.name, pack.on)
    content = {name: text.decode("utf-8-sig") for name, text in files.items()}
    BoundPack.objects.bulk_create(
        [BoundPack(id=pack.id, name=pack.pack.name, content=content)], ignore_conflicts=True
    )


def keep_packs(packs: Iterable[Pack]) -> None:
    """Keep the packs that decisions of another room are made by, in its transaction."""
    for pack in {one.id: one for one in packs}.values():
        _keep_pack(pack)


def _cell(row: Decision, name: str) -> object:
    return Jsonb(row.facts) if name == "facts" else getattr(row, name)


def plain(facts: Mapping[str, Value]) -> dict[str, object]:
    """Facts as they are kept: days as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in facts.items()
    }


def _row(pack: Pack, made: Made) -> Decision:
    outputs = made.decision.outputs
    percent = outputs["premium_percent"]
    facts = plain(made.facts)
    return Decision(
        person_id=made.person_id,
        pack_id=pack.id,
        on=pack.on,
        outcome=str(outputs["decision"]),
        scheme=str(outputs["scheme"]),
        premium_percent=percent if isinstance(percent, int) else None,
        reasons=made.decision.reason_mask,
        facts=facts,
        digest=audit.digest(facts),
    )


def note_letter(decision: Decision, person: Person, purpose: str, *, actor: UUID) -> None:
    """Note that somebody opened the letter about a decision, and what for."""
    audit.record(
        "policy.letter", actor=actor, kind="decision", object_id=decision.pk, purpose=purpose,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip


def note_explanation(decision: Decision, person: Person, purpose: str, *, actor: UUID) -> None:
    """Note that a program read why a decision was made."""
    audit.record(
        "policy.explain", actor=actor, kind="decision", object_id=decision.pk, purpose=purpose,
        area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
