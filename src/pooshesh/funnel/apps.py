from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FunnelConfig(AppConfig):
    name = "pooshesh.funnel"
    label = "funnel"

    def ready(self) -> None:
        from pooshesh.funnel import actions, demo, retention  # noqa: F401 - register their jobs
        from pooshesh.web.registry import MenuItem, register_data, register_menu, register_names

        register_names(
            {
                "funnel.fold": _("Folding of the fund's counts"), "changes": _("Counts touched"),
                "funnel.demo": _("Figures of the fund for the demo"),
                "funnel.load_demo": _("Figures of the fund brought into the demo"),
                "applications": _("Applications"), "requests": _("Expense requests"),
                "meetings": _("Meetings"),
            }
        )  # fmt: skip
        register_data(*retention.CLASSES)
        section = _("Patients' fund")
        register_menu(
            MenuItem(_("Where everything stands"), "funnel:board", "fund.read", section, 380),
            MenuItem(_("Credit and forecast"), "funnel:credit", "ledger.read", section, 382),
            MenuItem(_("Spending by disease"), "funnel:diseases", "ledger.read", section, 384),
            MenuItem(_("Who benefits"), "funnel:deciles", "fund.read", section, 385),
            MenuItem(_("Figures as reported"), "funnel:reported", "fund.read", section, 388,
                     national=True),
            MenuItem(
                _("Share the credit another way"), "funnel:simulator", "ledger.read", section, 386,
                national=True,
            ),
        )  # fmt: skip
