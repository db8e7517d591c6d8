from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "pooshesh.places"
    label = "places"

    def ready(self) -> None:
        from pooshesh.places import import_jobs  # noqa: F401 - registers its jobs
        from pooshesh.places.retention import CLASSES
        from pooshesh.web.registry import (
            MenuItem,
            register_data,
            register_menu,
            register_names,
        )

        section = _("Places")
        register_menu(
            MenuItem(_("Areas"), "places:areas", "places.read", section, 100),
            MenuItem(_("Facilities"), "places:facilities", "places.read", section, 110),
            MenuItem(_("Map of provinces"), "places:map", "places.read", section, 120),
            MenuItem(_("Completeness"), "places:completeness", "places.read", section, 130),
            MenuItem(_("Import"), "places:import_start", "places.write", section, 140),
        )
        register_data(*CLASSES)
        register_names(
            {
                "places.create": _("Made an area"),
                "places.rename": _("Renamed an area"),
                "places.split": _("Split an area"),
                "places.merge": _("Merged areas"),
                "places.end": _("Ended an area"),
                "places.assign_sponsor": _("Gave a neighbourhood a sponsor"),
                "places.hand_over": _("Handed a neighbourhood to another sponsor"),
                "places.add_to_catchment": _("Added an area to a catchment"),
                "places.record_figure": _("Recorded a figure of an area"),
                "places.create_facility": _("Added a facility"),
                "places.update_facility": _("Changed a facility"),
                "places.import_areas": _("Imported areas"),
                "places.import_facilities": _("Imported facilities"),
                "places.close_facility": _("Closed a facility"),
                "places.seed_country": _("Wrote the provinces"),
                "places.load_demo": _("Loaded the demo country"),
                "area": _("Area"),
                "facility": _("Facility"),
                "sheet": _("Sheet"),
            }
        )
