"""What the census calls its fields and values on screen."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.census.answers import MEMBER, Content
from pooshesh.census.models import Outcome, Revision
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.people.models import Relation, Sex
from pooshesh.people.nations import nation
from pooshesh.web.format import digits, number
from pooshesh.web.timeline import Event

FIELDS: dict[str, Promise] = {
    "outcome": gettext_lazy("Outcome"),
    "address": gettext_lazy("Address"),
    "postal_code": gettext_lazy("Postal code"),
    "decile": gettext_lazy("Decile"),
    "notes": gettext_lazy("Notes"),
    "consent": gettext_lazy("Consent"),
    "relation": gettext_lazy("Relation to the head"),
    "first_name": gettext_lazy("First name"),
    "last_name": gettext_lazy("Last name"),
    "father_name": gettext_lazy("Father's name"),
    "birth": gettext_lazy("Birth date"),
    "sex": gettext_lazy("Sex"),
    "nation": gettext_lazy("Nationality"),
    "document": gettext_lazy("Document"),
    "number": gettext_lazy("Number of the document"),
    "mobile": gettext_lazy("Mobile number"),
}
DOCUMENTS: dict[str, Promise] = {
    "national_id": gettext_lazy("National ID number"),
    "foreign_code": gettext_lazy("Foreign national's code"),
    "passport": gettext_lazy("Passport"),
    "amayesh": gettext_lazy("Amayesh card"),
    "none": gettext_lazy("No document"),
}
KINDS = {"national_id": Kind.NATIONAL_ID, "foreign_code": Kind.FOREIGN_CODE,
         "passport": Kind.PASSPORT}  # fmt: skip
_WORDS: dict[str, Mapping[str, Any]] = {
    "outcome": dict(Outcome.choices),
    "relation": dict(Relation.choices),
    "sex": dict(Sex.choices),
    "document": DOCUMENTS,
}


def value(field: str, said: Any) -> str:
    """A value as people read it; "" where nothing was said."""
    if field == "consent":
        return _("Yes") if said else _("No")
    if field in _WORDS:
        return str(_WORDS[field].get(said, said))
    if field == "nation":
        return nation(said) if said else ""
    if field == "decile" and not said:
        return _("not known")
    return digits(said) if field in ("birth", "decile", "address", "notes") else str(said)


def said(content: Content) -> list[tuple[str, str]]:
    """(title, value) of what was said about the household as a whole."""
    names = ("outcome", "address", "postal_code", "decile", "consent", "notes")
    return [(str(FIELDS[name]), value(name, content[name])) for name in names]


def members(content: Content) -> list[dict[str, Any]]:
    """The members as the page shows them, each with a remark on a number that is in doubt."""
    return [_member(one) for one in content["members"]]


def _member(one: Content) -> dict[str, Any]:
    kind = KINDS.get(one["document"])
    remark = grade(kind, one["number"], mobile=one["mobile"]).remark() if kind else None
    return {
        **{name: value(name, one[name]) for name in MEMBER},
        "remark": remark.message() if remark and one["number"] else "",
    }


def lines(
    found: Sequence[tuple[str, Any, Any]], ours: Content | None, theirs: Content | None
) -> list[dict[str, Any]]:
    """Differences as the comparison shows them: whose, which field, both values."""
    whose = {
        m["id"]: f"{m['first_name']} {m['last_name']}".strip()
        for content in (theirs, ours) if content
        for m in content["members"]
    }  # fmt: skip
    shown = []
    for path, our, their in found:
        made, _dot, field = path.rpartition(".")
        whole = bool(made) and (our is None or their is None)
        shown.append({
            "path": path, "who": whose.get(made, ""),
            "title": _("Member of the household") if whole else str(FIELDS[field]),
            "ours": _side(field, our, whole), "theirs": _side(field, their, whole),
        })  # fmt: skip
    return shown


def _side(field: str, said: Any, whole: bool) -> str:
    if whole:
        return _("not in this version") if said is None else str(said)
    return value(field, said) or "—"


def outcomes(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """(outcome, households) in the order of the form."""
    return [(str(one.label), counts.get(one.value, 0)) for one in Outcome]


def versions(found: Sequence[Revision], names: Mapping[UUID, str]) -> list[Event]:
    """Every version of a household: when, whose, by which way."""
    return [
        Event(
            _("Version %(number)s") % {"number": number(one.number)},
            one.received_at,
            _("sent from a phone") if one.device_id else _("merged or let in by the lead"),
            names.get(one.user_id, ""),
        )
        for one in found
    ]


def accepted(count: int) -> str:
    """What is said after accepting all that fits."""
    return _("Households accepted: %(count)s.") % {"count": number(count)}
