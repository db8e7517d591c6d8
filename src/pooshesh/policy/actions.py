"""The only writer of policy: keeping decisions with the pack they were made by."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from pooshesh.kernel import audit
from pooshesh.policy.models import BoundPack, Decision
from pooshesh.rules import BoundPack as Pack
from pooshesh.rules import Decision as Answer
from pooshesh.rules import list_packs
from pooshesh.rules.tree import Value

BATCH = 2_000


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
    Decision.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    # What was there already has another id than the row we brought.
    kept: dict[tuple[UUID, str], UUID] = {}
    for start in range(0, len(rows), BATCH):
        for person, digest, decision in Decision.objects.filter(
            pack_id=pack.id,
            on=pack.on,
            person_id__in=[row.person_id for row in rows[start : start + BATCH]],
        ).values_list("person_id", "digest", "id"):
            kept[person, digest] = decision
    audit.record(
        "policy.decide", actor=actor, kind="pack", object_id=pack.id,
        content={"on": pack.on, "decisions": len(rows)}, persons=(row.person_id for row in rows),
    )  # fmt: skip
    return [kept[row.person_id, row.digest] for row in rows]


def _keep_pack(pack: Pack) -> None:
    if BoundPack.objects.filter(id=pack.id).exists():
        return
    folder = list_packs()[pack.pack.name]
    content = {file.name: file.read_text(encoding="utf-8") for file in sorted(folder.iterdir())}
    BoundPack.objects.bulk_create(
        [BoundPack(id=pack.id, name=pack.pack.name, content=content)], ignore_conflicts=True
    )


def _row(pack: Pack, made: Made) -> Decision:
    outputs = made.decision.outputs
    facts = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in made.facts.items()
    }
    return Decision(
        person_id=made.person_id,
        pack_id=pack.id,
        on=pack.on,
        outcome=outputs["decision"],
        scheme=outputs["scheme"],
        premium_percent=outputs["premium_percent"],
        reasons=made.decision.reason_mask,
        facts=facts,
        digest=audit.digest(facts),
    )
