"""The demo shows every state, once."""

import pytest

from pooshesh.access.models import User
from pooshesh.disease import demo as diseases
from pooshesh.disease import seed as disease_seed
from pooshesh.places.seed import seed as places
from pooshesh.requests import demo
from pooshesh.requests.models import Appeal, Doubt, Letter, LetterState, Request, State


@pytest.mark.django_db
def test_the_demo_shows_requests_in_every_state_and_is_loaded_once() -> None:
    places()
    disease_seed.seed()
    diseases.load()
    clinic = User.objects.create(username="clinic", full_name="درمانگاه", is_demo=True)

    demo.load()
    demo.with_users()
    count = Request.objects.count()
    demo.load()
    demo.with_users()

    shown = set(Request.objects.values_list("state", flat=True))
    assert set(State.values) - shown <= {State.DIED, State.CLOSED}
    assert Request.objects.filter(provisional=True).count() == 1
    assert (Doubt.objects.count(), Appeal.objects.count()) == (1, 1)
    assert Letter.objects.filter(state=LetterState.ISSUED).count() == 1
    assert set(Request.objects.filter(made_by=clinic.pk).values_list("state", flat=True)) == {
        State.PART, State.IN_COMMITTEE,
    }  # fmt: skip
    assert Request.objects.count() == count
