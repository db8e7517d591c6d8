from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CensusConfig(AppConfig):
    name = "pooshesh.census"
    label = "census"

    def ready(self) -> None:
        from pooshesh.census import (
            home,
            retention,  # noqa: F401 - registers its classes of data
            rotation,  # noqa: F401 - registers what is sealed
        )
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        register_names(
            {
                "census.plan": _("Planned a round of the census"),
                "census.prolong": _("Changed the end of a round"),
                "census.close": _("Closed a round of the census"),
                "census.reopen": _("Opened a round of the census again"),
                "census.add_zone": _("Added a zone with its alleys"),
                "census.give": _("Gave alleys to a worker"),
                "census.register_device": _("Set up a phone for the census"),
                "census.revoke": _("Reported a phone lost"),
                "census.restore": _("Restored a phone"),
                "census.receive": _("Sent households from a phone"),
                "census.receive_photo": _("Sent a photo from a phone"),
                "census.accept": _("Accepted households"),
                "census.exclude": _("Left a household out"),
                "census.resolve": _("Settled a conflict"),
                "census.let_in": _("Let in a household kept aside"),
                "census.refuse": _("Refused a household kept aside"),
                "census.feed": _("Fed a campaign from a round"),
                "census.look": _("Looked at households of the census"),
                "census_round": _("Round of the census"),
                "census_entry": _("Household of the census"),
                "census_device": _("Phone of a worker"),
                "field_household": _("Households as taken on the phone"),
                "census households": _("Households as taken on the phone"),
                "census versions": _("Versions of households of the census"),
                "census conflicts": _("Conflicts of the census"),
                "census kept aside": _("Households kept aside"),
                "census photos": _("Documents photographed at the door"),
                "field_photo": _("Documents photographed at the door"),
            }
        )
        register_tones(
            {
                "counting": "info", "counted": "quiet", "taken": "info", "accepted": "good",
                "left_out": "quiet", "let_in": "good", "refused": "bad",
            }
        )  # fmt: skip
        section = _("Census")
        register_menu(
            MenuItem(_("Census on a phone"), "census:field", "census.collect", section, 200),
            MenuItem(_("Plan of the census"), "census:rounds", "census.plan", section, 210),
        )
        register_home(
            HomePart(
                _("Census under way"), "census.plan", 35, home.under_way,
                _("No round of the census is open in your area."),
            ),
            HomePart(_("Census on a phone"), "census.collect", 10, home.alleys),
        )  # fmt: skip
