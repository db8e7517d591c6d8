"""The audit trail: append-only events, sealed in batches by a hash chain.

Every action records one event, and one subject row per person it touched or showed. A seal
hashes the events of ended transactions in a fixed order on top of the previous seal. The newest
head is signed with a key outside the database and exported daily, so that whoever holds an old
export sees it when the chain was made anew behind it.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from pooshesh.kernel.bulk import copy_in, prepared
from pooshesh.kernel.config import config, kept_secret
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.models import Event, Seal, Sealed, Subject

explain(
    {
        "audit.no_heads": gettext_noop(
            "“%(folder)s” holds no exported heads; expected the folder that ./pooshesh audit export"
            " writes to, or a copy of it."
        ),
    }
)

#: Sent in the transaction of every event, its subjects written: event, action.
recorded = Signal()

#: What `gathered` has still to write.
_waiting: ContextVar[list[dict[str, Any]] | None] = ContextVar("waiting", default=None)

START = bytes(32)
BATCH = 5_000

_WRITE = "select kernel_record(%s::json, %s)"


def record(
    action: str,
    *,
    actor: UUID | None,
    kind: str = "",
    object_id: object = "",
    fields: Iterable[str] = (),
    content: Mapping[str, Any] | None = None,
    purpose: str = "",
    area_path: str = "",
    persons: Iterable[UUID] = (),
    waits: bool = True,
) -> Event:
    """Write one event, in the caller's transaction; `content` is only digested. 1 statement.

    Not `waits`: where there is no transaction but this event's own, it is visible at once and on
    disk within a second (docs/decisions/0012). For what is read often and changes nothing.
    """
    event = Event(
        at=timezone.now(),
        actor=actor,
        action=action,
        kind=kind,
        object_id=str(object_id),
        fields=sorted(fields or (content or {})),
        digest=digest(content) if content else "",
        purpose=purpose[:200],
        area_path=area_path,
    )
    row = {
        "id": event.id, "at": event.at, "actor": actor, "action": action, "kind": kind,
        "object_id": event.object_id, "fields": event.fields, "digest": event.digest,
        "purpose": event.purpose, "area_path": area_path,
        "persons": list(dict.fromkeys(persons)),
    }  # fmt: skip
    waiting = _waiting.get()
    if waiting is None:
        _write([row], waits=waits or connection.in_atomic_block)
    else:
        waiting.append(row)
    return event


@contextmanager
def gathered() -> Iterator[None]:
    """Events of an action that calls others are written as it ends, in 1 statement, or none of
    them where it fails. For what is done many times a second, inside a transaction of which no
    savepoint is rolled back meanwhile."""
    rows: list[dict[str, Any]] = []
    outer = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(outer)
    _write(rows)


def _write(rows: Sequence[Mapping[str, Any]], *, waits: bool = True) -> None:
    if not rows:
        return
    prepared(_WRITE, [orjson.dumps(rows).decode(), waits])
    for row in rows:
        recorded.send(sender=Event, event=row["id"], action=row["action"])


def digest(content: Mapping[str, Any]) -> str:
    """sha256 of a mapping in canonical JSON."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def seal() -> int:
    """Seal every event whose transaction has ended; how many were sealed."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('pooshesh audit seal'))")
        # A restored database counts transactions anew: what lies beyond its counter has ended too,
        # but for this very transaction, whose number may lie there while others are open.
        cursor.execute(
            """select e.id from kernel_event e
               where not exists (select 1 from kernel_sealed s where s.event_id = e.id)
                 and (e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                      or e.xid > pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
                 and e.xid is distinct from pg_current_xact_id_if_assigned()::text::bigint
               order by e.id limit %s""",
            [BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
    if not ids:
        return 0
    last = Seal.objects.order_by("-number").first()
    previous = bytes(last.head) if last else START
    leaves = _leaves(ids)
    made = Seal.objects.create(
        number=last.number + 1 if last else 1,
        events=len(ids),
        previous=previous,
        head=_chain(previous, (leaves[i] for i in ids)),
    )
    copy_in(
        Sealed,
        ("event_id", "seal_id", "position", "leaf"),
        ((i, made.number, n, leaves[i]) for n, i in enumerate(ids)),
    )
    return len(ids)


def _chain(previous: bytes, leaves: Iterable[bytes]) -> bytes:
    hashed = hashlib.sha256(previous)
    for leaf in leaves:
        hashed.update(leaf)
    return hashed.digest()


def _leaves(ids: list[UUID]) -> dict[UUID, bytes]:
    """The hash of each event with its subjects, as stored now; missing events are left out."""
    subjects: dict[UUID, list[str]] = {}
    for event, person in Subject.objects.filter(event_id__in=ids).values_list(
        "event_id", "person_id"
    ):
        subjects.setdefault(event, []).append(str(person))
    columns = ("id", "at", "xid", "actor", "action", "kind", "object_id", "fields", "digest",
               "purpose", "area_path")  # fmt: skip
    leaves = {}
    for row in Event.objects.filter(id__in=ids).values(*columns):
        row["at"] = row["at"].astimezone(dt.UTC).isoformat()
        row["subjects"] = sorted(subjects.get(row["id"], ()))
        leaves[row["id"]] = bytes.fromhex(digest(row))
    return leaves


@dataclass(frozen=True)
class State:
    """How far the trail is sealed."""

    events: int
    sealed: int
    last: Seal | None


def state() -> State:
    """The trail's length and its newest seal."""
    last = Seal.objects.order_by("-number").first()
    return State(Event.objects.count(), Sealed.objects.count(), last)


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the trail."""

    seal: int
    what: str
    event: UUID | None = None


def verify(heads: Path | None = None) -> Iterator[Fault]:
    """Recompute the whole chain and compare it with itself and with the exported heads.

    `heads` is a folder, as `exported` takes it. Raises Invalid when it was named and holds none.
    """
    files = exported(heads)
    previous, known = START, {}
    for expected, one in enumerate(Seal.objects.order_by("number").iterator(), 1):
        if one.number != expected:
            yield Fault(one.number, f"seal {expected} is missing")
        if bytes(one.previous) != previous:
            yield Fault(one.number, "does not continue the seal before it")
        places = list(
            Sealed.objects.filter(seal=one).order_by("position").values_list("event_id", "leaf")
        )
        now = _leaves([event for event, _ in places])
        for event, leaf in places:
            if now.get(event) != bytes(leaf):
                what = "was changed" if event in now else "was deleted"
                yield Fault(one.number, f"event {event} {what} after it was sealed", event)
        if len(places) != one.events or bytes(one.head) != _chain(
            bytes(one.previous), (bytes(leaf) for _, leaf in places)
        ):
            yield Fault(one.number, "its own record was changed")
        previous = known[one.number] = bytes(one.head)
    yield from _faults_of_heads(files, known)


def exported(folder: Path | None = None) -> list[Path]:
    """The exported heads in a folder (default: HOME/audit-heads), oldest first.

    Raises Invalid when a folder was named that holds none: nothing would be compared.
    """
    found = sorted((folder or config().home / "audit-heads").glob("*.json"))
    if folder and not found:
        raise Invalid("audit.no_heads", folder=str(folder))
    return found


def _faults_of_heads(files: Iterable[Path], known: Mapping[int, bytes]) -> Iterator[Fault]:
    public = _signing_key().public_key()
    for file in files:
        try:
            said = json.loads(file.read_text())
            number, head = int(said["seal"]), bytes.fromhex(said["head"])
            signature = bytes.fromhex(said["signature"])
        except (ValueError, KeyError, TypeError):
            yield Fault(0, f"{file.name} is not an exported head")
            continue
        try:
            public.verify(signature, _signed_text(number, head))
        except InvalidSignature:
            yield Fault(number, f"the signature of the exported head {file.name} is wrong")
            continue
        if known.get(number) != head:
            yield Fault(number, f"differs from the head exported in {file.name}")


def export_head(folder: Path | None = None) -> Path | None:
    """Write the newest head, signed, to a file named after the day; None when nothing is sealed."""
    last = Seal.objects.order_by("-number").first()
    if last is None:
        return None
    folder = folder or config().home / "audit-heads"
    folder.mkdir(parents=True, exist_ok=True)
    head = bytes(last.head)
    file = folder / f"{dt.datetime.now(dt.UTC):%Y-%m-%d}.json"
    said = {
        "seal": last.number,
        "head": head.hex(),
        "sealed_at": last.sealed_at.isoformat(),
        "signature": _signing_key().sign(_signed_text(last.number, head)).hex(),
    }
    file.write_text(json.dumps(said, indent=1) + "\n")
    return file


def _signed_text(number: int, head: bytes) -> bytes:
    return f"pooshesh audit {number} {head.hex()}".encode()


def _signing_key() -> Ed25519PrivateKey:
    """Kept outside the database, so that its administrator cannot sign a chain made anew."""
    seed = kept_secret(config().secrets / "audit_signing_key", 48)
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(seed.encode()).digest())
