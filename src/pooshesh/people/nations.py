"""What nationalities are called: of those who live here in numbers; the others by their code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: ISO 3166-1 alpha-2 → name.
NATIONS: dict[str, Promise] = {
    "IR": _("Iran"),
    "AF": _("Afghanistan"),
    "IQ": _("Iraq"),
    "PK": _("Pakistan"),
    "SY": _("Syria"),
    "LB": _("Lebanon"),
    "YE": _("Yemen"),
    "IN": _("India"),
    "BD": _("Bangladesh"),
    "AZ": _("Azerbaijan"),
    "AM": _("Armenia"),
    "TM": _("Turkmenistan"),
    "TJ": _("Tajikistan"),
    "TR": _("Türkiye"),
}


def nation(code: str) -> str:
    """The name of a nationality in the active language; the code where it has none."""
    return str(NATIONS.get(code, code))
