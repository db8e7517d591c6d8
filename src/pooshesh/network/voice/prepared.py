"""Answers that are prepared, in the resident's words: what is often said is said the same way."""

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from pooshesh.network.models import ReportKind

_GAP, _COMPLAINT, _RATING = ReportKind.GAP, ReportKind.COMPLAINT, ReportKind.RATING

#: Code → kinds of report, and what the resident reads. Never a name, never a promise of a day.
PREPARED = {
    "registered": ((_GAP,), _(
        "Thank you. What is missing was registered and somebody has to fix it by a day."
    )),
    "fixed": ((_GAP,), _("What you reported was fixed. If it is not, please report it again.")),
    "not_ours": ((_GAP, _COMPLAINT), _(
        "This is not in the hands of the health insurance; it was passed on to those responsible."
    )),
    "looked_into": ((_COMPLAINT,), _(
        "Your complaint was looked into and the office was told what to change."
    )),
    "come_by": ((_GAP, _COMPLAINT), _(
        "Please come to the insurance office of your neighbourhood with your papers; this cannot "
        "be settled in writing."
    )),
    "thanks": ((_RATING,), _("Thank you for telling us. It is read and counted.")),
}  # fmt: skip


def choices(kind: str) -> list[tuple[str, str]]:
    """Prepared answers of a kind of report, for a form."""
    fitting = ((code, text) for code, (kinds, text) in PREPARED.items() if kind in kinds)
    return [("", gettext("None; in my own words")), *((code, str(text)) for code, text in fitting)]


def text_of(code: str) -> str:
    """What the resident reads, in Persian; "" for none."""
    if code not in PREPARED:
        return ""
    with override("fa"):
        return str(PREPARED[code][1])
