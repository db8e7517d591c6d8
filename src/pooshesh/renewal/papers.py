"""What printed letters of renewal say, laid out as the papers of cover."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.coverage.papers import PAPER
from pooshesh.people.models import Decile
from pooshesh.people.tables import full_name
from pooshesh.renewal.models import Appeal, Concerned, Item, Why
from pooshesh.web.format import jdate, number
from pooshesh.web.pdf import pdf

LETTERS = "renewal/print/letters.typ"
Words = dict[str, Any]


def _words(
    facts: Sequence[Sequence[str]],
    said: Sequence[str],
    table: tuple[Sequence[str], Sequence[Sequence[str]]] | None = None,
    sign: Sequence[Sequence[str]] = (),
) -> Words:
    """What a letter says, as the papers take it."""
    printed = _("Printed on %(day)s") % {"day": jdate(timezone.localdate(), "prose")}
    return {
        "facts": facts, "said": said, "head": table[0] if table else [],
        "rows": table[1] if table else [], "sign": sign, "after": [printed], "code": None,
    }  # fmt: skip


def _to_do(why: str) -> str:
    """What a household is asked to do, in plain words."""
    return {
        Why.DECILE_MISSING: _(
            "We do not know your income decile. Ask at our office with the identity cards of all "
            "members; we ask the welfare ministry for you."
        ),
        Why.DECILE_RAISED: _(
            "So far your cover was free or cost less. With your income decile you would pay a "
            "part of the premium. Tell us whether you agree, or appeal against the decile."
        ),
        Why.STATUS_EXPIRED: _(
            "Your residence papers have run out or were not shown. Bring the new papers to our "
            "office."
        ),
        Why.ELSEWHERE: _(
            "Another insurer says that it covers you. If that is wrong, bring its confirmation."
        ),
        Why.DEPENDANT: _(
            "Somebody of your household is insured elsewhere and may insure you too. Please find "
            "out, and tell us if it is not so."
        ),
    }.get(Why(why), _("We must look at your cover together. Please come to our office."))


def _decile(decile: Decile | None) -> list[list[str]]:
    if decile is None:
        return []
    return [
        [_("Income decile"), number(decile.decile)],
        [_("Holds from"), jdate(decile.valid.lower, "prose")],
        [_("Who says so"), decile.source],
    ]


def rights() -> str:
    """What a household may do against its decile."""
    return _(
        "You may contest the decile at our office, free of charge and without a lawyer. Until you "
        "are answered, your cover stays as it is."
    )


def renewal_letter(item: Item, persons: Sequence[Concerned], decile: Decile | None) -> bytes:
    """The letter that tells a household why its cover must be looked at."""
    return pdf(PAPER, _("Renewal of your health cover"), _renewal(item, persons, decile))


def renewal_letters(
    letters: Sequence[tuple[Item, Sequence[Concerned], Decile | None]],
) -> bytes:
    """Letters to many households, each on a page of its own."""
    return pdf(
        LETTERS, _("Renewal of your health cover"), {"letters": [_renewal(*one) for one in letters]}
    )


def _renewal(item: Item, persons: Sequence[Concerned], decile: Decile | None) -> Words:
    deadlines = [one.notice.deadline for one in persons if one.notice]
    facts = [
        [_("To"), str(getattr(item, "who", "") or "")],
        [_("Renewed from"), jdate(item.on, "prose")],
        [_("Please answer by"), jdate(item.deadline, "prose")],
        *_decile(decile),
    ]
    if deadlines:
        facts.append([_("Cover may stop from"), jdate(min(deadlines), "prose")])
    goes_on = _("Your health cover goes on. It never stops without a notice that names the day.")
    reasons = list(dict.fromkeys(one.reason for one in persons))
    table = (
        [_("Name"), _("Reason")],
        [[full_name(one.person), one.get_reason_display()] for one in persons],
    )
    return _words(facts, [goes_on, *[_to_do(one) for one in reasons], rights()], table)


def appeal_letter(appeal: Appeal) -> bytes:
    """The appeal as it goes to the welfare ministry, with a copy for the household."""
    facts = [
        [_("To"), _("Ministry of Cooperatives, Labour and Social Welfare")],
        [_("Household"), str(getattr(appeal, "who", "") or "")],
        [_("Decile contested"), number(appeal.decile)],
        [_("Holds from"), jdate(appeal.since, "prose")],
        [_("Who says so"), appeal.source],
        [_("Filed on"), jdate(appeal.filed_on, "prose")],
        [_("To be answered by"), jdate(appeal.due_on, "prose")],
    ]
    said = [
        _("This household contests its income decile and asks that it be examined again."),
        _("What the household says: %(text)s") % {"text": appeal.text},
        rights(),
        _("The answer names what was examined and the reasons, and reaches the household."),
    ]
    sign = [
        [_("Head of the household"), "", _("Date and signature")],
        [_("Health insurance office"), "", _("Date, signature and stamp")],
    ]
    return pdf(PAPER, _("Appeal against an income decile"), _words(facts, said, sign=sign))
