"""What policy puts on the home page: proposals to answer, the rule packs and whether they hold."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.policy.queries import to_answer
from pooshesh.policy.shelf import Shelved, shelf
from pooshesh.web.registry import HomeLine, Text


def packs(user: User) -> Sequence[HomeLine] | None:
    """Every shipped pack, for whom rules are the work or something is wrong with one."""
    lines = [
        HomeLine(
            f"{_('Pack')} {one.name}",
            reverse("policy:pack", args=[one.name]),
            state=_state(one),
        )
        for one in shelf()
    ]
    wrong = [line for line in lines if line.state and line.state[0] == "warning"]
    works = user.may("campaign.run") or user.may("worklist.work")
    return (wrong or None) if works else lines


def waiting(user: User) -> Sequence[HomeLine] | None:
    """Versions of others that this user may answer; None while there is none."""
    count = to_answer(user)
    return (
        [HomeLine(_("Versions to decide about"), reverse("policy:versions"), count)]
        if count
        else None
    )


def _state(one: Shelved) -> tuple[str, Text]:
    if one.pack is None:
        return "warning", _("Broken")
    if one.failed:
        return "warning", _("Cases fail")
    return "holds", _("Every case holds")
