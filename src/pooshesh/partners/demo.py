"""The demo of partners: agreements, offices, hand-overs and tasks in every state. Synthetic.

Accounts are opened after the rooms' demos; `with_users` then names officers and lets them act.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.text import to_persian_digits
from pooshesh.partners import actions, agreements, handing_over, tasks
from pooshesh.partners.models import (
    Agreement,
    DataClass,
    HandOver,
    Organisation,
    OrganisationKind,
    Scope,
    Task,
)
from pooshesh.partners.seed import seed
from pooshesh.places.models import Area, AreaKind, AreaSetMember, SetKind
from pooshesh.places.queries import EVERYWHERE, area, areas, without_sponsor

SINCE = dt.date(2021, 3, 21)  # 1 Farvardin 1400
SPONSORS = ("setad", "relief", "red_crescent", "welfare")
ROLLS = ("sso", "armed_forces")
TEHRAN = "t230101"

#: user name → organisation it speaks for, and whether at its head.
OFFICERS = (
    ("head", "interior", True), ("secretary", "interior", False), ("director", "ihio", True),
    ("national", "ihio", False), ("clerk", "ihio", False),
)  # fmt: skip


def _day(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days)


def _one(code: str) -> Organisation:
    return Organisation.objects.get(code=code)


@transaction.atomic
def load() -> None:
    """Agreements, offices and contacts, unless they are there already."""
    if Agreement.objects.exists() or not Area.objects.filter(code=TEHRAN).exists():
        return
    seed()  # universities came with the demo country
    city = area(EVERYWHERE, TEHRAN)
    actions.create_organisation(
        actor=None, code="tehran_municipality", kind=OrganisationKind.MUNICIPALITY,
        name_fa="شهرداری تهران", name_en="Municipality of Tehran", area=city,
    )  # fmt: skip
    for number, code in enumerate(SPONSORS, start=1):
        one = _one(code)
        actions.open_office(
            actor=None, organisation=one, name="دفتر مرکزی", phone=f"021-0000-{number:04}",
            address="نشانی نمایشی",
        )  # fmt: skip
        actions.add_contact(
            actor=None, organisation=one,
            name=f"رابط نمایشی {to_persian_digits(str(number))}", post="رابط برنامه محلات",
            phone=f"021-0000-{number:04}", email=f"contact@{code.replace('_', '-')}.example",
            since=SINCE,
        )  # fmt: skip
    _agreements()


def _agreements() -> None:
    interior, ihio = _one("interior"), _one("ihio")

    def register(number: str, title: str, parties: Sequence[Organisation], scope: Scope,
                 until: dt.date | None = None, classes: Sequence[DataClass] = (),
                 areas: Sequence[Area] = ()) -> Agreement:  # fmt: skip
        return agreements.register(
            actor=None, number=number, title=title, parties=parties, scopes=[scope],
            legal_basis="مصوبه نمایشی ستاد توانمندسازی و تحول محلات", signed_on=SINCE,
            since=SINCE, until=until, data_classes=classes, areas=areas,
        )  # fmt: skip

    for number, code in enumerate(SPONSORS, start=1):
        one = _one(code)
        register(f"1400/{number}", f"حمایت از محله‌ها: {one.name_fa}", [interior, one],
                 Scope.SPONSORSHIP, _day(45) if code == "red_crescent" else None)  # fmt: skip
    for number, code in enumerate(ROLLS, start=11):
        one = _one(code)
        register(f"1400/{number}", f"تبادل فهرست بیمه‌شدگان: {one.name_fa}", [ihio, one],
                 Scope.DATA_EXCHANGE, classes=[DataClass.ROLL])  # fmt: skip
    city = _one("tehran_municipality")
    register(
        "1400/21", "سرشماری اتباع خارجی تهران", [ihio, interior, city], Scope.DATA_EXCHANGE,
        classes=[DataClass.NATIONALS_CENSUS], areas=[area(EVERYWHERE, TEHRAN)],
    )  # fmt: skip
    ended = register("1400/31", "همکاری آزمایشی با دانشگاه علوم پزشکی ایران",
                     [interior, _one("iums")], Scope.SERVICE)  # fmt: skip
    agreements.end_early(
        actor=None, agreement=ended, on=dt.date(2022, 3, 21), reason="پایان دوره آزمایشی"
    )
    register("1399/7", "همکاری پیشین با وزارت بهداشت", [interior, _one("health_ministry")],
             Scope.SERVICE, dt.date(2022, 9, 23))  # fmt: skip


@transaction.atomic
def with_users() -> None:
    """Officers of the demo's accounts, hand-overs and tasks in every state; once."""
    users = {user.username: user for user in User.objects.filter(is_demo=True)}
    if HandOver.objects.exists() or not {"head", "sponsor", "relief"} <= users.keys():
        return
    for username, code, head in OFFICERS:
        actions.name_officer(
            actor=None, organisation=_one(code), user_id=users[username].id, name=username,
            head=head,
        )  # fmt: skip
    _hand_overs(users)
    _tasks(users)


def _held(code: str, count: int) -> list[Area]:
    """Neighbourhoods of a sponsor in Tehran, Darvazeh-Ghar left where it is."""
    members = AreaSetMember.objects.on(_day(0)).filter(
        kind=SetKind.SPONSOR, area_set__code=code, area__province="23"
    )
    found = members.exclude(area__code="darvazeh_ghar").select_related("area")
    return [member.area for member in found.order_by("area__code")[:count]]


def _hand_overs(users: dict[str, User]) -> None:
    welfare, relief = _one("welfare"), _one("relief")
    head, giver, receiver = users["head"].id, users["sponsor"], users["relief"]
    mine = _held("welfare", 6)

    def propose(places: Sequence[Area], to_giver: Organisation | None, on: dt.date,
                to: Organisation = relief) -> HandOver:  # fmt: skip
        return handing_over.propose(
            actor=head, giver=to_giver, receiver=to, areas=places, on=on, note="داده نمایشی"
        )

    done = propose(mine[:2], welfare, _day(-3))
    handing_over.receive(handing_over.give(done, giver), receiver)
    coming = propose(mine[2:3], welfare, _day(20))
    handing_over.receive(handing_over.give(coming, giver), receiver)
    handing_over.give(propose(mine[3:4], welfare, _day(10)), giver)
    propose(mine[4:5], welfare, _day(12))
    refused = propose(mine[5:6], welfare, _day(15))
    handing_over.refuse(handing_over.give(refused, giver), receiver, "بودجه این فصل بسته شده است")
    free = without_sponsor(
        areas(EVERYWHERE).filter(kind=AreaKind.NEIGHBOURHOOD, province="23"), _day(0)
    )
    propose(list(free.order_by("code")[:1]), None, _day(5), welfare)


def _tasks(users: dict[str, User]) -> None:
    interior, welfare, relief = _one("interior"), _one("welfare"), _one("relief")
    ihio, city = _one("ihio"), _one("tehran_municipality")
    place = area(EVERYWHERE, "darvazeh_ghar")

    def send(title: str, sender: Organisation, by: str, receiver: Organisation, due: int) -> Task:
        """A task; one that fell due is sent as of then and aged afterwards."""
        task = tasks.send(
            user=users[by], sender=sender, receiver=receiver, title=title, due=_day(max(due, 0)),
            area=place,
        )  # fmt: skip
        if due < 0:
            Task.objects.filter(pk=task.pk).update(
                due=_day(due), sent_at=timezone.now() + dt.timedelta(due - 20)
            )
        return Task.objects.get(pk=task.pk)

    send("فهرست خانوارهای بدون شناسنامه", interior, "head", welfare, 12)
    open_one = send("معرفی محل استقرار تیم سرشماری", ihio, "director", welfare, 6)
    tasks.act(open_one, "accept", users["sponsor"], text="محل در حال هماهنگی است")
    send("نوسازی پایگاه سلامت", interior, "head", welfare, -5)
    send("گزارش پیشرفت فصل", interior, "head", relief, -14)
    back = send("تأمین خودرو برای نظارت", interior, "head", welfare, 9)
    tasks.act(back, "return", users["sponsor"], text="خارج از وظایف این سازمان است")
    in_time = send("اعلام رابط محله", interior, "head", welfare, 2)
    accepted = tasks.act(in_time, "accept", users["sponsor"])
    tasks.act(accepted, "finish", users["sponsor"], text="رابط معرفی شد")
    Task.objects.filter(pk=in_time.pk).update(due=_day(-30), done_on=_day(-32))
    send("برآورد شمار اتباع خارجی محله", ihio, "director", city, 20)
    tasks.escalate_all()
