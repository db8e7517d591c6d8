"""What a patient sees of their file: every read goes through the visit, and finds no other's."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from pooshesh.disease import queries as diseases
from pooshesh.disease.models import Claim, ClaimStep, Tag
from pooshesh.documents import queries as documents
from pooshesh.documents.models import Document
from pooshesh.fund.applications import OWNER
from pooshesh.fund.files import file_of
from pooshesh.fund.models import Application, ApplicationStep, PatientFile
from pooshesh.fund.queries import Checklist, check
from pooshesh.kernel.calendar import from_jalali, to_jalali
from pooshesh.ledger.queries import MoneyState
from pooshesh.people.merged import one_human, survivor
from pooshesh.policy.queries import bound_pack
from pooshesh.portal import words
from pooshesh.portal.models import Visit
from pooshesh.portal.words import Where
from pooshesh.requests import explained, packs
from pooshesh.requests import queries as asking
from pooshesh.requests.desk import next_session
from pooshesh.requests.evidence import OWNER as REQUEST
from pooshesh.requests.evidence import STILL, needed
from pooshesh.requests.models import (
    OPEN,
    Appeal,
    AppealStand,
    CeilingUse,
    Decider,
    Kind,
    Letter,
    Request,
    RequestStep,
)
from pooshesh.requests.models import State as RequestState
from pooshesh.requests.states import QUIET
from pooshesh.requests.states import REQUEST as MACHINE

PORTAL = "portal"  # the channel of what patients bring themselves
#: States in which a committee or a clerk has written to the patient.
SAID = (RequestState.REJECTED, RequestState.PART, RequestState.DEFERRED, RequestState.RETURNED)
APPEAL_OPEN = (AppealStand.WAITING, AppealStand.DEFERRED)


def records(visit: Visit) -> list[UUID]:
    """The records that stand for the patient now; 2 statements once a request."""
    known: list[UUID] | None = getattr(visit, "_records", None)
    if known is None:
        known = one_human(survivor(visit.person_id))
        visit._records = known  # type: ignore[attr-defined]
    return known


def file(visit: Visit) -> PatientFile | None:
    """The patient's file for life."""
    return file_of(visit.person_id)


# --- applications ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """An application as its patient reads it."""

    row: Application
    claim: Claim | None
    where: Where
    checklist: Checklist
    said: str  # why it came back, or was refused

    @property
    def steps(self) -> list[ApplicationStep]:
        """What happened so far; 1 statement."""
        return list(self.row.steps.order_by("id"))

    @property
    def may_bring(self) -> bool:
        return self.row.state in words.MAY_BRING

    @property
    def may_withdraw(self) -> bool:
        return self.row.state in words.MAY_WITHDRAW

    @property
    def may_appeal(self) -> bool:
        return words.may_appeal(self.row, self.claim)


def applications(visit: Visit) -> list[Applied]:
    """The patient's applications, newest first; 5 statements and one for each disease."""
    rows = Application.objects.filter(file__person__in=records(visit))
    return _applied(list(rows.select_related("disease", "file").order_by("-id")))


def application(visit: Visit, application_id: UUID) -> Applied | None:
    """One of them."""
    rows = Application.objects.filter(file__person__in=records(visit), pk=application_id)
    return next(iter(_applied(list(rows.select_related("disease", "file")))), None)


def _applied(rows: list[Application]) -> list[Applied]:
    ids = [row.pk for row in rows]
    claims = {one.origin_id: one for one in Claim.objects.filter(origin_id__in=ids)}
    brought = documents.attached(OWNER, ids)
    said = _said(rows, claims.values())
    needed: dict[tuple[str, dt.date], list[diseases.EvidenceNeeded]] = {}
    found = []
    for row in rows:
        key = row.disease_id, row.received_at.date()
        if key not in needed:
            needed[key] = diseases.checklist(key[0], "tag", key[1])
        checklist = check(needed[key], brought.get(row.pk, ()))
        claim = claims.get(row.pk)
        where = words.of_application(row, claim, checklist.missing)
        found.append(Applied(row, claim, where, checklist, said.get(row.pk, "")))
    return found


def _said(rows: Iterable[Application], claims: Iterable[Claim]) -> dict[UUID, str]:
    """What the newest word about each application was: the desk's, or the university's ground."""
    newest: dict[UUID, str] = {}
    steps = ApplicationStep.objects.filter(application__in=[row.pk for row in rows])
    for step in steps.exclude(text="").order_by("id"):
        newest[step.application_id] = step.text
    by_claim = {claim.pk: claim.origin_id for claim in claims}
    for one in ClaimStep.objects.filter(claim__in=by_claim).order_by("id"):
        ground = words.ground_of(one)
        if ground:
            newest[by_claim[one.claim_id]] = ground
    return newest


def document(visit: Visit, document_id: UUID) -> Document | None:
    """A document that was brought with something of the patient's."""
    found = documents.kept(document_id)
    if found is None:
        return None
    asked = _OWNERS.get(found.owner_kind)
    return found if asked and asked(visit, found.owner_id) else None


_OWNERS: dict[str, Callable[[Visit, UUID], bool]] = {
    OWNER: lambda visit, pk: Application.objects.filter(
        file__person__in=records(visit), pk=pk
    ).exists(),
    REQUEST: lambda visit, pk: _requests(visit).filter(pk=pk).exists(),
}  # fmt: skip


# --- requests -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its patient reads it; `ground` is why it came back, or was not granted."""

    row: Request
    where: Where
    money: MoneyState | None
    ground: list[str]

    @property
    def appeal_until(self) -> dt.date | None:
        return words.appeal_until(self.row)


@dataclass(frozen=True, slots=True)
class Whole:
    """One request with all that is told of it."""

    asked: Asked
    lines: list[explained.Said]
    checklist: Checklist
    steps: list[RequestStep]
    letter: Letter | None
    appeals: list[Appeal]
    may_change: bool
    may_answer: bool
    may_withdraw: bool
    may_appeal: bool
    live: Appeal | None  # that nobody has decided yet

    @property
    def again_until(self) -> dt.date | None:
        """The last day for another appeal, if this one were taken back; None when it has passed."""
        until = self.asked.appeal_until
        return until if until and timezone.localdate() <= until else None

    @property
    def asked_back(self) -> bool:
        """Whether those who decide the appeal wait for an answer."""
        return self.live is not None and self.live.state == AppealStand.DEFERRED

    @property
    def has_letter(self) -> bool:
        """Whether there is a letter to print: of a decision, a question, or what is missing."""
        told = (RequestState.RETURNED, RequestState.DEFERRED)
        return self.asked.row.state in told or self.asked.row.state not in OPEN


def _requests(visit: Visit) -> QuerySet[Request]:
    """The patient's requests; drafts of the desk or a clinic are theirs until they are sent."""
    rows = Request.objects.filter(person__in=records(visit)).select_related("disease", "file")
    return rows.exclude(~Q(channel=PORTAL), state=RequestState.DRAFT)


def requests(visit: Visit) -> list[Asked]:
    """The patient's requests, what waits for them and then the newest first.

    4 statements, and 2 for each that waits for a body.
    """
    rows = list(_requests(visit).order_by("-number"))
    money = asking.money(rows)
    appeals = {
        one.request_id: one
        for one in Appeal.objects.filter(request__in=rows, state__in=APPEAL_OPEN)
    }  # fmt: skip
    found = [_asked(row, money.get(row.pk), appeals.get(row.pk)) for row in rows]
    return sorted(found, key=lambda one: not one.where.urges)


def _asked(row: Request, money: MoneyState | None, live: Appeal | None) -> Asked:
    stand = live.state if live else ""
    where = words.of_request(row, money, meeting=_meeting(row), appeal=stand)
    return Asked(row, where, money, _ground(row))


def _ground(row: Request) -> list[str]:
    """The words of who decided; the rules leave codes there, their reasons stand at the lines."""
    by_people = row.state in SAID and row.decided_by != Decider.RULE
    return [row.ground] if by_people and row.ground else []


def _meeting(row: Request) -> dt.date | None:
    """The day of the next meeting of the body a request waits for."""
    if row.state != RequestState.IN_COMMITTEE:
        return None
    matter = asking.matter_of(row)
    session = next_session(matter.body) if matter else None
    return timezone.localdate(session.starts_at) if session else None


def request(visit: Visit, request_id: UUID) -> Whole | None:
    """One of them with its lines and reasons."""
    row = _requests(visit).filter(pk=request_id).first()
    if row is None:
        return None
    appeals, lines = asking.appeals_of(row), asking.lines(row)
    live = next((one for one in appeals if one.state in APPEAL_OPEN), None)
    one = _asked(row, asking.money([row]).get(row.pk), live)
    said = [str(text) for text in explained.back_reasons(row, lines)] or one.ground
    verbs = MACHINE.verbs(row.state)
    until = words.appeal_until(row)
    undecided = all(one.state == AppealStand.WITHDRAWN for one in appeals)
    return Whole(
        replace(one, ground=said), [explained.line(line) for line in lines],
        check(
            needed(row),
            documents.attached(REQUEST, [row.pk]).get(row.pk, ()),
        ),
        list(asking.steps(row).exclude(verb__in=QUIET)),
        asking.letter_of(row) if row.kind == Kind.APPROVAL else None,
        appeals, row.state in STILL, "answer" in verbs, "withdraw" in verbs,
        until is not None and timezone.localdate() <= until and undecided, live,
    )  # fmt: skip


def appeal(visit: Visit, appeal_id: UUID) -> Appeal | None:
    """An appeal about one of them."""
    found = Appeal.objects.select_related("request__person", "request__disease", "request__file")
    return found.filter(pk=appeal_id, request__in=_requests(visit)).first()


def tagged_diseases(visit: Visit) -> list[tuple[str, str]]:
    """Diseases the patient was ever tagged with, for a box."""
    found = {tag.disease_id: str(tag.disease) for tag in tags(visit)}
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a patient's yearly ceiling, in rial; None where a value is not known."""

    year: int
    ceiling: int | None
    used: int

    @property
    def left(self) -> int | None:
        return None if self.ceiling is None else max(self.ceiling - self.used, 0)


def money_left(visit: Visit, on: dt.date) -> Left:
    """The ceiling of the year by the rules of the day and by what was granted above it."""
    year = to_jalali(on).year
    return _left(year, on, list(asking.uses(records(visit)).filter(year=year)))


def money_before(visit: Visit, on: dt.date) -> list[Left]:
    """The same of other years in which something was granted, the newest first."""
    years: dict[int, list[CeilingUse]] = {}
    for one in asking.uses(records(visit)).exclude(year=to_jalali(on).year):
        years.setdefault(one.year, []).append(one)
    return [_left(year, from_jalali(year, 12, 1), rows) for year, rows in years.items()]


def _left(year: int, on: dt.date, uses: Iterable[CeilingUse]) -> Left:
    law = packs.ceiling(bound_pack(packs.PACK, on))
    used = extended = 0
    for one in uses:
        used, extended = used + one.used, extended + one.extended
    return Left(year, None if law is None else law + extended, used)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money of a request: what was granted, what is paid and when."""

    asked: Asked
    money: MoneyState


def payments(rows: Sequence[Asked]) -> list[Payment]:
    """Money that was granted, newest first."""
    return [Payment(one, one.money) for one in rows if one.money]


# --- tags -----------------------------------------------------------------------------------


def tags(visit: Visit) -> list[Tag]:
    """The patient's tags, newest first."""
    return diseases.tags_of(records(visit)[:1])


def holds(one: Tag, on: dt.date) -> bool:
    """Whether a tag holds on a day, as far as its row says."""
    return one.revoked_at is None and one.starts <= on and (one.ends is None or on < one.ends)


def tag(visit: Visit, tag_id: UUID) -> Tag | None:
    """One of them."""
    return next((one for one in tags(visit) if one.pk == tag_id), None)
