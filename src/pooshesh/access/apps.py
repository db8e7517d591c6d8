from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "pooshesh.access"
    label = "access"

    def ready(self) -> None:
        from pooshesh.access import rotation  # noqa: F401 - registers what is sealed
        from pooshesh.web.registry import MenuItem, register_menu

        section = _("Administration")
        register_menu(
            MenuItem(_("Users"), "access:users", "access.manage", section, 900),
            MenuItem(_("Roles"), "access:roles", "", section, 910),
            MenuItem(_("Audit trail"), "access:trail", "audit.read", section, 920),
            MenuItem(_("Background jobs"), "access:jobs", "jobs.read", section, 930),
        )
