from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "pooshesh.places"
    label = "places"

    def ready(self) -> None:
        from pooshesh.web.registry import MenuItem, register_menu

        section = _("Places")
        register_menu(
            MenuItem(_("Areas"), "places:areas", "places.read", section, 100),
            MenuItem(_("Facilities"), "places:facilities", "places.read", section, 110),
            MenuItem(_("Map of provinces"), "places:map", "places.read", section, 120),
            MenuItem(_("Completeness"), "places:completeness", "places.read", section, 130),
            MenuItem(_("Import"), "places:import_start", "places.write", section, 140),
        )
