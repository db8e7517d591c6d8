from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EligibilityConfig(AppConfig):
    name = "pooshesh.eligibility"
    label = "eligibility"

    def ready(self) -> None:
        from pooshesh.eligibility.retention import CLASSES, HELD
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

        register_data(*CLASSES)
        register_held(HELD)

        register_menu(
            MenuItem(_("Check cover"), "eligibility:check", "eligibility.check", _("Cover"), 300),
            MenuItem(
                _("Passes of providers"),
                "eligibility:passes",
                "eligibility.manage",
                _("Administration"),
                940,
            ),
        )
        register_home(HomePart(_("Point of care"), "eligibility.check", 15, _check))
        register_names(
            {
                "eligibility.check": _("Checked cover at the point of care"),
                "eligibility.give_pass": _("Gave a provider a pass"),
                "eligibility.revoke_pass": _("Revoked a provider's pass"),
                "pass": _("Pass of a provider"),
                "point_of_care": _("Care of the person"),
            }
        )
        register_tones({"works": "good", "revoked": "bad", "expired": "quiet"})


def _check(user: Any) -> Sequence[Any]:
    """The way to the check."""
    from django.urls import reverse

    from pooshesh.web.registry import HomeLine

    return [HomeLine(_("Check cover"), reverse("eligibility:check"))]
