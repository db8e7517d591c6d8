"""What the programme's codes are called on screen."""

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.coverage.models import Insurer
from pooshesh.kernel.text import speaks_persian
from pooshesh.people.models import Sex
from pooshesh.policy.shelf import Shelved, shelf
from pooshesh.programme.campaign.decide import COVERED, UNBORN
from pooshesh.programme.campaign.findings import Effect
from pooshesh.programme.models import FileRole, WorkKind
from pooshesh.web.format import digits, number

#: Decisions of the pack and those taken before it.
DECISIONS: dict[str, Promise] = {
    COVERED: _("Covered by this insurer already"),
    UNBORN: _("Not resident then: born after the day of the campaign"),
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


EFFECTS: dict[str, Promise] = {
    Effect.STOPS: _("stops the row"),
    Effect.NOT_RESIDENT_THEN: _("counted apart: not resident then"),
    Effect.NOTE: _("to know"),
}


def insurers() -> dict[str, str]:
    """Names of the insurers by code, in the active language."""
    field = "name_fa" if speaks_persian(get_language()) else "name_en"
    return dict(Insurer.objects.order_by("-ours", "code").values_list("code", field))


def packs() -> list[tuple[str, str]]:
    """(name, what is chosen from) of the packs that are nested in none, by their first law."""
    return [(one.name, _pack(one)) for one in shelf() if not one.parent]


def _pack(one: Shelved) -> str:
    if not one.laws:
        return one.name  # with faults; its page lists them
    first, *others = one.laws
    return gettext("%(law)s and other laws: %(count)s") % {
        "law": first.title.say("fa" if speaks_persian(get_language()) else "en"),
        "count": number(len(others)),
    }  # fmt: skip


def sheets() -> dict[str, str]:
    """Names of the sheets of a campaign: of the census, and of each insurer for its roll."""
    return {FileRole.CENSUS.value: str(FileRole.CENSUS.label), **insurers()}


def cell(field: str, text: str) -> str:
    """A cell of a sheet as people say it: the sex in words, a day in the digits of the language,
    anything else as it is."""
    if field == "birth_date":
        return digits(text)
    known = field == "sex" and text in Sex.values
    return str(Sex(text).label) if known else text


def decision(code: str) -> Promise | str:
    """A decision in words; a code nobody titled is shown as it is."""
    return DECISIONS.get(code, code)
