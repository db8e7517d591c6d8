"""Tags: issued, renewed, revoked, ended by death, and what their codes say to anybody."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.coverage import codes
from pooshesh.disease import terms
from pooshesh.disease.models import Disease, Tag, TagSource, TagStep, TagTerm, TagVerb
from pooshesh.disease.signals import tag_changed
from pooshesh.kernel import audit, rotation
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.calendar import from_jalali, month_days, to_jalali
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.people.merged import one_human, survivor
from pooshesh.people.models import Person

FIELD = "disease.tag"

explain(
    {
        "disease.tag_there": gettext_noop(
            "This person holds a tag of this disease on some of these days; renew or revoke it."
        ),
        "disease.tag_days": gettext_noop(
            "The tag would end on %(read)s; expected a day after its start, at most %(years)s"
            " years later."
        ),
        "disease.tag_future": gettext_noop("A tag cannot start on %(read)s, a day to come."),
        "disease.tag_over": gettext_noop(
            "This tag has ended; the university decides anew and issues another."
        ),
        "disease.tag_not_longer": gettext_noop(
            "The tag holds until %(ends)s already; expected a later day."
        ),
        "disease.reason_short": gettext_noop("Say why, in %(least)s letters or more."),
    }
)

rotation.register(rotation.column("codes of tags", Tag, "sealed", bound=FIELD))


@dataclass(frozen=True, slots=True)
class NewTag:
    """A tag to be issued: whose, of what, on which days (`ends` is the first day without it)."""

    person: Person
    disease_id: str
    starts: dt.date
    ends: dt.date | None
    registry_number: str = ""


def usual_end(disease: Disease, starts: dt.date) -> dt.date | None:
    """When a tag of the disease ends unless somebody says otherwise: as many Jalali months on."""
    if disease.tag_months is None:
        return None
    day = to_jalali(starts)
    years, month = divmod(day.month - 1 + disease.tag_months, 12)
    year, month = day.year + years, month + 1
    return from_jalali(year, month, min(day.day, month_days(year, month)))


def checked_days(starts: dt.date, ends: dt.date | None) -> None:
    """Raises Invalid for days no tag may have."""
    if starts > timezone.localdate():
        raise Invalid("disease.tag_future", read=starts)
    longest = starts + dt.timedelta(days=366 * terms.LONGEST_YEARS)
    if ends is not None and not starts < ends <= longest:
        raise Invalid("disease.tag_days", read=ends, years=terms.LONGEST_YEARS)


def reason(text: str) -> str:
    """What somebody gave as a reason. Raises Invalid when it says nothing."""
    text = clean(text)
    if len(text) < terms.SHORTEST_REASON:
        raise Invalid("disease.reason_short", least=terms.SHORTEST_REASON)
    return text


@transaction.atomic
def issue(
    new: NewTag, *, source: TagSource = TagSource.CLAIM, why: str = "", actor: UUID | None
) -> Tag:
    """Issue one tag. Raises Invalid for days that cannot be, or that are taken."""
    checked_days(new.starts, new.ends)
    if _overlapping(new):
        raise Invalid("disease.tag_there")
    try:
        with transaction.atomic():
            (tag,) = write([new], source, why=why, actor=actor)
    except IntegrityError as error:
        raise Invalid("disease.tag_there") from error
    audit.record(
        "disease.issue_tag", actor=actor, kind="tag", object_id=tag.pk,
        content={"disease": new.disease_id, "starts": new.starts, "ends": new.ends},
        area_path=tag.area_path, persons=[tag.person_id],
    )  # fmt: skip
    tag_changed.send(sender=Tag, tag=tag, verb=TagVerb.ISSUED)
    return tag


def _overlapping(new: NewTag) -> bool:
    """Whether another record of the same human being holds the disease on these days."""
    records = one_human(survivor(new.person.pk))
    held = TagTerm.objects.known().filter(person__in=records, disease=new.disease_id)
    return held.filter(valid__overlap=from_day(new.starts, new.ends)).exists()


def write(
    new: Sequence[NewTag], source: TagSource, *, why: str = "", actor: UUID | None
) -> list[Tag]:
    """Write tags with their first terms and steps, in the caller's transaction; 4 statements.

    The caller leaves the audit event. Raises IntegrityError when some day is taken.
    """
    ring, known, now = keyring(), from_now(), timezone.now()
    made = []
    for one, pk, number in zip(new, uuid7s(len(new)), _numbers(len(new)), strict=True):
        code = codes.new()
        made.append(
            Tag(
                id=pk, number=number, person=one.person, disease_id=one.disease_id, source=source,
                registry_number=one.registry_number, starts=one.starts, ends=one.ends,
                digest=codes.digest(code), sealed=ring.seal(code, FIELD), issued_at=now,
                area_id=one.person.area_id, area_path=one.person.area_path,
                province=one.person.province,
            )
        )  # fmt: skip
    copy_in(Tag, _TAG, ([getattr(tag, name) for name in _TAG] for tag in made))
    copy_in(
        TagTerm, ("tag_id", "person_id", "disease_id", "valid", "recorded"),
        ([t.pk, t.person_id, t.disease_id, from_day(t.starts, t.ends), known] for t in made),
    )  # fmt: skip
    _steps(((tag.pk, tag.ends) for tag in made), TagVerb.ISSUED, why, actor, now)
    return made


_TAG = tuple(field.attname for field in Tag._meta.concrete_fields)


def _steps(
    ends: Iterable[tuple[UUID, dt.date | None]], verb: TagVerb, why: str, actor: UUID | None,
    at: dt.datetime,
) -> None:  # fmt: skip
    rows = list(ends)
    copy_in(
        TagStep, ("id", "tag_id", "verb", "ends", "why", "actor", "at"),
        (
            [pk, tag, verb.value, day, why, actor, at]
            for pk, (tag, day) in zip(uuid7s(len(rows)), rows, strict=True)
        ),
    )  # fmt: skip


def _numbers(count: int) -> list[int]:
    """The next numbers of tags."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('disease_tag_number') from generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def renew(tag: Tag, until: dt.date | None, *, why: str, actor: UUID | None) -> Tag:
    """Let a tag that still holds hold longer. Raises Invalid when it ended or ends later yet."""
    tag = _locked(tag)
    if tag.revoked_at or (tag.ends is not None and tag.ends < timezone.localdate()):
        raise Invalid("disease.tag_over")
    if tag.ends is None or (until is not None and until <= tag.ends):
        raise Invalid("disease.tag_not_longer", ends=tag.ends or "—")
    checked_days(min(tag.ends, timezone.localdate()), until)
    state(TagTerm, _key(tag), {"tag_id": tag.pk}, tag.ends, until)
    return _moved(tag, until, TagVerb.RENEWED, why, actor)


@transaction.atomic
def revoke(tag: Tag, since: dt.date, *, why: str, actor: UUID | None) -> Tag:
    """Let a tag hold no longer from a day on. Raises Invalid when it does not hold then."""
    why = reason(why)
    tag = _locked(tag)
    if tag.revoked_at or (tag.ends is not None and tag.ends <= since):
        raise Invalid("disease.tag_over")
    since = max(since, tag.starts)
    state(TagTerm, _key(tag), None, since)
    tag.revoked_at = timezone.now()
    return _moved(tag, since, TagVerb.REVOKED, why, actor)


def _locked(tag: Tag) -> Tag:
    return Tag.objects.select_for_update().get(pk=tag.pk)


def _key(tag: Tag) -> dict[str, object]:
    return {"person_id": tag.person_id, "disease_id": tag.disease_id}


def _moved(tag: Tag, ends: dt.date | None, verb: TagVerb, why: str, actor: UUID | None) -> Tag:
    """Keep what happened to a locked tag: its end, a step, an event; and tell it."""
    tag.ends = ends
    tag.save(update_fields=["ends", "revoked_at"])
    TagStep.objects.create(tag=tag, verb=verb, ends=ends, why=why, actor=actor)
    audit.record(
        f"disease.tag_{verb.value}", actor=actor, kind="tag", object_id=tag.pk,
        content={"ends": ends}, purpose=why, area_path=tag.area_path, persons=[tag.person_id],
    )  # fmt: skip
    tag_changed.send(sender=Tag, tag=tag, verb=verb)
    return tag


def move_ends(moves: Mapping[UUID, dt.date | None], *, why: str, actor: UUID | None) -> None:
    """Let many tags end on other days, in the caller's transaction; 4 statements.

    None of them is revoked, and no other tag stands in the way: the caller has looked. The caller
    leaves the audit event.
    """
    if not moves:
        return
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """with said as (select * from unnest(%(tags)s::uuid[], %(ends)s::date[])
                             as s (tag_id, ends)),
               old as (update disease_tagterm t set recorded = tstzrange(lower(recorded), %(at)s)
                       from said where t.tag_id = said.tag_id and upper_inf(t.recorded)
                       returning t.tag_id)
               select count(*) from old""",
            {"tags": list(moves), "ends": list(moves.values()), "at": now},
        )
        cursor.execute(
            """with said as (select * from unnest(%(tags)s::uuid[], %(ends)s::date[])
                             as s (tag_id, ends)),
               moved as (update disease_tag t set ends = said.ends from said
                         where t.id = said.tag_id
                         returning t.id, t.person_id, t.disease_id, t.starts, t.ends)
               insert into disease_tagterm (tag_id, person_id, disease_id, valid, recorded)
               select id, person_id, disease_id, daterange(starts, ends), tstzrange(%(at)s, null)
               from moved where ends is null or ends > starts""",
            {"tags": list(moves), "ends": list(moves.values()), "at": now},
        )
    _steps(moves.items(), TagVerb.RENEWED, why, actor, now)


# --- deaths and moves, as people tell them -----------------------------------------------------


def end_with(person_id: UUID, on: dt.date, *, actor: UUID | None) -> None:
    """End the tags of somebody who died with that day, in the transaction that records it."""
    day = on + dt.timedelta(days=1)
    for tag in _of(person_id).filter(revoked_at=None).exclude(ends__lte=day):
        state(TagTerm, _key(tag), None, max(day, tag.starts))
        _moved(tag, max(day, tag.starts), TagVerb.DIED, "", actor)


def revive(person_id: UUID, *, actor: UUID | None) -> None:
    """What a wrongly recorded death ended holds again as long as it did before."""
    for tag in _of(person_id).filter(revoked_at=None):
        steps = list(TagStep.objects.filter(tag=tag).order_by("-at", "-id")[:2])
        if len(steps) == 2 and steps[0].verb == TagVerb.DIED and tag.ends is not None:
            state(TagTerm, _key(tag), {"tag_id": tag.pk}, tag.ends, steps[1].ends)
            _moved(tag, steps[1].ends, TagVerb.REVIVED, "", actor)


def _of(person_id: UUID) -> QuerySet[Tag]:
    return Tag.objects.select_for_update().filter(person__in=one_human(survivor(person_id)))


def follow(event: UUID) -> None:
    """Let the tags of persons an event moved lie where they live now; 1 statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """update disease_tag t
               set area_id = p.area_id, area_path = p.area_path, province = p.province
               from people_person p join kernel_subject s on s.person_id = p.id
               where s.event_id = %s and t.person_id = p.id and t.area_id <> p.area_id""",
            [event],
        )


# --- codes -------------------------------------------------------------------------------------


def code_of(tag: Tag) -> str:
    """The code of a tag, to print its certificate and card."""
    return keyring().open(bytes(tag.sealed), FIELD)


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody may learn from a code: that a tag of a disease holds today and how long."""

    disease: Disease
    number: int
    ends: dt.date | None


@transaction.atomic
def check(code: str, on: dt.date | None = None) -> Checked | None:
    """What a code says today; None alike for unknown, ended and revoked ones.

    Who was checked is written down, not by whom: nobody signs in. 1 statement and the event.
    """
    day = on or timezone.localdate()
    rows = Tag.objects.filter(digest=codes.digest(code)).select_related("disease")
    tag = rows.first()
    holds = tag is not None and tag.starts <= day and (tag.ends is None or day < tag.ends)
    audit.record(
        "disease.check_tag", actor=None, kind="tag", object_id=tag.pk if tag and holds else "",
        area_path=tag.area_path if tag and holds else "",
        persons=[tag.person_id] if tag and holds else [],
    )  # fmt: skip
    return Checked(tag.disease, tag.number, tag.ends) if tag and holds else None
