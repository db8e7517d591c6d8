"""The writers of bank statements: brought once, matched in batches, the rest settled by people.

A line is known by the bank's own number of it, so the same line in two statements is one line. Each
batch is one transaction; a job that was killed goes on with the lines that were not looked at.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel import audit, jobs
from pooshesh.kernel.bulk import copy_in, uncollected
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.jobs import Progress, job
from pooshesh.ledger import purse
from pooshesh.ledger.adapters import Said, bank
from pooshesh.ledger.matching import CONFIRM, RETURN, Known, decide
from pooshesh.ledger.models import (
    Code,
    Finding,
    LineState,
    Payment,
    Statement,
    StatementLine,
)
from pooshesh.ledger.purse import Line, Purse
from pooshesh.ledger.signals import tell
from pooshesh.ledger.vouchers import moved_by, paid_into, reasoned
from pooshesh.places.models import Area

MATCH = "ledger.match"
BATCH = 5_000
_LINE = (
    "statement_id", "row", "province", "bank_id", "kind", "reference", "amount", "on", "note",
    "state", "finding", "why",
)  # fmt: skip

explain(
    {
        "ledger.statement_rows": gettext_noop(
            "%(count)s cells of the statement cannot be read; nothing was taken. %(first)s"
        ),
        "ledger.bank_id_twice": gettext_noop(
            "Row %(row)s: the bank's number “%(read)s” stands in the statement before."
        ),
        "ledger.line_changed": gettext_noop(
            "Row %(row)s: an earlier statement says something else under the bank's number"
            " “%(read)s”; nothing was taken."
        ),
        "ledger.line_in_future": gettext_noop("Row %(row)s: the day %(read)s lies in the future."),
        "ledger.line_settled": gettext_noop("Somebody settled this line before."),
        "ledger.no_payment": gettext_noop(
            "There is no payment “%(read)s” of this province; expected a reference such as"
            " RF180000000001."
        ),
        "ledger.does_not_fit": gettext_noop("The line does not fit that payment: %(why)s."),
    }
)


@uncollected()
@transaction.atomic
def bring(
    path: Path, name: str, area: Area, *, actor: UUID | None, at: dt.datetime | None = None
) -> Statement:
    """Take a statement of the bank for a province or the nation, and queue its matching.

    All or nothing: raises Invalid naming what cannot be read. The same file again is the same
    statement; lines that an earlier statement held are passed over.
    """
    digest = _digest(path)
    with connection.cursor() as cursor:  # two at once follow each other
        cursor.execute("select pg_advisory_xact_lock(hashtext('pooshesh ledger statements'))")
    before = Statement.objects.filter(province=area.province, sha256=digest).first()
    if before:
        return before
    read = bank().read(path, name)
    if read.problems:
        raise Invalid(
            "ledger.statement_rows", count=len(read.problems),
            first=" ".join(one.sentence() for one in read.problems[:5]),
        )  # fmt: skip
    new = _unknown(read.lines, area.province)
    made = Statement.objects.create(
        name=name[-200:], sha256=digest, province=area.province, area_path=area.path,
        count=len(new), known=len(read.lines) - len(new), actor=actor, at=at or timezone.now(),
    )  # fmt: skip
    copy_in(
        StatementLine,
        _LINE,
        (
            (made.pk, one.row, area.province, one.bank_id, one.kind, one.reference, one.amount,
             one.on, one.note[:200], LineState.NEW, "", "")
            for one in new
        ),
    )  # fmt: skip
    audit.record(
        "ledger.bring", actor=actor, kind="statement", object_id=made.pk,
        content={"sha256": digest, "lines": len(new)}, area_path=area.path,
    )  # fmt: skip
    started = jobs.start(MATCH, actor=actor, statement=str(made.pk))
    made.job_id = started.pk
    made.save(update_fields=["job_id"])
    return made


def _digest(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _unknown(lines: Sequence[Said], province: str) -> list[Said]:
    """Lines no earlier statement held. Raises Invalid where one said something else."""
    today, seen = timezone.localdate(), set()
    for one in lines:
        if one.bank_id in seen:
            raise Invalid("ledger.bank_id_twice", row=one.row, read=one.bank_id)
        if one.on > today:
            raise Invalid("ledger.line_in_future", row=one.row, read=one.on)
        seen.add(one.bank_id)
    rows = StatementLine.objects.filter(province=province, bank_id__in=seen)
    known = {row[0]: row[1:] for row in rows.values_list("bank_id", "kind", "reference", "amount")}
    for one in lines:
        said = (one.kind, one.reference, one.amount)
        if known.get(one.bank_id, said) != said:
            raise Invalid("ledger.line_changed", row=one.row, read=one.bank_id)
    return [one for one in lines if one.bank_id not in known]


@job(MATCH)
def match_statement(progress: Progress, statement: str) -> dict[str, int]:
    """Match a bank statement with the payments."""
    given = Statement.objects.get(pk=statement)
    done = 0
    progress(_("Matching lines"), done, given.count)
    while count := match_batch(given):
        done += count
        progress(_("Matching lines"), done, given.count)
    rows = StatementLine.objects.filter(statement=given)
    matched = rows.filter(state=LineState.DONE)
    return {
        "lines": given.count, "known_lines": given.known,
        "confirmed_lines": matched.filter(kind="paid").count(),
        "returned_lines": matched.filter(kind="returned").count(),
        "open_lines": rows.filter(state=LineState.OPEN).count(),
    }  # fmt: skip


@dataclass
class _Batch:
    """What a batch of lines does: lines with their payment, and lines that wait."""

    confirmed: list[tuple[StatementLine, Payment]] = field(default_factory=list)
    returned: list[tuple[StatementLine, Payment]] = field(default_factory=list)
    waiting: list[tuple[StatementLine, Payment | None, Finding]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@uncollected()
@transaction.atomic
def match_batch(given: Statement, *, at: dt.datetime | None = None) -> int:
    """Match the next lines of a statement; how many. Statements do not grow with the lines."""
    with connection.cursor() as cursor:  # two statements follow each other
        cursor.execute("select pg_advisory_xact_lock(hashtext('pooshesh ledger statements'))")
    rows = StatementLine.objects.filter(statement=given, state=LineState.NEW)
    batch = list(rows.order_by("row")[:BATCH])
    if not batch:
        return 0
    # Before anything is read that decides: nobody moves these vouchers meanwhile.
    books = purse.lock(_purses({one.reference for one in batch if one.reference}, given.province))
    payments = _payments({one.reference for one in batch if one.reference}, given.province)
    known = {ref: Known.of(one) for ref, one in payments.items()}
    result = _Batch()
    for one in batch:
        _apply(one, payments.get(one.reference), known, books, result)
    _write(result, given, at=at)
    return len(batch)


def _purses(references: set[str], province: str) -> set[Purse]:
    rows = Payment.objects.filter(reference__in=references)
    if province:
        rows = rows.filter(province=province)
    return {Purse(*one) for one in rows.values_list("voucher__year", "province").distinct()}


def _payments(references: set[str], province: str) -> dict[str, Payment]:
    rows = Payment.objects.filter(reference__in=references)
    if province:
        rows = rows.filter(province=province)
    read = rows.select_related("voucher__commitment").only(
        "reference", "state", "amount", "voucher__year", "voucher__province", "voucher__advance",
        "voucher__refunded", "voucher__certified", "voucher__commitment__object_id",
        "voucher__commitment__kind",
    )  # fmt: skip
    return {one.reference: one for one in read}


def _apply(
    line: StatementLine, payment: Payment | None, known: Mapping[str, Known],
    books: purse.Books, result: _Batch,
) -> None:  # fmt: skip
    """Decide one line and note what it does; `known` moves on for the lines that follow."""
    now = known.get(line.reference)
    verb = decide(line.kind, line.amount, now)
    if isinstance(verb, Finding) or payment is None or now is None:
        result.waiting.append((line, payment, Finding(verb)))
        return
    voucher = payment.voucher
    own, source = Purse(voucher.year, voucher.province), now.stands
    target = paid_into(voucher) if verb == CONFIRM else Code.RETURNED
    result.lines += books.move(own, source, target, payment.amount, voucher=voucher.pk)
    (result.confirmed if verb == CONFIRM else result.returned).append((line, payment))
    now.move(verb, target)


def _write(
    result: _Batch, given: Statement, *, by: UUID | None = None, why: str = "",
    at: dt.datetime | None = None,
) -> None:  # fmt: skip
    at = at or timezone.now()
    for done, verb in ((result.confirmed, CONFIRM), (result.returned, RETURN)):
        if done:
            _write_payments(done, verb)
            _write_lines(
                [(line.pk, payment.pk, "") for line, payment in done], LineState.DONE, by, why
            )
    if result.waiting:
        _write_lines(
            [(line.pk, payment.pk if payment else None, finding)
             for line, payment, finding in result.waiting],
            LineState.OPEN, None, "",
        )  # fmt: skip
    if not result.lines:
        return
    first = next(iter([*result.confirmed, *result.returned]))[0]
    purse.post(
        "match", result.lines, actor=by or given.actor, key=f"match {first.pk}", about=given.pk,
        why=why, at=at,
    )  # fmt: skip
    audit.record(
        "ledger.match", actor=by or given.actor, kind="statement", object_id=given.pk,
        content={"confirmed": len(result.confirmed), "returned": len(result.returned),
                 "open": len(result.waiting)},
        purpose=why, area_path=given.area_path,
    )  # fmt: skip
    back = {payment.pk for _line, payment in result.returned}
    paid = [p.voucher for _line, p in result.confirmed if p.pk not in back]
    tell(
        moved_by(paid, "paid", at)
        + moved_by([p.voucher for _line, p in result.returned], "returned", at)
    )


def _write_payments(done: Sequence[tuple[StatementLine, Payment]], verb: str) -> None:
    """Payments and their vouchers move on; `returned` is written after `confirmed`."""
    payment, voucher = ("confirmed", "paid") if verb == CONFIRM else ("returned", "returned")
    days = [line.on if verb == CONFIRM else None for line, _payment in done]
    with connection.cursor() as cursor:
        cursor.execute(
            """update ledger_payment p set state = %s, ended_on = v.day
               from unnest(%s::uuid[], %s::date[]) as v(id, day) where p.id = v.id""",
            [payment, [p.pk for _line, p in done], [line.on for line, _payment in done]],
        )
        cursor.execute(
            """update ledger_voucher t set state = %s, paid_on = v.day
               from unnest(%s::uuid[], %s::date[]) as v(id, day) where t.id = v.id""",
            [voucher, [p.voucher_id for _line, p in done], days],
        )


def _write_lines(
    rows: Sequence[tuple[int, UUID | None, str]], state: str, by: UUID | None, why: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """update ledger_statementline l set state = %s, payment_id = v.payment,
                 finding = case when %s = 'done' then l.finding else v.finding end,
                 settled_by = %s, settled_at = case when %s::uuid is null then null else now() end,
                 why = %s
               from unnest(%s::bigint[], %s::uuid[], %s::text[]) as v(id, payment, finding)
               where l.id = v.id""",
            [state, state, by, by, why, *map(list, zip(*rows, strict=True))],
        )


# --- the worklist ------------------------------------------------------------------------------


@transaction.atomic
def settle(line: StatementLine, *, why: str, actor: UUID) -> StatementLine:
    """Set a line aside with a reason; it moves no money."""
    reason = reasoned(why)
    _take(line, LineState.SETTLED, reason, actor)
    audit.record(
        "ledger.settle", actor=actor, kind="statement", object_id=line.statement_id,
        content={"line": line.pk}, purpose=reason, area_path=line.statement.area_path,
    )  # fmt: skip
    return line


@transaction.atomic
def assign(line: StatementLine, reference: str, *, why: str, actor: UUID) -> StatementLine:
    """Say which payment a line is about whose reference the bank got wrong.

    Raises Invalid where the line does not fit that payment, as matching by itself would.
    """
    reason, read = reasoned(why), reference.strip().upper()
    books = purse.lock(_purses({read}, line.province))
    found = _payments({read}, line.province).get(read)
    if found is None:
        raise Invalid("ledger.no_payment", read=read)
    now = Known.of(found)
    verb = decide(line.kind, line.amount, now)
    if isinstance(verb, Finding):
        raise Invalid("ledger.does_not_fit", why=verb.label)
    _take(line, LineState.DONE, reason, actor)
    line.reference = read
    result = _Batch()
    _apply(line, found, {read: now}, books, result)
    _write(result, line.statement, by=actor, why=reason)
    return line


def _take(line: StatementLine, state: str, why: str, actor: UUID) -> None:
    taken = StatementLine.objects.filter(pk=line.pk, state=LineState.OPEN).update(
        state=state, why=why, settled_by=actor, settled_at=timezone.now()
    )
    if not taken:
        raise Invalid("ledger.line_settled")
