from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "pooshesh.portal"
    label = "portal"

    def ready(self) -> None:
        from pooshesh.portal import messages, sealing  # noqa: F401 - a job; what is sealed
        from pooshesh.portal.models import MandateKind, Sits
        from pooshesh.web.registry import register_names, register_tones

        register_names(
            {
                "visit": _("Visit of the portal"),
                "code": _("One-time code"),
                "mandate": _("Mandate"),
                "newcomer": _("First application"),
                "template": _("Words of a message"),
                "messages": _("Messages"),
                "portal.ask_code": _("Asked for a one-time code"),
                "portal.enter": _("Came in with a one-time code"),
                "portal.leave": _("Signed out"),
                "portal.write_template": _("Wrote the words of a message"),
                "names of who may act": _("Names of who may act"),
                "numbers of who may act": _("Numbers of who may act"),
                "mobiles of who may act": _("Mobiles of who may act"),
                "mobiles of messages": _("Mobiles of messages"),
                "what newcomers typed": _("What newcomers typed"),
                "what newcomers wrote": _("What newcomers wrote"),
                "drafts of patients": _("Drafts of patients"),
                **dict(MandateKind.choices),
                **dict(Sits.choices),
            }
        )
        register_tones({"helper": "warn"})
