"""The demo shows every state, once."""

import pytest

from pooshesh.disease import demo as diseases
from pooshesh.disease import seed as disease_seed
from pooshesh.places.seed import seed as places
from pooshesh.requests import demo
from pooshesh.requests.models import Appeal, Doubt, Request, State


@pytest.mark.django_db
def test_the_demo_shows_requests_in_every_state_and_is_loaded_once() -> None:
    places()
    disease_seed.seed()
    diseases.load()

    demo.load()
    count = Request.objects.count()
    demo.load()

    shown = set(Request.objects.values_list("state", flat=True))
    assert set(State.values) - shown <= {State.DIED, State.CLOSED}
    assert Request.objects.filter(provisional=True).count() == 1
    assert (Doubt.objects.count(), Appeal.objects.count()) == (1, 1)
    assert Request.objects.count() == count
