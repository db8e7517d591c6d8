"""The demo of the fund: the reported figures as rows behind them. Everything is synthetic.

By the end of 1401: 53,252 applications in the country, 12,450 of them in Lorestan; there 3 meetings
of the working group and 20 of the committee in 1401, 481 files approved, 24 bn rial bound and 23.4
bn paid, of them more than 8 bn for 24 patients with SMA; the other provinces in proportion. What
other rooms' demos bring of today comes on top, as it does in life.

It takes a minute, so a job does it while people look around: one transaction, so that a process
that was killed leaves nothing behind, and the next one begins anew.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from random import Random
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.disease.models import Disease
from pooshesh.fund.models import Application, PatientFile, State
from pooshesh.funnel import actions
from pooshesh.funnel.figures import payments, people, sittings
from pooshesh.funnel.figures.people import SOURCE, Applicant
from pooshesh.funnel.figures.plan import AFTER, Known, Plan, days_of_meetings, moment, plan
from pooshesh.funnel.figures.sittings import Asking, Desk, Docket
from pooshesh.funnel.reported import LORESTAN
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.jobs import Cancelled, Progress, job
from pooshesh.kernel.models import Job, JobState
from pooshesh.ledger.models import Voucher
from pooshesh.meetings import agenda
from pooshesh.meetings.actions import link_account
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Body, Member, Session, SessionState
from pooshesh.people.models import Person
from pooshesh.places.models import Area, AreaKind, Facility, FacilityKind
from pooshesh.places.seed import read_data
from pooshesh.requests import committee
from pooshesh.requests.models import Decider, Kind, Practice, Request

JOB = "funnel.demo"
SEED = 1401
PARTS = 12  # of the progress bar
LARGE = 2_000_000  # residents of a province whose committee has met
NEEDED = ("secretary15", "desk", "verifier", "finance", "releaser", "fund")
Tell = Callable[[str, int], None]


def with_users() -> None:
    """Let a job bring the figures, once; after all other rooms, whose jobs come first."""
    begun = Job.objects.filter(kind=JOB).exclude(state__in=[JobState.FAILED, JobState.CANCELLED])
    if not begun.exists() and _accounts():
        jobs.start(JOB, actor=None)


def _accounts() -> dict[str, UUID]:
    """The demo's accounts by name; none where somebody who acts is missing."""
    found = dict(User.objects.filter(is_demo=True).values_list("username", "id"))
    return found if found.keys() >= set(NEEDED) else {}


@job(JOB)
def bring(progress: Progress, scale: int = 1) -> dict[str, int]:
    """Brings the reported figures of the patients' fund into the demo."""
    with _beside(progress) as tell, transaction.atomic(), uncollected():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('pooshesh demo figures'))")
        if Person.objects.filter(source=f"{SOURCE}:1").exists():
            return {}
        made = _Demo(scale, _accounts(), tell).make()
    actions.fold()
    return made


@contextmanager
def _beside(progress: Progress) -> Iterator[Tell]:
    """Says how far a job is from within its transaction, over a connection of its own."""
    own = connection.copy()

    def tell(step: str, done: int) -> None:
        with own.cursor() as cursor:
            cursor.execute(
                "update kernel_job set step = %s, done = %s, total = %s where id = %s"
                " returning cancel_asked",
                [step, done, PARTS, progress.job_id],
            )
            if (cursor.fetchone() or [False])[0]:
                raise Cancelled

    try:
        yield tell
    finally:
        own.close()


def _known() -> Known:
    """What other rooms' demos brought of what the report counts; what came after it is no part of
    its figures, whatever is counted today."""
    end = moment(AFTER, 0)

    def by_province(rows: QuerySet[PatientFile] | QuerySet[Application]) -> dict[str, int]:
        counted = rows.values_list("province").annotate(n=Count("pk")).order_by()
        return dict(counted.values_list("province", "n"))

    def met(of: Decider) -> int:
        held = Session.objects.filter(
            state__in=[SessionState.CLOSED, SessionState.SIGNED], starts_at__lt=end
        )
        bodies = Practice.objects.filter(province=LORESTAN, of=of).values("body")
        return held.filter(body__in=bodies).count()

    approved = Request.objects.filter(
        province=LORESTAN, kind=Kind.EXPENSE, state__in=["approved", "part"], decided_at__lt=end
    )
    return Known(
        by_province(PatientFile.objects.filter(opened_at__lt=end)),
        by_province(Application.objects.filter(received_at__lt=end)), approved.count(),
        met(Decider.COMMITTEE), met(Decider.GROUP),
    )  # fmt: skip


class _Demo:
    """One making of the figures, 1/`scale` of them."""

    def __init__(self, scale: int, accounts: Mapping[str, UUID], tell: Tell) -> None:
        self.random = Random(SEED)  # noqa: S311 - the same every time, no secret
        self.users, self.tell = accounts, tell
        rows = Area.objects.filter(kind=AreaKind.PROVINCE).order_by("province")
        self.provinces = {area.province: area for area in rows}
        self.population = {
            row["code"]: int(row["population"])
            for row in read_data("provinces.csv")
            if row["code"] in self.provinces
        }
        self.plan: Plan = plan(self.population, scale).beside(_known())
        self.diseases = dict(Disease.objects.values_list("code", "name_fa"))
        self.tagged: dict[str, list[Applicant]] = defaultdict(list)

    def make(self) -> dict[str, int]:
        """Everything, in the order in which it happened."""
        self._people()
        payments.fund(list(self.provinces.values()), self.population)
        here = self._lorestan()
        self.tell(_("Payments of Lorestan"), 9)
        self._pay_lorestan(here)
        requests = sum(len(some) for some in here.by_day.values()) + len(here.waiting)
        self.tell(_("Committees of the other provinces"), 10)
        requests += self._others()
        self.tell(_("Payments of the other provinces"), PARTS)
        audit.record("funnel.load_demo", actor=None, kind="area", object_id="ir")
        return {
            "applications": sum(self.plan.registered.values()) + sum(self.plan.again.values()),
            "requests": requests,
            "meetings": self.plan.meetings + self.plan.group_meetings,
        }  # fmt: skip

    def _people(self) -> None:
        self.tell(_("Making patients up"), 0)
        places = {
            code: list(
                Area.objects.filter(kind=AreaKind.CITY, province=code).order_by("code")
            ) or [area]
            for code, area in self.provinces.items()
        }  # fmt: skip
        made = people.drawn(self.plan, places, timezone.now(), self.random)
        second = people.again(self.plan, made)
        for one in made:
            if one.state == State.TAGGED:
                self.tagged[one.province].append(one)
        people.write(
            made, second, self.users["desk"], self.users["verifier"],
            lambda part: self.tell(_("Writing patients and applications"), 1 + part), self.random,
        )  # fmt: skip

    # --- Lorestan ----------------------------------------------------------------------------

    def _lorestan(self) -> Docket:
        """The meetings of Lorestan's committee and working group, and what waits for the next."""
        docket = sittings.in_lorestan(self.plan, self.tagged[LORESTAN], self.random)
        desk = self._desk([*docket.all(), *docket.waiting])
        requests = sittings.write(docket.all(), desk, self.random)
        body, members = sittings.seated(LORESTAN, Decider.COMMITTEE)
        group, workers = sittings.seated(LORESTAN, Decider.GROUP)
        held, groups, keeper = 0, self.plan.group_meetings, self.users["secretary15"]
        for place, (day, askings) in enumerate(sorted(docket.by_day.items())):
            self.tell(_("Meetings of Lorestan's committee"), 8)
            absent = 2 + place % 3 if place % 4 == 3 else -1
            self._meet(body, members, day, askings, requests, keeper, absent)
            if held < groups and place * groups >= held * self.plan.meetings:
                sittings.work(group, workers, day + timedelta(days=3), held, keeper)
                held += 1
        late = days_of_meetings(self.plan.meetings)[-1] + timedelta(days=7)
        for number, asking in enumerate(docket.waiting):
            sittings.bring(asking, desk, late + timedelta(days=number % 5), self.random)
        self._sit(body, members)
        return docket

    def _sit(self, body: Body, members: Sequence[Member]) -> None:
        """The account `member` sits for the patients' associations from now on."""
        own = self.users.get("member")
        if own and not Member.objects.filter(body=body, user_id=own).exists():
            link_account(members[-1], own, actor=None)

    def _pay_lorestan(self, docket: Docket) -> None:
        """Every second meeting what was decided is paid; of the last something is left to do."""
        area, finance = self.provinces[LORESTAN], self.users["finance"]
        days = sorted(docket.by_day)
        for first in range(0, len(days), 2):
            both = days[first : first + 2]
            granted = [a for day in both for a in docket.by_day[day] if a.granted]
            paid = [a for a in granted if a.paid]
            left = [a for a in granted if not a.paid]
            third = len(left) // 3  # have no voucher yet; as many are not ordered yet
            day = both[-1] + timedelta(days=4)
            drawn = payments.draw(paid + left[third:], moment(day, 9), actor=finance)
            returned = drawn[len(paid) + third :]
            sent = [*drawn[: len(paid)], *returned]
            payments.pay(sent, day, orderer=finance, releaser=self.users["releaser"])
            payments.answer(area, sent, {one.pk for one in returned}, day + timedelta(days=3),
                            actor=finance)  # fmt: skip

    # --- the others --------------------------------------------------------------------------

    def _others(self) -> int:
        """As much in proportion in the large provinces; how many requests."""
        dockets = {
            code: sittings.elsewhere(self.plan, code, self.tagged[code], self.random)
            for code in self.provinces
            if code != LORESTAN and self.population[code] >= LARGE
        }
        every = [asking for docket in dockets.values() for asking in docket.all()]
        if not every:
            return 0
        requests = sittings.write(every, self._desk(every), self.random)
        for code, docket in dockets.items():
            if docket.by_day:
                body, members = sittings.seated(code, Decider.COMMITTEE)
                for day, askings in sorted(docket.by_day.items()):
                    self._meet(body, members, day, askings, requests, None)
        self.tell(_("Payments of the other provinces"), 11)
        self._pay([asking for asking in every if asking.granted and asking.paid])
        return len(every)

    def _meet(
        self, body: Body, members: Sequence[Member], day: date, askings: Sequence[Asking],
        requests: Mapping[UUID, Request], secretary: UUID | None, absent: int = -1,
    ) -> None:  # fmt: skip
        """Bring requests before a committee, and let it meet about them."""
        rows = [requests[asking.request] for asking in askings]
        agenda.submit(
            body, committee.MATTER,
            [Brought(committee.title_of(one, self.diseases[one.disease_id]), one.pk, one.urgent)
             for one in rows],
            actor=secretary, at=moment(day - timedelta(days=8), 12),
        )  # fmt: skip
        sittings.hold(body, members, day, sittings.votes(askings), secretary=secretary,
                      absent=absent)  # fmt: skip

    def _pay(self, askings: Sequence[Asking]) -> None:
        """Vouchers of the provinces, ordered by province; one statement of the bank for all."""
        day = days_of_meetings(self.plan.meetings)[-1] + timedelta(days=6)
        orderer = self.users["fund"]
        drawn = payments.draw(askings, moment(day, 9), actor=orderer)
        by_province: dict[str, list[Voucher]] = defaultdict(list)
        for one in drawn:
            by_province[one.province].append(one)
        for some in by_province.values():
            payments.pay(some, day, orderer=orderer, releaser=self.users["releaser"])
        nation = Area.objects.get(kind=AreaKind.NATION)
        payments.answer(nation, drawn, set(), day + timedelta(days=5), actor=orderer)

    def _desk(self, askings: Sequence[Asking]) -> Desk:
        hospitals: dict[str, list[Facility]] = defaultdict(list)
        for one in Facility.objects.filter(kind=FacilityKind.HOSPITAL).order_by("code"):
            hospitals[one.province].append(one)
        files = PatientFile.objects.in_bulk([asking.one.file for asking in askings])
        return Desk(self.users["desk"], hospitals, files)
