"""What may follow what for a diagnosis, on which grounds, and the tones of all states."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from pooshesh.disease.models import (
    ClaimState,
    ImportState,
    PackageState,
    RowState,
    TagVerb,
    WishState,
)
from pooshesh.kernel.transitions import Machine, Transition
from pooshesh.web.registry import Tone

READ, WRITE, VERIFY = "disease.read", "disease.write", "disease.verify"

MACHINE = Machine(
    {state.value: state.label for state in ClaimState},
    (
        Transition("tag", ("waiting",), "tagged", _("Tag"), VERIFY),
        Transition("return", ("waiting",), "returned", _("Return for completion"), VERIFY),
        Transition("complete", ("returned",), "waiting", _("Send again to the university")),
        Transition("refuse", ("waiting",), "refused", _("Refuse"), VERIFY),
        Transition("appeal", ("refused",), "appealed", _("Appeal to other physicians"), WRITE),
        Transition("uphold", ("appealed",), "upheld", _("Uphold the refusal"), VERIFY),
        Transition("overturn", ("appealed",), "tagged", _("Overturn and tag"), VERIFY),
        Transition(
            "registry",
            ("waiting", "returned", "appealed"),
            "tagged",
            _("Tagged in the ministry's registry"),
        ),
        Transition("close", ("waiting", "returned", "appealed"), "closed", _("Close")),
        Transition("reopen", ("closed",), "waiting", _("Open again")),
    ),
)


class ReturnGround(TextChoices):
    """Why a diagnosis goes back for completion."""

    MISSING = "missing", _("A document is missing")
    UNREADABLE = "unreadable", _("A document cannot be read")
    OLD = "old", _("A document is too old")
    UNSIGNED = "unsigned", _("A document has no signature or stamp")
    MORE_TESTS = "more_tests", _("Another test or examination is needed")


class RefusalGround(TextChoices):
    """Why a diagnosis is refused."""

    NOT_PROVEN = "not_proven", _("The documents do not prove the diagnosis")
    ANOTHER = "another", _("The documents show another disease")
    CRITERIA = "criteria", _("The criteria of the disease's list are not met")
    SOMEBODY_ELSE = "somebody_else", _("The documents are somebody else's")


class AppealGround(TextChoices):
    """On what a refusal may be appealed."""

    NOT_CONSIDERED = "not_considered", _("Evidence was not considered")
    UNREASONABLE = "unreasonable", _("The decision is unreasonable")
    PROCEDURE = "procedure", _("The procedure was broken")
    NEW_EVIDENCE = "new_evidence", _("There is new evidence")


GROUNDS: dict[str, type[TextChoices]] = {
    "return": ReturnGround, "refuse": RefusalGround, "appeal": AppealGround,
    "uphold": RefusalGround,
}  # fmt: skip


def ground_label(verb: str, ground: str) -> str:
    """A ground in words; nothing where there is none."""
    known = GROUNDS.get(verb)
    return str(known(ground).label) if known and ground else ""


TONES: dict[Any, Tone] = {
    ClaimState.WAITING: "info", ClaimState.RETURNED: "warn", ClaimState.TAGGED: "good",
    ClaimState.REFUSED: "bad", ClaimState.APPEALED: "info", ClaimState.UPHELD: "bad",
    ClaimState.CLOSED: "quiet",
    PackageState.PROPOSED: "info", PackageState.APPROVED: "good", PackageState.REFUSED: "bad",
    PackageState.WITHDRAWN: "quiet",
    TagVerb.ISSUED: "good", TagVerb.RENEWED: "good", TagVerb.SHORTENED: "warn",
    TagVerb.REVOKED: "bad", TagVerb.DIED: "quiet", TagVerb.REVIVED: "good",
    "tag_holds": "good", "tag_ends_soon": "warn", "tag_ended": "quiet", "tag_revoked": "bad",
    "tag_begins_later": "info", "to_be_confirmed": "warn", "confirmed": "good",
    WishState.NEW: "quiet", WishState.OPEN: "info", WishState.ADDED: "good",
    WishState.DECLINED: "bad",
    ImportState.READING: "info", ImportState.DONE: "good", ImportState.FAILED: "bad",
    RowState.OPEN: "warn", RowState.ATTACHED: "good", RowState.ASIDE: "quiet",
}  # fmt: skip
