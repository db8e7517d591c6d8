from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "pooshesh.access"
    label = "access"

    def ready(self) -> None:
        from pooshesh.access import rotation  # noqa: F401 - registers what is sealed
        from pooshesh.access.home import failed, jobs, start_here, warnings
        from pooshesh.access.retention import CLASSES
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            register_data,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        section = _("Administration")
        register_menu(
            MenuItem(_("Users"), "access:users", "access.manage", section, 900),
            MenuItem(_("Roles"), "access:roles", "", section, 910),
            MenuItem(_("Audit trail"), "access:trail", "audit.read", section, 920),
            MenuItem(_("Background jobs"), "access:jobs", "jobs.read", section, 930),
        )
        register_data(*CLASSES)
        register_home(
            HomePart(_("Warnings"), "audit.read", 10, warnings),
            HomePart(_("Warnings"), "jobs.read", 10, failed),
            HomePart(_("Background jobs"), "", 40, jobs),
            HomePart(_("Start here"), "access.manage", 100, start_here),
        )
        register_tones({"warning": "warn"})
        register_names(
            {
                "access.create_user": _("Opened an account"),
                "access.give": _("Gave a role"),
                "access.end_grant": _("Ended a role"),
                "access.lock": _("Locked an account"),
                "access.unlock": _("Unlocked an account"),
                "job.cancel": _("Stopped a background job"),
                "keys.rotate": _("Sealed anew with the newest data key"),
                "user": _("User"),
                "job": _("Background job"),
                "second factors": _("Second factors"),
                "events": _("Events sealed"),
                "faults": _("Faults found"),
                "first": _("The first faults"),
                "file": _("File"),
                "csv": _("Export as CSV"),
                "xlsx": _("Export as XLSX"),
            }
        )
