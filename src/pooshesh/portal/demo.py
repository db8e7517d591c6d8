"""The demo of the portal: a patient whose code waits in the outbox, and a child with a guardian.

Both are made up. The patient's national ID number is 1234567891; the guide says how to come in.
"""

import datetime as dt
import io
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from pooshesh.disease import tags
from pooshesh.disease.models import Disease
from pooshesh.disease.queries import package_on
from pooshesh.disease.tags import NewTag
from pooshesh.documents.reading import cleaned
from pooshesh.fund import applications
from pooshesh.fund.files import open_file
from pooshesh.fund.models import Channel, PatientFile
from pooshesh.kernel.calendar import from_jalali
from pooshesh.kernel.identifiers import Kind, grade, national_check_digit
from pooshesh.kernel.money import Rial
from pooshesh.people import actions as people
from pooshesh.people.models import Identifier, Membership, Person, Precision
from pooshesh.people.queries import blinds
from pooshesh.people.recognition import CensusPerson
from pooshesh.places.models import Area, AreaKind
from pooshesh.portal import mandates
from pooshesh.portal.models import MandateKind
from pooshesh.requests import bringing
from pooshesh.requests.bringing import Asked
from pooshesh.requests.checking import LineAsked, Payee

PATIENT, CHILD = "1234567891", f"123456790{national_check_digit('123456790')}"
MOBILE = "09120000001"
ACTOR = uuid5(NAMESPACE_URL, "pooshesh demo of the portal")
DAY = dt.timedelta(1)
SINCE, SERVICE = from_jalali(1404, 1, 1), from_jalali(1404, 12, 10)  # a year whose ceiling is known


@transaction.atomic
def load() -> None:
    """Once: the patient with a tag, a request and an application that came back; the child."""
    area = Area.objects.filter(kind=AreaKind.COUNTY, province="15").order_by("code").first()
    if area is None or Identifier.objects.filter(blind__in=blinds(PATIENT)).exists():
        return
    today = timezone.localdate()
    patient = _person(area, PATIENT, "بهار", today - 40 * 365 * DAY, MOBILE)
    child = _person(area, CHILD, "سپهر", today - 7 * 365 * DAY, "")
    _guardian(child, today)
    home = Membership.objects.get(person=patient).household
    people.set_decile(home, 3, source="نمونه نمایشی", since=SINCE, actor=ACTOR)
    tags.issue(NewTag(patient, "THAL", SINCE, None), actor=None)
    _ask(open_file(patient, actor=None))
    row = applications.apply(
        patient, Disease.objects.get(code="MS"), channel=Channel.DESK, actor=None
    )
    applications.return_for(
        row.pk, text="گواهی پزشک متخصص خوانا نیست؛ لطفاً دوباره عکس بگیرید.", days=20,
        missing=["diagnosis"], actor=None,
    )  # fmt: skip
    of_child = applications.apply(
        child, Disease.objects.get(code="SMA"), channel=Channel.DESK, actor=None
    )
    applications.send_to_university(of_child.pk, actor=None)


def _person(area: Area, number: str, name: str, born: dt.date, mobile: str) -> Person:
    typed = CensusPerson(
        row=0, relation="head", first_name=name, last_name="نمونه‌ای", birth_date=born,
        birth_precision=Precision.DAY, national_id=number, mobile=mobile,
    )  # fmt: skip
    made = people.register_person(typed, area=area, on=timezone.localdate(), actor=None)
    return Person.objects.select_related("area").get(pk=made)


def _guardian(child: Person, today: dt.date) -> None:
    paper = io.BytesIO()
    page = Image.new("L", (600, 800), 235)
    ImageDraw.Draw(page).text((60, 380), "SYNTHETIC - no real document", fill=60, font_size=32)
    page.save(paper, "PNG")
    paper.name = "شناسنامه.png"
    mandates.register(
        child, kind=MandateKind.GUARDIAN, name="بهار نمونه‌ای",
        number=grade(Kind.NATIONAL_ID, PATIENT), mobile=grade(Kind.MOBILE, MOBILE), since=today,
        last=None, proof=[cleaned(paper)], actor=ACTOR,
    )  # fmt: skip


def _ask(file: PatientFile) -> None:
    """An expense request; what the rules make of it depends on package and credit of the demo."""
    package = package_on("THAL", SERVICE)
    if package is None:
        return
    lines = [
        LineAsked(
            code=code, title=line.title, on=SERVICE,
            asked=line.unit_price_rial or Rial(12_000_000).amount, provider="داروخانه نمونه",
            invoice=f"{number}01",
        )
        for number, (code, line) in enumerate(list(package.lines.items())[:2], 1)
    ]  # fmt: skip
    bringing.bring(
        Asked(file, "THAL", lines, channel="portal", payee=Payee(name="بهار نمونه‌ای")), actor=None
    )
