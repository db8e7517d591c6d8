"""What the fund's requests start with: the committee and the working group of every province."""

from django.db import transaction

from pooshesh.places.models import Area, AreaKind
from pooshesh.requests.bodies import NAMES, found_body
from pooshesh.requests.models import Practice


@transaction.atomic
def seed() -> None:
    """Found the bodies that are not there; what a province changed since stays."""
    known = set(Practice.objects.values_list("province", "of"))
    for province in Area.objects.filter(kind=AreaKind.PROVINCE).order_by("code"):
        for of in NAMES:
            if (province.province, of.value) not in known:
                found_body(province.province, of)
