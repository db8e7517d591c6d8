"""A rial from the budget law to the bank's confirmation, and what never happens on the way."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.ledger import budgets, orders, prove, queries, vouchers
from pooshesh.ledger.commitments import commit, undo
from pooshesh.ledger.models import Account, Entry, LimitVerb, Posting, Voucher
from pooshesh.ledger.tests.conftest import (
    ALLOCATED,
    MILLION,
    Bring,
    Decide,
    Named,
    decision,
    ordered,
    payee,
    payment,
    said,
    sent,
)
from pooshesh.ledger.vouchers import Drawing
from pooshesh.people.models import Person


def balance(code: str, province: str = "15") -> int:
    return Account.objects.get(code=code, province=province).balance


def state_of(voucher: Voucher) -> str:
    return Voucher.objects.get(pk=voucher.pk).state


def test_a_decision_is_paid_from_the_law_to_the_bank(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)

    bring([said("paid", payment(voucher), "1")])

    money = queries.money_of([voucher.commitment.object_id])[voucher.commitment.object_id]
    assert (money.state, money.paid) == ("paid", Rial(10 * MILLION))
    assert (balance("paid"), balance("available")) == (10 * MILLION, ALLOCATED - 10 * MILLION)
    assert prove.prove().faults == []


def test_approval_is_not_payment(decide: Decide) -> None:
    one = decide()

    money = queries.money_of([one.object_id])[one.object_id]

    assert (money.state, money.paid, money.paid_on) == ("committed", Rial(0), None)


def test_what_was_allocated_cannot_be_exceeded(decide: Decide) -> None:
    decide(ALLOCATED - 1)

    with pytest.raises(Invalid) as refused:
        decide(2)

    assert (refused.value.code, refused.value.params["left"]) == ("ledger.exceeded", Rial(1))


def test_a_province_without_allocation_commits_nothing(country: Country, year: int) -> None:
    other = decision(country, year)

    with pytest.raises(Invalid) as refused:
        commit([replace(other, province="23")], actor=None)

    assert refused.value.params["left"] == Rial(0)


def test_five_hundred_decisions_take_as_many_statements_as_one(
    country: Country, year: int, django_assert_num_queries: Any
) -> None:
    rows = [decision(country, year, 1_000) for _ in range(500)]

    with django_assert_num_queries(2):
        made = commit(rows, actor=None)

    assert [one.object_id for one in made] == [row.object_id for row in rows]
    assert balance("committed") == 500_000


def statements(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def test_forty_vouchers_are_paid_in_as_many_statements_as_one(
    country: Country, year: int, cast: Cast
) -> None:
    made = commit([decision(country, year, 1_000) for _ in range(41)], actor=None)
    drawn = vouchers.draw_many([Drawing(one, payee()) for one in made], actor=None)

    one = statements(lambda: sent(cast, drawn[0]))
    forty = statements(lambda: sent(cast, *drawn[1:]))

    assert forty == one


def test_the_same_decision_again_is_the_same_commitment(country: Country, year: int) -> None:
    row = decision(country, year)
    first = commit([row], actor=None)

    again = commit([row], actor=None)

    assert again == first
    assert balance("committed") == row.amount


def test_a_decision_undone_frees_its_money_and_may_be_made_again(
    country: Country, year: int
) -> None:
    row = decision(country, year)
    commit([row], actor=None)

    undo([row.object_id], why="رأی پس گرفته شد", actor=None)
    again = undo([row.object_id], why="رأی پس گرفته شد", actor=None)

    assert (again, balance("available")) == (0, ALLOCATED)
    commit([row], actor=None)
    assert prove.prove().faults == []


def test_a_decision_with_a_voucher_is_not_undone(voucher: Voucher) -> None:
    with pytest.raises(Invalid) as refused:
        undo([voucher.commitment.object_id], why="رأی پس گرفته شد", actor=None)

    assert refused.value.code == "ledger.voucher_stands"


@pytest.mark.parametrize("amount", [0, -5, 10**19])
def test_amounts_that_are_none_are_refused(decide: Decide, amount: int) -> None:
    with pytest.raises(Invalid) as refused:
        decide(amount)

    assert refused.value.code in ("ledger.no_amount", "ledger.amount_too_large")


def test_money_of_a_merged_record_stands_under_its_survivor(
    decide: Decide, patient: Person, country: Country, cast: Cast
) -> None:
    from pooshesh.people.models import Merge

    other = Person.objects.create(
        first_name="زهرا", last_name="رضایی", area=patient.area, area_path=patient.area_path,
        province=patient.province, search_key="", sort_key="",
    )  # fmt: skip
    Merge.objects.create(
        person=other, into=patient, survivor=patient, reason="یکی", actor=cast.tehran_clerk.pk
    )

    made = decide(person=other.pk)

    assert made.person_id == patient.pk


def test_a_sheba_with_a_wrong_check_is_refused(decide: Decide, named: Named) -> None:
    one = decide()
    named[one.object_id] = None

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, payee(sheba="IR072960000000100324200001"), actor=None)

    assert refused.value.code == "sheba.check_digits"


def test_no_more_is_drawn_than_was_committed(decide: Decide) -> None:
    one = decide(100)
    vouchers.draw(one, payee(), Rial(60), actor=None)

    with pytest.raises(Invalid) as refused:
        vouchers.draw(one, payee(), Rial(41), actor=None)

    assert refused.value.params["left"] == Rial(40)


def test_who_ordered_does_not_release(voucher: Voucher, cast: Cast) -> None:
    made = ordered(cast, voucher)

    with pytest.raises(Invalid) as refused:
        orders.release(made, actor=cast.finance.pk)

    assert refused.value.code == "ledger.same_person"


def test_nobody_orders_or_releases_beyond_their_limit(voucher: Voucher, cast: Cast) -> None:
    made = ordered(cast, voucher)
    budgets.set_limit("release", cast.releaser.pk, Rial(9 * MILLION), actor=None)

    with pytest.raises(Invalid) as refused:
        orders.release(made, actor=cast.releaser.pk)

    assert refused.value.code == "ledger.beyond_limit"


@pytest.mark.parametrize("verb", ["order", "release"])
def test_splitting_an_order_passes_nobodys_limit_of_the_day(
    decide: Decide, cast: Cast, verb: str
) -> None:
    drawn = [vouchers.draw(decide(), payee(), actor=cast.finance.pk) for _ in range(2)]
    budgets.set_limit(f"{verb}_day", None, Rial(19 * MILLION), actor=None)

    sent(cast, drawn[0])

    with pytest.raises(Invalid) as refused:
        sent(cast, drawn[1])

    assert refused.value.code == "ledger.beyond_day"
    assert refused.value.params["asked"] == Rial(20 * MILLION)
    assert state_of(drawn[0]) == "sent"


def test_what_was_refused_counts_for_no_limit(voucher: Voucher, cast: Cast) -> None:
    budgets.set_limit("order_day", None, Rial(10 * MILLION), actor=None)
    orders.refuse(ordered(cast, voucher), why="سند ناقص است، بازگردد", actor=cast.releaser.pk)

    again = ordered(cast, voucher)

    assert again.state == "ordered"
    assert orders.left_today(LimitVerb.ORDER, cast.finance.pk) == Rial(0)


def test_a_refused_order_lets_its_vouchers_wait_again(voucher: Voucher, cast: Cast) -> None:
    made = ordered(cast, voucher)

    orders.refuse(made, why="سند ناقص است، بازگردد", actor=cast.releaser.pk)

    assert (state_of(voucher), balance("vouchered")) == ("vouchered", 10 * MILLION)
    assert prove.prove().faults == []


# --- what the database refuses ----------------------------------------------------------------


def refused_by_the_database(statement: str, *params: Any) -> str:
    with (  # noqa: PT012 - refused at once or at the end of the transaction
        pytest.raises(IntegrityError) as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, params)
        cursor.execute("set constraints all immediate")
    return str(error.value).splitlines()[0]


def test_an_entry_that_does_not_balance_is_refused(year: int) -> None:
    account = Account.objects.get(code="available", province="15")

    said_ = refused_by_the_database(
        """with e as (insert into ledger_entry (id, at, verb, key, why)
             values (%s, now(), 'x', 'x', '') returning id)
           insert into ledger_posting (entry_id, account_id, amount) select id, %s, 5 from e""",
        uuid7(), account.pk,
    )  # fmt: skip

    assert "ledger_entry_balances" in said_


def test_an_entry_without_postings_is_refused(year: int) -> None:
    said_ = refused_by_the_database(
        "insert into ledger_entry (id, at, verb, key, why) values (%s, now(), 'x', 'x', '')",
        uuid7(),
    )

    assert "ledger_entry_balances" in said_


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update ledger_posting set amount = amount + 1", "append"),
        ("delete from ledger_entry", "append"),
        ("update ledger_account set balance = balance + 1", "ledger_balance_is_posted"),
        ("update ledger_voucher set amount = amount + 1", "ledger_voucher_is_frozen"),
        ("update ledger_payeerecord set sheba = name", "ledger_payee_is_kept"),
        ("delete from ledger_voucher", "append"),
    ],
)
def test_the_books_are_never_changed(voucher: Voucher, statement: str, named: str) -> None:
    said_ = refused_by_the_database(statement)

    assert named in said_


def test_a_balance_below_zero_is_refused(year: int) -> None:
    account = Account.objects.get(code="available", province="15")
    other = Account.objects.get(code="committed", province="15")

    said_ = refused_by_the_database(
        """with e as (insert into ledger_entry (id, at, verb, key, why)
             values (%s, now(), 'x', 'x', '') returning id)
           insert into ledger_posting (entry_id, account_id, amount)
           select e.id, v.account, v.amount from e,
             unnest(%s::bigint[], %s::bigint[]) as v(account, amount)""",
        uuid7(), [account.pk, other.pk], [-ALLOCATED - 1, ALLOCATED + 1],
    )  # fmt: skip

    assert "account_is_never_overdrawn" in said_


def test_prove_finds_what_was_changed_behind_its_back(voucher: Voucher) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table ledger_voucher disable trigger user")
        cursor.execute("alter table ledger_account disable trigger user")
        cursor.execute("update ledger_voucher set amount = amount + 1")
        cursor.execute("update ledger_account set balance = balance + 1 where code = 'paid'")

    found = {fault.proof for fault in prove.prove().faults}

    assert "each balance is the sum of its postings" in found
    assert "drawn is the sum of the vouchers that stand" in found


def test_totals_are_those_of_a_past_moment_too(decide: Decide, year: int) -> None:
    from pooshesh.access.reach import EVERYWHERE

    decide()
    then = Entry.objects.latest("at").at
    [one] = [t for t in queries.totals(EVERYWHERE, year, then) if t.province == "15"]
    [now] = [t for t in queries.totals(EVERYWHERE, year) if t.province == "15"]

    assert (one.allocated, one.committed) == (Rial(ALLOCATED), Rial(10 * MILLION))
    assert now.balances == {**now.balances, **one.balances}
    assert Posting.objects.filter(entry__at__gt=then).count() == 0
