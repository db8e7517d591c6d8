"""The demo of renewal: households before 1 Farvardin, an appeal, people nobody has told yet."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.coverage import actions as coverage
from pooshesh.coverage.actions import Enrolment
from pooshesh.coverage.models import Scheme
from pooshesh.people import actions as people
from pooshesh.people.deciles import Stated, set_deciles
from pooshesh.people.models import Household, LegalStatus, Person, Relation, Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.models import Area
from pooshesh.policy import facts
from pooshesh.policy.actions import Made, keep_decisions
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import appeals, outreach, runs
from pooshesh.renewal.days import next_farvardin
from pooshesh.renewal.models import Appeal, Channel, Outreach, Result, Run

NEIGHBOURHOOD = "darvazeh_ghar"
CITY = "t230101"
#: First name, family name, decile (None: not known), share of the cover (None: not covered).
HOMES = (
    ("بهرام", "نمونه‌فر", 10, 100),
    ("فرشته", "نمونه‌وند", 8, 40),
    ("ایرج", "نمونه‌راد", None, 40),
    ("سیمین", "نمونه‌دوست", 9, 0),
    ("اکبر", "نمونه‌کیا", 2, None),
    ("زیبا", "نمونه‌مهر", 1, None),
    ("جواد", "نمونه‌یار", 3, None),
)
SOURCE = "پایگاه رفاه ایرانیان"
SAID = "درآمد خانوار از پارسال کمتر شده است و سرپرست بیکار است."


@transaction.atomic
def load() -> None:
    """Households with and without cover, a run counted, an appeal filed, a list of who is told."""
    area = _area()
    if area is None or Run.objects.exists():
        return
    today = timezone.localdate()
    start = today - dt.timedelta(days=200)
    homes = [_home(area, first, last, start) for first, last, _, _ in HOMES]
    set_deciles(
        [
            Stated(home.pk, decile, start)
            for (home, _), (*_, decile, _) in zip(homes, HOMES, strict=True)
            if decile
        ],
        source=SOURCE, actor=None,
    )  # fmt: skip
    coverage.enrol(
        [
            Enrolment(person.pk, Scheme.UNIVERSAL, percent)
            for (_, person), (*_, percent) in zip(homes, HOMES, strict=True)
            if percent is not None
        ],
        area=area, on=start, actor=None,
    )  # fmt: skip
    appeals.file(homes[1][0], SAID, actor=None)
    _entitled([person for _, person in homes])
    outreach.find(lambda *_: None)
    Outreach.objects.filter(person=homes[4][1]).update(
        deadline=today - dt.timedelta(days=4), decided_on=today - dt.timedelta(days=34)
    )


def _area() -> Area | None:
    """A neighbourhood of the programme's city that is in no programme, or else one that is."""
    rows = Area.objects.filter(code=NEIGHBOURHOOD)
    return rows.first()


def _home(area: Area, first: str, last: str, start: dt.date) -> tuple[Household, Person]:
    member = CensusPerson(
        row=0, relation=Relation.HEAD, first_name=first, last_name=last, sex=Sex.FEMALE,
        birth_date=start - dt.timedelta(days=365 * 44), birth_precision="year",
        mobile="09120000000", status=LegalStatus.CITIZEN, nationality="IR",
    )  # fmt: skip
    home, ids = people.register_household([member], area=area, on=start, actor=None)
    return Household.objects.get(pk=home), Person.objects.get(pk=ids[0])


def _entitled(persons: list[Person]) -> None:
    """Decide them by the rules of today and keep it, as a campaign does."""
    pack = bound_pack(PACK, timezone.localdate())
    frame = facts.of_persons(pack, [one.pk for one in persons]).drop(facts.GROUPS)
    known = {row.pop("person_id"): row for row in frame.to_dicts()}
    keep_decisions(
        pack,
        [Made(one.pk, known[str(one.pk)], pack.decide(known[str(one.pk)])) for one in persons],
        actor=None,
    )


@transaction.atomic
def with_users() -> None:
    """What the clerk did: a run of the city, counted; somebody called who was not reached."""
    clerk = User.objects.filter(username="clerk").first()
    city = Area.objects.filter(code=CITY).first()
    if clerk is None or city is None or Run.objects.exists():
        return
    run = runs.start_count(city, next_farvardin(timezone.localdate()), actor=clerk.pk)
    runs.count(lambda *_: None, str(run.pk))
    one = Outreach.objects.order_by("deadline", "pk").first()
    if one:
        outreach.attempt(one, Channel.PHONE, Result.UNREACHED, actor=clerk.pk)
    filed = Appeal.objects.filter(state="filed").first()
    if filed:
        appeals.move(filed, "send", actor=clerk.pk)
