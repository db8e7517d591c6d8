"""What an answer says to whoever asked, in the active language."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.coverage.models import Reason, Scheme
from pooshesh.eligibility.decide import Answer
from pooshesh.web.format import jdate

SENTENCES: dict[str, Promise] = {
    "covered": _("Covered by this insurer (%(scheme)s) since %(day)s."),
    "newborn_grace": _("A newborn is covered with the parent until %(until)s, without premium."),
    "other_insurer": _("Covered by another insurer: %(insurer)s."),
    "suspended": _("The cover (%(scheme)s) is suspended; the service desk says what revives it."),
    "begins_later": _("The cover begins on %(day)s."),
    "ended": _("The last cover ended on %(day)s."),
    "never_covered": _("No cover of this person was ever recorded."),
    "dead": _("This person is recorded as dead since %(day)s."),
    "entitled": _("By the rules this person may be insured: the service desk enrols them."),
    "not_found": _(
        "Nobody is recorded with this number. Read it once more from the document; whoever has no "
        "cover can be registered at the service desk."
    ),
    "shared": _(
        "Several records hold this number, so no cover is told. Send the person with their "
        "document to the service desk."
    ),
    "unknown_card": _("There is no card with this code. Read it once more from the card."),
    "card_gone": _("This card was withdrawn or is past its day; ask by the identity number."),
    **{reason.value: reason.label for reason in Reason},  # why it is suspended
}


def sentences(answer: Answer, insurers: dict[str, str]) -> list[str]:
    """One sentence a reason, in order."""
    cover = answer.cover
    words = {
        "day": jdate(answer.day) if answer.day else gettext("an unknown day"),
        "until": jdate(cover.until) if cover and cover.until else gettext("an unknown day"),
        "scheme": scheme(answer),
        "insurer": insurers.get(cover.insurer, cover.insurer) if cover else "",
    }
    return [str(SENTENCES[reason]) % words for reason in answer.reasons]


def scheme(answer: Answer) -> str:
    """The fund in words; "" for cover of another insurer."""
    code = answer.cover.scheme if answer.cover else ""
    return str(Scheme(code).label) if code else ""
