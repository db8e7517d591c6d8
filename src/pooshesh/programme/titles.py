"""What the programme's codes are called on screen."""

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pooshesh.coverage.models import Insurer
from pooshesh.kernel.text import speaks_persian
from pooshesh.programme.campaign.decide import COVERED
from pooshesh.programme.models import WorkKind

#: Decisions of the pack and those taken before it.
DECISIONS: dict[str, Promise] = {
    COVERED: _("Covered by this insurer already"),
    "not_ours": _("Insured by another insurer"),
    "enrol_free": _("Insured free"),
    "pays_share": _("May be insured against a share of the premium"),
    "dependant_worklist": _("To be checked as a dependant of another insurer's principal"),
    "regularise": _("Foreign national, to be regularised first"),
    "needs_decile": _("Decile is needed first"),
    "value_unknown": _("A value of the rule is not known for this date"),
    WorkKind.NEEDS_IDENTITY.value: _("Identity is needed first"),
    WorkKind.ID_MISUSE.value: _("Waits: an identifier is on two people"),
    WorkKind.POSSIBLE_DOUBLE.value: _("Waits: possible double"),
    WorkKind.POSSIBLE_MATCH.value: _("Waits: possible match on a roll"),
}


def insurers() -> dict[str, str]:
    """Names of the insurers by code, in the active language."""
    field = "name_fa" if speaks_persian(get_language()) else "name_en"
    return dict(Insurer.objects.order_by("-ours", "code").values_list("code", field))


def decision(code: str) -> Promise | str:
    """A decision in words; a code nobody titled is shown as it is."""
    return DECISIONS.get(code, code)
