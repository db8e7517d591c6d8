from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "pooshesh.insight"
    label = "insight"

    def ready(self) -> None:
        from pooshesh.insight import actions, demo, retention  # noqa: F401 - register their jobs
        from pooshesh.insight.models import CheckState, SnapshotState
        from pooshesh.web.registry import (
            MenuItem,
            register_data,
            register_menu,
            register_names,
            register_tones,
        )

        register_names(
            {
                "snapshot": _("Month of figures"), "publication": _("Publication of figures"),
                "insight.build": _("Counting months of figures"),
                "insight.demo": _("Figures of the demo's months"),
                "insight.check": _("Checks of integrity"),
                "insight.begin": _("Began to count a month"),
                "insight.close": _("Closed a month of figures"),
                "insight.ask": _("Asked for a month to be counted"),
                "insight.publish": _("Published the figures"),
                "insight.ask_checks": _("Asked for the checks of integrity"),
                "insight.export_rows": _("Exported the rows behind a figure"),
                "figure": _("Figure"),
                "months": _("Months"), "checks": _("Checks"), "red": _("Not in order"),
                "stopped": _("Could not be asked"),
            }
        )  # fmt: skip
        register_tones(
            {
                SnapshotState.BUILDING: "info", SnapshotState.CLOSED: "good",
                CheckState.GREEN: "good", CheckState.RED: "bad", CheckState.STOPPED: "warn",
            }
        )  # fmt: skip
        register_data(*retention.CLASSES)
        section = _("Figures")
        register_menu(
            MenuItem(_("Book of figures"), "insight:book", "insight.read", section, 410),
            MenuItem(_("Months of figures"), "insight:months", "insight.read", section, 470),
            MenuItem(_("Checks of integrity"), "insight:checks", "insight.read", section, 472),
            MenuItem(_("Corrections"), "insight:corrections", "insight.read", section, 474),
        )
