"""Payments held while a decision is looked at again, and let go on."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.ledger import purse
from pooshesh.ledger.models import Commitment, CommitmentState, Voucher
from pooshesh.ledger.purse import Purse

explain(
    {
        "ledger.payment_held": gettext_noop(
            "Vouchers %(numbers)s are held: the decision they pay is looked at again. Leave them"
            " out, or refuse the order they stand in, until the body has voted."
        ),
    }
)


@transaction.atomic
def hold(object_ids: Collection[UUID], *, why: str, actor: UUID | None) -> set[UUID]:
    """Hold the payment of decisions that vouchers were drawn for; which of them those are."""
    return _set(object_ids, True, why, actor)


@transaction.atomic
def let_go(object_ids: Collection[UUID], *, why: str, actor: UUID | None) -> set[UUID]:
    """Let held payments go on; of which decisions."""
    return _set(object_ids, False, why, actor)


def drawn(object_ids: Collection[UUID]) -> set[UUID]:
    """Of which decisions something stands on a voucher."""
    rows = _live(object_ids).filter(drawn__gt=0)
    return set(rows.values_list("object_id", flat=True))


def _set(ids: Collection[UUID], held: bool, why: str, actor: UUID | None) -> set[UUID]:
    live = _live(ids)
    purse.lock(Purse(*one) for one in live.values_list("year", "province"))
    wanted = live.filter(held=not held, **({"drawn__gt": 0} if held else {}))
    rows = list(wanted.order_by("id").select_for_update(no_key=True))
    if not rows:
        return set()
    Commitment.objects.filter(pk__in=[row.pk for row in rows]).update(held=held)
    audit.record(
        "ledger.hold" if held else "ledger.let_go", actor=actor, kind="commitment",
        object_id=rows[0].pk, purpose=why, content={"count": len(rows)},
        persons=[row.person_id for row in rows if row.person_id],
    )  # fmt: skip
    return {row.object_id for row in rows}


def _live(ids: Collection[UUID]) -> QuerySet[Commitment]:
    return Commitment.objects.filter(object_id__in=ids).exclude(state=CommitmentState.CANCELLED)


def refuse_held(vouchers: Iterable[Voucher]) -> None:
    """Raises Invalid for vouchers that are held; their commitments are loaded."""
    numbers = tuple(one.number for one in vouchers if one.commitment.held)
    if numbers:
        raise Invalid("ledger.payment_held", numbers=numbers)
