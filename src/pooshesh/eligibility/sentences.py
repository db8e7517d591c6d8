"""What an answer says to whoever asked, in the active language."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.coverage.models import Scheme
from pooshesh.eligibility.decide import Answer, Reason
from pooshesh.web.format import digits, jdate

SENTENCES: dict[Reason, Promise] = {
    Reason.COVERED: _("Covered by this insurer (%(scheme)s) since %(day)s."),
    Reason.COVERED_ELSEWHERE: _("Covered by another insurer: %(insurer)s."),
    Reason.TWICE: _("Another insurer covers this person as well; only one of them pays."),
    Reason.NOT_FOUND: _(
        "Nobody is recorded with this number. Read it once more from the document; whoever has no "
        "cover can be registered at the service desk."
    ),
    Reason.SHARED: _(
        "Several records hold this number, so no cover is told. Send the person with their "
        "document to the service desk."
    ),
    Reason.UNKNOWN_CARD: _("There is no card with this code. Read it once more from the card."),
    Reason.SUPERSEDED: _("This card was withdrawn; ask by the identity number."),
    Reason.DEAD: _("This person is recorded as dead since %(day)s."),
    Reason.SUSPENDED: _(
        "The cover (%(scheme)s) is suspended since %(day)s; the service desk says what revives it."
    ),
    Reason.NOT_YET: _("The cover (%(scheme)s) begins on %(day)s."),
    Reason.ENDED: _("The last cover (%(scheme)s) ended on %(day)s."),
    Reason.NEVER: _("No cover of this person was ever recorded."),
    Reason.ENTITLED: _("By the rules this person may be insured: the service desk enrols them."),
}


def sentences(answer: Answer, insurers: dict[str, str]) -> list[str]:
    """One sentence a reason, in order."""
    cover = answer.cover
    words = {
        "day": jdate(answer.day) if answer.day else gettext("an unknown day"),
        "scheme": scheme(answer),
        "insurer": insurers.get(cover.insurer, cover.insurer) if cover else "",
    }
    return [str(SENTENCES[reason]) % words for reason in answer.reasons]


def scheme(answer: Answer) -> str:
    """The fund in words; the insurer's code where it has none of ours."""
    code = answer.cover.scheme if answer.cover else ""
    return str(Scheme(code).label) if code in Scheme.values else digits(code)
