"""What may happen to an assessment of needs; shown in the docs."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.neighbourhoods.models import AssessmentState

DRAFT, SUBMITTED, CONFIRMED = AssessmentState.values
WRITE = "neighbourhoods.write"

ASSESSMENT = Machine(
    dict(AssessmentState.choices),
    [
        Transition("submit", (DRAFT,), SUBMITTED, _("Submit"), WRITE),
        Transition("confirm", (SUBMITTED,), CONFIRMED, _("Confirm"), WRITE),
        Transition("send_back", (SUBMITTED,), DRAFT, _("Send back"), WRITE),
    ],
)
