"""What printed papers of cover say; `print/paper.typ` lays it out."""

import io
from collections.abc import Mapping, Sequence

import segno
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.coverage import codes
from pooshesh.coverage.history import span
from pooshesh.coverage.models import Application, Invoice, Notice, Payment, Proof, Spell
from pooshesh.coverage.proofs import code_of
from pooshesh.kernel.money import Rial, format_rial, words
from pooshesh.people.models import Household, Person
from pooshesh.people.tables import full_name
from pooshesh.web.format import digits, jdate, language, number
from pooshesh.web.pdf import pdf

PAPER = "coverage/print/paper.typ"
Rows = Sequence[Sequence[str]]


def _paper(
    title: str,
    facts: Rows,
    *,
    said: Sequence[str] = (),
    table: tuple[Sequence[str], Rows] | None = None,
    sign: Rows = (),
    after: Sequence[str] = (),
    code: Mapping[str, str] | None = None,
) -> bytes:
    """A page of facts, sentences, a table, boxes to sign in and a code to scan."""
    data = {
        "facts": facts, "said": said, "head": table[0] if table else [],
        "rows": table[1] if table else [], "sign": sign, "after": after, "code": code,
    }  # fmt: skip
    return pdf(PAPER, title, data)


def _money(amount: int) -> str:
    return format_rial(Rial(amount), language())


def _in_words(amount: int) -> str:
    return words(Rial(amount), language())


def _percent(percent: int) -> str:
    return _("%(percent)s percent") % {"percent": number(percent)}


def card(proof: Proof, spell: Spell | None, address: str) -> bytes:
    """The card of one person, with a code that says whether it covers."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    return _paper(
        _("Proof of health cover"),
        [
            [_("Name"), full_name(proof.person)],
            [_("Fund"), spell.get_scheme_display() if spell else "—"],
            [_("Issued on"), jdate(proof.issued_on, "prose")],
            [_("Worth nothing from"), jdate(proof.expires_on, "prose")],
        ],
        said=[
            _(
                "Whoever is shown this paper scans the square, or types the code at the address "
                "below it, and reads whether cover holds at that moment. The page names nobody."
            )
        ],
        code={"svg": drawn.getvalue().decode(), "written": codes.written(code_of(proof)),
              "address": address},
    )  # fmt: skip


def enrolment_form(
    made: Application, household: Household, head: Person | None, spells: Sequence[Spell],
) -> bytes:  # fmt: skip
    """The enrolment of a household, for its head to sign."""
    return _paper(
        _("Enrolment in health insurance"),
        [
            [_("Head of the household"), full_name(head) if head else "—"],
            [_("Neighbourhood"), str(household.area)],
            [_("Covered from"), jdate(made.since, "prose")],
            [_("Number of the application"), str(made.pk)],
            [_("Documents brought"), number(len(made.documents.all()))],
        ],
        table=(
            [_("Member"), _("Fund"), _("Household's share of the premium")],
            [
                [
                    full_name(one.person), one.get_scheme_display(),
                    _percent(one.premium_percent or 0),
                ]
                for one in spells
            ],
        ),
        said=[
            _(
                "I confirm that the members named below live in my household and that what I said "
                "about cover by other insurers is true. I will tell of changes: births, deaths, "
                "moves, other insurance."
            )
        ],
        sign=[
            [_("Head of the household"), full_name(head) if head else "", _("Date and signature")],
            [_("Clerk"), "", _("Date, signature and stamp")],
        ],
    )  # fmt: skip


def bill(one: Invoice, head: Person | None, unpaid: Rial) -> bytes:
    """An invoice of a household with its lines."""
    return _paper(
        _("Invoice of premium"),
        [
            [_("Number"), digits(str(one.number))],
            [_("Head of the household"), full_name(head) if head else "—"],
            [_("Days"), span(one.period.lower, one.period.upper)],
            [_("Issued on"), jdate(one.issued_on, "prose")],
            [_("Due on"), jdate(one.due_on, "prose")],
            [_("Amount"), _money(one.amount)],
            [_("In words"), _in_words(one.amount)],
            [_("Not yet paid"), _money(unpaid.amount)],
        ],
        table=(
            [_("Member"), _("Days"), _("Yearly premium of one person"), _("Share"), _("Amount")],
            [
                [
                    full_name(line.person), span(line.days.lower, line.days.upper),
                    _money(line.yearly), _percent(line.percent),
                    _money(line.amount),
                ]
                for line in one.lines.select_related("person").order_by("person_id", "days")
            ],
        ),
        after=[_("Write the number of the invoice on the transfer and keep the bank's reference.")],
    )  # fmt: skip


def receipt(one: Payment, head: Person | None) -> bytes:
    """A receipt for money received."""
    return _paper(
        _("Receipt"),
        [
            [_("Received from the household of"), full_name(head) if head else "—"],
            [_("Amount"), _money(one.amount)],
            [_("In words"), _in_words(one.amount)],
            [_("Day of payment"), jdate(one.paid_on, "prose")],
            [_("How it was paid"), one.get_method_display()],
            [_("Reference number of the bank"), one.reference],
        ],
        sign=[[_("Clerk"), "", _("Date, signature and stamp")]],
    )


def notice_letter(one: Notice) -> bytes:
    """The letter that tells somebody that cover will stop, and what to do."""
    return _paper(
        _("Notice about your health cover"),
        [
            [_("To"), full_name(one.person)],
            [_("Date"), jdate(one.given_on, "prose")],
            [_("Reason"), one.get_reason_display()],
            [_("Cover may stop from"), jdate(one.deadline, "prose")],
        ],
        said=[
            _(
                "Your health cover holds without change until that day. It may stop from then on "
                "for the reason above. If the matter is settled before, nothing changes."
            ),
            *([_("What is to be done: %(text)s") % {"text": one.text}] if one.text else ()),
            _(
                "If you do not agree, write so before that day to the health insurance office of "
                "your province; it must answer you with its reasons."
            ),
        ],
        after=[_("Printed on %(day)s") % {"day": jdate(timezone.localdate(), "prose")}],
    )
