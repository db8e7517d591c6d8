"""Every read of requests, limited to what the viewer may see.

Who works for the fund sees the requests of their area; a clinic those it brought; a member of a
body the sheets of what is before it, by the body's own rules.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import Viewer, visible
from pooshesh.access.reach import Reach
from pooshesh.fund.models import PatientFile
from pooshesh.fund.queries import numbered
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import search_key, to_latin_digits
from pooshesh.ledger.queries import MoneyState, money_of
from pooshesh.meetings import queries as meetings
from pooshesh.meetings.agenda import waiting
from pooshesh.meetings.models import Body, Item, Matter, MatterState, Member, Session
from pooshesh.people.merged import one_human, survivor
from pooshesh.people.models import Identifier
from pooshesh.people.queries import blinds
from pooshesh.requests.committee import APPEAL, MATTER, POLICY
from pooshesh.requests.models import (
    Appeal,
    AppealStand,
    CeilingUse,
    Consent,
    Doubt,
    DoubtState,
    Kind,
    Letter,
    LetterState,
    Practice,
    Request,
    RequestLine,
    RequestStep,
    State,
)
from pooshesh.requests.models.amounts import rial
from pooshesh.requests.states import APPLY, READ, RUN, VOTE, WORK

LIMIT = 30  # days a decision may take
_WITH = ("file", "person", "disease", "area", "facility")


def requests(viewer: Viewer) -> QuerySet[Request]:
    """Requests of the viewer's area, and those they brought themselves."""
    rows = Request.objects.select_related(*_WITH)
    wanted = Q(pk__in=[])
    if reach := visible(viewer, READ):
        wanted |= reach.q()
    if isinstance(viewer, User) and visible(viewer, APPLY):
        wanted |= Q(made_by=viewer.pk)
    return rows.filter(wanted)


def late(rows: QuerySet[Request], today: dt.date | None = None) -> QuerySet[Request]:
    """Those that have waited for a decision for longer than it may take; counted as the indicator
    `waiting_over_limit_share` counts them."""
    last = (today or timezone.localdate()) - dt.timedelta(days=LIMIT)
    waiting = [State.SUBMITTED, State.IN_COMMITTEE, State.DEFERRED]
    return rows.filter(state__in=waiting, kind=Kind.EXPENSE, on__lt=last)


def request(viewer: Viewer, request_id: UUID) -> Request | None:
    """One request the viewer may see."""
    return requests(viewer).filter(pk=request_id).first()


def may_work(viewer: Viewer, row: Request | Doubt | Appeal) -> bool:
    """Whether the viewer works the fund's desk in the area of a row."""
    return visible(viewer, WORK).covers(str(row.area_path), row.area_id)


def may_bring(viewer: Viewer, row: Request) -> bool:
    """Whether the viewer acts for the applicant: the desk of its place, and who brought it."""
    brought = isinstance(viewer, User) and row.made_by == viewer.pk
    return may_work(viewer, row) or (brought and bool(visible(viewer, APPLY)))


def works_anywhere(user: User) -> bool:
    """Whether the user works the fund's desk; others bring for a clinic."""
    return user.may(WORK)


def may_open_documents(user: User, request_id: UUID) -> bool:
    """Whether a user may open the documents of a request."""
    return request(user, request_id) is not None


def may_open_papers(user: User, consent_id: UUID) -> bool:
    """Whether a user may open the paper on which a member agreed."""
    found = Consent.objects.filter(pk=consent_id).select_related("request").first()
    return found is not None and may_work(user, found.request)


def consent(row: Request, consent_id: UUID) -> Consent | None:
    """One paper of a request."""
    return Consent.objects.filter(request=row, pk=consent_id).select_related("request").first()


def find(rows: QuerySet[Request], text: str) -> QuerySet[Request]:
    """Requests by number, or by the patient's name, identifier, file or tracking number."""
    wanted = Q(person__search_key__contains=search_key(text))
    digits = to_latin_digits(text).strip()
    if any(char.isdecimal() for char in digits):
        held = Identifier.objects.filter(blind__in=blinds(text), replaced_at=None)
        wanted = Q(person__in=held.values("person_id"))
        if digits.isdecimal() and len(digits) <= 18:
            wanted |= Q(number=int(digits))
        wanted |= Q(file__in=numbered(text).values("pk"))
    return rows.filter(wanted)


def counts_by_state(viewer: Viewer) -> dict[State, int]:
    """How many requests of the viewer's area stand at each state."""
    rows = visible(viewer, READ).limit(Request.objects.all())
    found = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    return {state: found.get(state.value, 0) for state in State}


def lines(row: Request) -> list[RequestLine]:
    """The lines of a request in order."""
    return list(RequestLine.objects.filter(request=row).order_by("position"))


def steps(row: Request) -> QuerySet[RequestStep]:
    """What happened to a request, in order."""
    return RequestStep.objects.filter(request=row).order_by("id")


def parts(row: Request) -> list[Request]:
    """The other parts of a request that was parted."""
    root = row.parted_from_id or row.pk
    both = Request.objects.filter(Q(pk=root) | Q(parted_from=root)).exclude(pk=row.pk)
    return list(both.order_by("number"))


def of_file(file: PatientFile) -> list[Request]:
    """All requests of a patient's file, the newest first."""
    rows = Request.objects.filter(file=file).select_related("disease")
    return list(rows.order_by("-number"))


def money(rows: Sequence[Request]) -> dict[UUID, MoneyState]:
    """Where the money of requests is; what an appeal granted beside is added by `money_parts`."""
    return money_of([row.pk for row in rows])


def letter_of(row: Request) -> Letter | None:
    """The letter of a prior approval that was granted."""
    return Letter.objects.filter(request=row).exclude(state=LetterState.REVOKED).first()


def open_letters(file: PatientFile) -> QuerySet[Letter]:
    """Prior approvals of a patient that an invoice may go by."""
    rows = Letter.objects.filter(request__file=file, state=LetterState.ISSUED)
    return rows.select_related("request__disease").order_by("until")


def uses(persons: Iterable[UUID]) -> QuerySet[CeilingUse]:
    """What the fund granted these records, by year, the newest first."""
    return CeilingUse.objects.filter(person__in=list(persons)).order_by("-year")


@dataclass(frozen=True, slots=True)
class Year:
    """What one human being had of a year's ceiling, whichever records it was counted on; `left` is
    None where the ceiling is not known."""

    year: int
    used: int
    left: int | None

    used_rial, left_rial = rial("used"), rial("left")


def years_of(person_id: UUID) -> list[Year]:
    """What a patient had by year, the newest first; 3 statements."""
    years: dict[int, list[CeilingUse]] = defaultdict(list)
    for row in uses(one_human(survivor(person_id))):
        years[row.year].append(row)
    return [_year(year, rows) for year, rows in years.items()]


def _year(year: int, rows: Sequence[CeilingUse]) -> Year:
    used, extended = sum(one.used for one in rows), sum(one.extended for one in rows)
    law = max((one.ceiling for one in rows if one.ceiling is not None), default=None)
    return Year(year, used, None if law is None else max(law + extended - used, 0))


def typical(codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """(lowest, highest) price of one, in rial, that was granted for codes lately; 1 statement."""
    found: dict[str, list[int]] = defaultdict(list)
    rows = RequestLine.objects.filter(code__in=set(codes), payable__gt=0).order_by("-id")
    for code, asked, count in rows.values_list("code", "asked", "count")[:500]:
        found[code].append(asked // count)
    return {code: (min(prices), max(prices)) for code, prices in found.items()}


# --- the desk --------------------------------------------------------------------------------


def open_doubts(reach: Reach) -> QuerySet[Doubt]:
    """Pairs of invoices that wait for a clerk."""
    rows = Doubt.objects.select_related("line__request__person", "other__request__person")
    return reach.limit(rows.filter(state=DoubtState.OPEN))


def doubts(viewer: Viewer) -> QuerySet[Doubt]:
    """All pairs of the viewer's area that ever looked alike."""
    rows = Doubt.objects.select_related("line__request__person", "other__request__person")
    return visible(viewer, WORK).limit(rows)


def doubt(viewer: Viewer, doubt_id: UUID) -> Doubt | None:
    """One pair in the viewer's area."""
    return doubts(viewer).filter(pk=doubt_id).first()


def may_take_back(doubt: Doubt, user_id: UUID) -> bool:
    """Whether somebody may take back that two invoices are one: not who said so, nor when the
    request was withdrawn or its patient died."""
    return (
        doubt.state == DoubtState.SAME
        and doubt.decided_by != user_id
        and doubt.line.request.state not in (State.WITHDRAWN, State.DIED)
    )


def at_desk(request: Request) -> list[UUID]:
    """What a clerk may have in hand of a request: the request, and its doubts that are open."""
    doubts = Doubt.objects.filter(line__request=request, state=DoubtState.OPEN)
    return [request.pk, *doubts.values_list("pk", flat=True)]


def to_screen(reach: Reach) -> QuerySet[Request]:
    """What waits for a body without a proposal: a clerk looks whether it is complete."""
    rows = Request.objects.select_related(*_WITH)
    return reach.limit(rows.filter(state=State.IN_COMMITTEE, proposed=None, provisional=False))


# --- appeals ---------------------------------------------------------------------------------


def appeals(viewer: Viewer) -> QuerySet[Appeal]:
    """Appeals of the viewer's area."""
    rows = Appeal.objects.select_related("request__person", "request__disease", "area")
    return visible(viewer, READ).limit(rows)


def late_appeals(rows: QuerySet[Appeal], today: dt.date | None = None) -> QuerySet[Appeal]:
    """Those that have waited for longer than an answer may take."""
    last = (today or timezone.localdate()) - dt.timedelta(days=LIMIT)
    return rows.filter(state__in=[AppealStand.WAITING, AppealStand.DEFERRED], brought_on__lt=last)


def appeals_of(row: Request) -> list[Appeal]:
    """The appeals against decisions about a request."""
    return list(Appeal.objects.filter(request=row).order_by("number"))


def appeal(viewer: Viewer, appeal_id: UUID) -> Appeal | None:
    """One appeal whose request the viewer may see."""
    found = Appeal.objects.select_related("request__person", "request__disease")
    one = found.filter(pk=appeal_id).first()
    return one if one and request(viewer, one.request_id) else None


# --- bodies ----------------------------------------------------------------------------------


def practices(viewer: User, permission: str = "meetings.read") -> list[Practice]:
    """The fund's bodies the viewer runs; or with "meetings.read" also those they sit in today, and
    those of the area whose requests they may read. To read of meetings is not to read of patients.
    """
    if not viewer.may(permission):
        return []
    wanted = Q(body__in=meetings.bodies(viewer, RUN))
    if permission != RUN:
        wanted |= Q(body__in=meetings.sits_in(viewer))
        if reach := visible(viewer, READ):
            wanted |= Q(body__in=reach.limit(Body.objects.all()))
    rows = Practice.objects.filter(wanted)
    return list(rows.select_related("body__area").order_by("of", "body__name_fa"))


def practice(viewer: User, body_id: UUID, permission: str = RUN) -> Practice | None:
    """One body of the fund that the viewer runs."""
    return next((one for one in practices(viewer, permission) if one.pk == body_id), None)


@dataclass(frozen=True)
class Waits:
    """What waits before a body: matters, of them urgent, the oldest, rial asked in all."""

    practice: Practice
    total: int
    urgent: int
    oldest: dt.datetime | None
    asked: int
    meetings: int  # of its capacity that it takes

    @property
    def body(self) -> Body:
        return self.practice.body

    @property
    def rial(self) -> Rial:
        return Rial(self.asked)


def waits(rows: Sequence[Practice]) -> list[Waits]:
    """What waits before bodies; 2 statements. Unit: request or appeal."""
    matters = Matter.objects.filter(
        body__in=[one.pk for one in rows], state=MatterState.WAITING,
        kind__in=[MATTER, POLICY, APPEAL],
    )  # fmt: skip
    found: dict[UUID, list[tuple[bool, dt.datetime, UUID | None]]] = defaultdict(list)
    for body, urgent, at, pk in matters.values_list(
        "body_id", "urgent", "submitted_at", "object_id"
    ):
        found[body].append((urgent, at, pk))
    ids = [pk for some in found.values() for _urgent, _at, pk in some if pk]
    asked = dict(Request.objects.filter(pk__in=ids).values_list("pk", "asked"))
    return [
        Waits(
            one, len(some := found[one.pk]), sum(urgent for urgent, _at, _pk in some),
            min((at for _urgent, at, _pk in some), default=None),
            sum(asked.get(pk, 0) for _urgent, _at, pk in some if pk),
            -(-len(some) // one.body.capacity),
        )
        for one in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Items of an agenda that may be decided together, with what the desk suggests for them."""

    key: str
    title: str
    suggestion: str
    items: list[UUID]
    requests: list[Request]
    asked: int
    proposed: int
    kind: str
    provisional: bool  # granted on the fast track, to be confirmed

    @property
    def count(self) -> int:
        return len(self.items)

    @property
    def asked_rial(self) -> Rial:
        return Rial(self.asked)

    @property
    def proposed_rial(self) -> Rial:
        return Rial(self.proposed)


def on_agenda(session: Session) -> list[Request]:
    """All requests on the agenda of a session, in its order."""
    rows = Item.objects.filter(session=session, matter__kind__in=[MATTER, POLICY])
    return _in_order(rows.order_by("position").values_list("matter__object_id", flat=True))


def _in_order(ids: Iterable[UUID | None]) -> list[Request]:
    order = [pk for pk in ids if pk]
    found = Request.objects.filter(pk__in=order).select_related(*_WITH).in_bulk()
    return [found[pk] for pk in order if pk in found]


def waiting_requests(body: Body) -> list[Request]:
    """Requests that wait for a body, in the order in which they will come up."""
    rows = waiting(body).order_by("-carried", "-urgent", "submitted_at", "id")
    return _in_order(rows.values_list("object_id", flat=True))


def matter_of(row: Request) -> Matter | None:
    """The matter of a request that waits for a body."""
    return (
        Matter.objects.filter(
            object_id=row.pk, state=MatterState.WAITING, kind__in=[MATTER, POLICY]
        )
        .select_related("body")
        .first()
    )


def sheet(viewer: User, request_id: UUID) -> tuple[Request, Practice] | None:
    """A request that is, or was, before a body the viewer sits in or sees, for its sheet."""
    bodies = Matter.objects.filter(object_id=request_id).values("body_id")
    of_appeal = Matter.objects.filter(
        object_id__in=Appeal.objects.filter(request=request_id).values("pk")
    ).values("body_id")
    found = next(
        (
            one for one in practices(viewer)
            if one.pk in {row["body_id"] for row in [*bodies, *of_appeal]}
        ),
        None,
    )  # fmt: skip
    row = Request.objects.select_related(*_WITH).filter(pk=request_id).first()
    return (row, found) if row and found else None


def consents(row: Request) -> list[Consent]:
    """Who agreed to an urgent request before the meeting."""
    return list(Consent.objects.filter(request=row).select_related("member", "paper")
                .order_by("given_at"))  # fmt: skip


def voters(body: Body) -> list[Member]:
    """Members with a vote today."""
    return [
        term.member
        for seat in meetings.seats_on(body)
        for term in seat.terms
        if term.role != "secretary"
    ]


def agreeing(user: User, row: Request) -> Member | None:
    """As which member a user may agree to an urgent request before the meeting."""
    if not row.urgent or row.state != State.IN_COMMITTEE or not user.may(VOTE):
        return None
    matter = matter_of(row)
    own = meetings.own_member(user, matter.body) if matter else None
    return own if matter and own in voters(matter.body) else None
