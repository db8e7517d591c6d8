"""Reads of policy: packs bound to a day, stored decisions and why they were made."""

import datetime as dt
from functools import lru_cache
from uuid import UUID

from pooshesh import rules
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.policy.models import BoundPack, Decision, Version, VersionState
from pooshesh.policy.shelf import shelved
from pooshesh.rules.load import load_files, read_files
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
    """The pack in force on a day. Raises Invalid for a name that is not shipped or a broken pack.

    The approved version of that day, or what is shipped with the product before the first.
    """
    shipped = shelved(name).pack
    version = version_in_force(name, on)
    pack = version_pack(version.pk) if version else shipped
    if pack is None:
        raise Invalid("pack.broken", read=name)
    return rules.bind(pack, on)


def version_in_force(name: str, on: dt.date) -> Version | None:
    """The newest approved version whose first day has come; of two of one day the later one."""
    approved = Version.objects.filter(name=name, state=VersionState.APPROVED, valid_from__lte=on)
    return approved.defer("content").order_by("-valid_from", "-decided_at").first()


def files_in_force(name: str, on: dt.date) -> dict[str, bytes]:
    """The files that decide a day: those of the version, or as shipped."""
    version = version_in_force(name, on)
    if version:
        return files_of(version)
    shelved(name)
    return read_files(rules.list_packs()[name])


def files_of(version: Version) -> dict[str, bytes]:
    """The files of a version, as `load_files` takes them."""
    return {file: text.encode() for file, text in version.content.items()}


@lru_cache(maxsize=32)
def version_pack(version_id: UUID) -> rules.Pack:
    """The pack of a version; versions never change, so each is read once."""
    version = Version.objects.get(pk=version_id)
    return load_files(version.name, files_of(version))


def decisions_of(*records: UUID) -> list[Decision]:
    """The decisions about a person, newest first, wherever they were written.

    `records` are those that stand for the person; the caller has checked that they are visible.
    """
    return list(Decision.objects.filter(person_id__in=records).order_by("-decided_at", "-id"))


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
