"""Writers of merges: two records are one human being, or turn out not to be.

Nothing is copied and nothing goes: readers follow `Merge`, and undoing one puts the records back
as they were. Persons are passed as rows that `queries` gave for `people.write`.
"""

from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.people import links
from pooshesh.people.merged import one_human, survivors
from pooshesh.people.models import (
    Death,
    Identifier,
    IdentifierGrade,
    LinkOrigin,
    Merge,
    Person,
    Verdict,
)
from pooshesh.people.registration import lock_persons

SHORTEST_REASON = 10

explain(
    {
        "people.merge_self": gettext_noop("This is the same record; choose the other one."),
        "people.merge_again": gettext_noop(
            "This record was merged into another already; undo that first."
        ),
        "people.merge_numbers": gettext_noop(
            "Both records carry a verified number of the same kind, and the numbers differ: two "
            "verified numbers are two people."
        ),
        "people.merge_death": gettext_noop(
            "One record says that the person died and the other does not; record the death on the "
            "other first."
        ),
        "people.merge_reason": gettext_noop(
            "Write in at least %(least)s letters what shows it; it is kept and read by others."
        ),
        "people.unmerged": gettext_noop("This merge was undone already."),
    }
)


@transaction.atomic
def merge(
    person: Person,
    into: Person,
    *,
    reason: str,
    actor: UUID,
    origin: LinkOrigin = LinkOrigin.CLERK,
) -> Merge:
    """State that a record is the same human being as another, under which it stands from now on.

    It is kept as a judgement of the two as well. `into` may have been merged itself: then the
    record stands where that one does. Raises Invalid for a record that is merged already, for two
    different verified numbers of one kind, and for a death known of one of them only.
    """
    made = join(person, into, reason=reason, actor=actor)
    links.keep_judgement(
        links.linked(person.pk, into.pk, origin), Verdict.SAME,
        actor=actor, note=made.reason, merge=made,
    )  # fmt: skip
    return made


def join(person: Person, into: Person, *, reason: str, actor: UUID) -> Merge:
    """`merge`, for who keeps the judgement; in the caller's transaction."""
    reason = _reason(reason)
    _one_after_another()
    lock_persons([person.pk, into.pk])
    known = survivors([person.pk, into.pk])
    if person.pk in known:
        raise Invalid("people.merge_again")
    survivor = known.get(into.pk, into.pk)
    if survivor == person.pk:
        raise Invalid("people.merge_self")
    mine, theirs = one_human(person.pk), one_human(survivor)
    _refuse_two_numbers(mine, theirs)
    if Death.objects.filter(person__in=mine).exists() != (
        Death.objects.filter(person__in=theirs).exists()
    ):
        raise Invalid("people.merge_death")
    made = Merge.objects.create(
        person=person, into=into, survivor_id=survivor, reason=reason, actor=actor
    )
    Merge.objects.live().filter(survivor=person.pk).update(survivor=survivor)
    _record("people.merge", made, person, actor, reason)
    return made


@transaction.atomic
def unmerge(merged: Merge, *, reason: str, actor: UUID) -> None:
    """Take a merge back, as two people; the record stands for itself again, with what was merged
    into it before. Raises Invalid when it was undone already.
    """
    part(merged, reason=reason, actor=actor)
    links.keep_judgement(
        links.linked(merged.person_id, merged.into_id, LinkOrigin.CLERK), Verdict.DIFFERENT,
        actor=actor, note=clean(reason),
    )  # fmt: skip


def part(merged: Merge, *, reason: str, actor: UUID) -> None:
    """`unmerge`, for who keeps the judgement; in the caller's transaction."""
    reason = _reason(reason)
    _one_after_another()
    same = Merge.objects.filter(pk=merged.pk).values("survivor")
    live = list(Merge.objects.live().filter(survivor__in=same))
    if merged.pk not in {one.pk for one in live}:
        raise Invalid("people.unmerged")
    below = {merged.person_id}
    while found := {one.person_id for one in live if one.into_id in below} - below:
        below |= found
    Merge.objects.filter(pk=merged.pk).update(
        undone_at=timezone.now(), undone_by=actor, undone_reason=reason
    )
    Merge.objects.live().filter(person__in=below).update(survivor=merged.person_id)
    _record("people.unmerge", merged, merged.person, actor, reason)


def _reason(text: str) -> str:
    reason = clean(text)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("people.merge_reason", least=SHORTEST_REASON)
    return reason


def _one_after_another() -> None:
    """Let mergers follow each other: each follows chains the others lengthen."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('pooshesh people merge'))")


def _refuse_two_numbers(mine: list[UUID], theirs: list[UUID]) -> None:
    def verified(persons: list[UUID]) -> dict[str, set[str]]:
        held: dict[str, set[str]] = {}
        for one in Identifier.objects.filter(
            person__in=persons, replaced_at=None, grade=IdentifierGrade.VERIFIED
        ):
            held.setdefault(one.kind, set()).add(keyring().open(bytes(one.sealed), one.kind))
        return held

    one, other = verified(mine), verified(theirs)
    if any(not (one[kind] & other[kind]) for kind in one.keys() & other.keys()):
        raise Invalid("people.merge_numbers")


def _record(action: str, merged: Merge, person: Person, actor: UUID, reason: str) -> None:
    audit.record(
        action, actor=actor, kind="person", object_id=person.pk, fields=["survivor"],
        purpose=reason, area_path=person.area_path,
        persons=[merged.person_id, merged.into_id, merged.survivor_id],
    )  # fmt: skip
