"""The reported figures are rows of the demo; a hundredth of them here."""

from dataclasses import replace

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.disease import seed as diseases
from pooshesh.fund.models import Application, PatientFile
from pooshesh.fund.tests.conftest import Apply
from pooshesh.funnel import actions, demo
from pooshesh.funnel.computing import computed_by, computed_of
from pooshesh.funnel.figures.plan import Known, plan
from pooshesh.funnel.models import Position
from pooshesh.funnel.reported import END
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Job
from pooshesh.ledger import prove
from pooshesh.meetings.models import Session
from pooshesh.places.seed import read_data
from pooshesh.requests.models import Request

ACTORS = {
    "desk": "fund_clerk", "verifier": "verifier", "finance": "finance", "releaser": "releaser",
    "fund": "fund_manager", "member": "member", "secretary15": "secretary",
}  # fmt: skip


@pytest.fixture
def scaled(country: Country, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundredth of the figures, brought by the demo's accounts."""
    diseases.seed()
    for name, of in ACTORS.items():
        user = getattr(cast, of)
        user.username, user.is_demo = name, True
        user.save()
    demo.bring(_progress(), scale=100)


def _progress() -> Progress:
    return Progress(Job.objects.create(kind=demo.JOB).pk)


@pytest.mark.usefixtures("scaled")
def test_the_figures_are_rows_and_everything_adds_up() -> None:
    found, then = computed_of("15"), computed_by("15", END)

    assert Application.objects.count() == PatientFile.objects.count() == 532
    assert (found.applications, found.registered_nation) == (124, 532)
    assert (found.approved, found.paid) == (6, 234_000_000)
    assert replace(then, as_of=found.as_of) == found  # all of it lies in the report's time
    assert (list(actions.prove()), prove.prove().faults) == ([], [])
    assert Session.objects.filter(province="15", state="signed").count() == 6


@pytest.mark.usefixtures("scaled")
def test_a_second_time_nothing_is_brought() -> None:
    before = Position.objects.count(), Request.objects.count()

    again = demo.bring(_progress(), scale=100)

    assert again == {}
    assert (Position.objects.count(), Request.objects.count()) == before


def test_the_whole_figures_are_the_reported_ones() -> None:
    population = {row["code"]: int(row["population"]) for row in read_data("provinces.csv")}

    whole = plan(population)

    assert (sum(whole.registered.values()), whole.registered["15"]) == (53_252, 12_450)
    assert (whole.approved["15"], whole.meetings, whole.sma) == (481, 20, 24)
    assert (whole.paid, whole.sma_paid) == (23_400_000_000, 8_040_000_000)


def test_what_other_rooms_brought_counts_as_well() -> None:
    whole = plan({"15": 1_760_649, "23": 13_267_637})

    rest = whole.beside(Known({"15": 31}, {"15": 28}, approved=4, meetings=1))

    assert rest.registered["15"] + rest.again["15"] + 28 == 12_450
    assert rest.registered["15"] + 31 == 12_450
    assert (rest.approved["15"], rest.meetings, rest.group_meetings) == (477, 19, 3)


def test_what_came_after_the_reports_time_is_none_of_its_figures(application: Apply) -> None:
    application()

    assert demo._known() == Known()
