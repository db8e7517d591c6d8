"""The demo of the fund: patients of Lorestan at every state, and a sheet with faults to correct.

The figures the reports tell of the whole country come with the funnel. Everything is synthetic.
"""

import datetime as dt
import io
import random
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from pooshesh.access.models import User
from pooshesh.disease import claims
from pooshesh.disease.models import Claim, Disease
from pooshesh.documents.actions import keep
from pooshesh.documents.reading import cleaned
from pooshesh.fund import applications
from pooshesh.fund.models import Application, ApplicationStep, Channel, Insured
from pooshesh.kernel.identifiers import national_check_digit
from pooshesh.kernel.ids import uuid7
from pooshesh.people.recognition import CensusPerson
from pooshesh.people.registration import register_census
from pooshesh.people.synthetic.neighbourhood import load_names
from pooshesh.places.models import Area

HAND = uuid7()  # no account: the demo's own hand
SOURCE = "fund:demo"
PATIENTS = 28
DISEASES = ("SMA", "THAL", "HEMA", "MS", "CF", "MPS")


@transaction.atomic
def load() -> None:
    """Patients and their applications, unless they are there already."""
    homes = Area.objects.filter(province="15", kind="neighbourhood").order_by("code")
    home = homes.first() or Area.objects.filter(code="p15").first()
    diseases = {one.code: one for one in Disease.objects.filter(code__in=DISEASES)}
    if home is None or not diseases or Application.objects.exists():
        return
    rng = random.Random(15)  # noqa: S311 - the same every time, no secret
    done = register_census(
        [_patient(row, rng) for row in range(1, PATIENTS + 1)], area=home,
        on=dt.date(2022, 3, 21), actor=None, source_prefix=SOURCE,
    )  # fmt: skip
    scan = cleaned(Scan())
    for row, person in sorted(done.persons.items()):
        made = applications.apply(
            person, diseases[DISEASES[row % len(diseases)]],
            channel=(Channel.DESK, Channel.CLINIC, Channel.PORTAL)[row % 3],
            insured=(Insured.OURS, Insured.OTHER, Insured.NONE)[row % 3], urgent=row % 9 == 0,
            mobile=f"0912000{row:04}", actor=HAND,
        )  # fmt: skip
        _before(made, rng.randrange(5, 120))
        if row % 4:
            keep(
                scan, owner_kind=applications.OWNER, owner_id=made.pk, kind="identity",
                person_id=person, area_path=str(made.area_path), province=made.province,
                actor=HAND,
            )  # fmt: skip
        _WAYS[row % len(_WAYS)](made)


def _patient(row: int, rng: random.Random) -> CensusPerson:
    """Somebody who does not exist; every fifth has no national ID."""
    names = load_names()[0]
    digits = f"{98_000_000 + row:09}"
    return CensusPerson(
        row=row, relation="head", first_name=names.female.draw(rng),
        last_name=names.surname.draw(rng), father_name=names.male.draw(rng), sex="F",
        birth_date=dt.date(1990, 1, 1) + dt.timedelta(days=rng.randrange(11_000)),
        birth_precision="day",
        national_id=digits + str(national_check_digit(digits)) if row % 5 else "",
    )  # fmt: skip


class Scan(io.BytesIO):
    """A picture that says it is of nobody."""

    name = "نمونه.png"

    def __init__(self) -> None:
        super().__init__()
        page = Image.new("L", (420, 300), 250)
        ImageDraw.Draw(page).text((40, 130), "SYNTHETIC - no real document", fill=60)
        page.save(self, "PNG")
        self.seek(0)


def _before(row: Application, days: int) -> None:
    """As if it had come so many days ago."""
    then = timezone.now() - dt.timedelta(days=days)
    Application.objects.filter(pk=row.pk).update(received_at=then, since=then)
    ApplicationStep.objects.filter(application=row).update(at=then)


def _stay(row: Application) -> None:
    """It waits at the desk."""


def _return(row: Application) -> None:
    applications.return_for(
        row.pk, text="تصویر گواهی پزشک خوانا نیست؛ لطفاً نسخه خوانا بیاورید.", days=20,
        missing=["diagnosis"], actor=HAND,
    )  # fmt: skip


def _overdue(row: Application) -> None:
    _return(row)
    late = timezone.localdate() - dt.timedelta(days=6)
    Application.objects.filter(pk=row.pk).update(deadline=late)


def _send(row: Application) -> Claim:
    applications.send_to_university(row.pk, actor=HAND)
    return Claim.objects.get(origin_id=row.pk)


def _tag(row: Application) -> None:
    today = timezone.localdate()
    claims.tag(_send(row), starts=today, ends=today + dt.timedelta(days=365), actor=None)


def _refuse(row: Application) -> None:
    claims.refuse(_send(row), "not_proven", why="آزمایش ژنتیک پیوست نیست", actor=None)


def _withdraw(row: Application) -> None:
    applications.withdraw(row.pk, text="به استان دیگری رفتیم", actor=HAND)


_WAYS: tuple[Callable[[Application], object], ...] = (
    _stay, _send, _tag, _stay, _return, _send, _stay, _overdue, _tag, _stay, _refuse, _stay,
    _withdraw,
)  # fmt: skip


def with_users() -> None:
    """What the account `clinic` brought: one that waits, one that came back, one verified now."""
    clinic = User.objects.filter(username="clinic", is_demo=True).first()
    if clinic is None or Application.objects.filter(brought_by=clinic.pk).exists():
        return
    homes = Application.objects.filter(channel=Channel.CLINIC).order_by("pk")
    patients = list(homes.values_list("file__person_id", flat=True)[:3])
    rare = Disease.objects.get(code="EB")
    for person, way in zip(patients, (_stay, _return, _send), strict=False):
        way(applications.apply(person, rare, channel=Channel.CLINIC, actor=clinic.pk))
