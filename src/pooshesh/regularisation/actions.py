"""What clerks do with cases of foreign nationals: one verb, one transaction, one event.

Cases are passed by id of what `queries.workable` gave. A verb writes the person's standing where it
changes it; what follows for decision, case and cover follows by itself (`following`).
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Kind
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.people import actions as people
from pooshesh.people.held import Held
from pooshesh.people.links import linked
from pooshesh.people.models import (
    LAWFUL,
    Identifier,
    IdentifierKind,
    LegalStatus,
    LinkOrigin,
    Person,
    Standing,
)
from pooshesh.people.registration import lock_persons
from pooshesh.regularisation import following
from pooshesh.regularisation.differences import newest_decisions
from pooshesh.regularisation.models import (
    CLOSED,
    Case,
    CaseState,
    Document,
    DocumentKind,
    Ground,
    Inquiry,
    Origin,
    Proof,
    Step,
)
from pooshesh.regularisation.retention import KEPT_AFTER_CLOSING
from pooshesh.regularisation.states import CASE, COVERING

SHORTEST_REASON = 10
LONGEST_NUMBER = 40
NUMBER = "case document"  # bound into the sealed number

explain(
    {
        "case.reason_short": gettext_noop(
            "Write the reason in at least %(least)s letters; it is kept with the case."
        ),
        "case.future": gettext_noop("The day %(read)s lies in the future; expected today at most."),
        "case.number_missing": gettext_noop("Write the number of the document."),
        "case.number_long": gettext_noop(
            "The number of the document has %(read)s characters; at most %(most)s fit."
        ),
        "case.expired": gettext_noop(
            "The document expired on %(read)s; expected one that is valid today."
        ),
        "case.backwards": gettext_noop(
            "The document expires on %(read)s, not after it was issued on %(issued)s."
        ),
        "case.round": gettext_noop("Only an Amayesh card has a round; leave it empty."),
        "case.document_known": gettext_noop("This document is recorded with the case already."),
        "case.same_person": gettext_noop(
            "You refused this case yourself; an appeal is decided by somebody who had no part in"
            " it."
        ),
        "case.not_covering": gettext_noop(
            "The rules do not say today that this person is insured; there is nothing to enrol by."
        ),
        "case.covered": gettext_noop(
            "This person is covered by this insurer at that time already."
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A document as a clerk types it. `status` is the lawful status it proves, None for none."""

    kind: DocumentKind
    number: str
    issued: dt.date
    expires: dt.date | None = None  # its last day
    round: int | None = None
    status: LegalStatus | None = None
    nationality: str = ""


def _locked(case_id: UUID) -> Case:
    # The person first, as every writer about a person does: two writers cannot wait for each other.
    person = Case.objects.values_list("person_id", flat=True).get(pk=case_id)
    lock_persons([person])
    rows = Case.objects.select_for_update(of=("self",)).select_related("person")
    return rows.get(pk=case_id)


def _reason(text: str) -> str:
    text = clean(text)
    if len(text) < SHORTEST_REASON:
        raise Invalid("case.reason_short", least=SHORTEST_REASON)
    return text


def _past(day: dt.date) -> dt.date:
    if day > timezone.localdate():
        raise Invalid("case.future", read=day)
    return day


def _move(
    case: Case,
    verb: str,
    on: dt.date,
    actor: UUID,
    *,
    ground: str = "",
    text: str = "",
    document: Document | None = None,
) -> None:
    """Take a step of a locked case and write it down."""
    source, case.state = case.state, CASE.next(case.state, verb)
    case.since, case.ground = on, ground
    case.save(update_fields=["state", "since", "ground"])
    Step.objects.create(
        case=case, verb=verb, source=source, target=case.state, on=on, ground=ground, text=text,
        document=document, actor=actor,
    )  # fmt: skip


def _record(action: str, case: Case, actor: UUID, **content: object) -> None:
    audit.record(
        action, actor=actor, kind="case", object_id=case.pk,
        content={"state": case.state, **content}, area_path=case.area_path,
        persons=[case.person_id],
    )  # fmt: skip


@transaction.atomic
def open_case(person: Person, *, on: dt.date, actor: UUID) -> Case:
    """Open a case for a person a clerk met; the one there is, if there is one."""
    following.open_cases(
        [person.pk], origin=Origin.CLERK, origin_id=None, actor=actor, on=_past(on)
    )
    return Case.objects.get(person_id=person.pk)


# --- documents ------------------------------------------------------------------------------


@transaction.atomic
def show_document(
    case_id: UUID, paper: Paper, *, consent_on: dt.date | None = None, actor: UUID
) -> Document:
    """Record a document. One that proves a lawful status regularises, or renews what was proven.

    The standing holds from the day of issue through the last day of the document; the decision
    follows by itself. Raises Invalid for a document that is not valid today where it shall prove
    something, for one recorded before, and to who refused the case that is appealed.
    """
    case = _locked(case_id)
    if case.state in CLOSED:
        CASE.next(case.state, "regularise")  # says what is possible instead
    document = _keep(case, paper, actor)
    if consent_on:
        case.consent_on = _past(consent_on)
        case.save(update_fields=["consent_on"])
    if paper.status is None:
        _record("case.document", case, actor, kind=paper.kind, expires=paper.expires)
        following.follow([case.person_id], actor=actor)
        return document
    _not_the_refuser(case, actor)
    today = timezone.localdate()
    if case.state in (CaseState.FOUND, CaseState.IDENTIFIED):
        _move(case, "regularise", today, actor, document=document)
    else:
        Step.objects.create(
            case=case, verb="renew", source=case.state, target=case.state, on=today,
            document=document, actor=actor,
        )  # fmt: skip
    _record("case.prove", case, actor, kind=paper.kind, status=paper.status, expires=paper.expires)
    _stand(case, paper, actor)
    return document


def _keep(case: Case, paper: Paper, actor: UUID) -> Document:
    number = to_latin_digits(clean(paper.number)).upper()
    if not number:
        raise Invalid("case.number_missing")
    if len(number) > LONGEST_NUMBER:
        raise Invalid("case.number_long", read=len(number), most=LONGEST_NUMBER)
    _past(paper.issued)
    if paper.expires and paper.expires <= paper.issued:
        raise Invalid("case.backwards", read=paper.expires, issued=paper.issued)
    if paper.status and paper.expires and paper.expires < timezone.localdate():
        raise Invalid("case.expired", read=paper.expires)
    if paper.round and paper.kind != DocumentKind.AMAYESH:
        raise Invalid("case.round")
    keys = keyring()
    before = Document.objects.filter(case=case, kind=paper.kind).order_by("-issued").first()
    try:
        with transaction.atomic():
            return Document.objects.create(
                case=case, kind=paper.kind, sealed=keys.seal(number, NUMBER),
                blind=keys.index(number, NUMBER), issued=paper.issued, expires=paper.expires,
                round=paper.round, status=paper.status or "", renews=before, actor=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("case.document_known") from error


def _stand(case: Case, paper: Paper, actor: UUID) -> None:
    """Write the standing a document proves, and what somebody is once it has expired."""
    assert paper.status is not None
    until = paper.expires + dt.timedelta(days=1) if paper.expires else None
    source = str(paper.kind.label) + (f" {paper.round}" if paper.round else "")
    known = Standing.objects.known().filter(person=case.person_id)
    people.set_standing(
        case.person, paper.status, nationality=paper.nationality or _nationality(case),
        source=source, since=paper.issued, until=until, actor=actor,
    )  # fmt: skip
    if until and not known.filter(valid__contains=until).exists():
        # Nobody becomes a citizen because a card expires.
        people.set_standing(
            case.person, LegalStatus.IDENTIFIED, nationality=paper.nationality, source=source,
            since=until, actor=actor,
        )  # fmt: skip


def _nationality(case: Case) -> str:
    last = Standing.objects.known().filter(person=case.person_id).order_by("-valid").first()
    return last.nationality if last else ""


def _not_the_refuser(case: Case, actor: UUID) -> None:
    """Who refused a case does not decide its appeal."""
    last = Step.objects.filter(case=case, verb="refuse").order_by("-at").first()
    if last and last.actor == actor:
        raise Invalid("case.same_person")


# --- the end, and a new beginning -----------------------------------------------------------


@transaction.atomic
def refuse(case_id: UUID, ground: Ground, text: str, *, on: dt.date, actor: UUID) -> Case:
    """Refuse a case on a ground, with words. Its documents get a day of deletion."""
    text = _reason(text)
    case = _locked(case_id)
    _not_the_refuser(case, actor)
    _move(case, "refuse", _past(on), actor, ground=ground, text=text)
    _delete_later(case, on)
    _record("case.refuse", case, actor, ground=ground)
    _standing(case, LegalStatus.REFUSED, on, Ground(ground).label, actor)
    return case


@transaction.atomic
def appeal(case_id: UUID, text: str, *, on: dt.date, actor: UUID) -> Case:
    """Take up an appeal against a refusal; somebody else than who refused decides it."""
    text = _reason(text)
    case = _locked(case_id)
    _move(case, "appeal", _past(on), actor, text=text)
    return _open_again("appeal", case, on, actor)


@transaction.atomic
def reopen(case_id: UUID, text: str, *, on: dt.date, actor: UUID) -> Case:
    """Go on with a case that was withdrawn, or of somebody who came back."""
    text = _reason(text)
    case = _locked(case_id)
    _move(case, "reopen", _past(on), actor, text=text)
    return _open_again("reopen", case, on, actor)


def _open_again(verb: str, case: Case, on: dt.date, actor: UUID) -> Case:
    Document.objects.filter(case=case, deleted_at=None).update(delete_by=None)
    _record(f"case.{verb}", case, actor)
    last = Standing.objects.on(on).filter(person=case.person_id).first()
    if last and last.status == LegalStatus.REFUSED:
        _standing(case, LegalStatus.FOUND, on, CASE.transition(CaseState.REFUSED, "appeal").title,
                  actor)  # fmt: skip
    following.follow([case.person_id], actor=actor)
    case.refresh_from_db()
    return case


@transaction.atomic
def withdraw(case_id: UUID, text: str, *, on: dt.date, actor: UUID) -> Case:
    """The person does not want the case to go on."""
    text = _reason(text)
    case = _locked(case_id)
    _move(case, "withdraw", _past(on), actor, text=text)
    _delete_later(case, on)
    _record("case.withdraw", case, actor)
    return case


@transaction.atomic
def leave(case_id: UUID, text: str, *, on: dt.date, actor: UUID) -> Case:
    """The person left; what was proven ends that day, and cover is put before a clerk."""
    text = _reason(text)
    case = _locked(case_id)
    _move(case, "leave", _past(on), actor, text=text)
    _delete_later(case, on)
    _record("case.leave", case, actor)
    _end_standing(case, on, CASE.transition(CaseState.FOUND, "leave").title, actor)
    return case


@transaction.atomic
def revoke(case_id: UUID, text: str, *, on: dt.date, actor: UUID) -> Case:
    """The lawful status was taken away from a day on. The decision follows, cover does not end
    by itself: it is put before a clerk, and the person is told first."""
    text = _reason(text)
    case = _locked(case_id)
    _move(case, "revoke", _past(on), actor, text=text)
    _record("case.revoke", case, actor)
    _end_standing(case, on, text, actor)
    return case


def _end_standing(case: Case, on: dt.date, source: object, actor: UUID) -> None:
    lawful = Standing.objects.on(on).filter(person=case.person_id).first()
    if lawful and lawful.status in LAWFUL:
        _standing(case, LegalStatus.IDENTIFIED, on, source, actor)


def _standing(case: Case, status: LegalStatus, on: dt.date, source: object, actor: UUID) -> None:
    people.set_standing(
        case.person, status, nationality=_nationality(case), source=str(source)[:120], since=on,
        actor=actor,
    )  # fmt: skip


def _delete_later(case: Case, on: dt.date) -> None:
    """Documents of a closed case go once an appeal is too late; nothing else needs them."""
    Document.objects.filter(case=case, deleted_at=None).update(
        delete_by=on + dt.timedelta(days=KEPT_AFTER_CLOSING)
    )


# --- cover --------------------------------------------------------------------------------


@transaction.atomic
def enrol(case_id: UUID, *, agreed_on: dt.date, actor: UUID) -> Case:
    """Enrol who is eligible, by the newest decision, from today; the household agreed on a day.

    Of two clerks at once one succeeds.
    """
    case = _locked(case_id)
    CASE.next(case.state, "enrol")
    known = newest_decisions([case.person_id])
    decision = known.get(case.person_id)
    if decision is None or decision.outcome not in COVERING:
        raise Invalid("case.not_covering")
    case.consent_on = _past(agreed_on)
    case.save(update_fields=["consent_on"])
    _record("case.enrol", case, actor, decision=decision.pk)
    # The event of the enrolment moves the case on.
    if not following.enrol([case], known, timezone.localdate(), actor):
        raise Invalid("case.covered")
    case.refresh_from_db()
    return case


# --- pseudo-IDs -----------------------------------------------------------------------------


@transaction.atomic
def _replace(person: Person, raw: str, actor: UUID) -> None:
    people.set_identifier(person, IdentifierKind.FOREIGN, raw, actor=actor)
    pseudo = Identifier.objects.filter(
        person=person, grade="pseudo", replaced_at=None,
        kind__in=[IdentifierKind.FOREIGN, IdentifierKind.NATIONAL],
    )  # fmt: skip
    for one in pseudo:
        people.withdraw_identifier(one, actor=actor)


def replace_pseudo(person: Person, raw: str, *, actor: UUID) -> None:
    """Write a person's true 12-digit code in place of what stood in the box.

    A number that somebody else holds is not written: the two are put into the queue of records
    that may be one person, and `Held` is raised, which says no more than the clerk may know.
    """
    try:
        _replace(person, raw, actor)
    except Held as error:
        for other in error.holders:
            _perhaps_one(person, other, actor)
        raise


@transaction.atomic
def _perhaps_one(person: Person, other: UUID, actor: UUID) -> None:
    linked(person.pk, other, LinkOrigin.CLERK)
    audit.record(
        "pseudo.double", actor=actor, kind="person", object_id=person.pk,
        fields=[Kind.FOREIGN_CODE], area_path=person.area_path, persons=[person.pk, other],
    )  # fmt: skip


# --- what is held --------------------------------------------------------------------------


@transaction.atomic
def note_inquiry(person: Person, proof: Proof, note: str, *, actor: UUID) -> Inquiry:
    """Note that a person asked what is held about them, and how it was made sure who asked."""
    made = Inquiry.objects.create(
        person=person, province=person.province, proof=proof, note=clean(note)[:300], actor=actor
    )
    audit.record(
        "people.told_what_is_held", actor=actor, kind="inquiry", object_id=made.pk,
        content={"proof": proof}, area_path=person.area_path, persons=[person.pk],
    )  # fmt: skip
    return made


def number_of(document: Document) -> str:
    """The whole number of a document, "" once it was deleted. Who reads it notes that."""
    if document.sealed is None:
        return ""
    return keyring().open(bytes(document.sealed), NUMBER)


@transaction.atomic
def reveal(document: Document, *, actor: UUID) -> str:
    """The whole number of a document, and a note of who asked for it."""
    audit.record(
        "case.reveal", actor=actor, kind="case_document", object_id=document.pk,
        fields=["number"], area_path=document.case.area_path,
        persons=[document.case.person_id],
    )  # fmt: skip
    return number_of(document)
