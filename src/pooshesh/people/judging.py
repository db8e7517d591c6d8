"""Writers of judgements: whether two linked records are one human being. Each can be taken back.

Judged the same, the record registered later stands under the other (`merging`); nothing is copied
or lost, and taking the judgement back puts both as they were. Links are passed as rows that
`pairs` gave.
"""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.people import links, pairs
from pooshesh.people.merged import survivors
from pooshesh.people.merging import join, part
from pooshesh.people.models import Judgement, Link, LinkOrigin, Merge, Verdict

LOCK = dt.timedelta(minutes=15)
UNDO_WITHIN = dt.timedelta(hours=12)

explain(
    {
        "pairs.held": gettext_noop(
            "Another clerk is working on this pair; it is free again at %(until)s at the latest."
        ),
        "pairs.elsewhere": gettext_noop(
            "One of the two records was merged into one outside your area; somebody whose area "
            "covers both decides."
        ),
        "pairs.nothing_to_undo": gettext_noop(
            "You have judged no pair in the last hours that could be taken back."
        ),
    }
)


# --- the queue ------------------------------------------------------------------------


@transaction.atomic
def take(user: User, after: Link | None = None) -> Link | None:
    """The next free pair, now locked: the likeliest first, then the oldest, what somebody skipped
    last; `after` is where to go on from. None when there is none.
    """
    now = timezone.now()
    free = pairs.waiting(user).select_for_update(skip_locked=True, of=("self",))
    free = pairs.free(free, user, now)
    if after is not None:
        _let_go(user, after.pk)
        ahead = free.exclude(pk=after.pk)
        onward = pairs.beyond(ahead, after).first()
        found = onward or ahead.first()
    else:
        found = free.first()
    return _lock(found, user, now) if found else None


@transaction.atomic
def hold(user: User, link: Link) -> Link:
    """Lock a pair or renew one's own lock. Raises Invalid when somebody else has it."""
    now = timezone.now()
    mine = Link.objects.select_for_update().get(pk=link.pk)
    _refuse_held(mine, user, now)
    return _lock(mine, user, now)


def _refuse_held(link: Link, user: User, now: dt.datetime) -> None:
    if link.locked_by not in (None, user.pk) and link.locked_until and link.locked_until > now:
        until = timezone.localtime(link.locked_until)
        raise Invalid("pairs.held", until=f"{until:%H:%M}")


def _lock(link: Link, user: User, now: dt.datetime) -> Link:
    if link.locked_by != user.pk or not link.locked_until or link.locked_until <= now:
        # Shown for the first time: a look at both records.
        _record("people.open_pair", link, user.pk)
    link.locked_by, link.locked_until = user.pk, now + LOCK
    link.save(update_fields=["locked_by", "locked_until"])
    return link


def skip(user: User, link: Link) -> None:
    """Put one's pair back, at the end of the queue; no effect on anybody else's."""
    Link.objects.filter(pk=link.pk, locked_by=user.pk).update(
        locked_by=None, locked_until=None, skipped_at=timezone.now()
    )


def _let_go(user: User, link_id: UUID) -> None:
    Link.objects.filter(pk=link_id, locked_by=user.pk).update(locked_by=None, locked_until=None)


# --- judging --------------------------------------------------------------------------


@transaction.atomic
def judge(user: User, link: Link, verdict: Verdict, *, note: str = "") -> Judgement:
    """Judge a pair, over what was judged before.

    Raises Invalid when another clerk has it, and what `merging.merge` refuses for the same person.
    """
    held = Link.objects.select_for_update().get(pk=link.pk)
    _refuse_held(held, user, timezone.now())
    note = clean(note)
    _part(held, user.pk, note)
    merged = _join(user, held, note) if verdict == Verdict.SAME else None
    made = links.keep_judgement(held, verdict, actor=user.pk, note=note, merge=merged)
    _record("people.judge_pair", held, user.pk, verdict=verdict.value, judgement=made.pk)
    return made


@transaction.atomic
def undo_last(user: User) -> Link:
    """Take one's last judgement back: the pair is open again and one's own.

    Raises Invalid when there is none of the last hours, or the pair left one's area.
    """
    last = (
        Judgement.objects.filter(
            actor=user.pk, superseded_at=None, at__gt=timezone.now() - UNDO_WITHIN
        )
        .exclude(verdict=Verdict.OPEN)
        .order_by("-id")
        .first()
    )
    found = pairs.pair(user, last.link_id) if last else None
    if found is None:
        raise Invalid("pairs.nothing_to_undo")
    held = Link.objects.select_for_update().get(pk=found.pk)
    _part(held, user.pk, "")
    links.supersede(held)
    _record("people.undo_judgement", held, user.pk)
    return _lock(held, user, timezone.now())


def tell_apart(person: UUID, others: Collection[UUID], *, actor: UUID | None) -> None:
    """Keep that somebody registered a person knowing that it is none of the others, in the
    transaction and event of the registration."""
    for other in others:
        link = links.linked(person, other, LinkOrigin.REGISTRATION)
        links.keep_judgement(
            link, Verdict.DIFFERENT, actor=actor, note=_("Registered all the same.")
        )


@transaction.atomic
def judge_persons(
    one: UUID, other: UUID, verdict: Verdict, *, origin: LinkOrigin, actor: UUID, note: str = ""
) -> Judgement:
    """Keep what was found of two persons elsewhere, as a campaign's worklist does; the records
    themselves are the caller's matter."""
    link = links.linked(one, other, origin)
    made = links.keep_judgement(link, verdict, actor=actor, note=clean(note))
    _record("people.judge_pair", link, actor, verdict=verdict.value, judgement=made.pk)
    return made


def _join(user: User, link: Link, note: str) -> Merge | None:
    """Let the later record stand under the earlier one, unless they are one already."""
    stands = survivors([link.first_id, link.second_id])
    into, person = (
        stands.get(link.first_id, link.first_id),
        stands.get(link.second_id, link.second_id),
    )
    if into == person:
        return None
    rows = pairs.persons_to_change(user, [into, person])
    if len(rows) < len({into, person}):
        raise Invalid("pairs.elsewhere")
    said = _("Judged the same person in the queue of pairs.")
    return join(rows[person], rows[into], reason=f"{said} {note}".strip(), actor=user.pk)


def _part(link: Link, actor: UUID, note: str) -> None:
    """Undo the merge that the standing judgement of a link brought, if it still stands."""
    standing = Judgement.objects.filter(link=link, superseded_at=None).select_related("merge")
    for one in standing.filter(merge__undone_at=None, merge__isnull=False):
        assert one.merge is not None
        said = _("The judgement of the pair was taken back.")
        part(one.merge, reason=f"{said} {note}".strip(), actor=actor)


def _record(action: str, link: Link, actor: UUID, **content: object) -> None:
    audit.record(
        action, actor=actor, kind="link", object_id=link.pk, content=content,
        area_path=link.area_path, persons=[link.first_id, link.second_id],
    )  # fmt: skip
