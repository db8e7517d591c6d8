"""Words and tones for what cover may be on a day."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.coverage.models import Reason, Scheme
from pooshesh.coverage.queries import Covered
from pooshesh.web.registry import Tone

WORDS = {
    "covered": gettext_lazy("Covered"),
    "newborn_grace": gettext_lazy("Newborn's grace"),
    "suspended": gettext_lazy("Suspended"),
    "other_insurer": gettext_lazy("Covered by another insurer"),
    "ended": gettext_lazy("Cover ended"),
    "begins_later": gettext_lazy("Cover begins later"),
    "never_covered": gettext_lazy("Never covered here"),
    "dead": gettext_lazy("Died"),
}

TONES: dict[str, Tone] = {
    "covered": "good", "covers": "good", "suspended": "bad", "other_insurer": "info",
    "ended": "warn", "begins_later": "info", "never_covered": "quiet", "dead": "quiet",
    "notice_open": "info", "notice_due": "bad", "notice_acted": "warn",
    "notice_withdrawn": "quiet", "birth_grace": "info", "birth_over": "bad",
    "birth_enrolled": "good",
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What cover is on a day, for a page."""

    cover: Covered
    code: str
    words: str
    more: str


def said(cover: Covered) -> Said:
    """The state in words, with the reason of a suspension and the fund beside it."""
    code, *rest = cover.reasons
    more = [
        str(Reason(one).label) if one in Reason.values and code == "suspended" else str(WORDS[one])
        for one in rest
    ]
    if cover.scheme:
        more.append(str(Scheme(cover.scheme).label))
    return Said(cover, code, str(WORDS[code]), _(", ").join(more))
