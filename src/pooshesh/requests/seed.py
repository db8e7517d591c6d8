"""What the fund's requests start with: the committee and the working group of every province."""

from django.db import transaction

from pooshesh.places.models import Area, AreaKind
from pooshesh.requests.bodies import NAMES, found_bodies
from pooshesh.requests.models import Practice


@transaction.atomic
def seed() -> None:
    """Found the bodies that are not there; what a province changed since stays."""
    known = set(Practice.objects.values_list("province", "of"))
    provinces = Area.objects.filter(kind=AreaKind.PROVINCE).order_by("code")
    wanted = [(one, of) for one in provinces for of in NAMES]
    found_bodies([(one, of) for one, of in wanted if (one.province, of.value) not in known])
