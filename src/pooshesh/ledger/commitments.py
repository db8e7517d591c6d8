"""Decisions bind money: the writers of commitments.

    commit([Commit("fund.request", request.pk, person, "sma", "15", path, 1404, 10_000_000)], …)

What is left is checked under the lock of the purse, and the balance of an account can not go below
zero: fifty who approve at once cannot spend more than was allocated.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
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
    """Bind money, all or nothing; the commitments in the order asked. 4 statements for any number.

    The same object again is the same commitment. A person's money stands under the record that
    they stand under now. Raises Invalid("ledger.exceeded", left, asked) when a purse does not
    suffice; a refusal ends the caller's transaction too.
    """
    if not rows:
        return []
    books = purse.lock(Purse(row.year, row.province) for row in rows)
    now = at or timezone.now()
    made = _write(rows, actor, now)
    new = [row for row in rows if row.object_id in made]
    asked: Counter[Purse] = Counter()
    for row in new:
        asked[Purse(row.year, row.province)] += row.amount
    for own, amount in asked.items():
        if (own, Code.AVAILABLE) in books.accounts and books.free(own) == Code.LAPSED:
            raise Invalid("ledger.year_closed", year=own.year)
        if amount > books.left(own):
            raise Invalid("ledger.exceeded", left=Rial(books.left(own)), asked=Rial(amount))
    if new:
        lines = [
            line
            for row in new
            for line in books.move(
                Purse(row.year, row.province), Code.AVAILABLE, Code.COMMITTED, row.amount,
                commitment=made[row.object_id].pk,
            )
        ]  # fmt: skip
        first = made[new[0].object_id].pk
        purse.post("commit", lines, actor=actor, key=f"commit {first}", at=now)
        audit.record(
            "ledger.commit", actor=actor, kind="commitment", object_id=first,
            content={"count": len(new), "amount": sum(row.amount for row in new)},
            area_path=new[0].area_path if len(new) == 1 else "",
            persons=[row.person_id for row in new if row.person_id],
        )  # fmt: skip
        tell([Move(row.object_id, row.kind, "committed", None, now) for row in new])
    return _in_order(rows, made)


def _write(rows: Sequence[Commit], actor: UUID | None, at: dt.datetime) -> dict[UUID, Commitment]:
    """Object → its commitment, of those that had none."""
    columns = zip(
        *(
            (pk, r.kind, r.object_id, r.person_id, r.disease, r.province, r.area_path, r.year,
             checked(r.amount))
            for pk, r in zip(uuid7s(len(rows)), rows, strict=True)
        ),
        strict=True,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into ledger_commitment (id, kind, object_id, person_id, disease, province,
                 area_path, year, amount, drawn, state, actor, at)
               select v.id, v.kind, v.object, coalesce(m.survivor_id, v.person), v.disease,
                 v.province, v.path::ltree, v.year, v.amount, 0, 'committed', %s, %s
               from unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[],
                      %s::text[], %s::int[], %s::bigint[])
                 as v(id, kind, object, person, disease, province, path, year, amount)
               left join people_merge m on m.person_id = v.person and m.undone_at is null
               on conflict (object_id) where state <> 'cancelled' do nothing
               returning id, object_id, person_id""",
            [actor, at, *map(list, columns)],
        )
        found = {row[1]: row for row in cursor.fetchall()}
    asked = {row.object_id: row for row in rows}
    return {
        object_id: Commitment(
            id=pk, kind=asked[object_id].kind, object_id=object_id, person_id=person,
            disease=asked[object_id].disease, province=asked[object_id].province,
            area_path=asked[object_id].area_path, year=asked[object_id].year,
            amount=asked[object_id].amount, actor=actor, at=at,
        )
        for object_id, (pk, _object, person) in found.items()
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
