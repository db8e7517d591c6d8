from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "pooshesh.people"
    label = "people"

    def ready(self) -> None:
        from pooshesh.people import rotation  # noqa: F401 - registers what is sealed
        from pooshesh.web.registry import MenuItem, register_menu, register_tones

        section = _("Persons and households")
        register_menu(
            MenuItem(_("Person records"), "people:search", "people.read", section, 200),
            MenuItem(_("Register a household"), "people:household_new", "people.write", section,
                     210),
            MenuItem(_("Emergency access"), "people:break_glass", "people.break_glass", section,
                     220),
        )  # fmt: skip
        register_tones(
            {
                "verified": "good", "checksum": "info", "pseudo": "warn",
                "citizen": "good", "lawful": "good", "found": "warn", "identified": "info",
                "refugee": "good", "refugee_supported": "good", "refused": "bad",
            }
        )  # fmt: skip
