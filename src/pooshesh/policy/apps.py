from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "pooshesh.policy"
    label = "policy"

    def ready(self) -> None:
        from pooshesh.web.registry import MenuItem, register_menu, register_tones

        register_menu(MenuItem(_("Rule packs"), "policy:packs", "rules.read", _("Rules"), 500))
        register_tones(
            {
                "enrol_free": "good",
                "pays_share": "info",
                "not_ours": "quiet",
                "dependant_worklist": "warn",
                "regularise": "warn",
                "needs_decile": "warn",
                "value_unknown": "warn",
            }
        )
