"""How long what meetings holds is kept: bodies, their members, sessions and minutes."""

from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.retention import DataClass

RECORD = _("Duty to answer for decisions")

CLASSES = (
    DataClass(
        "bodies", _("Bodies with their rules, seats and members"),
        _("To know who may vote on a day"), RECORD,
        tables=("meetings.Body", "meetings.Rule", "meetings.Seat", "meetings.Member",
                "meetings.Term"),
    ),
    DataClass(
        "sessions", _("Sessions: agenda, attendance, interests, votes, minutes and signatures"),
        _("To prove what was decided, by whom, and that it was decided rightly"), RECORD,
        tables=("meetings.Session", "meetings.Matter", "meetings.Item", "meetings.ActionItem",
                "meetings.Attendance", "meetings.Conflict", "meetings.Motion",
                "meetings.Decision", "meetings.Vote", "meetings.Minutes", "meetings.Signature"),
    ),
)  # fmt: skip
