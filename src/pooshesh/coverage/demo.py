"""The demo of cover: three synthetic households with invoices, a suspension, a newborn, a double.

Every premium after 1404/03/31 is unknown to the rules, so what is billed is billed for 1403.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from pooshesh.coverage import actions, births, payments, proofs, suspensions, terms
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.models import Invoice, Notice, Reason, Scheme
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.money import Rial
from pooshesh.people import actions as people
from pooshesh.people.models import Household, LegalStatus, Person, Relation, Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.models import Area

NEIGHBOURHOOD = "darvazeh_ghar"
START, END = from_jalali(1403, 1, 1), from_jalali(1404, 1, 1)
PAID = Rial(20_000_000)
#: First names of head, spouse and child; family name.
HOMES = (
    ("حمید", "لیلا", "پریسا", "نمونه‌پور"),
    ("کاوه", "مینا", "آرش", "نمونه‌زاده"),
    ("ناصر", "شیرین", "نرگس", "نمونه‌نیا"),
)


@transaction.atomic
def load() -> None:
    """Three households of the neighbourhood, unless they are there already."""
    area = Area.objects.filter(code=NEIGHBOURHOOD).first()
    if area is None or Invoice.objects.exists():
        return
    homes = [_home(area, names) for names in HOMES]
    for household, persons in homes:
        payments.issue_invoice(household, START, END, actor=None, issued_on=START)
        proofs.issue(persons[0], actor=None)
    first, second, third = homes
    payments.record_payment(
        first[0], PAID, reference="DEMO-1", paid_on=START + dt.timedelta(days=20), actor=None
    )
    _suspended(second[1][0])
    actions.record_roll_cover(
        "sso", [third[1][0].pk], area=area, on=START + dt.timedelta(days=90), actor=None
    )
    born = timezone.localdate() - dt.timedelta(days=12)
    births.register_newborn(
        third[1][1],
        CensusPerson(row=0, first_name="یاس", last_name=HOMES[2][3], sex=Sex.FEMALE,
                     birth_date=born),
        actor=None,
    )  # fmt: skip


def _home(area: Area, names: tuple[str, ...]) -> tuple[Household, list[Person]]:
    """A household of three that pays its share, covered from the start of 1403."""
    *first_names, last = names
    kinds = ((Relation.HEAD, Sex.MALE), (Relation.SPOUSE, Sex.FEMALE), (Relation.CHILD, ""))
    members = [
        CensusPerson(
            row=0, relation=relation, first_name=first, last_name=last, sex=sex,
            birth_date=START - dt.timedelta(days=365 * age), birth_precision="year",
            status=LegalStatus.CITIZEN, nationality="IR",
        )
        for first, (relation, sex), age in zip(first_names, kinds, (41, 38, 9), strict=True)
    ]  # fmt: skip
    home, ids = people.register_household(members, area=area, on=START, actor=None)
    household = Household.objects.get(pk=home)
    actions.enrol(
        [Enrolment(one, Scheme.UNIVERSAL, 40) for one in ids], area=area, on=START, actor=None
    )
    rows = Person.objects.select_related("area").in_bulk(ids)
    return household, [rows[one] for one in ids]


def _suspended(person: Person) -> None:
    """Told a while ago that the premium is not paid; suspended since the deadline."""
    today = timezone.localdate()
    Notice.objects.bulk_create(
        [
            Notice(
                person=person, reason=Reason.ARREARS, given_on=today - 2 * terms.NOTICE,
                deadline=today - terms.NOTICE, area=person.area, area_path=person.area_path,
                province=person.province,
            )
        ]
    )  # fmt: skip
    suspensions.suspend(person, Reason.ARREARS, today - terms.NOTICE, actor=None)
