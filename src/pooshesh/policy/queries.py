"""Reads of policy: packs bound to a day, stored decisions and why they were made."""

import datetime as dt
from functools import lru_cache
from uuid import UUID

from pooshesh import rules
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.policy.models import BoundPack, Decision
from pooshesh.policy.shelf import shelved
from pooshesh.rules.load import load_files
from pooshesh.rules.text import Lang
from pooshesh.rules.tree import Value

explain(
    {
        "pack.broken": gettext_noop(
            "The rule pack “%(read)s” has faults and decides nothing until they are mended; its"
            " page lists them."
        )
    }
)


def bound_pack(name: str, on: dt.date) -> rules.BoundPack:
    """A shipped pack on a day. Raises Invalid for a name that is not shipped or a broken pack."""
    pack = shelved(name).pack
    if pack is None:
        raise Invalid("pack.broken", read=name)
    return rules.bind(pack, on)


def decisions_of(person_id: UUID) -> list[Decision]:
    """A person's decisions, newest first. The caller has checked that the person is visible."""
    return list(Decision.objects.filter(person_id=person_id).order_by("-decided_at", "-id"))


def why(decision: Decision, lang: Lang) -> tuple[rules.Explanation, ...]:
    """The reasons of a stored decision in words, from the pack as it was that day."""
    pack = _as_it_was(decision.pack_id, decision.on)
    types = {name: fact.type for name, fact in pack.pack.facts.items()}
    facts: dict[str, Value] = {
        name: dt.date.fromisoformat(value) if value and types[name].kind == "date" else value
        for name, value in decision.facts.items()
    }
    return rules.explain(rules.trace(pack, facts), lang)


@lru_cache(maxsize=32)
def _as_it_was(pack_id: str, on: dt.date) -> rules.BoundPack:
    kept = BoundPack.objects.get(id=pack_id)
    if kept.name in rules.list_packs():
        now = bound_pack(kept.name, on)
        if now.id == pack_id:
            return now
    files = {name: text.encode() for name, text in kept.content.items()}
    return rules.bind(load_files(kept.name, files), on)
