"""What the tests of the ledger share: a funded province, decisions, payees, the bank's answers."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.ledger import bank_files, budgets, orders, registry, statements
from pooshesh.ledger.commitments import Commit, commit
from pooshesh.ledger.models import Commitment, Order, Payment, Statement, StatementLine, Voucher
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.vouchers import draw
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import DAY, zahra
from pooshesh.places.models import Facility

MILLION = 1_000_000
ALLOCATED = 1_000 * MILLION
SHEBA = "IR062960000000100324200001"
OTHER_SHEBA = "IR890570028870010892748001"
REASON = "دلیلی که در پرونده نوشته شد"
HEADER = "bank_id,kind,reference,amount_rial,date"


def this_year() -> int:
    return to_jalali(timezone.localdate())[0]


@pytest.fixture
def year(country: Country, cast: Cast) -> int:
    """This year, with a budget of which Lorestan was given a thousand million rial."""
    now = this_year()
    budgets.enact(now, Rial(10 * ALLOCATED), "قانون بودجه", actor=cast.fund_manager.pk)
    budgets.allocate(country.lorestan, now, Rial(ALLOCATED), actor=cast.fund_manager.pk)
    return now


@pytest.fixture
def patient(country: Country) -> Person:
    done = register_census([zahra()], area=country.falak_ol_din, on=DAY, actor=None)
    return Person.objects.get(pk=done.persons[1])


Decide = Callable[..., Commitment]
Named = dict[UUID, Payee | None]


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> Named:
    """Object of a decision → whom it names (None: nobody); of the others the usual payee."""
    known: Named = {}

    def payees(ids: Sequence[UUID]) -> dict[UUID, Payee]:
        return {pk: who for pk in ids if (who := known.get(pk, payee()))}

    kind = dataclasses.replace(registry.kind_of("fund.request"), payees=payees)
    monkeypatch.setitem(registry._kinds, "fund.request", kind)
    return known


def decision(
    country: Country, year: int, amount: int = 10 * MILLION, person: UUID | None = None,
    object_id: UUID | None = None,
) -> Commit:  # fmt: skip
    return Commit(
        "fund.request", object_id or uuid7(), person, "sma", "15", country.khorramabad.path, year,
        amount,
    )  # fmt: skip


@pytest.fixture
def decide(country: Country, year: int) -> Decide:
    """`decide(amount)` commits a decision of Lorestan."""

    def one(amount: int = 10 * MILLION, person: UUID | None = None) -> Commitment:
        return commit([decision(country, year, amount, person)], actor=None)[0]

    return one


def payee(name: str = "زهرا رضایی", sheba: str = SHEBA) -> Payee:
    return Payee("patient", name, sheba)


@pytest.fixture
def voucher(decide: Decide, patient: Person, cast: Cast) -> Voucher:
    """Ten million for one patient, drawn."""
    return draw(decide(person=patient.pk), payee(), actor=cast.finance.pk)


def ordered(cast: Cast, *vouchers: Voucher) -> Order:
    rows = Voucher.objects.filter(pk__in=[one.pk for one in vouchers])
    return orders.order(list(rows), actor=cast.finance.pk)


def sent(cast: Cast, *vouchers: Voucher) -> Order:
    """Ordered by one, released by another, in a bank file."""
    made = orders.release(ordered(cast, *vouchers), actor=cast.releaser.pk)
    bank_files.send(made, actor=cast.finance.pk)
    return Order.objects.get(pk=made.pk)


def payment(voucher: Voucher) -> Payment:
    """The latest attempt."""
    return Payment.objects.filter(voucher=voucher).latest("sent_at")


def said(
    kind: str, one: Payment, bank_id: str, *, amount: int | None = None, on: dt.date | None = None
) -> str:
    day = (on or timezone.localdate()).isoformat()
    return f"{bank_id},{kind},{one.reference},{amount or one.amount},{day}"


Bring = Callable[..., Statement]


@pytest.fixture
def bring(country: Country, cast: Cast, tmp_path: Path) -> Bring:
    """`bring([line, …])` brings a statement of Lorestan and matches it."""

    def one(lines: Sequence[str], name: str = "statement.csv") -> Statement:
        path = tmp_path / name
        path.write_text("\n".join([HEADER, *lines]))
        made = statements.bring(path, name, country.lorestan, actor=cast.finance.pk)
        while statements.match_batch(made):
            pass
        return made

    return one


@pytest.fixture
def hospital(country: Country) -> Facility:
    return Facility.objects.create(
        code="h1", kind="hospital", level=2, name_fa="بیمارستان", sort_key="", search_key="",
        area=country.khorramabad, area_path=country.khorramabad.path, province="15",
    )  # fmt: skip


def findings() -> list[str]:
    """What lines that wait for somebody are about, in their order."""
    rows = StatementLine.objects.filter(state="open").order_by("id")
    return list(rows.values_list("finding", flat=True))
