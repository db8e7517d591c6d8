"""How long needs and benefits are kept, and what a person is told about them."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass
from pooshesh.neighbourhoods.models import Benefit
from pooshesh.people.models import Membership
from pooshesh.web.registry import Held, HeldPart

RECORD = gettext_lazy("Duty to answer for decisions")

CLASSES = (
    DataClass(
        "needs", gettext_lazy("Needs of neighbourhoods as assessed"),
        gettext_lazy("To know what a place lacks; no person is named"), RECORD,
        tables=("neighbourhoods.Assessment",),
    ),
    DataClass(
        "benefits", gettext_lazy("Benefits households were given"),
        gettext_lazy("So that nobody is forgotten and nothing is given twice"), RECORD,
        tables=("neighbourhoods.BenefitKind", "neighbourhoods.Benefit"),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """Benefits of the person's households, as a class."""
    homes = Membership.objects.known().filter(person__in=records).values("household_id")
    line = Held(
        _("Benefits households were given"), Benefit.objects.filter(household__in=homes).count(),
        _("Sponsor"), _("So that nobody is forgotten and nothing is given twice"),
    )  # fmt: skip
    return [line] if line.count else []


HELD = HeldPart(gettext_lazy("Benefits"), 50, _held)
