"""A tagged patient of Lorestan with a file, a package, credit, and the province's bodies."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.disease import seed as diseases
from pooshesh.disease import tags
from pooshesh.disease.models import Disease, Package, PackageLine, PackageTerm
from pooshesh.disease.tags import NewTag
from pooshesh.fund.files import open_file
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import from_now
from pooshesh.ledger import budgets
from pooshesh.ledger.commitments import Commit, commit
from pooshesh.meetings import actions, agenda, minutes, sitting
from pooshesh.meetings.models import Body, Choice, Item, Member, Motion, Role, Session
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Decile, Membership, Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, zahra
from pooshesh.requests import bodies, bringing
from pooshesh.requests.bringing import Asked
from pooshesh.requests.checking import LineAsked, Payee
from pooshesh.requests.models import Decider, Kind, Letter, PayeeKind, Request

SERVICE = dt.date(2025, 9, 1)  # Shahrivar 1404: its ceiling is known, that of 1405 is not
TAGGED = dt.date(2025, 3, 21)
CEILING = 850_000_000
MILLION = 1_000_000
CREDIT = 100_000 * MILLION


def this_year() -> int:
    return to_jalali(timezone.localdate()).year


@pytest.fixture
def credit(country: Country, cast: Cast) -> int:
    """Lorestan has credit for this year."""
    budgets.enact(this_year(), Rial(10 * CREDIT), "قانون بودجه", actor=cast.fund_manager.pk)
    budgets.allocate(country.lorestan, this_year(), Rial(CREDIT), actor=cast.fund_manager.pk)
    return CREDIT


@pytest.fixture
def spent(credit: int, country: Country) -> Commit:
    """Another decision has bound all of the province's credit of this year."""
    area = country.lorestan
    other = Commit("other", uuid7(), None, "", "15", str(area.path), this_year(), credit)
    commit([other], actor=None)
    return other


@pytest.fixture
def sma(db: None) -> Disease:
    """SMA, whose package has a drug without a price, a visit with one, and braces once a year."""
    diseases.seed()
    disease = Disease.objects.get(code="SMA")
    PackageTerm.objects.filter(disease=disease).delete()
    package = Package.objects.create(
        disease=disease, number=900, starts=TAGGED, file="t", digest="t", state="approved"
    )
    for code, price, most in (("drug", None, None), ("visit", 2 * MILLION, None),
                              ("brace", None, 1)):  # fmt: skip
        PackageLine.objects.create(
            package=package, code=code, kind="service", title_fa=code, unit_price_rial=price,
            most_per_year=most,
        )  # fmt: skip
    PackageTerm.objects.create(
        disease=disease, package=package, valid=DateRange(dt.date(2021, 3, 21), None),
        recorded=from_now(timezone.now()),
    )  # fmt: skip
    return disease


def patient_in(country: Country, decile: int = 3, **about: Any) -> Person:
    """A person in a household of a decile."""
    done = register_census([zahra(**about)], area=country.falak_ol_din, on=DAY, actor=None)
    person = Person.objects.select_related("area").get(pk=done.persons[1])
    home = Membership.objects.get(person=person).household
    Decile.objects.create(
        household=home, decile=decile, source="t", valid=DateRange(dt.date(2021, 3, 21), None),
        recorded=from_now(),
    )  # fmt: skip
    return person


@pytest.fixture
def patient(country: Country) -> Person:
    return patient_in(country)


@pytest.fixture
def file(patient: Person, sma: Disease) -> PatientFile:
    """The patient's file, with a tag of SMA since the start of 1404."""
    tags.issue(NewTag(patient, "SMA", TAGGED, None), actor=None)
    return open_file(patient, actor=None)


def line(asked: int = 10 * MILLION, code: str = "drug", **more: Any) -> LineAsked:
    """A line of its own invoice."""
    about: dict[str, Any] = {"title": "دارو", "on": SERVICE, "provider": "داروخانه شفا",
             "invoice": f"{asked}{code}"} | more  # fmt: skip
    return LineAsked(code=code, asked=asked, **about)


Bring = Callable[..., Request]


@pytest.fixture
def bring(file: PatientFile, cast: Cast, credit: int) -> Bring:
    """`bring(line(), line())` brings an expense request of the patient and decides it."""

    def make(*lines: LineAsked, kind: Kind = Kind.EXPENSE, letter: Letter | None = None,
             payee: PayeeKind = PayeeKind.PATIENT, of: PatientFile | None = None,
             urgent: bool = False, draft: bool = False) -> Request:  # fmt: skip
        asked = Asked(
            of or file, "SMA", lines or [line()], kind=kind, letter=letter, urgent=urgent,
            payee=Payee(payee, "زهرا رضایی"),
        )  # fmt: skip
        return bringing.bring(asked, actor=cast.fund_clerk.pk, draft=draft)

    return make


# --- committees ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Committee:
    """A body of Lorestan with who sits in it, by organisation."""

    body: Body
    members: dict[str, Member]


def seated(of: Decider, cast: Cast, people: Sequence[str] = ()) -> Committee:
    """The body with a member for each seat; the patients' one signs in as `cast.member`."""
    body = bodies.body_of("15", of)
    members = {
        code: actions.appoint(
            body, Organisation.objects.get(code=code), name=f"{code} {of}", start=bodies.SINCE,
            role=Role.CHAIR if code == "medical_university" else Role.MEMBER, actor=None,
            user_id=cast.member.pk if code == "patients" else None,
        )
        for code in bodies.SEATS
    }  # fmt: skip
    return Committee(body, members)


@pytest.fixture
def committee(country: Country, cast: Cast) -> Committee:
    return seated(Decider.COMMITTEE, cast)


@pytest.fixture
def group(country: Country, cast: Cast) -> Committee:
    """The working group; its members are other people but for the patients' association's."""
    return seated(Decider.GROUP, cast)


def meet(of: Committee, *absent: str) -> Session:
    """A meeting of the body that is open, its agenda made of what waits."""
    session = agenda.plan(
        of.body, starts_at=timezone.now() + dt.timedelta(hours=1), place="سالن", actor=None
    )
    agenda.invite(session, actor=None)
    agenda.open_session(session, actor=None)
    for code, member in of.members.items():
        if code not in absent:
            sitting.come(session, member, actor=None)
    return session


def put(session: Session, verdict: str, text: str = "تصویب شد", of: Sequence[UUID] = ()) -> Motion:
    """A motion about all items, or those of some requests, with everybody in favour."""
    items = Item.objects.filter(session=session, matter__state="waiting")
    chosen = items.filter(matter__object_id__in=of) if of else items
    motion = sitting.put(
        session, chosen.values_list("pk", flat=True), text=text, verdict=verdict, actor=None
    )
    choices = dict.fromkeys(sitting.in_the_room(session), Choice.FOR)
    sitting.vote(motion, choices, actor=None)
    return motion


def vote(session: Session, verdict: str, text: str = "تصویب شد", of: Sequence[UUID] = ()) -> Motion:
    """`put`, counted."""
    return sitting.count(put(session, verdict, text, of), actor=None)


def sign(session: Session) -> None:
    """The session is closed, and all who were there sign its minutes."""
    made = minutes.close(session, actor=None)
    for pk in minutes.signers_of(session):
        member = Member.objects.get(pk=pk)
        minutes.sign(session, member, digest=made.digest, actor=member.user_id)
