"""How long what eligibility holds is kept, and what a person is told about it."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.models import Subject
from pooshesh.kernel.retention import DataClass
from pooshesh.web.registry import Held, HeldPart

RECORD = gettext_lazy("Duty to answer for decisions")

CLASSES = (
    DataClass(
        "checks", gettext_lazy("Checks of cover at the point of care"),
        gettext_lazy("To answer who asked about whom; what was answered is not kept"), RECORD,
        event=gettext_lazy("Stands in the audit trail, and is kept with it"),
    ),
    DataClass(
        "passes", gettext_lazy("Passes of providers"),
        gettext_lazy("To know which system may ask"), RECORD, tables=("eligibility.Pass",),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """How often cover was checked, from the trail."""
    asked = Subject.objects.filter(person_id__in=records, event__action="eligibility.check")
    count = asked.values("event").distinct().count()
    line = Held(
        _("Checks of cover at the point of care"), count, _("Providers"),
        _("To answer who asked about whom; what was answered is not kept"),
    )  # fmt: skip
    return [line] if count else []


HELD = HeldPart(gettext_lazy("Point of care"), 28, _held)
