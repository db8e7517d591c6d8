from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RenewalConfig(AppConfig):
    name = "pooshesh.renewal"
    label = "renewal"

    def ready(self) -> None:
        from pooshesh.renewal import outreach, runs, sheets, states  # noqa: F401 - jobs, rotation
        from pooshesh.renewal.held import HELD
        from pooshesh.renewal.home import work
        from pooshesh.renewal.pages import household_panel
        from pooshesh.renewal.retention import CLASSES
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            PersonPanel,
            register_data,
            register_held,
            register_home,
            register_household_panel,
            register_menu,
            register_names,
            register_tones,
        )

        section = _("Cover")
        register_menu(
            MenuItem(_("Renewal"), "renewal:runs", states.WORK, section, 260),
            MenuItem(_("Renewal worklist"), "renewal:items", states.WORK, section, 261),
            MenuItem(_("Sheets of deciles"), "renewal:sheets", states.WORK, section, 262),
            MenuItem(_("Decile appeals"), "renewal:appeals", states.WORK, section, 263),
            MenuItem(_("Entitled, not told"), "renewal:outreach", states.WORK, section, 264),
        )
        register_home(HomePart(_("Cover that needs a clerk"), states.WORK, 30, work))
        register_household_panel(
            PersonPanel(
                _("Decile appeals"), "renewal/household_panel.html", states.WORK, 110,
                household_panel,
            )
        )  # fmt: skip
        register_names(
            {
                "coverage.renew": _("Renewed the cover"),
                "decile sheets": _("Sheets of deciles"),
                "renewal.count": _("Dry run of renewal"),
                "renewal.carry_out": _("Carried a renewal out"),
                "renewal.renew": _("Renewal of cover"),
                "renewal.open_item": _("Opened an item of the renewal worklist"),
                "renewal.note": _("Wrote a note on a renewal"),
                "renewal.notice": _("Gave notice of the end of cover"),
                "renewal.settled": _("Settled an item of the renewal worklist"),
                "renewal.ended": _("Ended cover after a notice"),
                "renewal.letter": _("Printed a letter of renewal"),
                "renewal.export": _("Exported a list of renewal"),
                "renewal.bring": _("Brought a sheet of deciles"),
                "renewal.check_sheet": _("Check of a sheet of deciles"),
                "renewal.write_sheet": _("Wrote a sheet of deciles"),
                "renewal.file_appeal": _("Filed a decile appeal"),
                "renewal.appeal_sent": _("Sent a decile appeal to the ministry"),
                "renewal.appeal_upheld": _("Recorded that a decile was upheld"),
                "renewal.appeal_corrected": _("Recorded that a decile was corrected"),
                "renewal.appeal_withdrawn": _("Withdrew a decile appeal"),
                "renewal.outreach": _("List of who is entitled and not told"),
                "renewal.attempt": _("Tried to tell somebody of their right"),
                "renewal.send": _("Sent text messages about free cover"),
                "renewal.prune": _("Deletion of sheets of deciles"),
                "renewal_run": _("Run of renewal"),
                "renewal_item": _("Item of the renewal worklist"),
                "decile_sheet": _("Sheet of deciles"),
                "appeal": _("Decile appeal"),
                "outreach": _("Somebody entitled"),
                "rows_written": _("Rows written"),
                "found_entitled": _("Entitled, not covered"),
                "settled_entitled": _("Enrolled or not entitled any more"),
                "messages": _("Messages handed over"),
            }
        )
        register_tones(states.TONES)
        register_data(*CLASSES)
        register_held(HELD)
