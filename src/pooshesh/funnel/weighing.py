"""What provinces can be weighed by when credit is shared."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pooshesh.access.reach import EVERYWHERE
from pooshesh.funnel.models import Step, Unit
from pooshesh.funnel.queries import Wanted, cells, totals
from pooshesh.funnel.simulate import Weights
from pooshesh.places.models import AreaKind, Figure

POPULATION, TAGGED, ASKED, SPENT = "population", "tagged", "asked", "spent"

KEYS: dict[str, Promise] = {
    POPULATION: _("By population, percent"),
    TAGGED: _("By tagged patients, percent"),
    ASKED: _("By what is asked and not decided, percent"),
    SPENT: _("By what was paid so far, percent"),
}

#: Persons who have a tag, whatever came after.
WITH_TAG = (
    Step.TAGGED, Step.REJECTED, Step.ASKED, Step.APPROVED, Step.PAYING, Step.PAID,
)  # fmt: skip


def weights() -> dict[str, Weights]:
    """Key → province → weight, of the nation as counted now. Three statements."""
    by_state = totals(cells(EVERYWHERE, Wanted(), "province"), "unit", "state", "province")
    tagged: dict[str, int] = {}
    asked: dict[str, int] = {}
    spent: dict[str, int] = {}
    for (unit, state, province), (number, amount) in by_state.items():
        if unit == Unit.PERSON and state in WITH_TAG:
            tagged[province] = tagged.get(province, 0) + number
        if unit == Unit.REQUEST and state in ("submitted", "in_committee", "deferred"):
            asked[province] = asked.get(province, 0) + amount
        if unit == Unit.PAYMENT and state == "paid":
            spent[province] = spent.get(province, 0) + amount
    return {POPULATION: _population(), TAGGED: tagged, ASKED: asked, SPENT: spent}


def _population() -> dict[str, int]:
    rows = Figure.objects.on(timezone.localdate()).filter(
        area__kind=AreaKind.PROVINCE, name="population"
    )
    return dict(rows.values_list("area__province", "value"))
