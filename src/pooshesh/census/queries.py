"""Every read of the census. The lead's are scoped by `census.plan`, the worker's by what was given.

Opening what a household said is a read of persons: the page that shows it notes it.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from pooshesh.access.models import Grant, User
from pooshesh.access.roles import ROLES
from pooshesh.census import answers, sealing
from pooshesh.census.answers import Content
from pooshesh.census.models import (
    Alley,
    Aside,
    AsideState,
    Assignment,
    Conflict,
    ConflictState,
    Device,
    Entry,
    EntryState,
    Feed,
    Outcome,
    Photo,
    Revision,
    Round,
    RoundState,
    Zone,
)
from pooshesh.kernel.text import search_key
from pooshesh.places.models import Area, AreaSetMember
from pooshesh.programme.models import Programme

PLAN, COLLECT, RUN = "census.plan", "census.collect", "campaign.run"

_COUNTED = ~Q(entries__state=EntryState.EXCLUDED)
_ENTRY = {"path": "entry__area_path", "province": "entry__province", "area": "entry__area_id"}
_ROUND = {"path": "round__area_path", "province": "round__province", "area": "round__area_id"}


# --- the lead ---------------------------------------------------------------------------


def rounds(user: User) -> QuerySet[Any]:
    """Rounds the user plans, newest first, with `expected`, `done` (households), `persons`,
    `synced`."""
    rows = Round.objects.select_related("area", "programme").annotate(
        expected=_total(Alley.objects.filter(round=OuterRef("pk")), "round", Sum("expected")),
        done=_total(_counted("round"), "round", Count("pk")),
        persons=_total(_counted("round"), "round", Sum("persons")),
        synced=Subquery(
            _counted("round").order_by().values("round").annotate(n=Max("received_at")).values("n")
        ),
    )
    return user.reach(PLAN).limit(rows).order_by("-during", "-id")


def _counted(key: str) -> QuerySet[Entry]:
    return Entry.objects.filter(**{key: OuterRef("pk")}).exclude(state=EntryState.EXCLUDED)


def _total(rows: QuerySet[Any], key: str, total: Any) -> Coalesce:
    found = rows.order_by().values(key).annotate(n=total).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def zones(round_: Round) -> QuerySet[Any]:
    """The zones of a round with `alley_count`, `expected`, `done`, `persons`, `synced`."""
    return Zone.objects.filter(round=round_).annotate(
        alley_count=Count("alleys", distinct=True),
        expected=_total(Alley.objects.filter(zone=OuterRef("pk")), "zone", Sum("expected")),
        done=_total(_counted("alley__zone"), "alley__zone", Count("pk")),
        persons=_total(_counted("alley__zone"), "alley__zone", Sum("persons")),
        synced=Max(
            "alleys__entries__received_at",
            filter=~Q(alleys__entries__state=EntryState.EXCLUDED),
        ),
    )


def zone(user: User, zone_id: UUID) -> Zone:
    """A zone of a round the user plans. Raises Zone.DoesNotExist."""
    rows = Zone.objects.select_related("round__area")
    return user.reach(PLAN).limit(rows, **_ROUND).get(id=zone_id)


def alleys(zone_: Zone) -> QuerySet[Any]:
    """The alleys of a zone with `worker` (name), `done`, `persons`, `synced`."""
    holder = Assignment.objects.on(timezone.localdate()).filter(alley=OuterRef("pk"))
    name = User.objects.filter(id=OuterRef("holder"))
    return (
        Alley.objects.filter(zone=zone_)
        .annotate(holder=Subquery(holder.values("user_id")[:1]))
        .annotate(
            worker=Coalesce(
                Subquery(name.exclude(full_name="").values("full_name")[:1]),
                Subquery(name.values("username")[:1]),
            ),
            done=Count("entries", filter=_COUNTED),
            persons=Coalesce(Sum("entries__persons", filter=_COUNTED), Value(0)),
            synced=Max("entries__received_at", filter=_COUNTED),
        )
    )


def workers(area: Area) -> list[User]:
    """Who takes the census in a neighbourhood today, by name."""
    roles = [role.code for role in ROLES.values() if COLLECT in role.permissions]
    parts = area.path.split(".")
    above = [".".join(parts[: n + 1]) for n in range(len(parts))]
    sets = AreaSetMember.objects.on(timezone.localdate()).filter(area=area)
    grants = Grant.objects.filter(
        Q(area__path__in=above) | Q(area_set__in=sets.values("area_set")),
        role__in=roles, counts_only=False, valid__contains=timezone.localdate(),
    )  # fmt: skip
    rows = User.objects.filter(id__in=grants.values("user_id"), is_active=True)
    return list(rows.order_by("full_name", "username"))


def names(users: Iterable[UUID]) -> dict[UUID, str]:
    """What users are called, by id."""
    return {user.id: str(user) for user in User.objects.filter(id__in=set(users))}


def entries(round_: Round) -> QuerySet[Entry]:
    """The households of a round, the newest first."""
    rows = Entry.objects.filter(round=round_).select_related("alley__zone")
    return rows.order_by("-received_at")


def entry(user: User, entry_id: UUID) -> Entry:
    """A household of a round the user plans. Raises Entry.DoesNotExist."""
    rows = Entry.objects.select_related("alley__zone", "round__area")
    return user.reach(PLAN).limit(rows).get(id=entry_id)


def matching(rows: QuerySet[Entry], text: str) -> list[UUID]:
    """Households in which a name, an address or the end of a number holds a text.

    Opens every one: names lie sealed. 3,000 households take some 0.3 s.
    """
    wanted = search_key(text)
    return [
        made
        for made, sealed in rows.order_by().values_list("id", "content")
        if (content := sealing.open_(sealed)) and wanted in search_key(_words(content))
    ]


def _words(content: Content) -> str:
    said = (" ".join((one["first_name"], one["last_name"], one["number"]))
            for one in content["members"])  # fmt: skip
    return " ".join((content["address"], content["notes"], *said))


def revisions(entry_: Entry) -> list[Revision]:
    """Every version of a household, the newest first."""
    return list(Revision.objects.filter(entry=entry_).order_by("-number"))


def photos(entry_id: UUID) -> list[Photo]:
    """The photos of a household, deleted ones too, without their bytes."""
    return list(Photo.objects.filter(entry_id=entry_id).defer("content").order_by("received_at"))


def photo(user: User, entry_id: UUID, photo_id: UUID) -> bytes:
    """A photo of a household the user plans. Raises Photo.DoesNotExist."""
    rows = user.reach(PLAN).limit(Photo.objects.filter(entry_id=entry_id))
    found = rows.get(id=photo_id, deleted_at=None)
    assert found.content is not None
    return sealing.open_photo(found.content)


def conflicts(round_: Round) -> QuerySet[Conflict]:
    """Conflicts that wait about households kept in a round, the oldest first."""
    rows = Conflict.objects.filter(entry__round=round_, state=ConflictState.OPEN)
    return rows.select_related("alley__zone").order_by("received_at")


def conflict(user: User, conflict_id: UUID) -> Conflict:
    """A conflict about a household kept in a round the user plans. Raises Conflict.DoesNotExist.

    The version that waits may have been written for another round of the worker's.
    """
    rows = Conflict.objects.select_related("entry__round__area", "alley__zone", "device")
    return user.reach(PLAN).limit(rows, **_ENTRY).get(id=conflict_id)


def asides(round_: Round) -> QuerySet[Aside]:
    """What is kept aside: what waits before what is decided, the oldest first."""
    rows = Aside.objects.filter(round=round_).select_related("alley__zone")
    return rows.order_by("-state", "received_at")


def aside(user: User, aside_id: UUID) -> Aside:
    """Something kept aside in a round the user plans. Raises Aside.DoesNotExist."""
    rows = Aside.objects.select_related("alley__zone", "round__area", "device")
    return user.reach(PLAN).limit(rows).get(id=aside_id)


def waiting(rounds_: Sequence[Round]) -> tuple[Counter[UUID], Counter[UUID]]:
    """How many conflicts, and how many kept aside, wait in each round."""
    found = []
    for at, rows in (
        ("entry__round", Conflict.objects.filter(state=ConflictState.OPEN)),
        ("round", Aside.objects.filter(state=AsideState.WAITING)),
    ):
        counted = rows.filter(**{f"{at}__in": rounds_}).values(at).annotate(n=Count("id"))
        found.append(Counter({row[at]: row["n"] for row in counted}))
    return found[0], found[1]


def outcomes(round_: Round) -> dict[str, int]:
    """Households by what came of them, those left out apart."""
    rows = Entry.objects.filter(round=round_).exclude(state=EntryState.EXCLUDED)
    return dict(rows.values_list("outcome").annotate(n=Count("id")))


def accepted(round_: Round) -> list[tuple[UUID, Content]]:
    """The accepted households of a round with what they said, in the order they came."""
    rows = Entry.objects.filter(
        round=round_, state=EntryState.ACCEPTED, outcome=Outcome.MET, area_id=round_.area_id
    )
    found = rows.order_by("received_at", "id").values_list("id", "content")
    return [(made, content) for made, sealed in found if (content := sealing.open_(sealed))]


def feeds(round_: Round) -> list[Feed]:
    """Campaigns this round was handed to, the newest first."""
    return list(Feed.objects.filter(round=round_).select_related("campaign"))


def devices(user: User, round_: Round) -> QuerySet[Any]:
    """Phones of those who were ever given an alley of a round the user plans."""
    held = Assignment.objects.filter(alley__round=round_).values("user_id")
    named = User.objects.filter(id=OuterRef("user_id"))
    return Device.objects.filter(user_id__in=held).annotate(
        worker=Coalesce(
            Subquery(named.exclude(full_name="").values("full_name")[:1]),
            Subquery(named.values("username")[:1]),
        )
    )


def programmes() -> QuerySet[Programme]:
    """Programmes, to say which a round belongs to."""
    return Programme.objects.order_by("name_fa")


# --- the worker's phone --------------------------------------------------------------------


def given(user: User, on: dt.date | None = None) -> QuerySet[Alley]:
    """The alleys a worker holds on a day (default: today), where they may still take the census.

    None of a round that was closed or has ended: what it holds leaves the phones.
    """
    day = on or timezone.localdate()
    held = Assignment.objects.on(day).filter(user_id=user.id)
    rows = Alley.objects.filter(
        id__in=held.values("alley_id"), round__state=RoundState.OPEN, round__during__contains=day
    )
    rows = user.reach(COLLECT).limit(rows, **_ROUND)
    return rows.select_related("zone", "round__area").order_by("zone__name", "name")


def stamps(alleys_: Sequence[Alley]) -> dict[UUID, str]:
    """What tells a phone whether an alley changed: how many households, and when the last came."""
    rows = Entry.objects.filter(alley__in=alleys_).exclude(state=EntryState.EXCLUDED)
    counted = rows.values("alley").annotate(n=Count("id"), last=Max("received_at"))
    return {row["alley"]: f"{row['n']} {row['last'].isoformat()}" for row in counted}


@dataclass(frozen=True)
class Held:
    """A household as a phone keeps it."""

    id: UUID
    revision: int
    content: Content


def held_in(user: User, alley_id: UUID) -> list[Held]:
    """The households of an alley the worker holds. Raises Alley.DoesNotExist for any other."""
    alley = given(user).get(id=alley_id)
    rows = Entry.objects.filter(alley=alley).exclude(state=EntryState.EXCLUDED)
    found = rows.order_by("received_at").values_list("id", "revision", "content")
    return [
        Held(made, revision, content)
        for made, revision, sealed in found
        if (content := sealing.open_(sealed))
    ]


def my_device(user: User, device_id: UUID) -> Device | None:
    """The worker's own phone."""
    return Device.objects.filter(id=device_id, user_id=user.id).first()


def compared(ours: Content, theirs: Content) -> list[tuple[str, Any, Any]]:
    """Differences for a screen; a member of one side only is one line, by its name."""
    here, there = ({m["id"]: m for m in one["members"]} for one in (ours, theirs))
    lines = []
    for path, our, their in answers.differences(ours, theirs):
        made, _, name = path.rpartition(".")
        if made and (made in here) != (made in there):
            if name != answers.MEMBER[0]:
                continue
            our, their = _name(here.get(made)), _name(there.get(made))
        lines.append((path, our, their))
    return lines


def _name(one: Content | None) -> str | None:
    return f"{one['first_name']} {one['last_name']}".strip() if one else None
