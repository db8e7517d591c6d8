"""The demo of the census: a round in Darvazeh-Ghar, half way. Everything in it is synthetic.

The round with its zones comes with the rooms; who takes it comes with the accounts, and then the
households arrive as they do from a phone: one conflict and one late household wait for the lead.
"""

import datetime as dt
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE
from pooshesh.census import actions, receiving
from pooshesh.census.models import Alley, Device, Entry, Round
from pooshesh.census.receiving import Sent
from pooshesh.kernel.identifiers import national_check_digit
from pooshesh.places.models import Area
from pooshesh.programme.models import Programme

NEIGHBOURHOOD, WORKER = "darvazeh_ghar", "field"
ROUND = "سرشماری کوچه‌به‌کوچه"
ZONES = {
    "ناحیه ۱: شوش": ("یاس", "سرو", "نسترن", "شقایق", "بهار", "لاله", "مینا", "نرگس", "سوسن",
                     "ارغوان"),
    "ناحیه ۲: مولوی": ("کاج", "چنار", "صنوبر", "افرا", "بلوط", "گردو", "انار", "زیتون", "توت",
                       "انجیر"),
}  # fmt: skip
LAST_NAMES = ("رستمی", "اکبری", "یوسفی", "محمدی", "نوری", "حیدری", "احمدی", "کریمی")
MEN = ("مراد", "یدالله", "کاظم", "سهراب", "نعمت", "جلال")
WOMEN = ("گوهر", "پوران", "شهلا", "ملیحه", "آذر", "ثریا")
DAYS = 30  # on either side of the day on which the demo is laid
PHONE_IS_LATE = dt.timedelta(16)


@transaction.atomic
def load() -> None:
    """The round with its zones and alleys, unless it is there."""
    if Round.objects.filter(area__code=NEIGHBOURHOOD).exists():
        return
    today = timezone.localdate()
    round_ = actions.plan_round(
        reach=EVERYWHERE, area=Area.objects.get(code=NEIGHBOURHOOD), name=ROUND,
        start=today - dt.timedelta(DAYS), end=today + dt.timedelta(DAYS),
        programme=Programme.objects.filter(code="2020").first(), actor=None,
    )  # fmt: skip
    random = Random(1400)  # noqa: S311 - the same every time, no secret
    for zone, alleys in ZONES.items():
        lines = [(f"کوچه {alley}", random.randint(34, 41)) for alley in alleys]
        actions.add_zone(round_, zone, lines, None)


@transaction.atomic
def meet_accounts() -> None:
    """Give the first zone to the demo's field worker and let two phones send."""
    worker = User.objects.filter(username=WORKER).first()
    round_ = Round.objects.filter(area__code=NEIGHBOURHOOD, name=ROUND).first()
    if worker is None or round_ is None or Entry.objects.filter(round=round_).exists():
        return
    alleys = list(Alley.objects.filter(round=round_).order_by("zone__name", "id"))
    start = timezone.localdate() - dt.timedelta(DAYS)
    may = frozenset([worker.id])
    actions.give(round_, alleys[:10], worker.id, start, None, None, may)
    phones = [receiving.register_device(worker, name)[0] for name in ("گوشی کاری", "گوشی قدیمی")]
    _send(worker, phones, alleys)


def _send(worker: User, phones: list[Device], alleys: list[Alley]) -> None:
    """Two dozen households; one that both phones changed, one for an alley of nobody's."""
    random = Random(2020)  # noqa: S311
    households = [_sent(random, alleys[n % 4], _said(random, n)) for n in range(24)]
    receiving.receive(worker, phones[0].id, households)
    first = households[0]
    assert isinstance(first.content, dict)
    ours = {**first.content, "address": "پلاک ۱۴، طبقه دوم"}
    theirs = {**first.content, "address": "پلاک ۴۱", "notes": "عصرها خانه‌اند"}
    receiving.receive(worker, phones[0].id, [_again(first, ours)])
    receiving.receive(worker, phones[1].id, [_again(first, theirs)])
    accepted = [one.id for one in households[1:15]]
    actions.accept(accepted, alleys[0].round, None)
    lost = _sent(random, alleys[12], _said(random, 31), PHONE_IS_LATE)
    receiving.receive(worker, phones[1].id, [lost])


def _sent(
    random: Random, alley: Alley, said: dict[str, Any], ago: dt.timedelta = dt.timedelta(2)
) -> Sent:
    made = UUID(int=random.getrandbits(128), version=4)
    return Sent(made, alley.id, 0, timezone.now() - ago, said)


def _again(sent: Sent, said: dict[str, Any]) -> Sent:
    return Sent(sent.id, sent.alley_id, 1, timezone.now(), said)


def _said(random: Random, n: int) -> dict[str, Any]:
    """What a household says; every eighth was not at home."""
    if n % 8 == 7:
        return _household("absent", f"پلاک {n}", [])
    last, foreign = random.choice(LAST_NAMES), n % 3 == 2
    people = [_person(random, "head", "M", last, foreign, 1345 + n % 30)]
    people.append(_person(random, "spouse", "F", random.choice(LAST_NAMES), foreign, 1350 + n % 30))
    for child in range(n % 4):
        sex = "MF"[child % 2]
        people.append(_person(random, "child", sex, last, foreign, 1385 + child * 4))
    return _household("met", f"پلاک {n + 1}", people)


def _household(outcome: str, address: str, people: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "outcome": outcome, "address": address, "postal_code": "", "decile": "", "notes": "",
        "consent": bool(people), "members": people,
    }  # fmt: skip


def _person(
    random: Random, relation: str, sex: str, last: str, foreign: bool, year: int
) -> dict[str, str]:
    nine = f"{random.randint(100_000_000, 699_999_999)}"
    number = f"{nine}{national_check_digit(nine)}"
    return {
        "id": str(UUID(int=random.getrandbits(128), version=4)), "relation": relation,
        "first_name": random.choice(MEN if sex == "M" else WOMEN), "last_name": last,
        "father_name": random.choice(MEN), "birth": str(year), "sex": sex,
        "nation": "AF" if foreign else "IR", "mobile": "",
        "document": "foreign_code" if foreign else "national_id",
        "number": f"70{random.randint(10**9, 10**10 - 1)}" if foreign else number,
    }  # fmt: skip
