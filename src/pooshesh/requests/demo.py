"""The demo of requests: a handful of Lorestan in every state, all synthetic.

Patients are those of the disease room's demo. A committee has met once; its next meeting, the
working group's, an appeal and a fast grant wait. Big figures are the funnel's.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.disease.models import Tag
from pooshesh.documents.reading import cleaned
from pooshesh.fund.demo import HAND, Scan
from pooshesh.fund.files import open_file
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.calendar import from_jalali, to_jalali
from pooshesh.kernel.money import Rial
from pooshesh.ledger import budgets
from pooshesh.ledger.models import Account, Code
from pooshesh.meetings import actions, agenda, minutes, sitting
from pooshesh.meetings.models import Body, Choice, Item, Member, Minutes, Role
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Area, AreaKind
from pooshesh.requests import appeals, bodies, bringing, committee, ending, fast
from pooshesh.requests.bringing import Asked
from pooshesh.requests.checking import LineAsked, Payee
from pooshesh.requests.models import Decider, Ground, Kind, PayeeKind, Request, State

PROVINCE = "15"
MILLION = 1_000_000
TITLES = {
    "ihio": "نماینده بیمه سلامت", "sso": "نماینده تأمین اجتماعی",
    "armed_forces": "نماینده نیروهای مسلح", "patients": "نماینده انجمن بیماران",
    "medical_university": "نماینده دانشگاه علوم پزشکی",
}  # fmt: skip
SHEBA = "IR890570028870010892748001"  # made up, its check is right
PHARMACY, CLINIC = "داروخانه نمونه", "درمانگاه نمونه"


@transaction.atomic
def load() -> None:
    """Once, where the demo of diseases left tagged patients."""
    tagged = {tag.registry_number: tag for tag in Tag.objects.filter(province=PROVINCE)}
    if Request.objects.exists() or not {"SIM-70001", "SIM-70002", "SIM-70003"} <= set(tagged):
        return
    _credit()
    child, boy, man = (
        open_file(tagged[number].person_id, actor=None)
        for number in ("SIM-70001", "SIM-70002", "SIM-70003")
    )
    first, group = _seated(Decider.COMMITTEE), _seated(Decider.GROUP)
    autumn = from_jalali(1404, 9, 12)
    _by_rule(child, man, autumn)
    _held_meeting(first, man, autumn)
    _letter(group, man)
    _waiting(first, group, child, boy, man, autumn)


def _credit() -> None:
    """Some credit of this year, where no other room gave the province any."""
    year = to_jalali(timezone.localdate()).year
    rows = Account.objects.filter(year=year, province=PROVINCE, code=Code.AVAILABLE)
    if not rows.filter(balance__gt=0).exists():
        area = Area.objects.get(kind=AreaKind.PROVINCE, province=PROVINCE)
        budgets.enact(year, Rial(10**14), "نمایشی", actor=None)
        budgets.allocate(area, year, Rial(10**13), note="نمایشی", actor=None)


def _seated(of: Decider) -> Body:
    body = bodies.body_of(PROVINCE, of)
    for code, title in TITLES.items():
        said = title if of == Decider.COMMITTEE else f"{title} در کارگروه"
        actions.appoint(
            body, Organisation.objects.get(code=code), name=said, start=bodies.SINCE, actor=None,
            role=Role.CHAIR if code == "medical_university" else Role.MEMBER,
        )  # fmt: skip
    return body


def _line(code: str, title: str, on: dt.date, asked: int, invoice: str, count: int = 1,
          provider: str = CLINIC) -> LineAsked:  # fmt: skip
    return LineAsked(code, title, on, asked * MILLION, count, provider, None, invoice)


def _bring(
    file: PatientFile,
    disease: str,
    lines: Sequence[LineAsked],
    *,
    days: int = 0,
    kind: Kind = Kind.EXPENSE,
    urgent: bool = False,
    draft: bool = False,
) -> Request:
    asked = Asked(
        file, disease, lines, kind=kind, urgent=urgent, channel="desk",
        payee=Payee(PayeeKind.PATIENT, "صاحب حساب نمونه"),
    )  # fmt: skip
    at = timezone.now() - dt.timedelta(days=days)
    return bringing.bring(asked, actor=None, draft=draft, at=at)


def _by_rule(child: PatientFile, man: PatientFile, on: dt.date) -> None:
    """Decided by the rules, returned, doubted, and a draft."""
    _bring(child, "SMA", [_line("PT-01", "توان‌بخشی", on, 12, "88110", 4)], days=40)
    _bring(man, "THAL", [_line("DFO-500", "دسفرال", on, 16, "120345", 90, PHARMACY),
                         _line("TRF-01", "تزریق خون", on, 3, "4471", 1)], days=35)  # fmt: skip
    _bring(man, "THAL", [_line("DFO-500", "دسفرال", on, 16, "123045", 90, PHARMACY)], days=6)
    before = from_jalali(1402, 2, 1)
    _bring(man, "THAL", [_line("TRF-01", "تزریق خون", before, 3, "911")], days=5)
    _bring(child, "SMA", [_line("PT-01", "توان‌بخشی", on, 6, "88190", 2)], draft=True)


def _held_meeting(body: Body, man: PatientFile, on: dt.date) -> None:
    """Four requests outside the rules: approved, in part, rejected and appealed, deferred."""
    held = timezone.now() - dt.timedelta(days=12)
    asked = [
        _bring(man, "THAL", [_line(f"other:{n}", title, on, amount, f"70{n}5{n}")], days=30 - n)
        for n, (title, amount) in enumerate(
            (("پمپ دسفرال (نمونه)", 38), ("سفر درمانی (نمونه)", 9), ("مکمل غذایی (نمونه)", 4),
             ("آزمایش ژنتیک خانواده (نمونه)", 21))
        )
    ]  # fmt: skip
    committee.propose(asked[1], Rial(5 * MILLION), actor=None)
    verdicts = (
        ("approved", "تصویب شد"), ("part", "تا مبلغ پیشنهادی تصویب شد"),
        ("rejected", "اثربخشی آن برای این بیماری نشان داده نشده است"),
        ("deferred", "گزارش مشاوره ژنتیک کجاست؟"),
    )  # fmt: skip
    _decide(body, dict(zip((one.pk for one in asked), verdicts, strict=True)), held)
    rejected = Request.objects.get(pk=asked[2].pk)
    appeals.bring(rejected, Ground.EVIDENCE, "گزارش پزشک معالج در جلسه خوانده نشد (نمونه).",
                  actor=None)  # fmt: skip


def _letter(group: Body, man: PatientFile) -> None:
    """A prior approval the working group granted: its letter to the provider holds."""
    held = timezone.now() - dt.timedelta(days=5)
    coming = timezone.localdate() + dt.timedelta(days=15)
    lines = [_line("DFO-500", "دسفرال", coming, 16, "", 90, PHARMACY)]
    asked = _bring(man, "THAL", lines, kind=Kind.APPROVAL, days=9)
    if asked.state == State.IN_COMMITTEE:  # of a year whose ceiling the law does not tell
        _decide(group, {asked.pk: ("approved", "پیش از خرید تأیید شد")}, held)


def _decide(body: Body, votes: Mapping[UUID, tuple[str, str]], held: dt.datetime) -> None:
    """A meeting with all members, who sign on paper: request → (verdict, words)."""
    session = agenda.plan(body, starts_at=held, place="اداره کل استان", actor=None, at=held)
    agenda.invite(session, actor=None)
    agenda.open_session(session, actor=None, at=held)
    members = Member.objects.filter(body=body)
    for member in members:
        sitting.come(session, member, actor=None, at=held)
    items = {item.matter.object_id: item.pk
             for item in Item.objects.filter(session=session).select_related("matter")
             if item.matter}  # fmt: skip
    for request, (verdict, text) in votes.items():
        motion = sitting.put(session, [items[request]], text=text, verdict=verdict, actor=None,
                             at=held)  # fmt: skip
        sitting.vote(motion, dict.fromkeys((m.pk for m in members), Choice.FOR), actor=None,
                     at=held)  # fmt: skip
        sitting.count(motion, actor=None, at=held)
    minutes.close(session, actor=None, at=held + dt.timedelta(hours=2))
    digest = Minutes.objects.get(pk=session.pk).digest
    for member in members:
        minutes.sign(session, member, digest=digest, actor=None, on_paper=True)


def _waiting(first: Body, group: Body, child: PatientFile, boy: PatientFile, man: PatientFile,
             on: dt.date) -> None:  # fmt: skip
    """What waits for the next meetings, a fast grant to be confirmed, and one withdrawn."""
    spring = from_jalali(1405, 2, 10)  # of a year whose ceiling the law does not tell
    coming = timezone.localdate() + dt.timedelta(days=20)
    _bring(boy, "SMA", [_line("PT-01", "توان‌بخشی", spring, 9, "5120", 3)], days=9)
    _bring(boy, "SMA", [_line("NUS-12", "نوسینرسن", coming, 300, "", 1, PHARMACY)],
           kind=Kind.APPROVAL, days=3)  # fmt: skip
    _bring(child, "SMA", [_line("other:wheel", "ویلچر برقی (نمونه)", on, 140, "3391")], days=8)
    _bring(man, "THAL", [_line("other:mri", "تصویربرداری T2 (نمونه)", on, 11, "2290")], days=4)
    gone = _bring(man, "THAL", [_line("other:taxi", "رفت‌وآمد (نمونه)", on, 2, "119")], days=2)
    ending.withdraw(gone, why="بیمار منصرف شد (نمونه)", actor=None)
    urgent = _bring(child, "SMA", [_line("other:vent", "دستگاه تنفس خانگی (نمونه)", on, 95, "78")],
                    urgent=True, days=1)  # fmt: skip
    for member in Member.objects.filter(body=first).order_by("pk")[:2]:
        paper = fast.agree_on_paper(urgent, member, Rial(urgent.asked), cleaned(Scan()), actor=HAND)
        fast.confirm(paper, actor=None)
    asked = _bring(man, "THAL", [_line("other:icu", "بستری اورژانس (نمونه)", on, 44, "6120")],
                   urgent=True, days=1)  # fmt: skip
    signer = Member.objects.filter(body=first).order_by("pk")[0]
    fast.agree_on_paper(asked, signer, Rial(asked.asked), cleaned(Scan()), actor=HAND)
    soon = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=3)
    agenda.plan(first, starts_at=soon, place="اداره کل استان", actor=None)


def meet_accounts() -> None:
    """The account `member` sits for the patients' associations in the committee."""
    user = User.objects.filter(username="member", is_demo=True).first()
    member = Member.objects.filter(
        body__code=f"fund_{Decider.COMMITTEE}_{PROVINCE}", name=TITLES["patients"]
    ).first()
    if user and member:
        actions.link_account(member, user.pk, actor=None)


def with_users() -> None:
    """What the account `clinic` brought for a patient of theirs."""
    clinic = User.objects.filter(username="clinic", is_demo=True).first()
    tag = Tag.objects.filter(province=PROVINCE, registry_number="SIM-70003").first()
    if clinic is None or tag is None or Request.objects.filter(made_by=clinic.pk).exists():
        return
    file, on = open_file(tag.person_id, actor=None), from_jalali(1404, 11, 5)
    for line in (
        _line("TRF-01", "تزریق خون", on, 3, "5510"),
        _line("other:pump", "تعمیر پمپ دسفرال (نمونه)", on, 7, "5530"),
    ):
        asked = Asked(
            file, "THAL", [line], channel="clinic",
            payee=Payee(PayeeKind.PROVIDER, CLINIC, SHEBA),
        )  # fmt: skip
        bringing.bring(asked, actor=clinic.pk)
