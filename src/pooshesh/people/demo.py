"""The demo of people: records that a clerk will find are one person, or are not. All synthetic."""

import datetime as dt

from django.db import transaction

from pooshesh.people import actions
from pooshesh.people.models import Household, Precision, Relation, Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.models import Area, AreaKind

NEIGHBOURHOOD = "darvazeh_ghar"
ON = dt.date(2022, 1, 5)  # before the demo's campaign
ADDRESS = "نمونه: کوچه آزمون"
#: First, family and father's name, born: as one clerk typed them, and as another did.
TWICE = (
    (("مهرانگیز", "نمونه‌پور", "یدالله", dt.date(1974, 6, 2)),
     ("مهرانگیز", "نمونه پور", "یداله", dt.date(1974, 6, 3))),
    (("عبدالواحد", "نمونه‌یار", "نورمحمد", dt.date(1988, 9, 14)),
     ("عبدالواحد", "نمونه یار", "نور محمد", dt.date(1988, 9, 14))),
    (("گل‌آقا", "نمونه‌نیا", "سخی", dt.date(1965, 3, 21)),
     ("گلاقا", "نمونه نیا", "سخی", dt.date(1966, 3, 21))),
)  # fmt: skip


@transaction.atomic
def load() -> None:
    """Three persons registered twice by households next door; the linkage finds the pairs."""
    area = Area.objects.filter(code=NEIGHBOURHOOD, kind=AreaKind.NEIGHBOURHOOD).first()
    if area is None or Household.objects.filter(address=ADDRESS).exists():
        return
    for both in TWICE:
        for first, last, father, born in both:
            member = CensusPerson(
                row=0, relation=Relation.HEAD, first_name=first, last_name=last,
                father_name=father, birth_date=born, birth_precision=Precision.DAY,
                sex=Sex.FEMALE if first == TWICE[0][0][0] else Sex.MALE,
            )  # fmt: skip
            home, _ids = actions.register_household([member], area=area, on=ON, actor=None)
            Household.objects.filter(pk=home).update(address=ADDRESS)
