"""What a household answers, as the phone sends it: read, judged, flattened, merged. Pure.

`Content` is JSON: the fields of `FIELDS`, and `members`, each with an `id` made on the phone and
the fields of `MEMBER`. All values are text but `consent`. The same rules run on the phone
(`static/census/rules.js`), where the worker learns of a fault at the door.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pooshesh.census.models import Outcome
from pooshesh.kernel.calendar import parse_date, to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, to_latin_digits
from pooshesh.people.models import Relation, Sex
from pooshesh.people.nations import nations

Content = dict[str, Any]

FIELDS = ("outcome", "address", "postal_code", "decile", "notes", "consent")
MEMBER = ("relation", "first_name", "last_name", "father_name", "birth", "sex", "nation",
          "document", "number", "mobile")  # fmt: skip
NUMERIC = ("postal_code", "decile", "birth", "mobile")
DOCUMENTS = ("national_id", "foreign_code", "passport", "amayesh", "none")
DECILES = ("", *map(str, range(1, 11)))  # "" is not known
LONGEST = {"notes": 1000, "address": 300}
LONG = 120  # characters of any other text
MOST_MEMBERS = 30

explain(
    {
        "field.form": gettext_noop(
            "What the phone sent cannot be read; update the app on the phone and send again."
        ),
        "field.long": gettext_noop("The text has %(read)s characters; expected at most %(limit)s."),
        "field.choice": gettext_noop("“%(read)s” is not one of the choices."),
        "field.consent": gettext_noop(
            "The household's consent is not ticked; without it nothing about it is kept."
        ),
        "field.no_members": gettext_noop("Nobody is written; expected at least the head."),
        "field.many_members": gettext_noop(
            "%(read)s members are written; expected at most %(limit)s in one household."
        ),
        "field.heads": gettext_noop("%(read)s heads are written; expected exactly one."),
        "field.no_name": gettext_noop("Neither first nor last name is written."),
        "field.born_later": gettext_noop("The birth date %(read)s lies after today."),
    }
)


@dataclass(frozen=True)
class Fault:
    """What stops a household, and where: "address", or "members.ID.birth"."""

    field: str
    error: Invalid


def read(raw: object, today: dt.date) -> tuple[Content, list[Fault]]:
    """The content in its one form, and every fault in it. Raises Invalid when it is no content.

    Identifiers are taken as written: a wrong check digit is told on the phone and graded later.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("members", []), list):
        raise Invalid("field.form")
    content: Content = {name: _text(raw, name) for name in FIELDS if name != "consent"}
    content["consent"] = raw.get("consent") is True
    members = raw.get("members", [])
    if content["outcome"] == Outcome.REFUSED:
        content["consent"] = False  # whatever was ticked before they changed their mind
    if content["outcome"] != Outcome.MET and not content["consent"]:
        members = []  # who was begun with and did not want to take part leaves no trace
    content["members"] = [_member(one) for one in members]
    ids = [one["id"] for one in content["members"]]
    if len(set(ids)) != len(ids):
        raise Invalid("field.form")
    return content, list(_faults(content, today))


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str):
        raise Invalid("field.form")
    value = clean(value[:5000])
    return to_latin_digits(value) if name in NUMERIC else value


def _member(raw: object) -> Content:
    if not isinstance(raw, Mapping):
        raise Invalid("field.form")
    try:
        made = str(UUID(raw.get("id")))
    except (TypeError, ValueError, AttributeError):
        raise Invalid("field.form") from None
    one = {"id": made, **{name: _text(raw, name) for name in MEMBER}}
    one["number"] = to_latin_digits(one["number"])
    return one


def _faults(content: Content, today: dt.date) -> list[Fault]:
    found = [*_too_long("", content, FIELDS)]
    found += _choice("outcome", content["outcome"], Outcome.values)
    found += _choice("decile", content["decile"], DECILES)
    members = content["members"]
    if len(members) > MOST_MEMBERS:
        error = Invalid("field.many_members", read=len(members), limit=MOST_MEMBERS)
        found.append(Fault("members", error))
    for one in members[:MOST_MEMBERS]:
        found += _too_long(f"members.{one['id']}.", one, MEMBER)
    if content["outcome"] != Outcome.MET:
        return found
    if not content["consent"]:
        found.append(Fault("consent", Invalid("field.consent")))
    if not members:
        found.append(Fault("members", Invalid("field.no_members")))
    heads = sum(one["relation"] == Relation.HEAD for one in members)
    if members and heads != 1:
        found.append(Fault("members", Invalid("field.heads", read=heads)))
    for one in members[:MOST_MEMBERS]:
        found += _member_faults(one, today)
    return found


def _member_faults(one: Content, today: dt.date) -> list[Fault]:
    at = f"members.{one['id']}."
    found = []
    if not (one["first_name"] or one["last_name"]):
        found.append(Fault(f"{at}first_name", Invalid("field.no_name")))
    found += _choice(f"{at}relation", one["relation"], Relation.values)
    found += _choice(f"{at}sex", one["sex"], Sex.values)
    found += _choice(f"{at}document", one["document"], DOCUMENTS)
    found += _choice(f"{at}nation", one["nation"], ("", *nations()))
    if one["birth"]:
        try:
            born = parse_date(one["birth"], today=today)
        except Invalid as error:
            found.append(Fault(f"{at}birth", error))
        else:
            now = to_jalali(today)
            if (born.date and born.date > today) or (born.year, born.month or 0) > now[:2]:
                found.append(Fault(f"{at}birth", Invalid("field.born_later", read=one["birth"])))
    return found


def _choice(field: str, value: str, known: Any) -> list[Fault]:
    return [] if value in known else [Fault(field, Invalid("field.choice", read=value[:40]))]


def _too_long(at: str, one: Content, names: tuple[str, ...]) -> list[Fault]:
    return [
        Fault(f"{at}{name}", Invalid("field.long", read=len(one[name]), limit=limit))
        for name in names
        if name != "consent" and len(one[name]) > (limit := LONGEST.get(name, LONG))
    ]


def persons(content: Content) -> int:
    """How many members are written of a household that was met."""
    return len(content["members"]) if content["outcome"] == Outcome.MET else 0


def head_of(content: Content) -> Content | None:
    """The head, else the first member; None where nobody is written."""
    members: list[Content] = content["members"]
    heads = [one for one in members if one["relation"] == Relation.HEAD]
    return next(iter(heads or members), None)


def flat(content: Content) -> dict[str, Any]:
    """Every field by its path, in the order of the form: {"address": …, "ID.birth": …}."""
    paths: dict[str, Any] = {name: content[name] for name in FIELDS}
    for one in content["members"]:
        paths.update({f"{one['id']}.{name}": one[name] for name in MEMBER})
    return paths


def differences(ours: Content, theirs: Content) -> list[tuple[str, Any, Any]]:
    """(path, our value, their value) wherever they differ; None where a member is not there."""
    one, other = flat(ours), flat(theirs)
    return [
        (path, one.get(path), other.get(path))
        for path in [*one, *(path for path in other if path not in one)]
        if one.get(path) != other.get(path)
    ]


def merge(ours: Content, theirs: Content, taken: set[str]) -> Content:
    """Our version with their value at every path of `taken`.

    A member of one side only comes or goes as a whole: with its first field.
    """
    one, other = flat(ours), flat(theirs)
    chosen = {**one, **{path: other.get(path) for path in taken if path in one or path in other}}
    merged: Content = {name: chosen[name] for name in FIELDS}
    sides = {m["id"]: m for m in (*theirs["members"], *ours["members"])}
    here = {m["id"] for m in ours["members"]}
    there = {m["id"] for m in theirs["members"]}
    merged["members"] = []
    for made in dict.fromkeys([m["id"] for m in (*ours["members"], *theirs["members"])]):
        if made in here and made in there:
            fields = {name: chosen[f"{made}.{name}"] for name in MEMBER}
            merged["members"].append({"id": made, **fields})
        elif (made in here) != (f"{made}.{MEMBER[0]}" in taken):
            merged["members"].append(sides[made])
    return merged
