"""The writer of bank files: a released order becomes payments and a file, once.

The file is not kept. It is written anew from the payments, whose payee and amount are frozen, and
is the same byte by byte; its digest says so. Whoever was interrupted after the file was made
downloads it again, and nothing is paid twice: a voucher has one living payment, and the bank finds
a payment by its reference.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in, uncollected
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.ledger import purse
from pooshesh.ledger.adapters import Transfer, bank, reference
from pooshesh.ledger.holding import refuse_held
from pooshesh.ledger.models import (
    BankFile,
    Code,
    Order,
    OrderState,
    Payment,
    Voucher,
    VoucherState,
)
from pooshesh.ledger.payees import NAME, SHEBA
from pooshesh.ledger.purse import Purse
from pooshesh.ledger.signals import tell
from pooshesh.ledger.states import PAYMENT_ORDER
from pooshesh.ledger.vouchers import MOVING, moved_by, payable

_PAYMENT = (
    "id", "voucher_id", "payee_id", "file_id", "line", "reference", "province", "state", "amount",
    "sent_at",
)  # fmt: skip

explain(
    {
        "ledger.file_differs": gettext_noop(
            "The file differs from the one that was given to the bank; nothing was written. Tell"
            " the auditor."
        ),
        "ledger.other_adapter": gettext_noop(
            "The file was written for another bank (“%(read)s”); set that one to get it again."
        ),
    }
)


@uncollected()
@transaction.atomic
def send(given: Order, *, actor: UUID | None, at: dt.datetime | None = None) -> BankFile:
    """Turn a released order into payments and the bank's file.

    The same order again is the same file. A fixed number of statements. Raises Invalid before the
    release, and where a payment is held since: for a decision that is looked at again, or for a
    patient who died.
    """
    own = Purse(given.year, given.province)
    books = purse.lock([own])
    now = Order.objects.select_for_update(no_key=True).get(pk=given.pk)
    if now.state == OrderState.SENT:
        return now.file
    PAYMENT_ORDER.next(now.state, "send")
    at = at or timezone.now()
    made = BankFile.objects.create(order=now, adapter=bank().code, sha256="", actor=actor, at=at)
    vouchers = list(
        Voucher.objects.filter(order=now)
        .select_related("commitment").only(*MOVING).order_by("number")
    )  # fmt: skip
    refuse_held(vouchers)
    payable(vouchers)
    copy_in(
        Payment,
        _PAYMENT,
        (
            (pk, one.pk, one.payee_id, made.pk, line, reference(number), one.province, "sent",
             one.amount, at)
            for line, (pk, number, one) in enumerate(
                zip(uuid7s(len(vouchers)), _numbers(len(vouchers)), vouchers, strict=True), 1
            )
        ),
    )  # fmt: skip
    made.sha256 = hashlib.sha256(written(made)).hexdigest()
    made.save(update_fields=["sha256"])
    Voucher.objects.filter(order=now).update(state=VoucherState.SENT)
    Order.objects.filter(pk=now.pk).update(state=OrderState.SENT)
    lines = [
        line
        for one in vouchers
        for line in books.move(own, Code.ORDERED, Code.SENT, one.amount, voucher=one.pk)
    ]
    purse.post("send", lines, actor=actor, key=f"send {now.pk}", about=now.pk, at=at)
    audit.record(
        "ledger.send", actor=actor, kind="order", object_id=now.pk,
        content={"total": now.total, "count": now.count, "sha256": made.sha256},
        area_path=now.area_path,
    )  # fmt: skip
    tell(moved_by(vouchers, "sent", at))
    return made


def _numbers(count: int) -> Sequence[int]:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('ledger_reference') from generate_series(1, %s)", [count])
        return [row[0] for row in cursor.fetchall()]


def written(file: BankFile) -> bytes:
    """What the bank is given. 1 statement."""
    keys = keyring()
    rows = (
        Payment.objects.filter(file=file)
        .order_by("line")
        .values_list(
            "line", "reference", "payee__sheba", "payee__name", "amount", "voucher__year",
            "voucher__number",
        )
    )  # fmt: skip
    return bank().write(
        Transfer(
            line, ref, keys.open(bytes(sheba), SHEBA), keys.open(bytes(name), NAME), amount,
            f"{year}/{number}",
        )
        for line, ref, sheba, name, amount, year, number in rows.iterator(5_000)
    )  # fmt: skip


@transaction.atomic
def download(file: BankFile, *, actor: UUID) -> bytes:
    """The file as it was made, and a line in the trail. Raises Invalid where it would differ."""
    if file.adapter != bank().code:
        raise Invalid("ledger.other_adapter", read=file.adapter)
    content = written(file)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Invalid("ledger.file_differs")
    audit.record(
        "ledger.download", actor=actor, kind="order", object_id=file.order_id,
        content={"sha256": file.sha256}, area_path=file.order.area_path,
    )  # fmt: skip
    return content
