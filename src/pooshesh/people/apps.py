from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "pooshesh.people"
    label = "people"

    def ready(self) -> None:
        from pooshesh.people import matchkeys, rotation  # noqa: F401 - a job; what is sealed
        from pooshesh.people.home import old_keys, start_here
        from pooshesh.people.looking import Purpose
        from pooshesh.people.retention import CLASSES, HELD
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            register_data,
            register_held,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        section = _("Persons and households")
        register_menu(
            MenuItem(_("Person records"), "people:search", "people.read", section, 200),
            MenuItem(_("Register a household"), "people:household_new", "people.write", section,
                     210),
            MenuItem(_("Possible doubles"), "people:pairs", "worklist.work", section, 215),
            MenuItem(_("Emergency access"), "people:break_glass", "people.break_glass", section,
                     220),
        )  # fmt: skip
        register_data(*CLASSES)
        register_held(HELD)
        register_home(
            HomePart(_("Start here"), "people.read", 100, start_here),
            HomePart(_("Warnings"), "access.manage", 10, old_keys),
        )
        register_names(
            {
                "people.open": _("Opened the record"),
                "people.open_household": _("Opened the household"),
                "people.search": _("Found in a search"),
                "people.look_up": _("Met when a number or name was typed in"),
                "people.reveal_identifier": _("Looked at an identifier in full"),
                "people.export": _("Exported a list with this person"),
                "people.break_glass": _("Opened the record in an emergency"),
                "people.emergency_miss": _("Found nobody in an emergency"),
                "people.register": _("Registered the person"),
                "people.rename": _("Corrected the name"),
                "people.set_identifier": _("Wrote an identifier"),
                "people.withdraw_identifier": _("Took an identifier away"),
                "people.set_mobile": _("Wrote the mobile number"),
                "people.move": _("Moved to another household"),
                "people.set_decile": _("Stated the decile"),
                "people.set_standing": _("Stated the legal status"),
                "people.record_death": _("Recorded the death"),
                "people.merge": _("Merged two records of one person"),
                "people.unmerge": _("Took a merge back"),
                "people.open_pair": _("Compared two records"),
                "people.judge_pair": _("Judged whether two records are one person"),
                "people.undo_judgement": _("Took a judgement of two records back"),
                "people.match_keys": _("Hashing persons for the duplicate check"),
                "link": _("Pair of records"),
                "person": _("Person"),
                "household": _("Household"),
                "identifier": _("Identifier"),
                "identifiers": _("Identifiers"),
                "mobile numbers": _("Mobile numbers"),
                **dict(Purpose.choices),
            }
        )
        register_tones(
            {
                "verified": "good", "checksum": "info", "pseudo": "warn",
                "citizen": "good", "lawful": "good", "found": "warn", "identified": "info",
                "refugee": "good", "refugee_supported": "good", "refused": "bad",
                "same": "good", "different": "info", "unsure": "warn",
            }
        )  # fmt: skip
