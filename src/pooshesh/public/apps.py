from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    name = "pooshesh.public"
    label = "public"

    def ready(self) -> None:
        from pooshesh.public import actions, demo, retention  # noqa: F401 - register their jobs
        from pooshesh.web.registry import MenuItem, register_data, register_menu, register_names

        register_names(
            {
                "release": _("Release of public tables"), "releases": _("Releases"),
                "public.release": _("Publishing the public tables"),
                "public.demo": _("The demo’s public tables"),
            }
        )  # fmt: skip
        register_data(*retention.CLASSES)
        register_menu(MenuItem(_("Public page"), "public:home", "insight.read", _("Figures"), 478))
