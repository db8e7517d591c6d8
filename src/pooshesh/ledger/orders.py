"""The writers of payment orders: one person orders, another releases, each within their limit."""

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Q, Sum
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.bulk import uncollected
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.ledger import purse, terms
from pooshesh.ledger.holding import refuse_held
from pooshesh.ledger.models import (
    Code,
    Limit,
    LimitVerb,
    Order,
    OrderState,
    PayeeState,
    Voucher,
    VoucherState,
)
from pooshesh.ledger.payees import AGREED
from pooshesh.ledger.purse import Purse
from pooshesh.ledger.signals import tell
from pooshesh.ledger.states import PAYMENT_ORDER
from pooshesh.ledger.vouchers import MOVING, moved_by, payable, reasoned
from pooshesh.places.models import Area, AreaKind

explain(
    {
        "ledger.nothing_to_order": gettext_noop("No voucher was chosen; expected at least one."),
        "ledger.one_purse": gettext_noop(
            "The vouchers are of more than one year or province; order them apart."
        ),
        "ledger.not_waiting": gettext_noop(
            "Voucher %(read)s does not wait to be ordered any more."
        ),
        "ledger.change_open": gettext_noop(
            "A change of the payee of voucher %(read)s waits for a second person."
        ),
        "ledger.payee_alone": gettext_noop(
            "Whom voucher %(read)s is paid to was written by one person, and nobody has confirmed"
            " it. Propose the payee; a second person then confirms."
        ),
        "ledger.beyond_day": gettext_noop(
            "With the orders of today it comes to %(asked)s; in one day you may act on at most"
            " %(most)s. Go on tomorrow, or leave it to somebody with a higher limit."
        ),
        "ledger.beyond_limit": gettext_noop(
            "The order comes to %(asked)s; you may act on at most %(most)s. Order less,"
            " or leave it to somebody with a higher limit."
        ),
    }
)


@uncollected()
@transaction.atomic
def order(vouchers: Sequence[Voucher], *, actor: UUID, at: dt.datetime | None = None) -> Order:
    """Put vouchers of one year and province in an order that somebody else releases.

    All or nothing. Raises Invalid beyond the actor's limit, or when one does not wait any more.
    """
    if not vouchers:
        raise Invalid("ledger.nothing_to_order")
    own = Purse(vouchers[0].year, vouchers[0].province)
    if any((one.year, one.province) != own for one in vouchers):
        raise Invalid("ledger.one_purse")
    books = purse.lock([own])
    ids = {one.pk for one in vouchers}
    rows = _locked(Q(pk__in=ids))
    for one in rows:
        if one.state != VoucherState.VOUCHERED:
            raise Invalid("ledger.not_waiting", read=one.number)
    refuse_held(rows)
    changing = Voucher.objects.filter(pk__in=ids, payees__state=PayeeState.WAITING).first()
    if changing:
        raise Invalid("ledger.change_open", read=changing.number)
    alone = next((one for one in rows if one.payee.state not in AGREED), None)
    if alone:
        raise Invalid("ledger.payee_alone", read=alone.number)
    payable(rows)
    total = sum(one.amount for one in rows)
    when = at or timezone.now()
    within_limits(LimitVerb.ORDER, actor, total, when)
    last = Order.objects.filter(year=own.year, province=own.province).aggregate(n=Max("number"))
    path = Area.objects.get(kind=AreaKind.PROVINCE, province=own.province).path
    made = Order.objects.create(
        number=(last["n"] or 0) + 1, year=own.year, province=own.province, area_path=path,
        total=total, count=len(rows), ordered_by=actor, ordered_at=when,
    )  # fmt: skip
    Voucher.objects.filter(pk__in=ids).update(state=VoucherState.ORDERED, order=made)
    lines = [
        line
        for one in rows
        for line in books.move(own, Code.VOUCHERED, Code.ORDERED, one.amount, voucher=one.pk)
    ]
    purse.post("order", lines, actor=actor, key=f"order {made.pk}", about=made.pk, at=at)
    _record("order", made, actor)
    tell(moved_by(rows, "ordered", made.ordered_at))
    return made


@uncollected()
@transaction.atomic
def release(given: Order, *, actor: UUID, at: dt.datetime | None = None) -> Order:
    """Release what somebody else ordered. Raises Invalid for one's own, or beyond one's limits."""
    when = at or timezone.now()
    within_limits(LimitVerb.RELEASE, actor, given.total, when)
    purse.lock([Purse(given.year, given.province)])
    made = _decide(given, "release", actor, at=when)
    rows = _locked(Q(order=made))
    refuse_held(rows)
    payable(rows)
    _record("release", made, actor)
    return made


@transaction.atomic
def refuse(given: Order, *, why: str, actor: UUID) -> Order:
    """Send an order back, also one that was released and is in no bank file yet: its vouchers wait
    again. Who ordered it may take it back so too."""
    reason, own = reasoned(why), Purse(given.year, given.province)
    books = purse.lock([own])
    made = _decide(given, "refuse", actor, reason)
    rows = _locked(Q(order=made))
    Voucher.objects.filter(pk__in=[one.pk for one in rows]).update(
        state=VoucherState.VOUCHERED, order=None
    )
    lines = [
        line
        for one in rows
        for line in books.move(own, Code.ORDERED, Code.VOUCHERED, one.amount, voucher=one.pk)
    ]
    purse.post("refuse", lines, actor=actor, key=f"refuse {made.pk}", about=made.pk, why=reason)
    _record("refuse", made, actor, reason)
    tell(moved_by(rows, "vouchered", timezone.now()))
    return made


def within_limits(verb: LimitVerb, actor: UUID, total: int, when: dt.datetime) -> None:
    """Raises Invalid where an order is more than somebody may order or release, alone or with the
    others of that day: splitting one large order helps nobody. Their orders follow each other."""
    most = limit_of(verb, actor)
    if total > most.amount:
        raise Invalid("ledger.beyond_limit", asked=Rial(total), most=most)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ledger {verb} {actor}"]
        )
    together, day = total + _of_day(verb, actor, when), limit_of(f"{verb}_day", actor)
    if together > day.amount:
        raise Invalid("ledger.beyond_day", asked=Rial(together), most=day)


def _of_day(verb: LimitVerb, actor: UUID, when: dt.datetime) -> int:
    """What somebody ordered or released on a day, but for what was refused since."""
    day = timezone.localdate(when)
    who = (
        Q(ordered_by=actor, ordered_at__date=day)
        if verb == LimitVerb.ORDER
        else Q(decided_by=actor, decided_at__date=day)
    )
    rows = Order.objects.filter(who).exclude(state=OrderState.REFUSED)
    return int(rows.aggregate(sum=Sum("total"))["sum"] or 0)


def left_today(verb: LimitVerb, actor: UUID) -> Rial:
    """What somebody may still order or release today."""
    left = limit_of(f"{verb}_day", actor).amount - _of_day(verb, actor, timezone.now())
    return Rial(max(0, left))


def limit_of(verb: str, actor: UUID | str) -> Rial:
    """The most somebody may order or release today; "" is whoever has no own limit."""
    rows = Limit.objects.on(timezone.localdate()).filter(verb=verb, holder__in=["", str(actor)])
    found = rows.order_by("-holder").first()
    if found:
        return Rial(found.most)
    return terms.LIMIT_DAY if verb.endswith("_day") else terms.LIMIT


def _decide(
    given: Order, verb: str, actor: UUID, why: str = "", at: dt.datetime | None = None
) -> Order:
    rows = Order.objects.select_for_update(no_key=True)
    now = rows.get(pk=given.pk)
    if now.state != given.state:
        raise Invalid("ledger.moved_on", state=OrderState(now.state).label)
    now.state = PAYMENT_ORDER.next(now.state, verb)
    if verb == "release" and now.ordered_by == actor:
        raise Invalid("ledger.same_person")
    now.decided_by, now.decided_at, now.why = actor, at or timezone.now(), why
    now.save(update_fields=["state", "decided_by", "decided_at", "why"])
    return now


def _locked(which: Q) -> list[Voucher]:
    rows = Voucher.objects.filter(which).select_related("commitment", "payee").order_by("number")
    read = rows.only(*MOVING, "payee__state")
    return list(read.select_for_update(of=("self",), no_key=True))


def _record(verb: str, made: Order, actor: UUID, why: str = "") -> None:
    audit.record(
        f"ledger.{verb}", actor=actor, kind="order", object_id=made.pk, purpose=why,
        content={"total": made.total, "count": made.count}, area_path=made.area_path,
    )  # fmt: skip
