"""The demo shows money in every state, and its books hold."""

from pooshesh.access.models import User
from pooshesh.conftest import Country
from pooshesh.ledger import demo, prove
from pooshesh.ledger.models import Order, PayeeRecord, StatementLine, Voucher
from pooshesh.places.models import Facility


def test_the_demo_shows_money_in_every_state(country: Country, hospital: Facility) -> None:
    Facility.objects.filter(pk=hospital.pk).update(province="15")

    demo.load()
    demo.load()
    for name in ("finance", "finance2", "releaser"):
        User.objects.create_user(name, "a long password", is_demo=True)
    demo.with_users()
    demo.with_users()

    states = set(Voucher.objects.values_list("state", flat=True))
    assert states == {"vouchered", "ordered", "sent", "paid", "returned"}
    assert set(Order.objects.values_list("state", flat=True)) == {"ordered", "sent"}
    assert PayeeRecord.objects.filter(state="waiting").count() == 1
    assert StatementLine.objects.filter(state="open").count() == 1
    assert prove.prove().faults == []
