"""The demo of regularisation: cases at every step, a municipal sheet, pseudo-IDs, one difference.

The cases are the foreign residents the demo campaign asks to regularise. Who is insured was decided
about on a day whose premium is known; what it is today nobody has published, and that takes
nothing away. Everything is synthetic.
"""

import datetime as dt
import io
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import LegalStatus
from pooshesh.places.models import Area, AreaKind
from pooshesh.programme.models import WorkItem, WorkKind
from pooshesh.regularisation import actions, bringing, differences, following, sheets
from pooshesh.regularisation.actions import Paper
from pooshesh.regularisation.models import Case, DocumentKind, Ground, Origin, Sheet
from pooshesh.regularisation.retention import VAULT

CITY = "t230101"
CASES = 20
#: A day in the period for which a source tells the premium of refugees.
KNOWN = dt.date(2025, 6, 1)
CLERK = uuid7()  # no account: the demo's own hand
SHEET = (
    "first_name,last_name,father_name,birth_date,sex,nationality,document_kind,document_number,"
    "neighbourhood,address,arrival\n"
)
PEOPLE = (
    ("گل‌آقا", "نورزی", "1362/05/01", "آمایش", "120045671230"),
    ("زرغونه", "نورزی", "1366", "آمایش", "120045671231"),
    ("نجیبه", "صافی", "1371/02/10", "گذرنامه", "P0451236"),
    ("عبدالحکیم", "بارکزی", "1359", "برگه سرشماری", "09120000001"),
    ("پروین", "هزاره", "1380/11/03", "برگه سرشماری", "000000451237"),
)


@transaction.atomic
def load() -> None:
    """Cases and a sheet, unless they are there already."""
    if Sheet.objects.filter(synthetic=True).exists():
        return
    asked = WorkItem.objects.filter(kind=WorkKind.REGULARISE).order_by("id")
    persons = list(asked.values_list("person_id", "campaign_id")[:CASES])
    if not persons:
        return
    following.open_cases(
        [person for person, _campaign in persons], origin=Origin.CAMPAIGN,
        origin_id=persons[0][1], actor=None, on=KNOWN,
    )  # fmt: skip
    mine = Case.objects.filter(person_id__in=[person for person, _campaign in persons])
    _take_steps(list(mine.select_related("person").order_by("person_id")))
    _bring_sheet()


def _take_steps(cases: list[Case]) -> None:
    """Every other case stays as found; the others go on, each another way."""
    ways: list[Callable[[Case], object]] = [
        _identify, _regularise, _find_eligible, _insure, _refuse, _withdraw, _leave, _differ,
    ]  # fmt: skip
    for number, case in enumerate(cases):
        if number % 2 == 0:
            ways[number // 2 % len(ways)](case)


def _paper(case: Case, status: LegalStatus | None) -> Paper:
    return Paper(
        kind=DocumentKind.AMAYESH, number=f"17-{case.pk.hex[:8]}", issued=dt.date(2025, 3, 21),
        expires=timezone.localdate() + dt.timedelta(days=200), round=17, status=status,
        nationality="AF",
    )  # fmt: skip


def _identify(case: Case) -> None:
    actions.show_document(case.pk, _paper(case, None), actor=CLERK)


def _regularise(case: Case) -> None:
    actions.show_document(case.pk, _paper(case, LegalStatus.LAWFUL), actor=CLERK)


def _decided(case: Case, status: LegalStatus, consent: dt.date | None) -> None:
    actions.show_document(case.pk, _paper(case, status), consent_on=consent, actor=CLERK)
    following.decide([case.person_id], KNOWN)
    following.follow([case.person_id], actor=None, on=timezone.localdate())


def _find_eligible(case: Case) -> None:
    _decided(case, LegalStatus.REFUGEE, None)


def _insure(case: Case) -> None:
    _decided(case, LegalStatus.REFUGEE_SUPPORTED, KNOWN)


def _refuse(case: Case) -> None:
    actions.refuse(
        case.pk, Ground.NOT_GENUINE, "صادرکننده کارت آن را تأیید نکرد.",
        on=timezone.localdate() - dt.timedelta(days=12), actor=CLERK,
    )  # fmt: skip


def _withdraw(case: Case) -> None:
    actions.withdraw(case.pk, "شخص ادامه پرونده را نخواست.", on=timezone.localdate(), actor=CLERK)


def _leave(case: Case) -> None:
    actions.leave(case.pk, "به کشور خود بازگشته است.", on=timezone.localdate(), actor=CLERK)


def _differ(case: Case) -> None:
    """Insured, then the card was revoked: the cover is put before a clerk."""
    _insure(case)
    today = timezone.localdate()
    actions.revoke(case.pk, "کارت آمایش ابطال شده است.", on=today, actor=CLERK)
    following.decide([case.person_id], today)
    differences.watch([case.person_id], today)


def _bring_sheet() -> None:
    """A municipality's sheet, written, with two pseudo-IDs in it."""
    city = Area.objects.filter(code=CITY, kind=AreaKind.CITY).first()
    place = city and Area.objects.filter(
        path__within=city.path, kind=AreaKind.NEIGHBOURHOOD
    ).order_by("code").first()  # fmt: skip
    if city is None or place is None:
        return
    rows = "".join(
        f"{first},{last},,{birth},,AF,{kind},{number},{place.code},,\n"
        for first, last, birth, kind, number in PEOPLE
    )
    try:
        sheet = bringing.bring(
            city, "سرشماری نمونه.csv", io.BytesIO((SHEET + rows).encode()), actor=CLERK,
            synthetic=True,
        )  # fmt: skip
    except Invalid:  # no municipality or agreement in this demo
        return
    with VAULT.opened(sheet.pk) as path:
        bringing.write_rows(sheet, sheets.read(path, sheet.name, city), CLERK)
