"""What a phone sends: registering it, batches of households, photos.

A household's id is made on the phone, so that whatever is sent twice is known again: the same
content is acknowledged again, another one is a new version on top of the version the phone knew,
and on top of an older one a conflict. What comes late, or for an alley that is not the worker's,
is kept aside. Nothing that can be read is ever turned away.
"""

import base64
import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.reach import Reach
from pooshesh.census import answers, jpeg, sealing
from pooshesh.census.actions import begin, revise
from pooshesh.census.answers import Content, Fault
from pooshesh.census.models import (
    Alley,
    Aside,
    AsideState,
    Assignment,
    Conflict,
    ConflictState,
    Device,
    Entry,
    Photo,
    Revision,
    RoundState,
    Why,
)
from pooshesh.census.retention import PHOTO_DAYS
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

COLLECT = "census.collect"
MOST = 25  # households in a batch
SECRET_BYTES = 32

explain(
    {
        "field.many": gettext_noop(
            "%(read)s households were sent at once; expected at most %(limit)s."
        ),
        "field.no_device": gettext_noop(
            "This phone belongs to another account; sign in with the account that set it up."
        ),
        "field.revoked": gettext_noop(
            "This phone was reported lost, so nothing is sent; what is on it stays. Ask your lead"
            " to restore it."
        ),
        "field.no_alley": gettext_noop("This alley is not known any more; choose another."),
        "field.aside_late": gettext_noop(
            "It came after the round had ended: it is kept, and the lead decides about it."
        ),
        "field.aside_not_given": gettext_noop(
            "The alley is not yours any more: it is kept, and the lead decides about it."
        ),
        "field.aside_elsewhere": gettext_noop(
            "The alley lies in another neighbourhood than yours: it is kept, and the lead there is"
            " told."
        ),
        "field.aside_refused": gettext_noop("The lead refused it: %(note)s"),
        "field.no_household": gettext_noop("Send the household first, then its photo."),
    }
)


K = TypeVar("K", Conflict, Aside)


class Result(StrEnum):
    """What became of a household that was sent. All but `FAULTY` are acknowledgements."""

    KEPT = "kept"
    CONFLICT = "conflict"
    ASIDE = "aside"
    FAULTY = "faulty"


@dataclass(frozen=True)
class Sent:
    """A household as the phone sends it; `base` is the revision it was made on, 0 for none."""

    id: UUID
    alley_id: UUID
    base: int
    entered_at: dt.datetime
    content: object


@dataclass(frozen=True)
class Answer:
    """What the phone learns of one household.

    `revision` and `current` are the server's newest; `current` is None where it is what was sent.
    """

    id: UUID
    result: Result
    revision: int = 0
    current: Content | None = None
    sentence: str = ""
    faults: list[Fault] = field(default_factory=list)


@transaction.atomic
def register_device(user: User, name: str) -> tuple[Device, str]:
    """A phone of a worker and its secret in base64, which is given once and kept nowhere here."""
    device = Device.objects.create(user_id=user.id, name=name)
    audit.record("census.register_device", actor=user.id, kind="census_device", object_id=device.id)
    return device, base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@transaction.atomic
def receive(user: User, device_id: UUID, sent: Sequence[Sent]) -> list[Answer]:
    """Keep a batch, all of it or, when the process ends in it, nothing; an answer for each.

    Raises Invalid for a phone that may not send, and a batch that is too large.
    """
    if len(sent) > MOST:
        raise Invalid("field.many", read=len(sent), limit=MOST)
    device = device_of(user, device_id)
    batch = _Batch(user, device, sent)
    found = [batch.take(one) for one in sent]
    Device.objects.filter(id=device.id).update(seen_at=timezone.now())
    paths = sorted({alley.round.area_path for alley in batch.alleys.values()})
    audit.record(
        "census.receive", actor=user.id, kind="census_device", object_id=device.id,
        content={"households": [[str(one.id), one.result.value] for one in found]},
        area_path=paths[0] if paths else "",
    )  # fmt: skip
    return found


def device_of(user: User, device_id: UUID) -> Device:
    """The user's own phone, locked: what it sends twice at once follows each other."""
    device = Device.objects.select_for_update().filter(id=device_id, user_id=user.id).first()
    if device is None:
        raise Invalid("field.no_device")
    if device.revoked_at:
        raise Invalid("field.revoked")
    return device


class _Batch:
    """What is known of the households of a batch, read in a fixed number of statements."""

    def __init__(self, user: User, device: Device, sent: Sequence[Sent]) -> None:
        self.device = device
        self.today = timezone.localdate()
        self.reach: Reach = user.reach(COLLECT)
        self.user_id = user.id
        ids = sorted({one.id for one in sent})
        entries = Entry.objects.select_for_update(of=("self",)).filter(id__in=ids).order_by("id")
        self.entries = {entry.id: entry for entry in entries}
        wanted = {one.alley_id for one in sent} | {e.alley_id for e in self.entries.values()}
        rows = Alley.objects.filter(id__in=wanted).select_related("round")
        self.alleys = {alley.id: alley for alley in rows}
        self.given = set(
            Assignment.objects.on(self.today)
            .filter(user_id=user.id, alley_id__in=wanted)
            .values_list("alley_id", flat=True)
        )
        mine = {"device": device}
        self.revisions = list(Revision.objects.filter(entry_id__in=ids, **mine))
        self.conflicts = list(Conflict.objects.filter(entry_id__in=ids, **mine).order_by("id"))
        self.asides = list(Aside.objects.filter(entry_id__in=ids, **mine).order_by("id"))

    def take(self, one: Sent) -> Answer:
        """Decide about one household and write it."""
        alley = self.alleys.get(one.alley_id)
        if alley is None:
            return self._faulty(one, [Fault("alley", Invalid("field.no_alley"))])
        try:
            content, faults = answers.read(one.content, self.today)
        except Invalid as error:
            return self._faulty(one, [Fault("", error)])
        if faults:
            return self._faulty(one, faults)
        return (
            self._known(one, content) or self._aside(one, alley, content)
            or self._version(one, alley, content)
        )  # fmt: skip

    def _faulty(self, one: Sent, faults: list[Fault]) -> Answer:
        return Answer(one.id, Result.FAULTY, faults=faults)

    def _known(self, one: Sent, content: Content) -> Answer | None:
        """The answer to what this phone has sent before."""
        # A version made on this base or a newer one: what was changed back later has a newer base.
        entry = self.entries.get(one.id)
        same = [
            row.number
            for row in self.revisions
            if row.entry_id == one.id
            and row.number > one.base
            and sealing.open_(row.content) == content
        ]
        if entry and same:
            # Who holds the alley no longer learns nothing of what others wrote since.
            holds = self._holds(entry)
            return self._kept(entry, content) if holds else Answer(one.id, Result.KEPT, max(same))
        conflict = self._newest(self.conflicts, one)
        if entry and conflict and sealing.open_(conflict.content) == content:
            if not self._holds(entry):
                return self._not_given(one)
            waits = conflict.state == ConflictState.OPEN
            return self._against(entry) if waits else self._kept(entry, content)
        aside = self._newest(self.asides, one)
        if aside and sealing.open_(aside.content) == content:
            return self._told(aside)
        return None

    def _holds(self, entry: Entry) -> bool:
        """Whether the worker still takes the census in the alley where a household is kept."""
        here = self.reach.covers(entry.area_path, entry.area_id)
        return here and entry.alley_id in self.given

    @staticmethod
    def _not_given(one: Sent) -> Answer:
        return Answer(one.id, Result.ASIDE, sentence=Invalid("field.aside_not_given").message())

    @staticmethod
    def _newest(rows: Sequence[K], one: Sent) -> K | None:
        """What this phone sent last on the same base, as it waits or was decided."""
        same = [row for row in rows if row.entry_id == one.id and row.base == one.base]
        return same[-1] if same else None

    def _kept(self, entry: Entry, content: Content) -> Answer:
        newest = sealing.open_(entry.content)
        return Answer(entry.id, Result.KEPT, entry.revision, None if newest == content else newest)

    def _against(self, entry: Entry) -> Answer:
        return Answer(entry.id, Result.CONFLICT, entry.revision, sealing.open_(entry.content))

    def _told(self, aside: Aside) -> Answer:
        if aside.state == AsideState.REFUSED:
            error = Invalid("field.aside_refused", note=aside.note)
        else:
            error = Invalid(f"field.aside_{aside.why}")
        return Answer(aside.entry_id, Result.ASIDE, sentence=error.message())

    def _aside(self, one: Sent, alley: Alley, content: Content) -> Answer | None:
        """The answer to what is not counted until the lead says so."""
        why = self._why(alley, self.entries.get(one.id))
        if why is None:
            return None
        aside = Aside(
            entry_id=one.id, base=one.base, why=why, persons=answers.persons(content),
            **self._where(one, alley, content),
        )  # fmt: skip
        aside.save()
        self.asides.append(aside)
        return self._told(aside)

    def _why(self, alley: Alley, entry: Entry | None) -> Why | None:
        round_ = alley.round
        if not self.reach.covers(round_.area_path, round_.area_id):
            return Why.ELSEWHERE
        if alley.id not in self.given or (entry and entry.alley_id not in self.given):
            return Why.NOT_GIVEN
        if round_.state == RoundState.CLOSED or self.today >= round_.during.upper:
            return Why.LATE
        return None

    def _version(self, one: Sent, alley: Alley, content: Content) -> Answer:
        entry = self.entries.get(one.id)
        if entry is None:
            written = Entry(**self._where(one, alley, content))
            entry = self.entries[one.id] = begin(written, one.id, content)
            return self._noted(entry, content)
        newest = sealing.open_(entry.content)
        if newest == content and entry.alley_id == alley.id:
            return self._kept(entry, content)
        if one.base != entry.revision:
            self._conflict(one, alley, content)
            return self._against(entry)
        entry.alley, entry.round, entry.user_id = alley, alley.round, self.user_id
        entry.area_id, entry.area_path = alley.round.area_id, alley.round.area_path
        entry.province = alley.round.province
        entry.device, entry.entered_at = self.device, one.entered_at
        revise(entry, content, user=self.user_id, device=self.device)
        self._settle(one.id)
        return self._noted(entry, content)

    def _noted(self, entry: Entry, content: Content) -> Answer:
        self.revisions.append(Revision(entry=entry, content=entry.content, number=entry.revision))
        return self._kept(entry, content)

    def _conflict(self, one: Sent, alley: Alley, content: Content) -> None:
        """A newer version of this phone's takes the place of the one that waited."""
        self._leave(one.id, ConflictState.REPLACED)
        made = Conflict(entry_id=one.id, base=one.base, **self._where(one, alley, content))
        made.save()
        self.conflicts.append(made)

    def _settle(self, entry_id: UUID) -> None:
        """The worker has chosen on the phone: the version now stands on top of the newest."""
        self._leave(entry_id, ConflictState.RESOLVED)

    def _leave(self, entry_id: UUID, state: ConflictState) -> None:
        for row in self.conflicts:
            if row.entry_id == entry_id and row.state == ConflictState.OPEN:
                row.state = state
                row.resolved_by, row.resolved_at = self.user_id, timezone.now()
                row.save(update_fields=["state", "resolved_by", "resolved_at"])

    def _where(self, one: Sent, alley: Alley, content: Content) -> dict[str, Any]:
        round_ = alley.round
        return {
            "round": round_, "alley": alley, "area_id": round_.area_id,
            "area_path": round_.area_path, "province": round_.province,
            "content": sealing.shut(content), "user_id": self.user_id, "device": self.device,
            "entered_at": min(one.entered_at, timezone.now()),
        }  # fmt: skip


@transaction.atomic
def receive_photo(user: User, device_id: UUID, photo_id: UUID, entry_id: UUID, body: bytes) -> None:
    """Keep a photo of a document; one that is here already is acknowledged again.

    Raises Invalid for what is no small JPEG, or whose household has not come yet.
    """
    device = device_of(user, device_id)
    if Photo.objects.filter(id=photo_id).exists():
        return
    image = jpeg.cleaned(body)
    mine = {"device": device}
    home = (
        Entry.objects.filter(id=entry_id, revisions__device=device).first()
        or Aside.objects.filter(entry_id=entry_id, **mine).first()
        or Conflict.objects.filter(entry_id=entry_id, **mine).first()
    )
    if home is None:
        raise Invalid("field.no_household")
    Photo.objects.create(
        id=photo_id, entry_id=entry_id, round_id=home.round_id, area_id=home.area_id,
        area_path=home.area_path, province=home.province, content=sealing.shut_photo(image),
        size=len(image), user_id=user.id, device=device,
        delete_by=timezone.localdate() + dt.timedelta(days=PHOTO_DAYS),
    )  # fmt: skip
    audit.record(
        "census.receive_photo", actor=user.id, kind="census_entry", object_id=entry_id,
        content={"photo": str(photo_id), "bytes": len(image)}, area_path=home.area_path,
    )  # fmt: skip
