"""The budget of the year and what was paid of it: vouchers, orders, the bank's answers."""

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from pooshesh.funnel.figures.plan import NEW_YEAR, YEAR, moment, sheba
from pooshesh.funnel.figures.sittings import Asking
from pooshesh.kernel.money import Rial, from_toman
from pooshesh.ledger import bank_files, budgets, orders, statements, vouchers
from pooshesh.ledger.models import Account, Budget, Code, Commitment, Payment, Voucher
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.vouchers import Drawing
from pooshesh.places.models import Area

LAW = "قانون بودجه ۱۴۰۱"
TOMAN = 5 * 10**12
PER_HEAD = 17_000  # rial a resident that a province is given
HEADER = "bank_id,kind,reference,amount_rial,date"


def fund(provinces: Sequence[Area], population: Mapping[str, int]) -> None:
    """The year's law, and what each province was given; what is there stays as it is."""
    at = moment(NEW_YEAR + dt.timedelta(days=20), 10)
    if not Budget.objects.filter(year=YEAR).exists():
        budgets.enact(YEAR, from_toman(TOMAN), LAW, actor=None, at=at)
    given = set(
        Account.objects.filter(year=YEAR, code=Code.AVAILABLE).values_list("province", flat=True)
    )
    for area in provinces:
        if area.province not in given:
            amount = Rial(PER_HEAD * population[area.province])
            budgets.allocate(area, YEAR, amount, note="نمایشی", actor=None, at=at)


def draw(askings: Sequence[Asking], at: dt.datetime, *, actor: UUID) -> list[Voucher]:
    """Vouchers to the patients for what was bound; in the order asked."""
    found = {
        one.object_id: one
        for one in Commitment.objects.filter(object_id__in=[a.request for a in askings])
    }
    return vouchers.draw_many(
        [
            Drawing(found[a.request],
                    Payee("patient", f"{a.one.first} {a.one.last}", sheba(a.one.number)))
            for a in askings
        ],
        actor=actor, at=at,
    )  # fmt: skip


def pay(drawn: Sequence[Voucher], day: dt.date, *, orderer: UUID, releaser: UUID) -> None:
    """Order, release and send vouchers of one province."""
    made = orders.order(drawn, actor=orderer, at=moment(day, 10))
    made = orders.release(made, actor=releaser, at=moment(day + dt.timedelta(days=1), 11))
    bank_files.send(made, actor=orderer, at=moment(day + dt.timedelta(days=1), 13))


def answer(
    area: Area, drawn: Sequence[Voucher], returned: set[UUID], day: dt.date, *, actor: UUID
) -> None:
    """The bank's statement about vouchers that were sent: paid, but for those it returned."""
    payments = Payment.objects.filter(voucher__in=[one.pk for one in drawn]).order_by("line")
    lines = [
        f"F{one.reference},{'returned' if one.voucher_id in returned else 'paid'},{one.reference},"
        f"{one.amount},{day.isoformat()}"
        for one in payments
    ]
    name, at = f"statement-{area.code}-{day.isoformat()}.csv", moment(day, 17)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text("\n".join([HEADER, *lines]))
        brought = statements.bring(path, name, area, actor=actor, at=at)
    while statements.match_batch(brought, at=at):
        pass
