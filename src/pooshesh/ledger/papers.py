"""What the printed voucher says; `print/voucher.typ` lays it out."""

from django.utils.translation import gettext as _

from pooshesh.kernel.money import format_rial, words
from pooshesh.ledger.models import Voucher
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.registry import kind_of
from pooshesh.people.tables import full_name
from pooshesh.web.format import digits, jdate, language
from pooshesh.web.pdf import pdf


def voucher(one: Voucher, payee: Payee) -> bytes:
    """A voucher with its amount in digits and in words, in rial and toman, and boxes to sign."""
    person = one.commitment.person
    data = {
        "number": _number(one),
        "facts": [
            [_("Drawn on"), jdate(one.at, "prose")],
            [_("Budget year"), digits(str(one.year))],
            [_("Decision"), str(kind_of(one.commitment.kind).title)],
            [_("Patient"), full_name(person) if person else "—"],
            [_("State"), one.get_state_display()],
            *([[_("Paid on"), jdate(one.paid_on, "prose")]] if one.paid_on else []),
        ],
        "payee": [[_("Paid to"), payee.name], [_("Who is paid"), payee.kind]],
        "sheba": [_("Sheba"), payee.sheba],
        "amount": format_rial(one.rial, language()),
        "words": words(one.rial, language()),
        "sign": [
            [_("Finance clerk"), "", _("Date and signature")],
            [_("Released by"), "", _("Date and signature")],
        ],
        "payee_title": _("Payee"), "amount_title": _("Amount"),
    }  # fmt: skip
    return pdf(
        "ledger/print/voucher.typ",
        _("Payment voucher"),
        data,
        foot=data_foot(one),
        on=one.at.date(),
    )


def data_foot(one: Voucher) -> str:
    """What stands at the foot: the number, so that pages are not mixed up."""
    return _("Voucher %(number)s") % {"number": _number(one)}


def _number(one: Voucher) -> str:
    return digits(f"{one.year}/{one.province}/{one.number}")
