"""What may happen to a proposed version of a pack, and who may do it; shown in the docs."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.policy.models import VersionState

PROPOSED, APPROVED, REFUSED, WITHDRAWN = VersionState.values

VERSION = Machine(
    dict(VersionState.choices),
    [
        Transition("approve", (PROPOSED,), APPROVED, _("Approve"), "rules.approve"),
        Transition("refuse", (PROPOSED,), REFUSED, _("Refuse"), "rules.approve"),
        Transition("withdraw", (PROPOSED,), WITHDRAWN, _("Withdraw"), "rules.propose"),
    ],
)
