"""Decisions bind money: the writers of commitments.

    commit([Commit("fund.request", request.pk, person, "sma", "15", path, 1404, 10_000_000)], …)

What is left is checked under the lock of the purse, and the balance of an account can not go below
zero: fifty who approve at once cannot spend more than was allocated.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.bulk import prepared
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7, uuid7s
from pooshesh.kernel.money import Rial
from pooshesh.ledger import purse
from pooshesh.ledger.models import Code, Commitment, CommitmentState
from pooshesh.ledger.purse import Purse, checked
from pooshesh.ledger.signals import Move, tell

explain(
    {
        "ledger.committed_otherwise": gettext_noop(
            "For this decision %(committed)s were committed before, and %(asked)s are asked now;"
            " cancel the first commitment."
        ),
        "ledger.voucher_stands": gettext_noop(
            "A voucher was drawn for this decision; cancel the voucher first."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Commit:
    """A decision that binds `amount` rial of the budget of a Jalali `year` in a province.

    `object_id` is what was decided, in the room of `kind`; `person_id` None for an advance.
    """

    kind: str
    object_id: UUID
    person_id: UUID | None
    disease: str
    province: str
    area_path: str
    year: int
    amount: int


@transaction.atomic(savepoint=False)
def commit(
    rows: Sequence[Commit], *, actor: UUID | None, at: dt.datetime | None = None
) -> list[Commitment]:
    """Bind money, all or nothing; the commitments in the order asked. 2 statements for any number.

    The same object again is the same commitment. A person's money stands under the record that
    they stand under now. Raises Invalid("ledger.exceeded", left, asked) when a purse does not
    suffice; a refusal ends the caller's transaction too.
    """
    if not rows:
        return []
    now = at or timezone.now()
    made = _write(rows, actor, now)
    new = [row for row in rows if row.object_id in made]
    if new:
        audit.record(
            "ledger.commit", actor=actor, kind="commitment", object_id=made[new[0].object_id].pk,
            content={"count": len(new), "amount": sum(row.amount for row in new)},
            area_path=new[0].area_path if len(new) == 1 else "",
            persons=[row.person_id for row in new if row.person_id],
        )  # fmt: skip
        tell([Move(row.object_id, row.kind, "committed", None, now) for row in new])
    return _in_order(rows, made)


# The purses are locked first, then the commitments are made, as `purse.lock` and `purse.post` do
# it in statements of their own; where a purse does not suffice nothing is posted.
_COMMIT = """
with asked as materialized (
  select * from json_to_recordset(%(rows)s::json) as v(id uuid, kind text, object uuid,
    person uuid, disease text, province text, path text, year int, amount bigint)
), held as materialized (
  select a.id, a.year, a.province, a.code, a.balance, a.closed from ledger_account a
  where (a.year, a.province) in (select year, province from asked)
  order by a.id for no key update of a
), made as (
  insert into ledger_commitment (id, kind, object_id, person_id, disease, province, area_path,
    year, amount, drawn, state, actor, at)
  select v.id, v.kind, v.object,
    coalesce((select m.survivor_id from people_merge m
      where m.person_id = v.person and m.undone_at is null), v.person),
    v.disease, v.province, v.path::ltree, v.year, v.amount, 0, 'committed', %(actor)s, %(at)s
  from (select count(*) from held) locked cross join asked v
  on conflict (object_id) where state <> 'cancelled' do nothing
  returning id, object_id, person_id, year, province, amount
), short as (
  select n.year, n.province, n.amount, coalesce(h.balance, 0) as left, h.closed
  from (select year, province, sum(amount) as amount from made group by 1, 2) n
  left join held h on h.year = n.year and h.province = n.province and h.code = 'available'
  where h.id is null or h.closed or n.amount > h.balance
), entry as (
  insert into ledger_entry (id, at, verb, key, actor, why)
  select %(entry)s, %(at)s, 'commit', 'commit ' || id, %(actor)s, '' from made
  where not exists (select 1 from short) order by id limit 1
  returning id
), posted as (
  insert into ledger_posting (entry_id, account_id, amount, commitment_id)
  select entry.id, h.id, case h.code when 'available' then -m.amount else m.amount end, m.id
  from entry cross join made m
  join held h on h.year = m.year and h.province = m.province
  where h.code in ('available', 'committed')
)
select id, object_id, person_id, null::int, null::bigint, null::bigint, null::boolean from made
union all
select null, null, null, year, amount::bigint, "left", closed from short
"""


def _write(rows: Sequence[Commit], actor: UUID | None, at: dt.datetime) -> dict[UUID, Commitment]:
    """Object → its commitment, of those that had none; 1 statement. Raises Invalid as `commit`."""
    asked = {row.object_id: row for row in rows}
    values = [
        {
            "id": pk, "kind": r.kind, "object": r.object_id, "person": r.person_id,
            "disease": r.disease, "province": r.province, "path": r.area_path, "year": r.year,
            "amount": checked(r.amount),
        }
        for pk, r in zip(uuid7s(len(rows)), rows, strict=True)
    ]  # fmt: skip
    found = prepared(
        _COMMIT,
        {"rows": orjson.dumps(values).decode(), "actor": actor, "at": at, "entry": uuid7()},
    )
    for *_made, year, amount, left, closed in found:
        if closed:
            raise Invalid("ledger.year_closed", year=year)
        if year is not None:
            raise Invalid("ledger.exceeded", left=Rial(left), asked=Rial(amount))
    return {
        object_id: Commitment(
            id=pk, kind=asked[object_id].kind, object_id=object_id, person_id=person,
            disease=asked[object_id].disease, province=asked[object_id].province,
            area_path=asked[object_id].area_path, year=asked[object_id].year,
            amount=asked[object_id].amount, actor=actor, at=at,
        )
        for pk, object_id, person, *_short in found
    }  # fmt: skip


def _in_order(rows: Sequence[Commit], made: dict[UUID, Commitment]) -> list[Commitment]:
    """Those made now and those that were there. Raises Invalid where another amount was bound."""
    known = dict(made)
    missing = [row.object_id for row in rows if row.object_id not in made]
    if missing:
        live = Commitment.objects.filter(object_id__in=missing)
        known |= {one.object_id: one for one in live.exclude(state=CommitmentState.CANCELLED)}
    for row in rows:
        if known[row.object_id].amount != row.amount:
            raise Invalid(
                "ledger.committed_otherwise", committed=known[row.object_id].rial,
                asked=Rial(row.amount),
            )  # fmt: skip
    return [known[row.object_id] for row in rows]


@transaction.atomic
def undo(object_ids: Collection[UUID], *, why: str, actor: UUID | None) -> int:
    """Set money of decisions free that were taken back; how many commitments.

    What has none, or was undone before, is passed over. Raises Invalid where a voucher stands.
    """
    live = Commitment.objects.filter(object_id__in=object_ids).exclude(
        state=CommitmentState.CANCELLED
    )
    books = purse.lock(Purse(*one) for one in live.values_list("year", "province"))
    rows = list(live.order_by("id").select_for_update(no_key=True))
    if not rows:
        return 0
    if any(row.drawn for row in rows):
        raise Invalid("ledger.voucher_stands")
    lines = [
        line
        for row in rows
        for own in [Purse(row.year, row.province)]
        for line in books.move(
            own, Code.COMMITTED, books.free(own), row.amount, commitment=row.pk
        )
    ]  # fmt: skip
    Commitment.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=CommitmentState.CANCELLED
    )
    purse.post("undo", lines, actor=actor, key=f"undo {rows[0].pk}", why=why)
    audit.record(
        "ledger.undo", actor=actor, kind="commitment", object_id=rows[0].pk, purpose=why,
        content={"count": len(rows), "amount": sum(row.amount for row in rows)},
        persons=[row.person_id for row in rows if row.person_id],
    )  # fmt: skip
    now = timezone.now()
    tell([Move(row.object_id, row.kind, "cancelled", None, now) for row in rows])
    return len(rows)
