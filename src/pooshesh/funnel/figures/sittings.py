"""What the provinces' committees decided, through the same actions as the people who do it.

Lorestan holds the reported meetings; the other provinces decide about as many of their patients in
a meeting or a few. What was decided long ago is written as it came before the committee, what
still waits is brought at the desk.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

from django.db.models import Model

from pooshesh.fund.models import PatientFile
from pooshesh.funnel.figures.people import NOBODY, Applicant, Row, actor_of
from pooshesh.funnel.figures.plan import (
    NEW_YEAR,
    STEP,
    YEAR,
    Plan,
    amounts,
    days_of_meetings,
    moment,
    shared,
    sheba,
)
from pooshesh.funnel.reported import LORESTAN
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.ids import uuid7s
from pooshesh.meetings import actions, agenda, minutes, queries, sitting
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Body, Choice, Item, Member, Minutes, Role, Session
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Facility
from pooshesh.requests import bodies, bringing
from pooshesh.requests.bringing import SHEBA, Asked
from pooshesh.requests.checking import LineAsked, Payee
from pooshesh.requests.models import Decider, Request, RequestLine, RequestStep, State
from pooshesh.requests.near import digest, number_key, provider_key

PLACE = "سالن جلسات اداره کل بیمه سلامت"
MEMBERS = {
    "medical_university": ("نماینده دانشگاه علوم پزشکی", Role.CHAIR),
    "ihio": ("نماینده بیمه سلامت", Role.MEMBER),
    "sso": ("نماینده تأمین اجتماعی", Role.MEMBER),
    "armed_forces": ("نماینده بیمه نیروهای مسلح", Role.MEMBER),
    "patients": ("نماینده انجمن‌های بیماران", Role.MEMBER),
}
SECRETARY = "دبیر"
MOVED = {
    State.APPROVED: "هزینه‌های فهرست، خارج از بسته خدمتی، به‌طور کامل پرداخت شود.",
    State.PART: "هزینه‌های فهرست تا مبلغ پیشنهادی دبیرخانه پرداخت شود.",
    State.REJECTED: "هزینه با بیماری نشان‌شده پیوندی ندارد.",
    State.DEFERRED: "ضرورت درمان روشن نیست؛ نظر پزشک متخصص آورده شود.",
}
TOPICS = (
    ("شیوه رسیدگی به هزینه داروهای وارداتی بیماران SMA", "سهم هر بیمار در هر جلسه گفته شود."),
    ("نوبت رسیدگی به پرونده‌های دهک‌های پایین", "پرونده دهک‌های ۱ تا ۳ پیش از دیگران بیاید."),
    ("گزارش جذب اعتبار استان", "گزارش پرداخت هر دو هفته به کارگروه داده شود."),
)
COSTS = (
    ("OUT-D1", "داروی خارج از بسته خدمتی (نمونه)"), ("OUT-E1", "تجهیزات توان‌بخشی (نمونه)"),
    ("OUT-S1", "آزمایش ژنتیک (نمونه)"), ("OUT-S2", "جلسه‌های توان‌بخشی (نمونه)"),
    ("OUT-D2", "مکمل درمانی (نمونه)"),
)  # fmt: skip
MOST = 90  # requests another province decides in a meeting


@dataclass(slots=True)
class Asking:
    """A request to be brought, what is decided about it, and whether it is paid then."""

    one: Applicant
    verdict: State | None  # None: it still waits
    payable: int
    asked: int
    paid: bool = True
    met: dt.date = NEW_YEAR
    request: UUID = NOBODY

    @property
    def granted(self) -> bool:
        """Whether money is bound for it."""
        return self.verdict in (State.APPROVED, State.PART)


@dataclass
class Docket:
    """All requests of a province by the day of the meeting that has them."""

    by_day: dict[dt.date, list[Asking]] = field(default_factory=dict)
    waiting: list[Asking] = field(default_factory=list)

    def all(self) -> list[Asking]:
        """Those that are decided, in the order of the meetings."""
        return [one for day in sorted(self.by_day) for one in self.by_day[day]]


def in_lorestan(plan: Plan, patients: Sequence[Applicant], random: Random) -> Docket:
    """Who asks for how much, and in which meeting it is decided; it adds up to the figures."""
    days = days_of_meetings(plan.meetings)
    files = plan.approved[LORESTAN]
    others = files - plan.sma - plan.unpaid
    sums = {
        "sma": amounts(random, plan.sma_paid, plan.sma),
        "paid": amounts(random, plan.paid - plan.sma_paid, others),
        "unpaid": amounts(random, plan.committed - plan.paid, plan.unpaid),
    }
    found = Docket({day: [] for day in days})
    sma = [one for one in patients if one.disease == "SMA"]
    rest = [one for one in patients if one.disease != "SMA"]
    random.shuffle(rest)
    turn = _turns(days, random)
    for one, payable in zip(sma, sums["sma"], strict=True):
        _put(found, days[next(turn) % len(days)], Asking(one, State.APPROVED, payable, payable))
    decided: list[tuple[State, int, bool]] = [
        *((State.APPROVED, payable, True) for payable in sums["paid"]),
        *((State.REJECTED, 0, False) for _ in range(plan.rejected[LORESTAN])),
        *((State.DEFERRED, 0, False) for _ in range(plan.deferred)),
    ]
    for place in random.sample(range(others), min(plan.part, others // 2)):
        decided[place] = (State.PART, decided[place][1], True)
    random.shuffle(decided)
    for verdict, payable, paid in decided:
        day = days[next(turn) % len(days)]
        _put(found, day, _asking(rest, verdict, payable, day, random, paid))
    for payable in sums["unpaid"]:
        _put(found, days[-1], _asking(rest, State.APPROVED, payable, days[-1], random, False))
    last = moment(days[-1], 9).date()
    found.waiting = [_asking(rest, None, 0, last, random, False) for _ in range(plan.waiting)]
    return found


def _turns(days: Sequence[dt.date], random: Random) -> Iterator[int]:
    """The meetings in turn, so that each has about as many."""
    order = list(range(len(days)))
    while True:
        random.shuffle(order)
        yield from order


def _put(found: Docket, day: dt.date, asking: Asking) -> None:
    asking.met = day
    found.by_day[day].append(asking)


def _asking(
    patients: list[Applicant], verdict: State | None, payable: int, day: dt.date, random: Random,
    paid: bool,
) -> Asking:  # fmt: skip
    """The next patient whose tag was there in time, with an amount to ask for."""
    early = day - dt.timedelta(days=30)
    place = next(n for n in range(len(patients) - 1, -1, -1) if patients[n].tag_from <= early)
    one = patients.pop(place)
    if verdict == State.APPROVED:
        return Asking(one, verdict, payable, payable, paid)
    more = payable * random.randint(120, 190) // 100 or random.randint(900, 12_000) * STEP
    return Asking(one, verdict, payable, more // STEP * STEP + STEP, paid)


# --- brought ---------------------------------------------------------------------------------


@dataclass
class Desk:
    """Who brings in Lorestan, where patients were treated, and their files."""

    clerk: UUID | None
    hospitals: Mapping[str, Sequence[Facility]]  # by province
    files: Mapping[UUID, PatientFile]


def bring(asking: Asking, desk: Desk, day: dt.date, random: Random) -> Request:
    """Bring a request at the desk on a day."""
    one = asking.one
    asked = Asked(
        desk.files[one.file], one.disease, list(_lines(asking, desk, day, random)),
        payee=Payee(name=f"{one.first} {one.last}", sheba=sheba(one.number)),
        urgent=one.number % 23 == 0,
    )  # fmt: skip
    return bringing.bring(asked, actor=desk.clerk, at=moment(day, random.randint(8, 14)))


def _lines(asking: Asking, desk: Desk, day: dt.date, random: Random) -> Iterator[LineAsked]:
    """One to three invoices of the weeks before a day, while the tag held."""
    one = asking.one
    first = max(one.tag_from, NEW_YEAR)
    last = day - dt.timedelta(days=1)
    count = random.randint(1, 3)
    parts = shared(asking.asked // STEP, [random.randint(2, 9) for _ in range(count)])
    parts = [parts[0] + parts.count(0), *(part or 1 for part in parts[1:])]
    parts[0] += asking.asked // STEP - sum(parts)
    own = desk.hospitals.get(one.province, ())
    hospital = own[one.number % len(own)] if own else None
    for place, part in enumerate(parts):
        code, title = COSTS[(one.number + place) % len(COSTS)]
        days = max((last - first).days, 0)
        yield LineAsked(
            code=code, title=title, on=first + dt.timedelta(random.randint(0, min(days, 60))),
            asked=part * STEP, facility_id=hospital.pk if hospital else None,
            provider=str(hospital) if hospital else "بیمارستان نمونه",
            invoice=f"{one.number:05d}-{place + 1}",
        )  # fmt: skip


# --- met -------------------------------------------------------------------------------------


def seated(province: str, of: Decider) -> tuple[Body, list[Member]]:
    """The body with somebody in every seat; who was appointed before stays."""
    body = bodies.body_of(province, of)
    held = {
        term.organisation.code: term.member
        for seat in queries.seats_on(body, bodies.SINCE)
        for term in seat.terms
    }
    for organisation in Organisation.objects.filter(code__in=MEMBERS.keys() - held.keys()):
        name, role = MEMBERS[organisation.code]
        held[organisation.code] = actions.appoint(
            body, organisation, name=name, role=role, start=bodies.SINCE, actor=None
        )
    return body, [held[code] for code in MEMBERS if code in held]


def votes(askings: Iterable[Asking]) -> dict[State, list[UUID]]:
    """Which requests a meeting decides how, in the order of the desk."""
    found: dict[State, list[UUID]] = {verdict: [] for verdict in MOVED}
    for one in askings:
        if one.verdict:
            found[one.verdict].append(one.request)
    return found


def hold(
    body: Body, members: Sequence[Member], day: dt.date, votes: Mapping[State, Sequence[UUID]],
    *, secretary: UUID | None, absent: int = -1, hour: int = 9,
) -> Session:  # fmt: skip
    """A whole meeting: planned, opened, voted by groups, closed, signed by all who were there.

    `votes`: what becomes of which requests. `absent`: the place of a member who did not come.
    """
    began = moment(day, hour)
    planned = agenda.plan(
        body, starts_at=began, place=PLACE, actor=secretary, at=began - dt.timedelta(days=2)
    )
    _only(planned, {pk for some in votes.values() for pk in some}, secretary)
    agenda.invite(planned, actor=secretary)
    agenda.open_session(planned, actor=secretary, at=began)
    there = [one for place, one in enumerate(members) if place != absent]
    for minute, member in enumerate(there):
        sitting.come(planned, member, actor=secretary, at=_after(began, minute))
    items = dict(
        Item.objects.filter(session=planned, matter__isnull=False).values_list(
            "matter__object_id", "pk"
        )
    )
    minute = 15
    for verdict, ids in votes.items():
        if ids:
            minute += 20
            _vote(planned, [items[pk] for pk in ids], verdict, MOVED[verdict], there,
                  _after(began, minute), secretary)  # fmt: skip
    return _signed(planned, there, _after(began, minute + 30), secretary)


def _only(session: Session, ours: Collection[UUID], secretary: UUID | None) -> None:
    """What waits for the body today was not before it then."""
    items = Item.objects.filter(session=session).select_related("matter")
    for item in items:
        if item.matter is None or not {item.matter.pk, item.matter.object_id} & set(ours):
            agenda.take_off(item, actor=secretary)


def _vote(
    session: Session, items: Iterable[UUID], verdict: str, text: str, there: Sequence[Member],
    at: dt.datetime, secretary: UUID | None,
) -> None:  # fmt: skip
    motion = sitting.put(session, items, text=text, verdict=verdict, actor=secretary, at=at)
    choices = dict.fromkeys([one.pk for one in there], Choice.FOR)
    if session.number % 4 == 0 and verdict == State.REJECTED:
        choices[there[-1].pk] = Choice.AGAINST
    sitting.vote(motion, choices, actor=secretary, at=_after(at, 3))
    sitting.count(motion, actor=secretary, at=_after(at, 5))


def _signed(
    session: Session, there: Sequence[Member], at: dt.datetime, secretary: UUID | None
) -> Session:
    minutes.close(session, actor=secretary, at=at)
    seen = Minutes.objects.get(pk=session.pk).digest
    for one in there:
        session = minutes.sign(session, one, digest=seen, actor=one.user_id or secretary,
                               on_paper=one.user_id is None, at=_after(at, 10))  # fmt: skip
    return session


def _after(at: dt.datetime, count: int) -> dt.datetime:
    return at + dt.timedelta(minutes=count)


def work(body: Body, members: Sequence[Member], day: dt.date, place: int,
         secretary: UUID | None) -> None:  # fmt: skip
    """A meeting of the working group about a topic of its own."""
    title, said = TOPICS[place % len(TOPICS)]
    began = moment(day, 13)
    (topic,) = agenda.submit(body, "topic", [Brought(title)], actor=secretary, at=began)
    planned = agenda.plan(body, starts_at=began, place=PLACE, actor=secretary, at=began)
    _only(planned, {topic.pk}, secretary)
    agenda.invite(planned, actor=secretary)
    agenda.open_session(planned, actor=secretary, at=began)
    for minute, member in enumerate(members):
        sitting.come(planned, member, actor=secretary, at=_after(began, minute))
    items = list(Item.objects.filter(session=planned, matter__isnull=False))
    sitting.note(items[0], said, actor=secretary)
    _vote(planned, [one.pk for one in items], "approved", said, members, _after(began, 40),
          secretary)  # fmt: skip
    _signed(planned, members, _after(began, 75), secretary)


# --- the other provinces -----------------------------------------------------------------------


def elsewhere(plan: Plan, province: str, patients: Sequence[Applicant], random: Random) -> Docket:
    """In proportion to Lorestan's; decided in as few meetings as hold them."""
    approved, rejected = plan.approved[province], plan.rejected[province]
    count = -(-(approved + rejected) // MOST)
    days = [day + dt.timedelta(1 + int(province) % 2) for day in days_of_meetings(6)[-count:]]
    found = Docket({day: [] for day in days})
    rest = list(patients)
    random.shuffle(rest)
    early = days[0] - dt.timedelta(days=30) if days else NEW_YEAR
    rest = [one for one in rest if one.tag_from <= early]
    for place, payable in enumerate(amounts(random, plan.each * approved, approved)):
        if rest:
            one = rest.pop()
            asking = Asking(one, State.APPROVED, payable, payable, place % 30 != 0)
            _put(found, days[place % count], asking)
    for place in range(rejected):
        if rest:
            asked = random.randint(900, 9_000) * STEP
            _put(found, days[place % count], Asking(rest.pop(), State.REJECTED, 0, asked))
    return found


def write(askings: Sequence[Asking], desk: Desk, random: Random) -> dict[UUID, Request]:
    """Requests as they came before the committee, many at once by COPY; id → request."""
    rows: list[Row] = []
    lines: list[Row] = []
    steps: list[Row] = []
    keys = keyring()
    for asking, pk in zip(askings, uuid7s(len(askings)), strict=True):
        one, file = asking.one, desk.files[asking.one.file]
        asking.request = pk
        on = asking.met - dt.timedelta(days=random.randint(9, 20))
        at = moment(on, random.randint(8, 14), random.randrange(60))
        by = actor_of(one, desk.clerk)
        rows.append(
            (pk, "expense", one.file, one.person, one.disease, "in_committee", YEAR, on, "",
             one.number % 23 == 0, "desk", "patient", f"{one.first} {one.last}",
             keys.seal(sheba(one.number), SHEBA), asking.asked, 0,
             asking.payable if asking.verdict == State.PART else None, "", "", False, by, at, at,
             file.area_id, file.area_path, one.province)
        )  # fmt: skip
        for place, asked in enumerate(_lines(asking, desk, on, random), 1):
            provider = provider_key(asked.facility_id, asked.provider)
            number = number_key(asked.invoice)
            lines.append(
                (pk, one.province, one.person, place, asked.code, asked.title, asked.on,
                 asked.facility_id, asked.provider, provider, asked.invoice, number,
                 digest(provider, number, asked.asked, asked.on), True, 1, asked.asked,
                 "to_committee", False, asked.asked, 0, 0, "{}", "", "{}")
            )  # fmt: skip
        steps += [
            (pk, one.province, "submit", "submitted", "", by, at),
            (pk, one.province, "refer", "in_committee", "", None, at),
        ]
    tables: tuple[tuple[type[Model], str, list[Row]], ...] = (
        (Request, "id kind file_id person_id disease_id state year on hold urgent channel payee"
         " payee_name sheba asked payable proposed decided_by ground provisional made_by made_at"
         " since area_id area_path province", rows),
        (RequestLine, "id request_id province person_id position code title on facility_id"
         " provider provider_key invoice invoice_key digest live count asked step in_package"
         " allowed payable reasons notes pack_id facts", _with_ids(lines)),
        (RequestStep, "id request_id province verb state why actor at", _with_ids(steps)),
    )  # fmt: skip
    for model, columns, data in tables:
        copy_in(model, columns.split(), data)
    return Request.objects.in_bulk([one.request for one in askings])


def _with_ids(rows: Sequence[Row]) -> list[Row]:
    return [(pk, *row) for pk, row in zip(uuid7s(len(rows)), rows, strict=True)]
