"""The demo of the network: gaps in every state, residents' reports with and without an answer.

Everything is made up. Accounts are opened after the rooms' demos; `with_users` then answers.
"""

import datetime as dt
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.network import actions
from pooshesh.network.models import Finder, Gap, GapKind, Quantity, Report, ReportKind, Severity
from pooshesh.network.seed import seed
from pooshesh.network.voice import actions as voice
from pooshesh.network.voice import codes
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Area, AreaKind
from pooshesh.places.queries import EVERYWHERE, areas

SPONSOR, MINISTRY = "welfare", "health_ministry"
FIRST = "darvazeh_ghar"
SINCE = dt.date(2021, 3, 21)  # 1 Farvardin 1400
TARIFF = "نمونه نمایشی، نه تعرفه رسمی"
PRICES = {
    Quantity.COST_VISIT: 800_000,
    Quantity.COST_BED_DAY: 9_000_000,
    Quantity.COST_MEDICINE: 350_000,
}

#: kind, severity, what is missing, verbs, organisation, days until its day
GAPS = (
    (GapKind.CLINIC, Severity.CRITICAL, "نزدیک‌ترین درمانگاه دو ساعت راه است.", (), "", 0),
    (GapKind.STAFF, Severity.HIGH, "پایگاه سلامت از ابتدای فصل پزشک ندارد.", ("confirm",), "", 0),
    (GapKind.WATER, Severity.HIGH, "فاضلاب در دو کوچه روباز است و کودکان بیمار می‌شوند.",
     ("confirm", "assign"), SPONSOR, -12),
    (GapKind.EQUIPMENT, Severity.MEDIUM, "دستگاه سونوگرافی درمانگاه خراب است.",
     ("confirm", "assign", "start"), MINISTRY, 25),
    (GapKind.MEDICINE, Severity.MEDIUM, "انسولین در داروخانه محله پیدا نمی‌شود.",
     ("confirm", "assign", "start", "close"), MINISTRY, 10),
    (GapKind.ROAD, Severity.LOW, "گفته شد اتوبوس به محله نمی‌آید؛ خط از پارسال برقرار است.",
     ("refuse",), "", 0),
)  # fmt: skip

#: kind, what is missing, score, words, days ago
REPORTS = (
    (ReportKind.GAP, GapKind.STAFF, None, "درمانگاه ما چند هفته است که پزشک ندارد.", 22),
    (ReportKind.GAP, GapKind.MEDICINE, None, "انسولین در محله پیدا نمی‌شود.", 9),
    (ReportKind.COMPLAINT, "", None, "برای ثبت‌نام سه بار رفتم و هر بار گفتند سامانه قطع است.", 4),
    (ReportKind.COMPLAINT, "", None, "از من برای ثبت‌نام رایگان پول خواستند.", 13),
    *((ReportKind.RATING, "", score, "", 30 + score) for score in (5, 4, 4, 5, 3, 4, 2)),
    (ReportKind.RATING, "", 2, "راهنمایی نکردند کجا باید برویم.", 3),
)
ANSWERED = (1, 2)  # of REPORTS


@transaction.atomic
def load() -> None:
    """Once: prices, gaps with their steps, reports of residents."""
    if Gap.objects.exists() or not Area.objects.filter(code=FIRST).exists():
        return
    seed()
    for quantity, value in PRICES.items():
        actions.assume(quantity, value, citation=TARIFF, since=SINCE, assumed=True, actor=None)
    places = _places()
    for number, (kind, severity, text, verbs, owner, days) in enumerate(GAPS):
        _gap(places[number % len(places)], kind, severity, text, verbs, owner, days)
    for number in range(len(REPORTS)):
        _send(number, places[0])
    _send(len(REPORTS) - 1, places[1])  # too few to show


def _places() -> list[Area]:
    """Darvazeh-Ghar and neighbourhoods beside it."""
    rows = areas(EVERYWHERE).filter(kind=AreaKind.NEIGHBOURHOOD, province="23")
    first = rows.get(code=FIRST)
    return [first, *rows.exclude(code=FIRST)[:3]]


def _gap(
    area: Area, kind: GapKind, severity: int, text: str, verbs: tuple[str, ...], owner: str,
    days: int,
) -> None:  # fmt: skip
    """One gap, brought as far as its verbs; a day that has passed is set afterwards."""
    said = "گفته شد و در بازدید محله دیده شد (نمونه نمایشی)."
    day = timezone.localdate() + dt.timedelta(days=days)
    made = actions.report_gap(
        area=area, kind=kind, severity=severity, text=text, found_by=Finder.STAFF, actor=None
    )
    for verb in verbs:
        actions.move_gap(
            made, verb, text=said, actor=None, deadline=max(day, timezone.localdate()),
            owner=Organisation.objects.filter(code=owner).first() if owner else None,
        )  # fmt: skip
    if days < 0:
        Gap.objects.filter(pk=made.pk).update(
            deadline=day, found_at=timezone.now() + dt.timedelta(days=days - 30)
        )


def _send(number: int, area: Area) -> str:
    """A resident's report; its code is the same at each call."""
    kind, about, score, text, ago = REPORTS[number]
    return voice.receive(
        token=uuid5(NAMESPACE_URL, f"pooshesh:demo:{number}:{area.code}"), kind=kind, area=area,
        text=text, about=about, score=score, at=timezone.now() - dt.timedelta(days=ago),
    )  # fmt: skip


def with_users() -> None:
    """The account `clerk` joins a report to a gap and answers two."""
    clerk = User.objects.filter(username="clerk", is_demo=True).first()
    first = Area.objects.filter(code=FIRST).first()
    if clerk is None or first is None:
        return
    reports = [Report.objects.get(digest=codes.digest(_send(number, first))) for number in ANSWERED]
    if reports[0].answer:
        return
    voice.register_as_gap(
        reports[0], clerk, kind=GapKind.MEDICINE, severity=Severity.MEDIUM,
        text="ساکنان گفته‌اند انسولین در داروخانه‌های محله نیست.",
    )  # fmt: skip
    for report, text in zip(
        reports,
        ("سپاس. این کاستی ثبت شد و مسئولی باید آن را در مهلتی معین برطرف کند.",
         "پوزش می‌خواهیم. سامانه درست شد و دفتر محله با شما هماهنگ می‌کند."),
        strict=True,
    ):  # fmt: skip
        voice.answer(report, clerk, text)
