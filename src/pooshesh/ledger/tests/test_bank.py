"""The bank: files, statements, and every way in which money comes back or is told wrongly."""

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.conftest import Cast, Country, UseKey
from pooshesh.kernel import rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid
from pooshesh.ledger import adapters, bank_files, changing, prove, statements
from pooshesh.ledger.matching import Known, decide
from pooshesh.ledger.models import (
    BankFile,
    Finding,
    Payment,
    PaymentState,
    Statement,
    StatementLine,
    Voucher,
)
from pooshesh.ledger.payees import opened
from pooshesh.ledger.tests.conftest import (
    HEADER,
    MILLION,
    OTHER_SHEBA,
    REASON,
    Bring,
    findings,
    ordered,
    payee,
    payment,
    said,
    sent,
)
from pooshesh.ledger.tests.test_money import balance, state_of


def test_the_file_holds_who_is_paid_and_is_the_same_again(voucher: Voucher, cast: Cast) -> None:
    sent(cast, voucher)
    file = BankFile.objects.get()

    first = bank_files.download(file, actor=cast.finance.pk)
    again = bank_files.download(file, actor=cast.finance.pk)

    assert first == again
    [header, row] = first.decode().splitlines()
    assert header == "line,reference,sheba,name,amount_rial,purpose"
    assert row.split(",")[2:5] == ["IR062960000000100324200001", "زهرا رضایی", "10000000"]


def test_a_new_data_key_reseals_payees_and_their_file_stays_the_same(
    voucher: Voucher, cast: Cast, data_key: UseKey
) -> None:
    sent(cast, voucher)
    before = bank_files.download(BankFile.objects.get(), actor=cast.finance.pk)
    old = config().secret("data_key")

    data_key(f"9:another key of this test,{old}")
    list(rotation.rotate(100))
    data_key("9:another key of this test")

    assert bank_files.download(BankFile.objects.get(), actor=cast.finance.pk) == before


def test_an_order_is_sent_once(voucher: Voucher, cast: Cast) -> None:
    order = sent(cast, voucher)

    again = bank_files.send(order, actor=cast.finance.pk)

    assert again == BankFile.objects.get()
    assert Payment.objects.count() == 1


def test_nothing_is_sent_before_the_release(voucher: Voucher, cast: Cast) -> None:
    made = ordered(cast, voucher)

    with pytest.raises(Invalid) as refused:
        bank_files.send(made, actor=cast.finance.pk)

    assert refused.value.code == "transition.refused"


def test_the_same_statement_again_is_the_same(voucher: Voucher, cast: Cast, bring: Bring) -> None:
    sent(cast, voucher)
    line = said("paid", payment(voucher), "1")
    first = bring([line])

    again = bring([line])

    assert (again, Statement.objects.count()) == (first, 1)
    assert balance("paid") == 10 * MILLION


def test_a_line_of_an_earlier_statement_is_passed_over(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    line = said("paid", payment(voucher), "1")
    bring([line])

    later = bring([line, said("other", payment(voucher), "2")], "next.csv")

    assert (later.count, later.known) == (1, 1)
    assert findings() == ["other"]


def test_a_returned_payment_is_paid_again_to_a_sheba_two_people_agreed_to(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    first = payment(voucher)
    bring([said("returned", first, "1")])

    change = changing.propose_payee(
        voucher, payee(sheba=OTHER_SHEBA), why=REASON, actor=cast.finance.pk
    )
    changing.decide_payee(change, accept=True, actor=cast.second_finance.pk)
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "2")], "next.csv")

    assert (state_of(voucher), balance("returned")) == ("paid", 0)
    assert payment(voucher).reference != first.reference
    assert opened(payment(voucher).payee).sheba == OTHER_SHEBA
    assert prove.prove().faults == []


def test_whoever_proposed_a_payee_does_not_confirm_it(voucher: Voucher, cast: Cast) -> None:
    change = changing.propose_payee(
        voucher, payee(sheba=OTHER_SHEBA), why=REASON, actor=cast.finance.pk
    )

    with pytest.raises(Invalid) as refused:
        changing.decide_payee(change, accept=True, actor=cast.finance.pk)

    assert refused.value.code == "ledger.same_person"


def test_a_voucher_whose_payee_changes_is_not_ordered(voucher: Voucher, cast: Cast) -> None:
    changing.propose_payee(voucher, payee(sheba=OTHER_SHEBA), why=REASON, actor=cast.finance.pk)

    with pytest.raises(Invalid) as refused:
        ordered(cast, voucher)

    assert refused.value.code == "ledger.change_open"


def test_a_payee_is_frozen_once_ordered(voucher: Voucher, cast: Cast) -> None:
    ordered(cast, voucher)

    with pytest.raises(Invalid) as refused:
        changing.propose_payee(voucher, payee(sheba=OTHER_SHEBA), why=REASON, actor=cast.finance.pk)

    assert refused.value.code == "ledger.payee_frozen"


def test_a_returned_payment_returned_twice_moves_money_once(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    one = payment(voucher)

    bring([said("returned", one, "1"), said("returned", one, "2")])

    assert (balance("returned"), findings()) == (10 * MILLION, ["returned_twice"])
    assert prove.prove().faults == []


def test_a_payment_confirmed_and_returned_in_one_statement_is_returned(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    one = payment(voucher)

    bring([said("paid", one, "1"), said("returned", one, "2")])

    assert (state_of(voucher), balance("paid"), findings()) == ("returned", 0, [])
    assert prove.prove().faults == []


@pytest.mark.parametrize(
    ("lines", "finding"),
    [
        (["1,paid,RF000000000000,10000000"], "unknown"),
        (["1,paid,{ref},9999999"], "amount"),
        (["1,paid,{ref},10000000", "2,paid,{ref},10000000"], "paid_twice"),
        (["1,returned,{ref},10000000", "2,paid,{ref},10000000"], "paid_after_return"),
    ],
)
def test_what_does_not_fit_waits_for_somebody(
    voucher: Voucher, cast: Cast, bring: Bring, lines: list[str], finding: str
) -> None:
    sent(cast, voucher)
    today, ref = timezone.localdate().isoformat(), payment(voucher).reference

    bring([f"{line.format(ref=ref)},{today}" for line in lines])

    assert findings() == [finding]
    assert prove.prove().faults == []


def test_a_line_with_a_mistyped_reference_is_assigned_by_a_person(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    one = payment(voucher)
    bring([said("paid", one, "1").replace(one.reference, "1001")])

    line = StatementLine.objects.get()
    statements.assign(line, one.reference, why=REASON, actor=cast.finance.pk)

    assert (state_of(voucher), findings()) == ("paid", [])
    assert prove.prove().faults == []


def test_a_line_is_not_assigned_to_a_payment_it_does_not_fit(
    voucher: Voucher, cast: Cast, bring: Bring
) -> None:
    sent(cast, voucher)
    bring([said("paid", payment(voucher), "1", amount=5)])

    with pytest.raises(Invalid) as refused:
        statements.assign(
            StatementLine.objects.get(), payment(voucher).reference, why=REASON,
            actor=cast.finance.pk,
        )  # fmt: skip

    assert refused.value.code == "ledger.does_not_fit"


def test_a_line_set_aside_is_settled_once(voucher: Voucher, cast: Cast, bring: Bring) -> None:
    sent(cast, voucher)
    bring([said("other", payment(voucher), "1")])
    line = StatementLine.objects.get()
    statements.settle(line, why=REASON, actor=cast.finance.pk)

    with pytest.raises(Invalid) as refused:
        statements.settle(line, why=REASON, actor=cast.second_finance.pk)

    assert refused.value.code == "ledger.line_settled"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,maybe,RF1,5,2024-05-05", "ledger.statement_rows"),
        ("1,paid,RF1,-5,2024-05-05", "ledger.statement_rows"),
        ("1,paid,RF1,0,2024-05-05", "ledger.statement_rows"),
        ("1,paid,RF1,99999999999999999999,2024-05-05", "ledger.statement_rows"),
        ("1,paid,RF1,5 تومان,2024-05-05", "ledger.statement_rows"),
        ("1,paid,RF1,5,2060-05-05", "ledger.line_in_future"),
        ("1,paid,RF1,5,2024-05-05\n1,paid,RF1,5,2024-05-05", "ledger.bank_id_twice"),
    ],
)
def test_a_statement_with_a_bad_row_is_refused_whole(
    country: Country, tmp_path: Path, row: str, code: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{HEADER}\n{row}")

    with pytest.raises(Invalid) as refused:
        statements.bring(path, "bad.csv", country.lorestan, actor=None)

    assert (refused.value.code, Statement.objects.count()) == (code, 0)


def test_a_statement_of_another_province_matches_nothing_of_ours(
    voucher: Voucher, cast: Cast, country: Country, tmp_path: Path
) -> None:
    sent(cast, voucher)
    path = tmp_path / "tehran.csv"
    path.write_text(f"{HEADER}\n{said('paid', payment(voucher), '1')}")

    made = statements.bring(path, "tehran.csv", country.tehran, actor=None)
    statements.match_batch(made)

    assert (findings(), state_of(voucher)) == (["unknown"], "sent")


# --- pure parts -------------------------------------------------------------------------------


@given(st.integers(1, 10**10 - 1))
def test_a_reference_has_good_check_digits(number: int) -> None:
    written = adapters.reference(number)

    moved = written[4:] + written[:4]
    assert int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


@given(
    st.lists(st.tuples(st.sampled_from(["paid", "returned", "other"]), st.sampled_from([5, 6]))),
)
def test_whatever_the_bank_says_money_moves_at_most_twice(lines: list[tuple[str, int]]) -> None:
    one = Known(5, PaymentState.SENT, "sent", given_back=False)

    verbs = [_decided(one, kind, amount) for kind, amount in lines]

    moved = [verb for verb in verbs if not isinstance(verb, Finding)]
    assert moved in ([], ["confirm"], ["return"], ["confirm", "return"])


def _decided(one: Known, kind: str, amount: int) -> str | Finding:
    verb = decide(kind, amount, one)
    if not isinstance(verb, Finding):
        one.move(verb, "elsewhere")
    return verb


def test_the_plain_bank_reads_persian_headers_and_digits(tmp_path: Path) -> None:
    path = tmp_path / "fa.csv"
    path.write_text(
        "شماره تراکنش,نوع,شناسه واریز,مبلغ,تاریخ,شرح\nب۱,برگشتی,rf1,۱۲٬۰۰۰,۱۴۰۳/۰۱/۰۲,حساب بسته\n"
    )

    [line] = adapters.PlainCsv().read(path, "fa.csv").lines

    assert (line.kind, line.amount, line.on) == ("returned", 12_000, dt.date(2024, 3, 21))
    assert line.reference == "RF1"
