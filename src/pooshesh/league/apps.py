from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeagueConfig(AppConfig):
    name = "pooshesh.league"
    label = "league"

    def ready(self) -> None:
        from pooshesh.insight.queries import READ
        from pooshesh.league.standing import Side
        from pooshesh.web.registry import MenuItem, register_menu, register_tones

        register_tones(
            {
                Side.WITHIN: "quiet", Side.ABOVE: "info", Side.BELOW: "info",
                Side.FAR_ABOVE: "warn", Side.FAR_BELOW: "warn", Side.UNKNOWN: "quiet",
            }
        )  # fmt: skip
        section = _("Figures")
        register_menu(
            MenuItem(_("League table"), "league:league", READ, section, 420),
            MenuItem(_("Map of figures"), "league:map", READ, section, 422),
        )
