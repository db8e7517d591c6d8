"""Whom a voucher is paid to changes: one person proposes it, another confirms or refuses."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.ledger import purse
from pooshesh.ledger.models import Code, PayeeRecord, PayeeState, Voucher, VoucherState
from pooshesh.ledger.payees import Payee, sealed
from pooshesh.ledger.purse import Purse
from pooshesh.ledger.signals import tell
from pooshesh.ledger.vouchers import moved_by, moved_to, patients_of, reasoned

explain(
    {
        "ledger.payee_frozen": gettext_noop(
            "The voucher is “%(state)s”; whom it is paid to changes only before it is ordered or"
            " after it was returned."
        ),
        "ledger.change_waits": gettext_noop(
            "A change of this payee waits for a second person already."
        ),
    }
)


@transaction.atomic
def propose_payee(voucher: Voucher, payee: Payee, *, why: str, actor: UUID) -> PayeeRecord:
    """Ask for another payee or sheba; a second person confirms or refuses it."""
    name, sheba, blind = sealed(payee)
    reason = reasoned(why)
    now = Voucher.objects.select_for_update(no_key=True).get(pk=voucher.pk)
    _changeable(now)
    try:
        with transaction.atomic():
            made = PayeeRecord.objects.create(
                voucher=now, kind=payee.kind, name=name, sheba=sheba, sheba_blind=blind,
                facility_id=payee.facility_id, state=PayeeState.WAITING, why=reason,
                proposed_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("ledger.change_waits") from error
    audit.record(
        "ledger.propose_payee", actor=actor, kind="voucher", object_id=voucher.pk,
        fields=["name", "sheba"], purpose=reason, area_path=voucher.area_path,
        persons=patients_of([voucher]),
    )  # fmt: skip
    return made


@transaction.atomic
def decide_payee(change: PayeeRecord, *, accept: bool, why: str = "", actor: UUID) -> Voucher:
    """Confirm or refuse another's change. One of a returned voucher lets it be paid again."""
    voucher = Voucher.objects.select_related("commitment").get(pk=change.voucher_id)
    own = Purse(voucher.year, voucher.province)
    books = purse.lock([own])
    locked = Voucher.objects.select_related("commitment").select_for_update(
        of=("self",), no_key=True
    )
    voucher = locked.get(pk=voucher.pk)
    if change.proposed_by == actor:
        raise Invalid("ledger.same_person")
    if accept:
        _changeable(voucher)
    state = PayeeState.ACCEPTED if accept else PayeeState.REFUSED
    waiting = PayeeRecord.objects.filter(pk=change.pk, state=PayeeState.WAITING)
    if not waiting.update(state=state, decided_by=actor, decided_at=timezone.now()):
        raise Invalid("ledger.decided")
    if accept:
        Voucher.objects.filter(pk=voucher.pk).update(payee=change)
        if voucher.state == VoucherState.RETURNED:
            moved_to(voucher, "reissue")
            purse.post(
                "reissue", books.move(own, Code.RETURNED, Code.VOUCHERED, voucher.amount,
                                      voucher=voucher.pk),
                actor=actor, key=f"reissue payee {change.pk}", about=voucher.pk, why=change.why,
            )  # fmt: skip
            tell(moved_by([voucher], "vouchered", timezone.now()))
    audit.record(
        "ledger.accept_payee" if accept else "ledger.refuse_payee", actor=actor, kind="voucher",
        object_id=voucher.pk, content={"change": change.pk}, purpose=clean(why) or change.why,
        area_path=voucher.area_path, persons=patients_of([voucher]),
    )  # fmt: skip
    return voucher


def _changeable(voucher: Voucher) -> None:
    if voucher.state not in (VoucherState.VOUCHERED, VoucherState.RETURNED):
        raise Invalid("ledger.payee_frozen", state=VoucherState(voucher.state).label)
