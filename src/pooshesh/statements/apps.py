from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatementsConfig(AppConfig):
    name = "pooshesh.statements"
    label = "statements"

    def ready(self) -> None:
        from pooshesh.statements import retention
        from pooshesh.statements.reconcile import Verdict
        from pooshesh.web.registry import MenuItem, register_data, register_menu, register_names
        from pooshesh.web.registry import register_tones as tones

        register_names(
            {
                "statement": _("Published figure"),
                "statements.register": _("Registering of a published figure"),
                "statements.retract": _("Retracting of a published figure"),
                "statements.correct": _("Correcting of a published figure"),
            }
        )
        tones({Verdict.RED: "bad", Verdict.AMBER: "warn", Verdict.GREEN: "good"})
        register_data(*retention.CLASSES)
        section = _("Figures")
        register_menu(
            MenuItem(
                _("Figures that do not reconcile"), "statements:reconciliation", "insight.read",
                section, 430,
            ),
            MenuItem(_("Published figures"), "statements:list", "insight.read", section, 432),
        )  # fmt: skip
