"""Insured households whose cover is to be renewed, and jobs that run when they are started."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions as coverage
from pooshesh.coverage.actions import Enrolment
from pooshesh.kernel.config import config
from pooshesh.kernel.identifiers import national_check_digit
from pooshesh.people import actions as people
from pooshesh.people.models import Household, LegalStatus, Membership, Person, Relation
from pooshesh.people.registration import CensusPerson, register_census
from pooshesh.places.models import Area
from pooshesh.renewal import runs
from pooshesh.renewal.models import Run

TODAY = timezone.localdate()
START = TODAY - dt.timedelta(days=400)
ON = TODAY + dt.timedelta(days=100)
LONG = "خانوار در دفتر خود چنین گفت و نوشت"
CARE = "universal"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets and messages of a test lie in its own folder."""
    home = config()
    for module in ("renewal.retention", "kernel.sending"):
        monkeypatch.setattr(
            f"pooshesh.{module}.config",
            lambda: type(home)(**{**vars(home), "home": tmp_path}),
        )


def number(serial: int) -> str:
    """A national ID number with a right check digit."""
    first = f"{1_000_000 + serial:09d}"
    return f"{first}{national_check_digit(first)}"


Insure = Callable[..., Person]


@pytest.fixture
def insure(cast: Cast) -> Insure:
    """`insure(area, 3, decile=6, percent=30)`: a person alone in a household, covered."""

    def make(
        area: Area, serial: int, *, decile: int | None = None, percent: int | None = None,
        until: dt.date | None = None,
    ) -> Person:  # fmt: skip
        row = CensusPerson(
            row=serial, household=str(serial), relation=Relation.HEAD, first_name="مینا",
            last_name=f"نمونه {serial}", national_id=number(serial), mobile="09121234567",
            birth_date=dt.date(1980, 1, 1), birth_precision="day", status=LegalStatus.CITIZEN,
            nationality="IR",
        )  # fmt: skip
        done = register_census([row], area=area, on=START, actor=None)
        person = Person.objects.get(pk=done.persons[serial])
        if decile:
            people.set_decile(
                home(person), decile, source="پایگاه", since=START, actor=cast.tehran_clerk.pk
            )
        if percent is not None:
            coverage.enrol(
                [Enrolment(person.pk, CARE, percent)], area=area, on=START, actor=None, until=until
            )
        return person

    return make


def home(person: Person) -> Household:
    """The household of a person."""
    return Membership.objects.known().select_related("household").get(person=person).household


Commit = DjangoCaptureOnCommitCallbacks


@pytest.fixture
def counted(
    country: Country, cast: Cast, django_capture_on_commit_callbacks: Commit
) -> Callable[[], Run]:
    """A run of Tehran, counted."""

    def count() -> Run:
        with django_capture_on_commit_callbacks(execute=True):
            run = runs.start_count(country.tehran, ON, actor=cast.tehran_clerk.pk)
        run.refresh_from_db()
        return run

    return count


@pytest.fixture
def renewed(cast: Cast, django_capture_on_commit_callbacks: Commit) -> Callable[[Run], Run]:
    """A run carried out."""

    def renew(run: Run) -> Run:
        with django_capture_on_commit_callbacks(execute=True):
            runs.start_renewal(run, actor=cast.tehran_clerk.pk)
        run.refresh_from_db()
        return run

    return renew
