from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NeighbourhoodsConfig(AppConfig):
    name = "pooshesh.neighbourhoods"
    label = "neighbourhoods"

    def ready(self) -> None:
        from pooshesh.neighbourhoods.models import AssessmentState
        from pooshesh.neighbourhoods.pages import area_panel, household_panel
        from pooshesh.neighbourhoods.retention import CLASSES, HELD
        from pooshesh.web.registry import (
            AreaPanel,
            MenuItem,
            PersonPanel,
            register_area_panel,
            register_data,
            register_held,
            register_household_panel,
            register_menu,
            register_names,
            register_tones,
        )

        register_data(*CLASSES)
        register_held(HELD)
        section, write = _("Neighbourhoods"), "neighbourhoods.write"
        register_menu(
            MenuItem(_("Console"), "neighbourhoods:console", "campaign.read", section, 50),
            MenuItem(_("Scorecards"), "neighbourhoods:scorecards", "campaign.read", section, 51),
            MenuItem(_("Needs"), "neighbourhoods:needs", write, section, 52),
            MenuItem(_("Benefits"), "neighbourhoods:benefits", write, section, 53),
        )
        register_area_panel(
            AreaPanel(
                _("Needs and benefits"), "neighbourhoods/area_panel.html", "campaign.read", 400,
                area_panel,
            )
        )  # fmt: skip
        register_household_panel(
            PersonPanel(
                _("Benefits"), "neighbourhoods/household_panel.html", write, 400, household_panel
            )
        )
        register_names(
            {
                "assessment": _("Assessment of needs"),
                "needs.begin": _("Began to assess needs"),
                "needs.answer": _("Answered about needs"),
                "needs.submit": _("Submitted an assessment"),
                "needs.confirm": _("Confirmed an assessment"),
                "needs.send_back": _("Sent an assessment back"),
                "benefit": _("Benefit"),
                "benefit_kind": _("Kind of benefit"),
                "benefit.add_kind": _("Added a kind of benefit"),
                "benefit.give": _("Recorded benefits"),
                "benefit.take_back": _("Took a benefit back"),
            }
        )
        register_tones(
            {
                AssessmentState.DRAFT: "quiet",
                AssessmentState.SUBMITTED: "warn",
                AssessmentState.CONFIRMED: "good",
                "taken_back": "quiet",
                "twice": "warn",
            }
        )
