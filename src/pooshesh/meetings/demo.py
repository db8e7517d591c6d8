"""The demo: the working group's first meeting, held and signed, and a second one planned.

Members are called by their office, the meeting and everything said in it is made up.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.meetings import actions, agenda, followup, minutes, sitting
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Body, Choice, Item, Member, Minutes, Role, Session
from pooshesh.meetings.seed import CODE, SINCE, seed
from pooshesh.partners.models import Organisation

MEMBERS = {
    "interior": ("نماینده وزارت کشور", Role.CHAIR),
    "ihio": ("نماینده بیمه سلامت", Role.MEMBER),
    "health_ministry": ("نماینده وزارت بهداشت", Role.MEMBER),
    "setad": ("نماینده ستاد اجرایی", Role.MEMBER),
    "relief": ("نماینده کمیته امداد", Role.MEMBER),
    "red_crescent": ("نماینده هلال احمر", Role.MEMBER),
    "welfare": ("نماینده بهزیستی", Role.MEMBER),
}
SECRETARY = "دبیر کارگروه"
ABSENT = "red_crescent"
TOPICS = (
    ("گزارش پوشش بیمه در محلات تهران", "گزارش خوانده شد؛ در هر محله سهم بی‌بیمه‌ها جدا گفته شود."),
    ("زمان‌بندی سرشماری محلات استان‌ها", "نهادهای حامی فهرست سرشماران را بدهند."),
    ("محلات بدون نهاد حامی", "نیمی از محلات فهرست شد؛ بقیه به جلسه بعد ماند."),
)
NEXT = (("گزارش درمانگاه‌های نیمه‌تمام", True), ("شیوه ارزیابی نهادهای حامی", False))
HELD_BEFORE = dt.timedelta(days=30)


@transaction.atomic
def load() -> None:
    """Once: members, the first meeting with its minutes signed on paper, the second planned."""
    seed()
    body = Body.objects.get(code=CODE)
    if Session.objects.filter(body=body).exists():
        return
    members = _members(body)
    began = timezone.now().replace(minute=30, second=0, microsecond=0) - HELD_BEFORE
    _hold(body, members, began)
    agenda.submit(body, "topic", [Brought(title, None, urgent) for title, urgent in NEXT],
                  actor=None)  # fmt: skip
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=5)
    agenda.plan(body, starts_at=soon, place="سالن جلسات وزارت کشور", actor=None)


def _members(body: Body) -> dict[str, Member]:
    seats = {one.code: one for one in Organisation.objects.filter(code__in=MEMBERS)}
    made = {
        code: actions.appoint(body, seats[code], name=name, role=role, start=SINCE, actor=None)
        for code, (name, role) in MEMBERS.items()
    }
    actions.appoint(body, seats["ihio"], name=SECRETARY, role=Role.SECRETARY, start=SINCE,
                    actor=None)  # fmt: skip
    return made


def _hold(body: Body, members: dict[str, Member], began: dt.datetime) -> None:
    def after(count: int) -> dt.datetime:
        return began + dt.timedelta(minutes=count)

    agenda.submit(body, "topic", [Brought(title) for title, _said in TOPICS], actor=None)
    session = agenda.plan(
        body, starts_at=began, place="سالن جلسات وزارت کشور", actor=None, at=began
    )
    agenda.invite(session, actor=None)
    agenda.open_session(session, actor=None, at=began)
    there = {code: one for code, one in members.items() if code != ABSENT}
    for count, one in enumerate(there.values()):
        sitting.come(session, one, actor=None, at=after(count))
    items = list(Item.objects.filter(session=session).select_related("matter").order_by("position"))
    for item, (_title, said) in zip(items, TOPICS, strict=True):
        sitting.note(item, said, actor=None)
    assert items[1].matter
    sitting.declare(items[1].matter, there["setad"], actor=None,
                    reason="شرکت سرشماری طرف قرارداد همین نهاد است.")  # fmt: skip
    motion = sitting.put(
        session, [one.pk for one in items[:2]], verdict="approved", actor=None, at=after(40),
        text="گزارش و زمان‌بندی با اصلاح‌های گفته‌شده تصویب شود.",
    )  # fmt: skip
    choices = {one.pk: Choice.FOR for one in there.values()}
    choices[there["relief"].pk] = Choice.ABSTAIN
    sitting.vote(motion, choices, actor=None, at=after(44))
    sitting.count(motion, actor=None, at=after(45))
    for text, owner, days in (
        ("فرستادن فهرست سرشماران محلات", "welfare", 20),
        ("گزارش مکتوب محلات بدون نهاد حامی", "interior", 45),
    ):
        deadline = timezone.localdate(began) + dt.timedelta(days=days)
        whose = {"member": members[owner]} if owner == "welfare" else {
            "organisation": Organisation.objects.get(code=owner)
        }  # fmt: skip
        followup.assign(session, text=text, deadline=deadline, actor=None, at=began,
                        **whose)  # fmt: skip
    minutes.close(session, actor=None, at=after(90))
    digest = Minutes.objects.get(pk=session.pk).digest
    for one in there.values():
        session = minutes.sign(session, one, digest=digest, actor=None, on_paper=True,
                               at=after(100))  # fmt: skip


def meet_accounts() -> None:
    """The account `member` sits for the Welfare Organisation."""
    user = User.objects.filter(username="member", is_demo=True).first()
    member = Member.objects.filter(body__code=CODE, name=MEMBERS["welfare"][0]).first()
    if user and member:
        actions.link_account(member, user.pk, actor=None)
