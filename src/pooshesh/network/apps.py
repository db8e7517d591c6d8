from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NetworkConfig(AppConfig):
    name = "pooshesh.network"
    label = "network"

    def ready(self) -> None:
        from pooshesh.meetings import registry
        from pooshesh.network import (
            following,
            retention,
            rotation,  # noqa: F401 - registers what is sealed
        )
        from pooshesh.network.models import GapState, ReportState, Severity
        from pooshesh.network.pages import area_panel
        from pooshesh.partners.signals import handed_over
        from pooshesh.partners.subjects import register_subject
        from pooshesh.web.registry import (
            AreaPanel,
            HomePart,
            MenuItem,
            register_area_panel,
            register_data,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        handed_over.connect(following.move_along, dispatch_uid="network.gaps")
        register_subject("gap", _("Gap"), following.subject)
        registry.register(following.KIND)
        register_data(*retention.CLASSES)
        section = _("Capacity and gaps")
        register_menu(
            MenuItem(_("Gaps"), "network:gaps", "network.read", section, 300),
            MenuItem(_("What residents report"), "network:reports", "gaps.work", section, 305),
            MenuItem(
                _("Satisfaction of residents"), "network:satisfaction", "network.read", section, 307
            ),
            MenuItem(_("Forecast of load"), "network:load", "network.read", section, 310),
        )
        register_area_panel(
            AreaPanel(_("Gaps"), "network/panel.html", "network.read", 300, area_panel)
        )
        register_home(HomePart(_("Gaps and residents"), "gaps.work", 60, _home))
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
                "gaps": _("Gaps"),
                "gap.move": _("Moved a gap to the new sponsor"),
                "gap.decide": _("Decided about a gap"),
                "gap.undo": _("Set a decision about a gap aside"),
                "report": _("Resident's report"),
                "residents' words": _("Words of residents"),
                "residents' telephones": _("Telephones of residents"),
                "report.receive": _("Took a resident's report"),
                "report.open": _("Read a resident's report"),
                "report.join": _("Joined a report to a gap"),
                "report.answer": _("Answered a resident"),
                "report.note": _("Noted a resident's satisfaction"),
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
                ReportState.WAITING: "warn",
                ReportState.IN_WORK: "info",
                ReportState.ANSWERED: "good",
                ReportState.NOTED: "quiet",
            }
        )


def _home(user: Any) -> Sequence[Any]:
    """What waits: gaps to confirm, and those whose day has passed."""
    from django.urls import reverse

    from pooshesh.network import queries
    from pooshesh.network.models import UNANSWERED, GapState
    from pooshesh.network.voice import queries as voice
    from pooshesh.web.registry import HomeLine

    rows, address = queries.gaps(user, queries.WORK), reverse("network:gaps")
    waiting = rows.filter(state=GapState.REPORTED).count()
    late = queries.overdue(rows).count()
    reports, inbox = voice.reports(user), reverse("network:reports")
    lines = [
        HomeLine(
            _("Residents past their day"), f"{inbox}?state=overdue", voice.overdue(reports).count()
        ),
        HomeLine(
            _("Residents who wait for an answer"),
            inbox,
            reports.filter(state__in=UNANSWERED).count(),
        ),
        HomeLine(_("Gaps to confirm"), f"{address}?state=reported", waiting),
        HomeLine(_("Gaps past their day"), f"{address}?state=overdue", late),
    ]
    return [line for line in lines if line.count]
