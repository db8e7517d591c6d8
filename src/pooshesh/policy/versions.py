"""Writers of pack versions: proposed by one, approved by another, valid from a day.

A version is checked whole before it is kept: every defect of its files, every case, and that days
before its first stay as they were. Who may propose or approve is for the caller to ask.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh import rules
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.policy.facts import source_of
from pooshesh.policy.models import Version, VersionState
from pooshesh.policy.queries import PACK, files_in_force
from pooshesh.policy.states import VERSION
from pooshesh.policy.words import lang, say
from pooshesh.rules.load import load_files

SHORTEST_NOTE = 10
#: What every kept decision and every effect is read from.
ANSWERS = frozenset({"decision", "scheme", "premium_percent", "premium_rial"})
EFFECT = "policy.effect"  # the job that counts whom a version moves

explain(
    {
        "version.broken": gettext_noop("The files have faults; nothing was kept:\n%(faults)s"),
        "version.cases": gettext_noop(
            "%(failed)s of %(all)s cases do not come out as written, the first “%(first)s”: mend"
            " the rules or the cases; nothing was kept."
        ),
        "version.facts": gettext_noop(
            "The rules ask for facts that nobody records (%(names)s); nothing was kept."
        ),
        "version.outputs": gettext_noop(
            "The rules no longer answer %(names)s, which cover and costs rest on; nothing was kept."
        ),
        "version.same": gettext_noop(
            "These files are what is in force on %(day)s already, or stand proposed for that day."
        ),
        "version.past": gettext_noop(
            "A version is valid from today or later; “%(read)s” is past: what was decided stays."
        ),
        "version.note": gettext_noop(
            "Write in at least %(least)s letters what changes and why; the second person reads it."
        ),
        "version.own": gettext_noop(
            "Somebody else has to decide about a version than who proposed it."
        ),
        "version.not_own": gettext_noop("Only who proposed a version withdraws it."),
        "version.gone": gettext_noop(
            "Somebody was before you: this version is in the state “%(state)s” already."
        ),
        "version.late": gettext_noop(
            "Its first day %(day)s has passed while it waited; withdraw it and propose it anew."
        ),
    }
)


@transaction.atomic
def propose(
    name: str, files: Mapping[str, bytes], *, valid_from: dt.date, note: str, actor: UUID
) -> Version:
    """Keep a checked version for a second person and start counting what it does.

    Errors: Invalid with every defect of the files, for a case that fails, for a day that is past,
    for files that are in force or proposed already.
    """
    note = clean(note)
    if len(note) < SHORTEST_NOTE:
        raise Invalid("version.note", least=SHORTEST_NOTE)
    if valid_from < timezone.localdate():
        raise Invalid("version.past", read=valid_from)
    _check(name, files)
    content = {file: text.decode("utf-8-sig") for file, text in sorted(files.items())}
    if content == {f: t.decode("utf-8-sig") for f, t in files_in_force(name, valid_from).items()}:
        raise Invalid("version.same", day=valid_from)
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    try:
        with transaction.atomic():
            made = Version.objects.create(
                name=name, content=content, digest=hashlib.sha256(text.encode()).hexdigest(),
                valid_from=valid_from, note=note, proposed_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        if "version_once" not in str(error):
            raise
        raise Invalid("version.same", day=valid_from) from error
    _record("policy.propose", made, actor)
    count(made, actor=actor)
    return made


def counts(name: str) -> bool:
    """Whether a pack decides about persons, so that whom a version of it moves can be counted."""
    return name == PACK


def count(version: Version, *, actor: UUID) -> None:
    """Start counting whom a version moves, unless its effect is known or cannot be."""
    if counts(version.name) and not version.effect:
        jobs.start(EFFECT, actor=actor, version_id=str(version.pk))


def _check(name: str, files: Mapping[str, bytes]) -> None:
    try:
        pack = load_files(name, files)
    except rules.PackError as error:
        faults = "\n".join(error.messages(lang()))
        raise Invalid("version.broken", faults=faults) from error
    results = rules.run_cases(pack)
    failed = [one for one in results if not one.passed]
    if failed:
        first = say(failed[0].case.title)
        raise Invalid("version.cases", failed=len(failed), all=len(results), first=first)
    if name == PACK:
        _check_persons(pack)


def _check_persons(pack: rules.Pack) -> None:
    """What decides about persons can ask only what is known of them, and must answer them."""
    asked = [fact.name for fact in rules.required_facts(pack) if not source_of(fact.name)]
    if asked:
        raise Invalid("version.facts", names=tuple(sorted(asked)))
    missing = ANSWERS - {rule.name for rule in pack.outputs}
    if missing:
        raise Invalid("version.outputs", names=tuple(sorted(missing)))


def approve(version_id: UUID, *, answer: str, actor: UUID) -> Version:
    """Put a version into force from its day; never by who proposed it."""
    version = _answer(version_id, "approve", answer, actor)
    jobs.start("policy.redecide", actor=actor)
    return version


def refuse(version_id: UUID, *, answer: str, actor: UUID) -> Version:
    """Turn a version down, with the reason."""
    return _answer(version_id, "refuse", answer, actor)


@transaction.atomic
def _answer(version_id: UUID, verb: str, answer: str, actor: UUID) -> Version:
    version = _still_proposed(version_id)
    state = VERSION.next(version.state, verb)
    if version.proposed_by == actor:
        raise Invalid("version.own")
    if state == VersionState.APPROVED and version.valid_from < timezone.localdate():
        raise Invalid("version.late", day=version.valid_from)
    return _end(version, state, clean(answer), actor)


@transaction.atomic
def withdraw(version_id: UUID, *, actor: UUID, answer: str = "") -> Version:
    """Take one's own proposal back."""
    version = _still_proposed(version_id)
    state = VERSION.next(version.state, "withdraw")
    if version.proposed_by != actor:
        raise Invalid("version.not_own")
    return _end(version, state, clean(answer), actor)


def _still_proposed(version_id: UUID) -> Version:
    """The version, locked: of two who answer at once the second is told."""
    version = Version.objects.select_for_update().get(pk=version_id)
    if version.state != VersionState.PROPOSED:
        raise Invalid("version.gone", state=version.get_state_display())
    return version


def _end(version: Version, state: str, answer: str, actor: UUID) -> Version:
    version.state, version.answer = state, answer
    version.decided_by, version.decided_at = actor, timezone.now()
    version.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _record(f"policy.{state}", version, actor)
    return version


def _record(action: str, version: Version, actor: UUID) -> None:
    audit.record(
        action, actor=actor, kind="version", object_id=version.pk,
        content={"name": version.name, "digest": version.digest, "from": version.valid_from},
        purpose=version.note,
    )  # fmt: skip
