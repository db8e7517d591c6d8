"""The demo of the network shows every state once, however often it is loaded."""

import pytest
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.conftest import Cast, Country
from pooshesh.network import demo, queries
from pooshesh.network.models import Gap, GapState, Report, ReportState
from pooshesh.network.voice import queries as voice
from pooshesh.partners.models import Organisation, OrganisationKind
from pooshesh.places.models import Area


@pytest.fixture
def loaded(country: Country, cast: Cast) -> None:
    """The demo in the small country, twice."""
    Area.objects.filter(code="n0001").update(code=demo.FIRST)
    Organisation.objects.bulk_create(
        Organisation(code=code, kind=OrganisationKind.MINISTRY, name_fa=code, name_en=code)
        for code in ("ihio", demo.MINISTRY, demo.SPONSOR)
    )
    User.objects.filter(pk=cast.tehran_clerk.pk).update(username="clerk", is_demo=True)
    demo.load()
    demo.with_users()
    demo.load()
    demo.with_users()


def test_gaps_stand_in_every_state_and_one_is_late(loaded: None) -> None:
    assert set(Gap.objects.values_list("state", flat=True)) == set(GapState.values)
    assert queries.overdue(Gap.objects.all()).count() == 1
    assert Gap.objects.count() == len(demo.GAPS) + 1


def test_reports_are_answered_waiting_late_and_rated(loaded: None, cast: Cast) -> None:
    states = set(Report.objects.values_list("state", flat=True))

    assert {ReportState.ANSWERED, ReportState.WAITING, ReportState.NOTED} <= states
    assert voice.overdue(Report.objects.all()).count() == 2
    assert [one.ratings for one in voice.satisfaction(cast.tehran_clerk)].count(None) == 1


def test_the_forecast_has_prices(loaded: None) -> None:
    assert set(queries.Basis.of(queries.assumptions(timezone.localdate())).prices) == {
        "visits", "bed_days", "medicines",
    }  # fmt: skip
