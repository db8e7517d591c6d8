"""Two workers hand over the same neighbourhood in the same moment."""

import pytest

from pooshesh.conftest import Country, at_once
from pooshesh.kernel.models import Event
from pooshesh.partners import handing_over
from pooshesh.partners.models import HandOver, HandOverArea, HandOverState
from pooshesh.partners.tests.conftest import Agree, Bodies, days
from pooshesh.places.models import AreaSetMember
from pooshesh.places.queries import accountable_sponsor

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_two_who_propose_and_two_who_sign_at_once_hand_over_once(
    bodies: Bodies, country: Country, agree: Agree
) -> None:
    agree(bodies.setad)
    places = [country.unsponsored]

    def propose() -> object:
        return handing_over.propose(
            actor=None, giver=None, receiver=bodies.setad, areas=places, on=days(0)
        )

    proposing = at_once(propose, propose)
    one = HandOver.objects.get()
    signing = at_once(
        lambda: handing_over.receive(one, bodies.setad_officer),
        lambda: handing_over.receive(one, bodies.setad_second),
    )

    assert (proposing, signing) == (["", "hand_over.open"], ["", "hand_over.moved_on"])
    assert HandOver.objects.get().state == HandOverState.IN_FORCE
    assert HandOverArea.objects.count() == 1
    assert AreaSetMember.objects.filter(area=country.unsponsored).count() == 1
    assert accountable_sponsor(country.unsponsored, days(0)) == bodies.setad.area_set
    assert Event.objects.filter(action="partners.receive").count() == 1
