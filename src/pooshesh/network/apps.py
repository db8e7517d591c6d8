from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "pooshesh.network"
    label = "network"

    def ready(self) -> None:
        from pooshesh.network import actions  # noqa: F401 - registers its job
        from pooshesh.network.models import GapState, Severity
        from pooshesh.network.pages import area_panel
        from pooshesh.web.registry import (
            AreaPanel,
            HomePart,
            MenuItem,
            register_area_panel,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        section = _("Capacity and gaps")
        register_menu(
            MenuItem(_("Gaps"), "network:gaps", "network.read", section, 300),
            MenuItem(_("Forecast of load"), "network:load", "network.read", section, 310),
        )
        register_area_panel(
            AreaPanel(_("Gaps"), "network/panel.html", "network.read", 300, area_panel)
        )
        register_home(HomePart(_("Gaps"), "gaps.work", 60, _home))
        register_names(
            {
                "gap": _("Gap"),
                "gap.report": _("Registered a gap"),
                "gap.confirm": _("Confirmed a gap"),
                "gap.assign": _("Gave a gap to its owner"),
                "gap.start": _("Began to fix a gap"),
                "gap.close": _("Closed a gap"),
                "gap.refuse": _("Found that it is no gap"),
                "gap.reopen": _("Opened a gap again"),
                "network.assume": _("Changed a number of the forecast"),
                "assumption": _("Number of the forecast"),
                "rows": _("Rows"),
            }
        )
        register_tones(
            {
                GapState.REPORTED: "warn",
                GapState.CONFIRMED: "warn",
                GapState.ASSIGNED: "info",
                GapState.IN_WORK: "info",
                GapState.CLOSED: "good",
                GapState.REFUSED: "quiet",
                Severity.LOW: "quiet",
                Severity.MEDIUM: "info",
                Severity.HIGH: "warn",
                Severity.CRITICAL: "bad",
                "short": "bad",
            }
        )


def _home(user: Any) -> Sequence[Any]:
    """What waits: gaps to confirm, and those whose day has passed."""
    from django.urls import reverse

    from pooshesh.network import queries
    from pooshesh.network.models import GapState
    from pooshesh.web.registry import HomeLine

    rows, address = queries.gaps(user, queries.WORK), reverse("network:gaps")
    waiting = rows.filter(state=GapState.REPORTED).count()
    late = queries.overdue(rows).count()
    lines = [
        HomeLine(_("Gaps to confirm"), f"{address}?state=reported", waiting),
        HomeLine(_("Gaps past their day"), f"{address}?state=overdue", late),
    ]
    return [line for line in lines if line.count]
