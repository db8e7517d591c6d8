"""What the tests of regularisation share: a known premium, foreign persons, agreements."""

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.partners import agreements as register
from pooshesh.partners.models import DataClass, Organisation, OrganisationKind, Scope
from pooshesh.people.models import LegalStatus, Person, Sex
from pooshesh.people.recognition import CensusPerson
from pooshesh.people.registration import register_census
from pooshesh.places.models import Area
from pooshesh.policy import redecide
from pooshesh.policy.models import Version, VersionState
from pooshesh.policy.queries import files_in_force
from pooshesh.regularisation import actions, bringing
from pooshesh.regularisation.actions import Paper
from pooshesh.regularisation.models import Case, DocumentKind, Sheet

UNKNOWN = "value: {regularised: unknown, refugee: unknown, refugee_supported: unknown}"
KNOWN = "value: {regularised: 60, refugee: 100, refugee_supported: 0}"
CODE, OTHER_CODE = "120034567891", "120034567892"

HEADERS = "نام,نام خانوادگی,نام پدر,تاریخ تولد,جنسیت,تابعیت,نوع مدرک,شماره مدرک,محله,نشانی,ورود"
GOOD = [
    f"گل‌محمد,نورزی,خداداد,1363/12/29,مرد,افغانستان,آمایش,{CODE},دروازه‌غار,کوچه ۱,1399/05/01",
    "زرمینه,نورزی,خداداد,1370,زن,AF,گذرنامه,P0123456,n0002,کوچه ۲,1400",
    "احمد,بلوچ,,,مرد,پاکستان,برگه سرشماری,09121234567,دروازه‌غار,,",
]

Foreigner = Callable[..., Person]
Bring = Callable[..., Sheet]


def today() -> dt.date:
    return timezone.localdate()


def days(count: int) -> dt.date:
    return today() + dt.timedelta(days=count)


@pytest.fixture
def premium(cast: Cast) -> None:
    """The premium of lawful foreign nationals is known: an approved version says so."""
    files = {name: text.decode() for name, text in files_in_force("iran", today()).items()}
    name = "foreign_residents.yaml"
    head, _mark, tail = files[name].rpartition(UNKNOWN)
    files[name] = head + KNOWN + tail
    Version.objects.create(
        name="iran", content=files, digest="0" * 64, valid_from=days(-400), note="سهم معلوم",
        state=VersionState.APPROVED, proposed_by=cast.policy_officer.pk,
        decided_by=cast.national_director.pk, decided_at=timezone.now(),
    )  # fmt: skip


def row(**changes: object) -> CensusPerson:
    """Somebody foreign, as a census row."""
    one = CensusPerson(
        row=1, household="3", relation="head", first_name="گل‌محمد", last_name="نورزی",
        father_name="خداداد", sex=Sex.MALE, birth_date=dt.date(1985, 3, 21),
        birth_precision="day", status=LegalStatus.FOUND, nationality="AF",
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


@pytest.fixture
def foreigner(country: Country, cast: Cast) -> Foreigner:
    """Registers somebody foreign in a neighbourhood without a programme."""

    def register(area: Area = country.unsponsored, **changes: object) -> Person:
        done = register_census(
            [row(**changes)], area=area, on=days(-300), actor=cast.tehran_clerk.pk
        )
        return Person.objects.select_related("area").get(pk=done.persons[1])

    return register


@pytest.fixture
def case(foreigner: Foreigner, cast: Cast) -> Case:
    """A case that was just found."""
    return actions.open_case(foreigner(), on=days(-200), actor=cast.tehran_clerk.pk)


def paper(**changes: object) -> Paper:
    """An Amayesh card that proves a fully subsidised refugee."""
    one = Paper(
        kind=DocumentKind.AMAYESH, number="A-۱۷۳۴۵۶", issued=days(-100), expires=days(200),
        round=17, status=LegalStatus.REFUGEE_SUPPORTED, nationality="AF",
    )  # fmt: skip
    return replace(one, **changes)  # type: ignore[arg-type]


def decide_again() -> None:
    """The job that decides anew about whom a fact changed, as it runs after the commit."""
    redecide.redecide_touched(Progress(uuid7()))


@pytest.fixture
def agreement(country: Country) -> None:
    """The municipality of Tehran may hand over its census."""
    ours, _made = Organisation.objects.get_or_create(
        code="ihio", defaults={"kind": OrganisationKind.INSURER, "name_fa": "سازمان",
                               "name_en": "IHIO"},
    )  # fmt: skip
    city = Organisation.objects.create(
        code="tehran_city", kind=OrganisationKind.MUNICIPALITY, area=country.tehran_city,
        name_fa="شهرداری تهران", name_en="Municipality of Tehran",
    )  # fmt: skip
    register.register(
        actor=None, number="N-1", title="سرشماری اتباع", parties=[ours, city],
        scopes=[Scope.DATA_EXCHANGE], legal_basis="تفاهم‌نامه اتباع", signed_on=days(-50),
        since=days(-50), data_classes=[DataClass.NATIONALS_CENSUS], areas=[country.tehran_city],
    )  # fmt: skip


@pytest.fixture
def bring(agreement: None, country: Country, cast: Cast) -> Bring:
    """Brings rows as a sheet of the mayor's, checked."""

    def brought(rows: list[str], name: str = "اتباع.csv") -> Sheet:
        text = "\n".join([HEADERS, *rows])
        sheet = bringing.bring(
            country.tehran_city, name, io.BytesIO(text.encode()), actor=cast.tehran_mayor.pk
        )
        bringing.check(Progress(uuid7()), str(sheet.pk), str(cast.tehran_mayor.pk))
        return sheet

    return brought


@pytest.fixture
def insured(premium: None, case: Case, cast: Cast) -> Case:
    """A case that went all the way: a subsidised refugee whose household agreed."""
    actions.show_document(case.pk, paper(), consent_on=today(), actor=cast.tehran_clerk.pk)
    decide_again()
    return Case.objects.get(pk=case.pk)
