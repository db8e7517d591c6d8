"""Payments through bank file and statement: N vouchers from their orders to the bank's answer.

    .venv/bin/python bench/payments.py [--payments 100000] [--orders 20]

A database of its own, made anew. N decisions are committed and N vouchers drawn (measured apart);
then the orders are released, sent and downloaded, the bank's statement (97 % paid, 3 % returned) is
written, brought and matched. Bar: ≤ 60 s for N = 100,000 from release to the last matched line.
Beside it, in the same run: the same payments, lines and postings inserted bare, and the time
`ledger prove` takes over all of it.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import database
import search
import source  # noqa: F401
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster

search.DATABASE = "bench_payments"
BAR = 60.0  # seconds
BATCH = 5_000
YEAR, AMOUNT = 1404, 10_000_000
SHEBA = "IR062960000000100324200001"
KIND = "bench"

#: The rows a payment leaves behind, without their checks: what no payment beats.
BARE = """
create table bare_payment (like ledger_payment); create table bare_line (like ledger_statementline);
create table bare_posting (like ledger_posting);
insert into bare_payment select * from ledger_payment;
insert into bare_line select * from ledger_statementline;
insert into bare_posting select * from ledger_posting p
where exists (select 1 from ledger_entry e where e.id = p.entry_id and e.verb in ('send', 'match'));
"""


def main() -> None:
    """Measure in a database of its own and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--payments", type=int, default=100_000)
    parser.add_argument("--orders", type=int, default=20)
    asked = parser.parse_args()
    cluster = Cluster(config().home)
    cluster.start()
    database.own(cluster, search.DATABASE)

    list(search.make_areas())
    measure(asked.payments, asked.orders)


def clocks(pid: int) -> tuple[float, float, float]:
    """Wall clock, CPU-seconds of this process and of the database process that serves it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    backend = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.monotonic(), used.ru_utime + used.ru_stime, backend


def measure(count: int, order_count: int) -> None:
    """All figures of N payments."""
    from django.db import connection
    from django.utils import timezone

    from pooshesh.kernel.calendar import format_jalali
    from pooshesh.kernel.jobs import Progress
    from pooshesh.kernel.money import Rial
    from pooshesh.ledger import (
        bank_files,
        budgets,
        orders,
        payees,
        prove,
        statements,
        vouchers,
    )
    from pooshesh.ledger.commitments import Commit, commit
    from pooshesh.ledger.models import BankFile, Payment, StatementLine, Voucher
    from pooshesh.ledger.registry import Kind, register_kind
    from pooshesh.places.models import Area

    area = Area.objects.filter(kind="province").first()
    assert area is not None
    one, another = uuid4(), uuid4()
    whole = Rial(count * AMOUNT)
    budgets.enact(YEAR, whole, "bench", actor=one)
    budgets.allocate(area, YEAR, whole, actor=one)
    for verb in ("order", "release", "order_day", "release_day"):
        budgets.set_limit(verb, None, whole, actor=one)

    began = time.monotonic()
    made = []
    for start in range(0, count, BATCH):
        rows = [
            Commit(KIND, uuid4(), None, "sma", area.province, area.path, YEAR, AMOUNT)
            for _ in range(start, min(start + BATCH, count))
        ]
        made.append(commit(rows, actor=one))
    committed = time.monotonic()
    payee = payees.Payee("patient", "گیرنده نمونه", SHEBA)
    register_kind(Kind(KIND, KIND, payees=lambda ids: dict.fromkeys(ids, payee)))
    for batch in made:
        vouchers.draw_many([vouchers.Drawing(c, payee) for c in batch], actor=one)
    drawn = time.monotonic()
    print(f"committed   {count / (committed - began):12,.0f} a second")
    print(f"drawn       {count / (drawn - committed):12,.0f} a second")

    size = -(-count // order_count)
    ids = list(Voucher.objects.order_by("number").values_list("pk", flat=True))
    given = [
        orders.order(list(Voucher.objects.filter(pk__in=ids[start : start + size])), actor=one)
        for start in range(0, count, size)
    ]
    print(f"ordered     {count / (time.monotonic() - drawn):12,.0f} a second")

    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    spent: dict[str, tuple[float, float, float]] = {}
    mark = clocks(pid)

    def lap(name: str) -> None:
        nonlocal mark
        now = clocks(pid)
        wall, ours, theirs = (after - before for after, before in zip(now, mark, strict=True))
        spent[name], mark = (wall, ours, theirs), now

    for each in given:
        bank_files.send(orders.release(each, actor=another), actor=one)
    lap("released and sent")
    for file in BankFile.objects.select_related("order"):
        bank_files.download(file, actor=one)
    lap("downloaded")
    today = format_jalali(timezone.localdate(), lang="en")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.csv"
        with path.open("w") as out:
            out.write("bank_id,kind,reference,amount_rial,date\n")
            for n, ref in enumerate(Payment.objects.values_list("reference", flat=True)):
                kind = "returned" if n % 100 < 3 else "paid"
                out.write(f"{n},{kind},{ref},{AMOUNT},{today}\n")
        lap("the bank wrote (not ours)")
        brought = statements.bring(path, "statement.csv", area, actor=one)
        lap("statement brought")
    statements.match_statement(Progress(uuid4()), str(brought.pk))
    lap("matched")
    ours, here, there = (
        sum(one[place] for name, one in spent.items() if "not ours" not in name)
        for place in range(3)
    )
    open_lines = StatementLine.objects.exclude(state="done").count()
    assert not open_lines, open_lines

    with connection.cursor() as cursor:
        began = time.monotonic()
        cursor.execute(BARE)
        bare = time.monotonic() - began
    began = time.monotonic()
    proven = prove.prove()
    proving = time.monotonic() - began
    assert not proven.faults, proven.faults
    for name, (wall, cpu, backend) in spent.items():
        print(f"{name:<28} {wall:8.1f} s {cpu:8.1f} CPU-s here {backend:8.1f} CPU-s database")
    print(f"{count:,} payments, together  {ours:8.1f} s (bar {BAR:.0f} s for 100,000), "
          f"{here:.1f} CPU-s here, {there:.1f} CPU-s in the database")  # fmt: skip
    print(f"beside their rows inserted bare  {bare:8.1f} s: {ours / bare:.1f} times")
    print(f"proven: {proven.postings:,} postings in {proving:.1f} s, no fault")
    if ours > BAR * max(count, 100_000) / 100_000:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
