"""The writers of vouchers: draw, pay again, cancel, refund.

Name and sheba are sealed and frozen as the voucher is drawn. An account that nobody named before,
or another than the decision or its last voucher names, waits for a second person (`changing`), and
nothing is ordered before; the database refuses any other way to change it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.money import Rial
from pooshesh.kernel.once import made_before
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.ledger import purse
from pooshesh.ledger.models import (
    Code,
    Commitment,
    CommitmentState,
    PayeeKind,
    PayeeRecord,
    PayeeState,
    Refund,
    Voucher,
    VoucherState,
)
from pooshesh.ledger.payees import Payee, agreed, opened, same, sealed
from pooshesh.ledger.purse import Line, Purse, checked
from pooshesh.ledger.registry import kind_of
from pooshesh.ledger.signals import Move, tell
from pooshesh.ledger.states import VOUCHER
from pooshesh.people.merged import died

ADVANCE = "ledger.advance"  # the kind of a commitment for a provider's advance
SHORTEST_REASON = 10

explain(
    {
        "ledger.commitment_cancelled": gettext_noop("The commitment was cancelled."),
        "ledger.payee_died": gettext_noop(
            "The patient of %(read)s died; the money goes to an heir, not to the patient's account."
        ),
        "ledger.held": gettext_noop("This money is bound and not paid yet: %(why)s."),
        "ledger.beyond_commitment": gettext_noop(
            "%(asked)s are asked, and %(left)s of the commitment stand on no voucher."
        ),
        "ledger.another_payee": gettext_noop(
            "The decision, or its last voucher, names another payee or account. Say why this one"
            " is to be paid, in at least %(least)s letters; a second person confirms it."
        ),
        "ledger.reason_short": gettext_noop(
            "The reason is too short; expected at least %(least)s letters."
        ),
        "ledger.same_person": gettext_noop(
            "Whoever began this does not also confirm it; expected another person."
        ),
        "ledger.decided": gettext_noop("Somebody decided this before."),
        "ledger.moved_on": gettext_noop(
            "Somebody else has acted on this meanwhile: it is “%(state)s” now."
        ),
        "ledger.not_paid": gettext_noop("The voucher is not paid; there is nothing to give back."),
        "ledger.beyond_paid": gettext_noop(
            "%(asked)s are more than the %(left)s that are still with the payee."
        ),
        "ledger.reference_empty": gettext_noop("Write the reference number of the bank."),
        "ledger.reference_taken": gettext_noop(
            "The reference number “%(read)s” was recorded for another refund; the same money is"
            " never counted twice."
        ),
        "ledger.in_future": gettext_noop("The day %(read)s lies in the future."),
    }
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A voucher to be drawn; `amount` None is all that stands on no voucher yet.

    `why` is asked for where another is to be paid than was agreed; `once` is the voucher's id.
    """

    commitment: Commitment
    payee: Payee
    amount: Rial | None = None
    why: str = ""
    once: UUID | None = None


@transaction.atomic
def draw(
    commitment: Commitment, payee: Payee, amount: Rial | None = None, *, why: str = "",
    once: UUID | None = None, actor: UUID | None,
) -> Voucher:  # fmt: skip
    """A voucher over a commitment, or over a share of it; the same `once` is the same voucher."""
    facts = {"amount": amount.amount} if amount else {}
    before = made_before(Voucher, once, commitment_id=commitment.pk, actor=actor, **facts)
    if before:
        if not any(same(opened(one), payee) for one in before.payees.all()):
            raise Invalid("once.changed")
        return before
    return draw_many([Drawing(commitment, payee, amount, why, once)], actor=actor)[0]


@transaction.atomic
def draw_many(
    rows: Sequence[Drawing], *, actor: UUID | None, at: dt.datetime | None = None
) -> list[Voucher]:
    """Vouchers in the order asked, all or nothing, in a fixed number of statements.

    One for another payee than was agreed is drawn for whom was agreed, and the other waits for a
    second person; so does one whom a user writes where nobody was agreed. Raises Invalid for a
    sheba that is not one, a patient who died, a cancelled commitment, one that is not to be paid
    yet, or beyond what is left of it.
    """
    if not rows:
        return []
    ids = {row.commitment.pk for row in rows}
    wanted = Commitment.objects.filter(pk__in=ids)
    books = purse.lock({Purse(*one) for one in wanted.values_list("year", "province")})
    found = {one.pk: one for one in wanted.order_by("id").select_for_update(no_key=True)}
    _not_held(found.values())
    to_patients = [found[row.commitment.pk] for row in rows if row.payee.kind == PayeeKind.PATIENT]
    _living(to_patients)
    known = agreed(found.values())
    numbers = _last_numbers({Purse(one.year, one.province) for one in found.values()})
    drawn: dict[UUID, int] = defaultdict(int)
    made: list[Voucher] = []
    payees: list[tuple[object, ...]] = []
    lines: list[Line] = []
    at = at or timezone.now()
    pks = iter(uuid7s(3 * len(rows)))
    for row in rows:
        one = found[row.commitment.pk]
        if one.state == CommitmentState.CANCELLED:
            raise Invalid("ledger.commitment_cancelled")
        left = one.amount - one.drawn - drawn[one.pk]
        amount = row.amount.amount if row.amount else left
        if amount > left or not left:
            raise Invalid("ledger.beyond_commitment", asked=Rial(amount), left=Rial(left))
        drawn[one.pk] += checked(amount)
        own = Purse(one.year, one.province)
        numbers[own] += 1
        voucher = Voucher(
            id=row.once or next(pks), number=numbers[own], year=one.year, province=one.province,
            area_path=one.area_path, commitment=one, payee_id=next(pks), amount=amount,
            advance=one.kind == ADVANCE, actor=actor, at=at,
        )  # fmt: skip
        made.append(voucher)
        first = known.get(one.pk)
        written = actor is not None and not first  # by one person alone
        state = PayeeState.WAITING if written else PayeeState.KNOWN
        drawn_for = (voucher.payee_id, voucher.pk, first or row.payee, state, clean(row.why))
        payees.append(_payee(*drawn_for, actor, at))
        if first and not same(first, row.payee):
            why = _said_why(row.why)
            waits = (next(pks), voucher.pk, row.payee, PayeeState.WAITING, why)
            payees.append(_payee(*waits, actor, at))
        lines += books.move(own, Code.COMMITTED, Code.VOUCHERED, amount, voucher=voucher.pk)
    _raise_drawn(drawn)
    copy_in(PayeeRecord, _PAYEE, payees)
    Voucher.objects.bulk_create(made)
    purse.post("draw", lines, actor=actor, key=f"draw {made[0].pk}", at=at)
    audit.record(
        "ledger.draw", actor=actor, kind="voucher", object_id=made[0].pk,
        content={"count": len(made), "amount": sum(one.amount for one in made)},
        area_path=made[0].area_path if len(made) == 1 else "",
        persons=patients_of(made),
    )  # fmt: skip
    tell(moved_by(made, "vouchered", at))
    return made


def _living(commitments: Sequence[Commitment]) -> None:
    """Raises Invalid where a patient is to be paid who died."""
    found = died({one.person_id for one in commitments if one.person_id})
    dead = next((one for one in commitments if one.person_id in found), None)
    if dead:
        raise Invalid("ledger.payee_died", read=str(kind_of(dead.kind).title))


def payable(rows: Sequence[Voucher]) -> None:
    """Raises Invalid for a voucher to a patient who died since; their commitments are loaded."""
    ids = [one.payee_id for one in rows]
    to_patients = set(
        PayeeRecord.objects.filter(pk__in=ids, kind=PayeeKind.PATIENT).values_list("pk", flat=True)
    )
    own = [one for one in rows if one.payee_id in to_patients]
    found = died({one.commitment.person_id for one in own if one.commitment.person_id})
    dead = next((one for one in own if one.commitment.person_id in found), None)
    if dead:
        raise Invalid("ledger.payee_died", read=f"{dead.year}-{dead.number}")


def _not_held(commitments: Iterable[Commitment]) -> None:
    """Raises Invalid where money is bound that is not to be paid yet."""
    objects: dict[str, list[UUID]] = defaultdict(list)
    for one in commitments:
        objects[one.kind].append(one.object_id)
    for kind, some in objects.items():
        for why, rows in kind_of(kind).held():
            if rows.filter(pk__in=some).exists():
                raise Invalid("ledger.held", why=str(why))


_PAYEE = (
    "id", "voucher_id", "kind", "name", "sheba", "sheba_blind", "facility_id", "state", "why",
    "proposed_by", "proposed_at",
)  # fmt: skip


def _payee(
    pk: UUID, voucher: UUID, payee: Payee, state: str, why: str, actor: UUID | None, at: dt.datetime
) -> tuple[object, ...]:
    """A row of `_PAYEE`."""
    return (pk, voucher, payee.kind, *sealed(payee), payee.facility_id, state, why, actor, at)


def _said_why(why: str) -> str:
    """Why another is paid than was agreed. Raises Invalid for too short a reason."""
    if len(clean(why)) < SHORTEST_REASON:
        raise Invalid("ledger.another_payee", least=SHORTEST_REASON)
    return clean(why)


def _last_numbers(purses: Iterable[Purse]) -> dict[Purse, int]:
    """The last number of a voucher in each purse; the purses are locked."""
    wanted = set(purses)
    rows = (
        Voucher.objects.filter(
            year__in={p.year for p in wanted}, province__in={p.province for p in wanted}
        )
        .values_list("year", "province")
        .annotate(last=Max("number"))
        .order_by()
    )
    last = {Purse(year, province): number for year, province, number in rows}
    return {one: last.get(one, 0) for one in wanted}


def _raise_drawn(drawn: dict[UUID, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """update ledger_commitment c set drawn = c.drawn + v.amount
               from unnest(%s::uuid[], %s::bigint[]) as v(id, amount) where c.id = v.id""",
            [list(drawn), list(drawn.values())],
        )


def patients_of(vouchers: Sequence[Voucher]) -> list[UUID]:
    return [one.commitment.person_id for one in vouchers if one.commitment.person_id]


#: What is read of vouchers that move by the thousand, with their commitments.
MOVING = (
    "number", "year", "province", "state", "amount", "payee", "commitment__object_id",
    "commitment__kind", "commitment__person", "commitment__held",
)  # fmt: skip


def moved_by(vouchers: Sequence[Voucher], state: str, at: dt.datetime) -> list[Move]:
    """What others are told of vouchers that moved; their commitments are loaded."""
    return [
        Move(one.commitment.object_id, one.commitment.kind, state, one.pk, at) for one in vouchers
    ]


# --- again, not at all, and back --------------------------------------------------------------


def reissue(voucher: Voucher, *, why: str, actor: UUID | None) -> Voucher:
    """Let a returned voucher be paid again to the same payee."""
    return _step(voucher, "reissue", why, actor)


def cancel(voucher: Voucher, *, why: str, actor: UUID | None) -> Voucher:
    """Cancel a voucher that is not with the bank; its money stands on the commitment again."""
    return _step(voucher, "cancel", why, actor)


@transaction.atomic
def _step(voucher: Voucher, verb: str, why: str, actor: UUID | None) -> Voucher:
    reason, own = reasoned(why), Purse(voucher.year, voucher.province)
    books = purse.lock([own])
    source = voucher.state
    now = moved_to(voucher, verb)
    target = Code.VOUCHERED if verb == "reissue" else Code.COMMITTED
    lines = books.move(own, Code(source), target, now.amount, voucher=now.pk)
    if verb == "cancel":
        Commitment.objects.filter(pk=now.commitment_id).update(drawn=F("drawn") - now.amount)
        now.payees.filter(state=PayeeState.WAITING).update(
            state=PayeeState.REFUSED, decided_by=actor, decided_at=timezone.now()
        )
    times = now.payments.count()
    purse.post(verb, lines, actor=actor, key=f"{verb} {now.pk} {times}", about=now.pk, why=reason)
    audit.record(
        f"ledger.{verb}", actor=actor, kind="voucher", object_id=now.pk, purpose=reason,
        content={"amount": now.amount}, area_path=now.area_path, persons=patients_of([now]),
    )  # fmt: skip
    # With the voucher gone the decision stands where it stood before: committed.
    state = {"reissue": "vouchered", "cancel": "committed"}[verb]
    tell(moved_by([now], state, timezone.now()))
    return now


def moved_to(voucher: Voucher, verb: str) -> Voucher:
    """Move a voucher on from the state it was read in; the purse is locked.

    Raises Invalid when it moved on since, or the verb does not fit.
    """
    rows = Voucher.objects.select_related("commitment").select_for_update(of=("self",), no_key=True)
    now = rows.get(pk=voucher.pk)
    if now.state != voucher.state:
        raise Invalid("ledger.moved_on", state=VoucherState(now.state).label)
    now.state = VOUCHER.next(now.state, verb)
    Voucher.objects.filter(pk=now.pk).update(
        state=now.state, **({"order": None} if verb == "reissue" else {})
    )
    return now


@transaction.atomic
def refund(
    voucher: Voucher, amount: Rial, *, reference: str, on: dt.date, why: str, actor: UUID | None
) -> Refund:
    """Write down money a payee gave back; it is free again, or lapses where the year has ended.

    The same reference, voucher, amount and day again is the same refund. Raises Invalid beyond
    what is still with the payee.
    """
    reason, known = reasoned(why), to_latin_digits(clean(reference)).upper()[:40]
    if not known:
        raise Invalid("ledger.reference_empty")
    if on > timezone.localdate():
        raise Invalid("ledger.in_future", read=on)
    own = Purse(voucher.year, voucher.province)
    books = purse.lock([own])
    now = Voucher.objects.select_related("commitment").get(pk=voucher.pk)
    facts = {"voucher_id": now.pk, "amount": checked(amount.amount), "on": on}
    before = Refund.objects.filter(reference=known).first()
    if before:
        if any(getattr(before, name) != value for name, value in facts.items()):
            raise Invalid("ledger.reference_taken", read=known)
        return before
    if now.state != VoucherState.PAID:
        raise Invalid("ledger.not_paid")
    left = now.amount - now.refunded - now.certified
    if amount.amount > left:
        raise Invalid("ledger.beyond_paid", asked=amount, left=Rial(left))
    made = Refund.objects.create(**facts, reference=known, why=reason, actor=actor)
    Voucher.objects.filter(pk=now.pk).update(refunded=F("refunded") + made.amount)
    lines = books.move(own, paid_into(now), books.free(own), made.amount, voucher=now.pk)
    purse.post("refund", lines, actor=actor, key=f"refund {made.pk}", about=made.pk, why=reason)
    audit.record(
        "ledger.refund", actor=actor, kind="voucher", object_id=now.pk, purpose=reason,
        content={"amount": made.amount, "reference": known}, area_path=now.area_path,
        persons=patients_of([now]),
    )  # fmt: skip
    return made


def paid_into(voucher: Voucher) -> Code:
    """Where the money of a paid voucher stands."""
    return Code.ADVANCED if voucher.advance else Code.PAID


def reasoned(why: str) -> str:
    """A reason, cleaned. Raises Invalid for a short one."""
    reason = clean(why)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("ledger.reason_short", least=SHORTEST_REASON)
    return reason
