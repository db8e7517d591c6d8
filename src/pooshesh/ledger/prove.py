"""`./pooshesh ledger prove`: every sum anew, from the postings up and from the objects down."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext

from pooshesh.kernel.errors import gettext_noop


@dataclass(frozen=True)
class Fault:
    """Something that does not add up: which proof, and the first things it was found in."""

    proof: str
    count: int
    first: tuple[str, ...]


#: What is proven → rows that contradict it (any text). Sums are numeric: nothing overflows.
PROOFS: dict[str, str] = {
    gettext_noop("each entry adds up to zero"): """
        select e.id::text from ledger_entry e left join ledger_posting p on p.entry_id = e.id
        group by e.id having coalesce(sum(p.amount), 1) <> 0""",
    gettext_noop("each balance is the sum of its postings"): """
        select a.year || '/' || a.province || '/' || a.code from ledger_account a
        left join ledger_posting p on p.account_id = a.id
        group by a.id having a.balance <> coalesce(sum(p.amount), 0)""",
    gettext_noop("all accounts of a year together are zero"): """
        select year::text from ledger_account group by year having sum(balance) <> 0""",
    gettext_noop("the law's account is the sum of the laws"): """
        select a.year::text from ledger_account a where a.code = 'law' and -a.balance <>
          (select coalesce(sum(b.amount), 0) from ledger_budget b where b.year = a.year)""",
    gettext_noop("what came to a province is the sum of its allocations"): """
        select a.year || '/' || a.province from ledger_account a where a.province <> ''
        group by a.year, a.province having sum(a.balance) <>
          (select coalesce(sum(l.amount), 0) from ledger_allocation l
           where l.year = a.year and l.province = a.province)""",
    gettext_noop("what is committed is what no voucher was drawn for"): """
        select a.year || '/' || a.province from ledger_account a
        left join ledger_commitment c
          on c.year = a.year and c.province = a.province and c.state = 'committed'
        where a.code = 'committed'
        group by a.id having a.balance <> coalesce(sum(c.amount - c.drawn), 0)""",
    gettext_noop("drawn is the sum of the vouchers that stand"): """
        select c.id::text from ledger_commitment c
        left join ledger_voucher v on v.commitment_id = c.id and v.state <> 'cancelled'
        group by c.id having c.drawn <> coalesce(sum(v.amount), 0)""",
    gettext_noop("each account of vouchers is the sum of its vouchers"): """
        with stood as (
          select v.year, v.province,
            case when v.state = 'paid' and v.advance then 'advanced' else v.state end as code,
            v.amount - v.refunded - v.certified as amount
          from ledger_voucher v where v.state <> 'cancelled'
          union all
          select v.year, v.province, 'paid', v.certified from ledger_voucher v where v.certified > 0
        ), summed as (
          select year, province, code, sum(amount) as amount from stood group by 1, 2, 3
        )
        select a.year || '/' || a.province || '/' || a.code from ledger_account a
        left join summed s using (year, province, code)
        where a.code in ('vouchered', 'ordered', 'sent', 'returned', 'advanced', 'paid')
          and a.balance <> coalesce(s.amount, 0)
        union all
        select s.year || '/' || s.province || '/' || s.code from summed s
        where s.amount <> 0 and not exists (
          select 1 from ledger_account a
          where (a.year, a.province, a.code) = (s.year, s.province, s.code))""",
    gettext_noop("each voucher's postings stand where the voucher stands"): """
        select v.id::text from ledger_voucher v
        join ledger_posting p on p.voucher_id = v.id join ledger_account a on a.id = p.account_id
        group by v.id
        having sum(p.amount) filter (where a.code = case
            when v.state = 'paid' and v.advance then 'advanced'
            when v.state = 'cancelled' then 'committed' else v.state end)
          is distinct from (case when v.state = 'cancelled' then 0
            else v.amount - v.refunded - v.certified end)""",
    gettext_noop("each voucher was posted"): """
        select v.id::text from ledger_voucher v
        where not exists (select 1 from ledger_posting p where p.voucher_id = v.id)""",
    gettext_noop("a voucher has one living payment, and only while it is sent or paid"): """
        select v.id::text from ledger_voucher v
        left join ledger_payment p on p.voucher_id = v.id and p.state <> 'returned'
        group by v.id having count(p.id) <> (v.state in ('sent', 'paid'))::int""",
    gettext_noop("each payment is of its voucher's amount"): """
        select p.reference from ledger_payment p join ledger_voucher v on v.id = p.voucher_id
        where p.amount <> v.amount""",
    gettext_noop("each answer of the bank has its line, of the same amount, once"): """
        select p.reference from ledger_payment p
        left join ledger_statementline l on l.payment_id = p.id and l.state = 'done'
        group by p.id having
          count(l.id) filter (where l.kind = 'paid') > 1
          or count(l.id) filter (where l.kind = 'returned') <> (p.state = 'returned')::int
          or (p.state = 'confirmed') <> (count(l.id) filter (where l.kind = 'paid') = 1
              and p.state <> 'returned')
          or bool_or(l.amount <> p.amount)""",
    gettext_noop("each order is the sum of its vouchers, or of its payments once it was sent"): """
        select o.id::text from ledger_order o
        left join lateral (
          select sum(v.amount) as total, count(*) as count from ledger_voucher v
          where v.order_id = o.id and o.state in ('ordered', 'released')
        ) v on true
        left join lateral (
          select sum(p.amount) as total, count(*) as count from ledger_payment p
          join ledger_bankfile f on f.id = p.file_id
          where f.order_id = o.id and o.state = 'sent'
        ) p on true
        where o.state <> 'refused'
          and (coalesce(v.total, p.total, 0), greatest(v.count, p.count)) <> (o.total, o.count)""",
    gettext_noop("whoever released is not who ordered"): """
        select o.id::text from ledger_order o
        where o.state in ('released', 'sent') and o.decided_by is not distinct from o.ordered_by""",
    gettext_noop("whoever confirmed a payee is not who proposed it"): """
        select p.id::text from ledger_payeerecord p
        where p.state = 'accepted' and p.decided_by is not distinct from p.proposed_by""",
    gettext_noop("each voucher's payee is its first or one that was confirmed"): """
        select v.id::text from ledger_voucher v join ledger_payeerecord p on p.id = v.payee_id
        where p.voucher_id <> v.id
          or (v.state in ('ordered', 'sent', 'paid')
              and p.state not in ('first', 'known', 'accepted'))""",
    gettext_noop("what was refunded is the sum of the refunds"): """
        select v.id::text from ledger_voucher v left join ledger_refund r on r.voucher_id = v.id
        group by v.id having v.refunded <> coalesce(sum(r.amount), 0)""",
    gettext_noop("what was certified is the sum of the certificates"): """
        select v.id::text from ledger_voucher v
        join ledger_commitment c on c.id = v.commitment_id
        left join ledger_certificate k on k.advance_id = c.object_id and k.state = 'accepted'
        where v.advance and v.state <> 'cancelled'
        group by v.id having v.certified <> coalesce(sum(k.amount), 0)""",
}  # fmt: skip

SHOWN = 5


def title(proof: str) -> str:
    """What is proven, in the active language."""
    return gettext(proof)


def faults() -> Iterator[Fault]:
    """Every proof that fails, each read in one snapshot."""
    for proof, statement in PROOFS.items():
        with connection.cursor() as cursor:
            cursor.execute(statement)
            found = [str(row[0]) for row in cursor.fetchall()]
        if found:
            yield Fault(proof, len(found), tuple(found[:SHOWN]))


@dataclass(frozen=True)
class Proven:
    """What was re-added, and what does not hold."""

    entries: int
    postings: int
    faults: list[Fault]


def prove() -> Proven:
    """Re-add everything in one snapshot, so that payments going on meanwhile do not disturb."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # in a transaction of its own
            cursor.execute("set transaction isolation level repeatable read, read only")
        cursor.execute(
            "select (select count(*) from ledger_entry), (select count(*) from ledger_posting)"
        )
        entries, postings = cursor.fetchone()
        return Proven(entries, postings, list(faults()))
