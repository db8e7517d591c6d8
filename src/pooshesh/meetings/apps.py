from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "pooshesh.meetings"
    label = "meetings"

    def ready(self) -> None:
        from pooshesh.meetings.home import own_actions, sessions
        from pooshesh.meetings.models import ActionState, Outcome, SessionState
        from pooshesh.meetings.retention import CLASSES
        from pooshesh.web.registry import (
            HomePart,
            MenuItem,
            register_data,
            register_home,
            register_menu,
            register_names,
            register_tones,
        )

        register_data(*CLASSES)
        section = _("Meetings")
        register_menu(
            MenuItem(_("Bodies and meetings"), "meetings:bodies", "meetings.read", section, 450),
            MenuItem(_("My action items"), "meetings:mine", "meetings.read", section, 460),
        )
        register_home(
            HomePart(_("Meetings"), "meetings.read", 20, sessions),
            HomePart(_("My action items"), "", 21, own_actions),
        )
        register_names(
            {
                "meetings.found": _("Set up a body"),
                "meetings.change_body": _("Changed a body"),
                "meetings.set_rule": _("Stated quorum and majority"),
                "meetings.seat": _("Gave a seat"),
                "meetings.end_seat": _("Ended a seat"),
                "meetings.appoint": _("Appointed a member"),
                "meetings.dismiss": _("Ended a membership"),
                "meetings.link_account": _("Linked a member to an account"),
                "meetings.submit": _("Brought matters before a body"),
                "meetings.withdraw": _("Withdrew a matter"),
                "meetings.plan": _("Planned a session"),
                "meetings.refill": _("Filled an agenda"),
                "meetings.put_on": _("Put a matter on an agenda"),
                "meetings.take_off": _("Took an item off an agenda"),
                "meetings.move": _("Moved an item of an agenda"),
                "meetings.reschedule": _("Moved a session"),
                "meetings.invite": _("Invited to a session"),
                "meetings.cancel": _("Cancelled a session"),
                "meetings.open": _("Opened a session"),
                "meetings.come": _("Noted that a member came"),
                "meetings.leave": _("Noted that a member left"),
                "meetings.declare": _("Declared an interest"),
                "meetings.put": _("Put a motion to the vote"),
                "meetings.withdraw_motion": _("Withdrew a motion"),
                "meetings.vote": _("Kept votes"),
                "meetings.count": _("Counted a vote"),
                "meetings.note": _("Noted what was said"),
                "meetings.assign": _("Kept an action item"),
                "meetings.done": _("Reported an action item done"),
                "meetings.drop": _("Dropped an action item"),
                "meetings.close": _("Closed a session"),
                "meetings.correct": _("Corrected minutes"),
                "meetings.sign": _("Signed minutes"),
                "body": _("Body"),
                "body_member": _("Member of a body"),
                "matter": _("Matter"),
                "session": _("Meeting"),
                "motion": _("Motion"),
                "action_item": _("Action item"),
            }
        )
        register_tones(
            {
                SessionState.INVITED: "info", SessionState.OPEN: "info",
                SessionState.SIGNED: "good", SessionState.CLOSED: "warn",
                Outcome.CARRIED: "good", Outcome.LOST: "bad", Outcome.NO_QUORUM: "bad",
                Outcome.PENDING: "info", ActionState.OPEN: "info", ActionState.DONE: "good",
                "overdue": "bad",
            }
        )  # fmt: skip
