"""The writers of advances: a provider is paid ahead and shows by certificates what it was used for.

An advance is a commitment with a voucher like any other; once paid it stands apart until a
certificate that two people agreed to moves it to what was paid, or a refund brings it back.
"""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.kernel.once import made_before
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.ledger import purse, vouchers
from pooshesh.ledger.commitments import Commit, commit
from pooshesh.ledger.models import (
    Advance,
    Certificate,
    CertificateState,
    Code,
    Voucher,
    VoucherState,
)
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.purse import Purse, checked
from pooshesh.ledger.vouchers import ADVANCE, reasoned
from pooshesh.places.models import Facility

explain(
    {
        "ledger.advance_purpose": gettext_noop("The advance has no purpose; expected one."),
        "ledger.certificate_number": gettext_noop("The certificate has no number; expected one."),
        "ledger.certificate_taken": gettext_noop(
            "The certificate “%(read)s” was recorded for this advance before."
        ),
        "ledger.no_patients": gettext_noop("No patient was named; expected at least one."),
        "ledger.advance_unpaid": gettext_noop(
            "The advance is not paid yet; its use cannot be shown."
        ),
        "ledger.beyond_advance": gettext_noop(
            "%(asked)s are more than the %(left)s of the advance whose use was not shown."
        ),
    }
)


@transaction.atomic
def advance(
    facility: Facility, year: int, amount: Rial, payee: Payee, *, purpose: str,
    once: UUID | None = None, actor: UUID,
) -> Advance:  # fmt: skip
    """Commit an advance to a provider and draw its voucher; it is ordered and released like any.

    The same `once` is the same advance.
    Raises Invalid beyond what the province of the facility has left.
    """
    if not clean(purpose):
        raise Invalid("ledger.advance_purpose")
    before = made_before(
        Advance, once, facility_id=facility.pk, year=year, amount=amount.amount, actor=actor
    )
    if before:
        return before
    made = Advance(
        id=once or uuid7(), facility=facility, province=facility.province,
        area_path=facility.area_path, year=year, amount=checked(amount.amount),
        purpose=clean(purpose)[:300], actor=actor,
    )  # fmt: skip
    asked = Commit(
        ADVANCE, made.pk, None, "", facility.province, facility.area_path, year, made.amount
    )
    [bound] = commit([asked], actor=actor)
    made.save(force_insert=True)
    vouchers.draw(bound, payee, actor=actor)
    audit.record(
        "ledger.advance", actor=actor, kind="advance", object_id=made.pk, purpose=made.purpose,
        content={"facility": facility.code, "amount": made.amount}, area_path=made.area_path,
    )  # fmt: skip
    return made


@transaction.atomic
def certify(
    given: Advance,
    amount: Rial,
    *,
    number: str,
    on: dt.date,
    patients: int,
    disease: str = "",
    actor: UUID,
) -> Certificate:
    """Record a provider's certificate of use; a second person accepts or refuses it.

    Raises Invalid for a number that was recorded before, or beyond what is left of the advance.
    """
    known = to_latin_digits(clean(number)).upper()[:40]
    if not known:
        raise Invalid("ledger.certificate_number")
    if patients < 1:
        raise Invalid("ledger.no_patients")
    if on > timezone.localdate():
        raise Invalid("ledger.in_future", read=on)
    _within(_voucher(given), checked(amount.amount))
    try:
        with transaction.atomic():
            made = Certificate.objects.create(
                advance=given, number=known, amount=amount.amount, on=on, disease=disease,
                patients=patients, proposed_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("ledger.certificate_taken", read=known) from error
    audit.record(
        "ledger.certify", actor=actor, kind="advance", object_id=given.pk,
        content={"number": known, "amount": made.amount}, area_path=given.area_path,
    )  # fmt: skip
    return made


@transaction.atomic
def decide(given: Certificate, *, accept: bool, why: str = "", actor: UUID) -> Certificate:
    """Accept another's certificate, so that the money counts as paid; or refuse it."""
    reason = "" if accept else reasoned(why)
    if given.proposed_by == actor:
        raise Invalid("ledger.same_person")
    parent = given.advance
    own = Purse(parent.year, parent.province)
    books = purse.lock([own])
    state = CertificateState.ACCEPTED if accept else CertificateState.REFUSED
    waiting = Certificate.objects.filter(pk=given.pk, state=CertificateState.WAITING)
    if not waiting.update(state=state, decided_by=actor, decided_at=timezone.now(), why=reason):
        raise Invalid("ledger.decided")
    if accept:
        voucher = _voucher(parent)
        _within(voucher, given.amount)
        Voucher.objects.filter(pk=voucher.pk).update(certified=F("certified") + given.amount)
        lines = books.move(own, Code.ADVANCED, Code.PAID, given.amount, voucher=voucher.pk)
        purse.post("certify", lines, actor=actor, key=f"certify {given.pk}", about=parent.pk)
    verb = "accept_certificate" if accept else "refuse_certificate"
    audit.record(
        f"ledger.{verb}", actor=actor, kind="advance", object_id=parent.pk, purpose=reason,
        content={"number": given.number, "amount": given.amount}, area_path=parent.area_path,
    )  # fmt: skip
    given.state = state
    return given


def _voucher(given: Advance) -> Voucher:
    """The voucher that was paid. Raises Invalid before."""
    paid = Voucher.objects.filter(
        commitment__object_id=given.pk, advance=True, state=VoucherState.PAID
    ).first()
    if paid is None:
        raise Invalid("ledger.advance_unpaid")
    return paid


def _within(voucher: Voucher, amount: int) -> None:
    left = voucher.amount - voucher.certified - voucher.refunded
    if amount > left:
        raise Invalid("ledger.beyond_advance", asked=Rial(amount), left=Rial(left))
