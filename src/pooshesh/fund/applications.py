"""What is done with applications: one verb, one transaction, one event, one step.

Rows are passed by id of what `queries` gave; each verb locks the row, so that of two clerks, or
two presses of a button, the second is told what became of it.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.disease import claims
from pooshesh.disease.models import Claim, ClaimState, Disease, Tag
from pooshesh.documents.actions import delete_later
from pooshesh.fund.files import open_file
from pooshesh.fund.models import (
    OPEN,
    Application,
    ApplicationStep,
    Channel,
    Insured,
    PatientFile,
    State,
    Why,
)
from pooshesh.fund.retention import MOBILE
from pooshesh.fund.signals import application_moved
from pooshesh.fund.states import APPLICATION
from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Grade, Kind, grade
from pooshesh.kernel.text import clean
from pooshesh.people.merged import merged_into, one_human, survivor
from pooshesh.people.models import Death, Person
from pooshesh.places.models import Facility

OWNER = "fund.application"  # of documents
SHORTEST_REASON = 5
KEPT_AFTER_END = 365  # days, of what was brought with an application that came to nothing
ASKED_DAYS = 30  # to bring what the university asks for
LONGEST_DEADLINE = 180

explain(
    {
        "fund.open_already": gettext_noop(
            "An application of this patient for this disease is open already: %(code)s."
        ),
        "fund.dead": gettext_noop("The death of this patient is recorded; nothing was opened."),
        "fund.not_late": gettext_noop(
            "The patient has until %(until)s to complete it; it cannot be closed before."
        ),
        "fund.reason": gettext_noop(
            "Write the reason in at least %(least)s letters; the patient reads it."
        ),
        "fund.days": gettext_noop("%(read)s days were read; expected from 1 to %(limit)s."),
        "fund.mobile": gettext_noop("“%(read)s” is no mobile number."),
    }
)


class AlreadyOpen(Invalid):
    """There is an open application of the patient for the disease; `application` is it."""

    def __init__(self, application: Application) -> None:
        self.application = application
        super().__init__("fund.open_already", code=application.code)


@transaction.atomic
def apply(
    person: Person | UUID,
    disease: Disease,
    *,
    channel: Channel,
    actor: UUID | None,
    mobile: str = "",
    insured: Insured = Insured.UNKNOWN,
    facility: Facility | None = None,
    urgent: bool = False,
    note: str = "",
) -> Application:
    """Open an application; it joins the patient's file, which is opened when there is none.

    Who is insured elsewhere or not at all may apply. Raises AlreadyOpen when one is open for the
    disease, and Invalid for a patient who died.
    """
    pk = person.pk if isinstance(person, Person) else person
    if Death.objects.filter(person__in=one_human(survivor(pk))).exists():
        raise Invalid("fund.dead")
    file = open_file(pk, actor=actor)
    # One after the other: a second press of the button finds what the first opened.
    file = PatientFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if found := open_one(file, disease):
        raise AlreadyOpen(found)
    row = Application(
        file=file, disease=disease, channel=channel, urgent=urgent, insured=insured,
        facility=facility, note=clean(note)[:500], mobile=_sealed(mobile), brought_by=actor,
        area_id=file.area_id, area_path=file.area_path, province=file.province,
    )  # fmt: skip
    row.save(force_insert=True)
    row.refresh_from_db(fields=["number"])
    _keep(row, "apply", "", actor)
    return row


def open_one(file: PatientFile, disease: Disease) -> Application | None:
    """The open application of a file for a disease."""
    return Application.objects.filter(file=file, disease=disease, state__in=OPEN).first()


@transaction.atomic
def send_to_university(application_id: UUID, *, actor: UUID | None) -> Application:
    """Let the medical university of the place decide the diagnosis; again, when it asked for more.

    Raises Invalid when it decides about another application of the patient for the disease.
    """
    row = _locked(application_id)
    target = APPLICATION.next(row.state, "send")
    claim = Claim.objects.filter(origin_id=row.pk).first()
    if claim is None:
        claims.open_claim(
            row.file.person, row.disease, origin_id=row.pk, area=row.area, actor=actor
        )
    elif claim.state == ClaimState.RETURNED:
        claims.complete(claim, actor=actor)
    elif claim.state == ClaimState.CLOSED:
        claims.reopen(claim, actor=actor)
    return _move(row, "send", target, actor)


@transaction.atomic
def return_for(
    application_id: UUID,
    *,
    text: str,
    days: int,
    missing: Sequence[str] = (),
    actor: UUID | None,
) -> Application:
    """Send an application back with a reason the patient reads, and the days to complete it."""
    row = _locked(application_id)
    target = APPLICATION.next(row.state, "return")
    return _asked(row, "return", target, _reason(text), days, missing, actor)


@transaction.atomic
def complete(application_id: UUID, *, text: str = "", actor: UUID | None) -> Application:
    """What was missing was brought: the application goes to the desk again."""
    row = _locked(application_id)
    target = APPLICATION.next(row.state, "complete")
    row.deadline, row.missing, row.reminded_at = None, [], None
    return _move(row, "complete", target, actor, text=clean(text))


@transaction.atomic
def withdraw(application_id: UUID, *, text: str, actor: UUID | None) -> Application:
    """The patient does not want it any more; what the university was asked is closed."""
    row = _locked(application_id)
    target = APPLICATION.next(row.state, "withdraw")
    claims.close([row.pk], why=_reason(text), actor=actor)
    return _ended(row, "withdraw", target, actor, text=clean(text))


@transaction.atomic
def lapse(application_id: UUID, *, actor: UUID | None) -> Application:
    """Close what was not completed in time. Raises Invalid before the last day has passed."""
    row = _locked(application_id)
    target = APPLICATION.next(row.state, "lapse")
    if row.deadline is None or row.deadline >= timezone.localdate():
        raise Invalid("fund.not_late", until=row.deadline)
    claims.close([row.pk], why=Why.LAPSED.value, actor=actor)
    return _ended(row, "lapse", target, actor, why=Why.LAPSED)


@transaction.atomic
def close_of_dead(person_id: UUID, *, actor: UUID | None) -> list[Application]:
    """Close what is open of somebody who died; in the transaction that records the death."""
    return [
        _ended(row, "die", APPLICATION.next(row.state, "die"), actor, why=Why.DIED)
        for row in _of_human(person_id).filter(state__in=OPEN)
    ]


@transaction.atomic
def open_again(person_id: UUID, *, actor: UUID | None) -> list[Application]:
    """Open again what a death closed that was taken back, unless it was applied for anew."""
    moved = []
    for row in _of_human(person_id).filter(state=State.CLOSED, why=Why.DIED):
        if open_one(row.file, row.disease) is None:
            row.why = ""
            delete_later(OWNER, [row.pk], None)
            moved.append(_move(row, "revive", APPLICATION.next(row.state, "revive"), actor))
    return moved


#: What the university says → what happens to the application.
_FOLLOWS = {
    "tagged": "tag", "overturned": "tag", "returned": "ask", "refused": "refuse",
    "upheld": "uphold",
}  # fmt: skip


@transaction.atomic
def follow_claim(
    application_id: UUID, outcome: str, *, text: str, actor: UUID | None
) -> Application | None:
    """What the university decided, in the transaction in which it did; None for what is no
    application's, and for what ended meanwhile."""
    row = _rows().filter(pk=application_id).first()
    verb = _FOLLOWS.get(outcome)
    if row is None or verb is None or verb not in APPLICATION.verbs(row.state):
        return None
    target = APPLICATION.next(row.state, verb)
    if verb == "ask":
        return _asked(row, verb, target, text, ASKED_DAYS, (), actor)
    if verb == "refuse":
        return _ended(row, verb, target, actor, text=text)
    delete_later(OWNER, [row.pk], None)
    return _move(row, verb, target, actor, text=text)


@transaction.atomic
def follow_tags(tags: Sequence[Tag], *, actor: UUID | None) -> int:
    """Tag what is open of patients whom the ministry's registry tagged; how many. What a
    university was asked about them is closed."""
    today = timezone.localdate()
    held = {(t.person_id, t.disease_id) for t in tags if t.ends is None or t.ends > today}
    persons = {person for person, _disease in held}
    records = merged_into(persons)
    rows = [
        row
        for row in _rows().filter(file__person__in=[*persons, *records], state__in=OPEN)
        if (records.get(row.file.person_id, row.file.person_id), row.disease_id) in held
    ]
    claims.close([row.pk for row in rows], why="registry", actor=actor)
    for row in rows:
        delete_later(OWNER, [row.pk], None)
        _move(row, "tag", APPLICATION.next(row.state, "tag"), actor)
    return len(rows)


def _rows() -> QuerySet[Application]:
    return Application.objects.select_for_update(of=("self",)).select_related(
        "file__person", "disease", "area"
    )


def _locked(application_id: UUID) -> Application:
    return _rows().get(pk=application_id)


def _of_human(person_id: UUID) -> QuerySet[Application]:
    return _rows().filter(file__person__in=one_human(survivor(person_id))).order_by("id")


def _reason(text: str) -> str:
    text = clean(text)
    if len(text) < SHORTEST_REASON:
        raise Invalid("fund.reason", least=SHORTEST_REASON)
    return text


def _sealed(mobile: str) -> bytes | None:
    read = grade(Kind.MOBILE, mobile)
    if read.grade is Grade.MISSING:
        return None
    if read.grade is not Grade.CHECKSUM:
        raise read.remark() or Invalid("fund.mobile", read=mobile[:20])
    return keyring().seal(read.value, MOBILE)


def mobile_of(row: Application) -> str:
    """Where the applicant is reached; "" where nothing was left, or it was deleted."""
    return keyring().open(bytes(row.mobile), MOBILE) if row.mobile is not None else ""


def _asked(
    row: Application,
    verb: str,
    target: str,
    text: str,
    days: int,
    missing: Sequence[str],
    actor: UUID | None,
) -> Application:
    if not 1 <= days <= LONGEST_DEADLINE:
        raise Invalid("fund.days", read=days, limit=LONGEST_DEADLINE)
    row.deadline = timezone.localdate() + dt.timedelta(days=days)
    row.missing, row.reminded_at = list(dict.fromkeys(missing)), None
    return _move(row, verb, target, actor, text=text)


def _ended(
    row: Application,
    verb: str,
    target: str,
    actor: UUID | None,
    *,
    why: str = "",
    text: str = "",
) -> Application:
    """Nobody works on it any more: what was brought with it gets a day of deletion."""
    row.why = why
    delete_later(OWNER, [row.pk], timezone.localdate() + dt.timedelta(days=KEPT_AFTER_END))
    return _move(row, verb, target, actor, text=text)


def _move(
    row: Application, verb: str, target: str, actor: UUID | None, *, text: str = ""
) -> Application:
    source, row.state, row.since = row.state, State(target), timezone.now()
    if row.state != State.INCOMPLETE:
        row.deadline, row.missing = None, []
    row.save(update_fields=["state", "since", "deadline", "missing", "reminded_at", "why"])
    return _keep(row, verb, source, actor, text=text)


def _keep(
    row: Application, verb: str, source: str, actor: UUID | None, *, text: str = ""
) -> Application:
    """A step, an event, and whoever listens."""
    ApplicationStep.objects.create(
        application=row, verb=verb, source=source, target=row.state, text=text,
        missing=row.missing, deadline=row.deadline, actor=actor,
    )  # fmt: skip
    audit.record(
        f"fund.{verb}", actor=actor, kind="application", object_id=row.pk,
        content={"state": row.state, "disease": row.disease_id}, area_path=row.area_path,
        persons=[row.file.person_id],
    )  # fmt: skip
    application_moved.send(
        sender=Application, application=row, state=row.state, verb=verb, actor=actor
    )
    return row
