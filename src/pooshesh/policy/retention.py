"""How long what policy holds is kept, and what a person is told about it."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.kernel.retention import DataClass
from pooshesh.policy.models import Decision, Touched
from pooshesh.web.registry import Held, HeldPart

RECORD = gettext_lazy("Duty to answer for decisions")

CLASSES = (
    DataClass(
        "decisions", gettext_lazy("Decisions about cover with what they rest on"),
        gettext_lazy("To answer for each decision"), RECORD,
        tables=("policy.Decision", "policy.BoundPack"),
    ),
    DataClass(
        "to_decide_again", gettext_lazy("Persons whom a change has touched"),
        gettext_lazy("To decide about them again"), RECORD,
        event=gettext_lazy("Deleted as soon as they are decided again"),
        tables=("policy.Touched",),
    ),
    DataClass(
        "rule_versions", gettext_lazy("Versions of rule packs, scenarios and remarks"),
        gettext_lazy("To say by which rules was decided, and who approved them"), RECORD,
        tables=("policy.Version", "policy.Scenario", "policy.Remark"),
    ),
)  # fmt: skip


def _held(records: Sequence[UUID]) -> list[Held]:
    """What policy holds about a person, as classes."""
    lines = [
        Held(_("Decisions about cover with what they rest on"),
             Decision.objects.filter(person_id__in=records).count(), _("Rules of this insurer"),
             _("To answer for each decision")),
        Held(_("A note that something changed"),
             Touched.objects.filter(person_id__in=records).count(), _("This insurer"),
             _("To decide about them again")),
    ]  # fmt: skip
    return [line for line in lines if line.count]


HELD = HeldPart(gettext_lazy("Decisions"), 20, _held)
