"""The demo shows every state of hand-overs, agreements and tasks."""

import pytest

from pooshesh import demo as whole
from pooshesh.access.models import User
from pooshesh.conftest import Country
from pooshesh.partners import agreement_queries, demo, queries
from pooshesh.partners.models import HandOver, HandOverState, Task, TaskState
from pooshesh.partners.seed import seed
from pooshesh.partners.terms import Standing
from pooshesh.places.actions import NewArea, create_area
from pooshesh.places.models import AreaSetMember
from pooshesh.places.sponsors import assign_sponsor


@pytest.fixture
def demo_loaded(country: Country) -> None:
    """The small country with enough of welfare's neighbourhoods, the demo loaded twice."""
    codes = ["darvazeh_ghar", *(f"n1{number}" for number in range(6))]
    made = [
        create_area(
            actor=None, parent=country.tehran_city, new=NewArea(code, code), since=demo.SINCE
        )
        for code in codes
    ]
    seed()
    AreaSetMember.objects.filter(area=country.darvazeh_ghar, kind="sponsor").delete()
    assign_sponsor(actor=None, areas=made, sponsor=country.welfare, since=demo.SINCE)
    demo.load()
    demo.load()
    whole._open_accounts()
    demo.with_users()
    demo.with_users()


def test_the_demo_shows_every_state(demo_loaded: None) -> None:
    head = User.objects.get(username="head")
    standings = {agreement_queries.standing_of(a) for a in agreement_queries.agreements(head)}

    states = {*HandOver.objects.values_list("state", flat=True)}
    assert states == {*HandOverState.values} - {HandOverState.WITHDRAWN}
    assert {*Task.objects.values_list("state", flat=True)} == {*TaskState.values} - {
        TaskState.WITHDRAWN
    }
    assert {*Task.objects.values_list("level", flat=True)} == {0, 1, 2}
    assert standings == {*Standing} - {Standing.COMING}
    assert [one.code for one in queries.organisations_of(head)] == ["interior"]
