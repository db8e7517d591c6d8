"""The demo shows every screen of the room, and loading it again changes nothing."""

import pytest

from pooshesh.conftest import Country
from pooshesh.disease import demo, seed
from pooshesh.disease.models import Claim, ClaimState, Package, RegistryRow, Tag, Wish

pytestmark = pytest.mark.django_db


def test_it_is_loaded_once(country: Country) -> None:
    seed.seed()
    demo.load()
    first = (Tag.objects.count(), Claim.objects.count(), Package.objects.count())

    seed.seed()
    demo.load()

    assert (Tag.objects.count(), Claim.objects.count(), Package.objects.count()) == first
    assert set(Claim.objects.values_list("state", flat=True)) == {
        ClaimState.WAITING, ClaimState.RETURNED, ClaimState.REFUSED, ClaimState.APPEALED,
    }  # fmt: skip
    assert (RegistryRow.objects.count(), Wish.objects.count()) == (2, 3)
