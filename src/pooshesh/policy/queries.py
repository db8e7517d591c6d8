"""Reads of policy: packs bound to a day, stored decisions and why they were made."""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from pooshesh import rules
from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.models import Job
from pooshesh.policy.models import BoundPack, Decision, Remark, Scenario, Version, VersionState
from pooshesh.policy.shelf import shelved
from pooshesh.rules.load import load_files, read_files
from pooshesh.rules.text import Lang
from pooshesh.rules.tree import Value

PACK = "iran"  # decides about persons; nested packs decide about services and requests
SIMULATE, PROPOSE, APPROVE = "rules.simulate", "rules.propose", "rules.approve"

explain(
    {
        "pack.broken": gettext_noop(
            "The rule pack “%(read)s” has faults and decides nothing until they are mended; its"
            " page lists them."
        )
    }
)


def bound_pack(name: str, on: dt.date, known: dt.datetime | None = None) -> rules.BoundPack:
    """The pack in force on a day. Raises Invalid for a name that is not shipped or a broken pack.

    The version of that day approved until a moment (default: now), or what is shipped with the
    product before the first.
    """
    return rules.bind(pack_in_force(name, on, known), on)


def pack_in_force(name: str, on: dt.date, known: dt.datetime | None = None) -> rules.Pack:
    """As `bound_pack`, not yet bound to the day."""
    shipped = shelved(name).pack
    approved = any(version_in_force(one, on, known) for one in _with_parents(name))
    pack = _loaded(name, tuple(files_in_force(name, on, known).items())) if approved else shipped
    if pack is None:
        raise Invalid("pack.broken", read=name)
    return pack


def _with_parents(name: str) -> list[str]:
    """A pack and those it is nested in: iran, iran.fund."""
    words = name.split(".")
    return [".".join(words[:count]) for count in range(1, len(words) + 1)]


@lru_cache(maxsize=32)
def _loaded(name: str, files: tuple[tuple[str, bytes], ...]) -> rules.Pack:
    return load_files(name, dict(files))


def pack_before(version: Version) -> rules.Pack:
    """The pack that rules on a version's first day without it: what it is compared with."""
    others = Version.objects.filter(
        name=version.name, state=VersionState.APPROVED, valid_from__lte=version.valid_from
    ).exclude(pk=version.pk)
    if version.decided_at:
        others = others.filter(decided_at__lt=version.decided_at)
    newest = others.defer("content").order_by("-valid_from", "-decided_at").first()
    if newest:
        return version_pack(newest.pk)
    shipped = shelved(version.name).pack
    if shipped is None:
        raise Invalid("pack.broken", read=version.name)
    return shipped


def version_in_force(name: str, on: dt.date, known: dt.datetime | None = None) -> Version | None:
    """The newest approved version whose first day has come; of two of one day the later one."""
    approved = Version.objects.filter(name=name, state=VersionState.APPROVED, valid_from__lte=on)
    if known:
        approved = approved.filter(decided_at__lte=known)
    return approved.defer("content").order_by("-valid_from", "-decided_at").first()


def files_in_force(name: str, on: dt.date, known: dt.datetime | None = None) -> dict[str, bytes]:
    """The files that decide a day: those of the version, or as shipped.

    A nested pack has its parent's files as they are in force, whatever its own version held.
    """
    shelved(name)
    version = version_in_force(name, on, known)
    files = files_of(version) if version else read_files(rules.list_packs()[name])
    parent = name.rpartition(".")[0]
    if not parent:
        return files
    folder = "/".join(name.split(".")[1:])
    own = {file: text for file, text in files.items() if file.rpartition("/")[0] == folder}
    return files_in_force(parent, on, known) | own


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
    return rules.explain(traced(decision), lang)


def traced(decision: Decision) -> rules.Trace:
    """A stored decision made once more by the pack as it was that day, with every step."""
    pack = _as_it_was(decision.pack_id, decision.on)
    types = {name: fact.type for name, fact in pack.pack.facts.items()}
    facts: dict[str, Value] = {
        name: dt.date.fromisoformat(value) if value and types[name].kind == "date" else value
        for name, value in decision.facts.items()
    }
    return rules.trace(pack, facts)


@lru_cache(maxsize=32)
def _as_it_was(pack_id: str, on: dt.date) -> rules.BoundPack:
    kept = BoundPack.objects.get(id=pack_id)
    if kept.name in rules.list_packs():
        now = bound_pack(kept.name, on)
        if now.id == pack_id:
            return now
    files = {name: text.encode() for name, text in kept.content.items()}
    return rules.bind(load_files(kept.name, files), on)


def decision(person_ids: Iterable[UUID], decision_id: UUID) -> Decision | None:
    """One decision about any of a visible person's records."""
    return Decision.objects.filter(pk=decision_id, person_id__in=list(person_ids)).first()


# --- versions and scenarios: of the nation, for who sees all of it -------------------------


def versions(viewer: User) -> QuerySet[Version]:
    """Versions for who proposes or approves them with the whole nation in reach."""
    if not (visible(viewer, PROPOSE).everywhere or visible(viewer, APPROVE).everywhere):
        return Version.objects.none()
    proposer = User.objects.filter(id=OuterRef("proposed_by"))
    return Version.objects.defer("content").annotate(
        proposer=Subquery(proposer.values("full_name")[:1])
    )


def to_answer(viewer: User) -> int:
    """How many proposals of others wait for this viewer."""
    if not visible(viewer, APPROVE).everywhere:
        return 0
    waiting = Version.objects.filter(state=VersionState.PROPOSED)
    return waiting.exclude(proposed_by=viewer.pk).count()


def scenarios(viewer: User) -> QuerySet[Scenario]:
    """Scenarios, for who tries reforms with the whole nation in reach; newest first."""
    if not visible(viewer, SIMULATE).everywhere:
        return Scenario.objects.none()
    maker = User.objects.filter(id=OuterRef("made_by")).values("full_name")[:1]
    return Scenario.objects.annotate(maker=Subquery(maker)).order_by("-made_at")


def remarks(scenario: Scenario) -> list[Remark]:
    """What was said about a scenario, oldest first, each with its `who`."""
    who = User.objects.filter(id=OuterRef("author")).values("full_name")[:1]
    return list(scenario.remarks.annotate(who=Subquery(who)).order_by("at", "pk"))


def counting(of: Version | Scenario) -> Job | None:
    """The latest job that counts the effect of a version or a scenario."""
    argument = "version_id" if isinstance(of, Version) else "scenario_id"
    jobs = Job.objects.filter(arguments__contains={argument: str(of.pk)})
    return jobs.order_by("-created_at").first()


def people_called(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of users, to say who proposed and who answered."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=[i for i in ids if i])}
