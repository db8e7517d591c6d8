"""Interrupted anywhere, money is neither lost nor doubled; fifty at once cannot overspend."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection, connections, transaction

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.ledger import bank_files, budgets, orders, prove, statements, vouchers
from pooshesh.ledger.commitments import commit, undo
from pooshesh.ledger.models import (
    Account,
    BankFile,
    Commitment,
    Entry,
    Order,
    Payment,
    Statement,
    StatementLine,
    Voucher,
)
from pooshesh.ledger.tests.conftest import (
    ALLOCATED,
    HEADER,
    MILLION,
    REASON,
    Decide,
    decision,
    payee,
    said,
    this_year,
)
from pooshesh.ledger.vouchers import Drawing


class Killed(Exception):
    """What the process dies of in a test."""


class KillAt:
    """Dies at the n-th statement that goes to the database."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(*arguments)


def killed_at_every_statement(step: Callable[[], Any]) -> int:
    """Do a step, killed at its first statement, then at its second, …, until it comes to its end.

    How many kills it took. After each the books must hold as they did before.
    """
    kills = 0
    while _dies(step, kills + 1):
        kills += 1
        assert prove.prove().faults == []
    return kills


def _dies(step: Callable[[], Any], at: int) -> bool:
    try:
        with transaction.atomic(), connection.execute_wrapper(KillAt(at)):
            step()
    except Killed:
        return True
    return False


def test_a_payment_killed_at_every_statement_is_neither_lost_nor_doubled(
    country: Country, cast: Cast, year: int, tmp_path: Path
) -> None:
    rows = [decision(country, year) for _ in range(3)]
    killed = Counter[str]()

    def step(name: str, act: Callable[[], Any]) -> None:
        killed[name] = killed_at_every_statement(act)

    step("commit", lambda: commit(rows, actor=None))
    step("draw", lambda: vouchers.draw_many(_drawings(), actor=cast.finance.pk))
    step("order", lambda: orders.order(list(Voucher.objects.all()), actor=cast.finance.pk))
    step("release", lambda: orders.release(Order.objects.get(), actor=cast.releaser.pk))
    step("send", lambda: bank_files.send(Order.objects.get(), actor=cast.finance.pk))
    step("download", lambda: bank_files.download(BankFile.objects.get(), actor=cast.finance.pk))
    path = _answer(tmp_path, "paid", "paid", "returned")
    step("bring", lambda: statements.bring(path, "a.csv", country.lorestan, actor=None))
    step("match", lambda: statements.match_batch(Statement.objects.get()))
    back = Voucher.objects.get(state="returned")
    step("reissue", lambda: vouchers.reissue(back, why=REASON, actor=cast.finance.pk))

    assert min(killed.values()) > 0, "no step was killed"
    states = Counter(Voucher.objects.values_list("state", flat=True))
    assert states == {"paid": 2, "vouchered": 1}
    assert Account.objects.get(code="paid").balance == 20 * MILLION
    assert (Payment.objects.count(), StatementLine.objects.count()) == (3, 3)
    assert Counter(Entry.objects.values_list("verb", flat=True)) == {
        "enact": 1, "allocate": 1, "commit": 1, "draw": 1, "order": 1, "send": 1, "match": 1,
        "reissue": 1,
    }  # fmt: skip


def _drawings() -> list[Drawing]:
    return [Drawing(one, payee()) for one in Commitment.objects.order_by("id")]


def _answer(folder: Path, *kinds: str) -> Path:
    path = folder / "a.csv"
    payments = Payment.objects.order_by("line")
    lines = [said(k, p, str(n)) for n, (k, p) in enumerate(zip(kinds, payments, strict=True))]
    path.write_text("\n".join([HEADER, *lines]))
    return path


# --- with real connections --------------------------------------------------------------------

real = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Do all in the same moment, each on a connection of its own; what each was refused for."""
    ready = Barrier(len(acts), timeout=60)  # who gets no connection must not keep all waiting

    def go(act: Callable[[], object]) -> str:
        connection.ensure_connection()
        ready.wait()
        try:
            act()
        except Invalid as error:
            return error.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(go, acts))


@real
def test_fifty_approvers_at_once_do_not_overspend_nor_commit_one_decision_twice(
    country: Country, year: int
) -> None:
    share = ALLOCATED // 20  # twenty fit
    one = decision(country, year, share)

    again = at_once(*[lambda: commit([one], actor=None)] * 10)
    done = at_once(*[
        lambda: commit([decision(country, year, share)], actor=None) for _ in range(50)
    ])  # fmt: skip

    assert (again, Commitment.objects.count()) == ({"": 10}, 20)
    assert done == {"": 19, "ledger.exceeded": 31}
    assert Account.objects.get(code="available", province="15").balance == 0
    assert prove.prove().faults == []


@real
def test_two_releasers_and_two_bank_files_at_once_pay_once(decide: Decide, cast: Cast) -> None:
    voucher = vouchers.draw(decide(), payee(), actor=cast.finance.pk)
    made = orders.order([voucher], actor=cast.finance.pk)

    released = at_once(*[lambda: orders.release(made, actor=cast.releaser.pk)] * 2)
    order = Order.objects.get()
    sent = at_once(*[lambda: bank_files.send(order, actor=cast.finance.pk)] * 2)

    assert released == {"": 1, "ledger.moved_on": 1}
    assert (sent, Payment.objects.count(), BankFile.objects.count()) == ({"": 2}, 1, 1)


@real
def test_decisions_drawn_and_undone_while_the_year_is_closed_end_in_books_that_hold(
    decide: Decide, cast: Cast
) -> None:
    ones = [decide() for _ in range(8)]

    def draw(one: Commitment) -> Callable[[], object]:
        return lambda: vouchers.draw(one, payee(), actor=cast.finance.pk)

    def free(one: Commitment) -> Callable[[], object]:
        return lambda: undo([one.object_id], why=REASON, actor=None)

    at_once(
        lambda: budgets.close_year(this_year(), actor=None),
        *[act(one) for one in ones for act in (draw, free)],
    )

    assert prove.prove().faults == []
    standing = Commitment.objects.filter(state="committed")
    assert standing.count() == Voucher.objects.count()
    assert Account.objects.get(code="available", province="15").balance == 0


@real
def test_a_connection_cut_while_the_file_is_written_leaves_the_order_as_it_was(
    decide: Decide, cast: Cast
) -> None:
    voucher = vouchers.draw(decide(), payee(), actor=cast.finance.pk)
    made = orders.release(orders.order([voucher], actor=cast.finance.pk), actor=cast.releaser.pk)

    with pytest.raises(Exception, match=r"terminat|closed|lost"), connection.execute_wrapper(Cut()):
        bank_files.send(made, actor=cast.finance.pk)
    connection.close()

    assert (Payment.objects.count(), Order.objects.get().state) == (0, "released")
    bank_files.send(made, actor=cast.finance.pk)
    assert prove.prove().faults == []


class Cut:
    """Ends this process's session from another one, where money is posted."""

    def __call__(self, execute: Any, sql: str, *rest: Any) -> Any:
        if "ledger_posting" in sql:
            settings = connection.get_connection_params()
            keys = ("host", "port", "dbname", "user", "password")
            with closing(
                psycopg.connect(**{k: settings[k] for k in keys if settings.get(k)})
            ) as other:
                pid = connection.connection.info.backend_pid
                other.execute("select pg_terminate_backend(%s)", [pid])
                other.commit()
        return execute(sql, *rest)


def test_a_job_killed_between_batches_goes_on_with_the_rest(
    decide: Decide, cast: Cast, country: Country, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "BATCH", 1)
    drawn = [vouchers.draw(decide(), payee(), actor=cast.finance.pk) for _ in range(3)]
    made = orders.release(orders.order(drawn, actor=cast.finance.pk), actor=cast.releaser.pk)
    bank_files.send(made, actor=cast.finance.pk)
    path = _answer(tmp_path, "paid", "paid", "paid")
    monkeypatch.setattr("pooshesh.kernel.jobs.start", _not_started)
    statement = statements.bring(path, "a.csv", country.lorestan, actor=None)
    statements.match_batch(statement)

    result = statements.match_statement(Progress(uuid7()), str(statement.pk))

    assert (result["confirmed_lines"], result["open_lines"]) == (3, 0)
    assert Account.objects.get(code="paid").balance == 30 * MILLION
    assert prove.prove().faults == []


def _not_started(*_kind: object, **_arguments: object) -> Any:
    return type("Started", (), {"pk": uuid7()})()
