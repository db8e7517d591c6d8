"""The demo of money: laws and allocations, and payments of Lorestan in every state. All synthetic.

The laws of 1401 to 1404 are the national figures of the reference deployment; what each province
was given, and every payment, is made up. Accounts are opened after the rooms' demos; `with_users`
then orders, releases and answers for the bank.
"""

import datetime as dt
import tempfile
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.money import Rial, from_toman
from pooshesh.kernel.text import to_persian_digits
from pooshesh.ledger import (
    advances,
    bank_files,
    budgets,
    changing,
    orders,
    statements,
    vouchers,
)
from pooshesh.ledger.commitments import Commit, commit
from pooshesh.ledger.models import Advance, Budget, Commitment, Order, Payment, Voucher
from pooshesh.ledger.payees import Payee, opened
from pooshesh.ledger.registry import EARLIER
from pooshesh.people import actions as people
from pooshesh.people.models import Precision, Sex
from pooshesh.people.registration import CensusPerson
from pooshesh.places.models import Area, AreaKind, Facility, Figure

#: Year → what the law gave, in toman: 5, 7, 9 and 12 thousand thousand million.
LAWS = {1401: 5 * 10**12, 1402: 7 * 10**12, 1403: 9 * 10**12, 1404: 12 * 10**12}
PER_HEAD = 17_000  # rial a resident for decisions of provinces, in 1401
PROVINCE = "15"
NAMES = (
    ("گل‌بهار", "نمونه‌لر", Sex.FEMALE), ("کریم", "نمونه‌وند", Sex.MALE),
    ("شهربانو", "نمونه‌پور", Sex.FEMALE), ("رستم", "نمونه‌نیا", Sex.MALE),
)  # fmt: skip
#: Amounts of the decisions, in rial; which of them go how far follows from their place.
AMOUNTS = (48_000_000, 333_000_000, 52_500_000, 120_000_000, 27_000_000, 64_000_000, 310_000_000,
           95_000_000, 36_000_000, 18_500_000, 41_000_000)  # fmt: skip
DISEASES = ("SMA", "MS", "SMA", "THAL", "MS")
SHEBAS = ("IR062960000000100324200001", "IR890570028870010892748001")
WHY = "شماره حساب پیشین بسته شده است"


def this_year() -> int:
    """The Jalali year of today."""
    return to_jalali(timezone.localdate())[0]


@transaction.atomic
def load() -> None:
    """Laws and allocations, patients and what was decided for them; once."""
    if Budget.objects.exists() or not Area.objects.filter(province=PROVINCE).exists():
        return
    now = this_year()
    laws = {**LAWS, now: LAWS.get(now, LAWS[1404])}
    for year, toman in laws.items():
        known = "قانون بودجه" if year in LAWS else "نمایشی: همان رقم قانون ۱۴۰۴"
        budgets.enact(
            year, from_toman(toman), f"{known} {to_persian_digits(str(year))}", actor=None
        )
    heads = dict(
        Figure.objects.known()
        .filter(name="population", area__kind=AreaKind.PROVINCE)
        .values_list("area_id", "value")
    )
    for area in Area.objects.filter(kind=AreaKind.PROVINCE).order_by("code"):
        for year in (1401, now):
            share = heads.get(area.pk, 1_000_000) * PER_HEAD * laws[year] // LAWS[1401]
            budgets.allocate(area, year, Rial(share), note="نمایشی", actor=None)
    _decide(now)


def _decide(year: int) -> None:
    """Decisions of Lorestan, the last two without a voucher."""
    patients = _patients()
    city = Area.objects.filter(province=PROVINCE).order_by("-path").first()
    assert city is not None
    rows = [
        Commit(EARLIER, _id(f"decision {number}"), patients[number % len(patients)],
               DISEASES[number % len(DISEASES)], PROVINCE, city.path, year, amount)
        for number, amount in enumerate(AMOUNTS)
    ]  # fmt: skip
    made = commit(rows, actor=None)
    for number, one in enumerate(made[:-2]):
        vouchers.draw(one, _payee(one, number), actor=None)


def _patients() -> list[UUID]:
    city = Area.objects.filter(province=PROVINCE).order_by("-path").first()
    assert city is not None
    return [
        people.register_person(
            CensusPerson(
                row=number, first_name=first, last_name=last, sex=sex,
                birth_date=dt.date(1985 + number, 3, 21), birth_precision=Precision.YEAR,
            ),
            area=city, on=timezone.localdate(), actor=None,
        )
        for number, (first, last, sex) in enumerate(NAMES)
    ]  # fmt: skip


def _payee(one: Commitment, number: int) -> Payee:
    person = one.person
    assert person is not None
    return Payee("patient", f"{person.first_name} {person.last_name}", SHEBAS[number % 2])


def _id(name: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"pooshesh:demo:ledger:{name}")


def with_users() -> None:
    """Finance orders, the releaser releases, the bank answers; something is left for everybody."""
    found = {u.username: u.pk for u in User.objects.filter(is_demo=True)}
    drawn = list(
        Voucher.objects.filter(commitment__kind=EARLIER, state="vouchered").order_by("number")
    )
    if not {"finance", "finance2", "releaser"} <= found.keys() or len(drawn) < 8:
        return
    if Order.objects.exists():
        return
    finance, second, releaser = found["finance"], found["finance2"], found["releaser"]
    _paid(drawn[:5], finance, releaser)
    orders.order(drawn[5:7], actor=finance)
    other = opened(drawn[7].payee)
    changing.propose_payee(drawn[7], Payee("heir", other.name, SHEBAS[0]), why=WHY, actor=second)
    _advance(finance, second, releaser)


def _paid(chosen: list[Voucher], finance: UUID, releaser: UUID) -> None:
    """Three paid, one returned, one not answered; the bank also says what nobody knows."""
    _send(chosen, finance, releaser)
    payments = list(Payment.objects.filter(voucher__in=chosen).order_by("line"))
    today = timezone.localdate().isoformat()
    kinds = ("paid", "paid", "paid", "returned")
    _answer(
        [f"D{n},{kind},{p.reference},{p.amount},{today}"
         for n, (kind, p) in enumerate(zip(kinds, payments, strict=False), 1)]
        + [f"D9,paid,7788,{payments[0].amount},{today}"],
        finance, "demo-statement-1.csv",
    )  # fmt: skip


def _advance(finance: UUID, second: UUID, releaser: UUID) -> None:
    hospital = Facility.objects.filter(province=PROVINCE).order_by("code").first()
    if hospital is None:
        return
    made: Advance = advances.advance(
        hospital, this_year(), Rial(500_000_000), Payee("provider", str(hospital), SHEBAS[1]),
        purpose="داروی بیماران نادر در سه ماه", actor=finance,
    )  # fmt: skip
    voucher = Voucher.objects.select_related("payee").get(commitment__object_id=made.pk)
    changing.decide_payee(voucher.payee, accept=True, actor=second)
    _send([voucher], finance, releaser)
    payment = Payment.objects.get(voucher=voucher)
    today = timezone.localdate()
    _answer([f"D10,paid,{payment.reference},{payment.amount},{today.isoformat()}"],
            finance, "demo-statement-2.csv")  # fmt: skip
    advances.certify(
        made, Rial(180_000_000), number="1", on=today, patients=3, disease="SMA", actor=finance
    )


def _send(chosen: list[Voucher], finance: UUID, releaser: UUID) -> None:
    made = orders.release(orders.order(chosen, actor=finance), actor=releaser)
    bank_files.send(made, actor=finance)


def _answer(lines: list[str], finance: UUID, name: str) -> None:
    area = Area.objects.get(kind=AreaKind.PROVINCE, province=PROVINCE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text("\n".join(["bank_id,kind,reference,amount_rial,date", *lines]))
        brought = statements.bring(path, name, area, actor=finance)
    while statements.match_batch(brought):
        pass
