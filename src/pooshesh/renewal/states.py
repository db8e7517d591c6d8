"""What may happen to a decile appeal, and the tones of states; shown in the docs."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.renewal.models import (
    AppealState,
    DecileSheetState,
    ItemState,
    Outcome,
    OutreachState,
    RunState,
    Settled,
)
from pooshesh.web.registry import Tone

WORK = "renewal.work"
FILED, SENT, UPHELD, CORRECTED, WITHDRAWN = AppealState.values

APPEAL = Machine(
    dict(AppealState.choices),
    [
        Transition("send", (FILED,), SENT, _("Sent to the ministry"), WORK),
        Transition("uphold", (SENT,), UPHELD, _("The decile was upheld"), WORK),
        Transition("correct", (SENT,), CORRECTED, _("The decile was corrected"), WORK),
        Transition("withdraw", (FILED, SENT), WITHDRAWN, _("Withdraw the appeal"), WORK),
    ],
)

TONES: dict[object, Tone] = {
    RunState.COUNTING: "info", RunState.COUNTED: "warn", RunState.RENEWING: "info",
    RunState.RENEWED: "good",
    Outcome.SAME: "good", Outcome.CHANGED: "info", Outcome.CANNOT: "warn",
    Settled.RENEWED: "good", Settled.HELD: "warn", Settled.GONE: "quiet",
    ItemState.OPEN: "warn", ItemState.SETTLED: "good", ItemState.ENDED: "quiet",
    DecileSheetState.BROUGHT: "info", DecileSheetState.CHECKED: "warn",
    DecileSheetState.WRITTEN: "good",
    AppealState.FILED: "warn", AppealState.SENT: "info", AppealState.UPHELD: "quiet",
    AppealState.CORRECTED: "good", AppealState.WITHDRAWN: "quiet",
    OutreachState.UNTOLD: "warn", OutreachState.TOLD: "info", OutreachState.ENROLLED: "good",
    OutreachState.DECLINED: "quiet", OutreachState.LAPSED: "quiet",
}  # fmt: skip
