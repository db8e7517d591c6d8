"""The printed papers of a session: invitation with agenda, and minutes.

`words_of` turns the signed content into words of the reader's language; the page and the PDF show
the same.
"""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel.text import speaks_persian
from pooshesh.meetings import registry, session_queries
from pooshesh.meetings.models import Choice, Minutes, Outcome, Role, Session
from pooshesh.meetings.tables import session_title
from pooshesh.web.format import digits, jdate, language, number
from pooshesh.web.pdf import pdf

Words = dict[str, Any]


def invitation(session: Session) -> bytes:
    """The PDF of the agenda, with who is invited."""
    lines = session_queries.agenda(session)
    title = _("Invitation and agenda")
    data = {
        "facts": [
            [_("Body"), str(session.body)],
            [_("Meeting"), session_title(session)],
            [_("Time"), jdate(session.starts_at, "moment")],
            [_("Place"), session.place],
        ],
        "agenda_title": _("Agenda"),
        "agenda_head": [_("No."), _("Subject"), _("Details")],
        "agenda": [
            [number(n), line.title, "، ".join(_remarks(line))] for n, line in enumerate(lines, 1)
        ],
        "invited_title": _("Invited"),
        "invited_head": [_("Name"), _("Organisation"), _("Role")],
        "invited": [
            [one.term.member.name, str(one.term.organisation), one.term.get_role_display()]
            for one in session_queries.people(session)
        ],
    }
    return pdf(
        "meetings/print/agenda.typ", title, data, foot=f"{session.body} · {session_title(session)}",
        on=timezone.localdate(session.starts_at),
    )  # fmt: skip


def _remarks(line: session_queries.Line) -> list[str]:
    remarks = []
    if line.item.action:
        owner = line.item.action.member or line.item.action.organisation
        deadline = _("deadline %(day)s") % {"day": jdate(line.item.action.deadline)}
        remarks += [_("Follow-up"), str(owner), deadline]
    elif line.item.carried_over:
        remarks.append(_("Carried over"))
    if line.item.matter and line.item.matter.urgent:
        remarks.append(_("Urgent"))
    if line.shown.note:
        remarks.append(str(line.shown.note))
    return remarks


def minutes(session: Session, made: Minutes) -> bytes:
    """The PDF of the minutes."""
    return pdf(
        "meetings/print/minutes.typ", _("Minutes"), words_of(session, made),
        foot=f"{session.body} · {session_title(session)} · {made.digest[:16]}",
        on=timezone.localdate(made.made_at),
    )  # fmt: skip


def words_of(session: Session, made: Minutes) -> Words:
    """The minutes in words: facts, attendance, agenda, motions with votes, actions, signatures."""
    content = made.content
    signed = list(session_queries.signatures(session))
    by_member = {str(one.member_id): one for one in signed}
    body = content["body"]["fa" if speaks_persian(language()) else "en"] or content["body"]["fa"]
    return {
        "facts": [
            [_("Body"), body],
            [_("Meeting"), session_title(session)],
            [_("Opened"), _moment(content["opened_at"])],
            [_("Closed"), _moment(content["closed_at"])],
            [_("Place"), content["place"]],
        ],
        "people_title": _("Attendance"),
        "people_head": [_("Name"), _("Organisation"), _("Role"), _("In the room")],
        "people": [
            [one["name"], one["organisation"], str(Role(one["role"]).label), _spans(one["spans"])]
            for one in content["people"]
        ],
        "agenda_title": _("Agenda"),
        "agenda": [
            {"number": number(one["number"]), "title": one["title"], "note": one["note"]}
            for one in content["agenda"]
        ],
        "conflicts_title": _("Declared interests"),
        "conflicts_head": [_("Subject"), _("Name"), _("Which interest")],
        "conflicts": [[one["title"], one["name"], one["reason"]] for one in content["conflicts"]],
        "motions_title": _("Motions, votes and decisions"),
        "motions": [_motion(one) for one in content["motions"]],
        "actions_title": _("Action items"),
        "actions_head": [_("What is to be done"), _("Owner"), _("Deadline")],
        "actions": [
            [one["text"], one["owner"], jdate(dt.date.fromisoformat(one["deadline"]))]
            for one in content["actions"]
        ],
        "later_title": _("Set aside after the session"),
        "later": [
            f"{one.matter.title}: {one.why_set_aside} ({jdate(one.set_aside_at, 'moment')})"
            for one in session_queries.set_aside_later(session, made.made_at)
        ],
        "signatures_title": _("Signatures"),
        "signatures": [
            [
                f"{one['organisation']} ({Role(one['role']).label})",
                one["name"],
                _signed(by_member.get(one["member"])),
            ]
            for one in content["people"]
            if one["spans"] and one["role"] != Role.SECRETARY
        ],
        "digest_word": _("Digest of these minutes (SHA-256)"),
        "digest": made.digest,
    }


def _motion(one: dict[str, Any]) -> Words:
    kind = registry.kind_of(one["kind"])
    votes = {
        choice: [v["name"] for v in one["votes"] if v["choice"] == choice and v["counts"]]
        for choice in Choice.values
    }
    quorum = _("%(counted)s of %(members)s members present, %(needed)s needed") % {
        "counted": number(one["counted"]),
        "members": number(one["members"]),
        "needed": number(one["needed"]),
    }
    if one["missing"]:
        quorum += " · " + _("missing: %(names)s") % {"names": "، ".join(one["missing"])}
    return {
        "title": _("Motion %(number)s: %(verdict)s")
        % {"number": number(one["number"]), "verdict": kind.verdicts[one["verdict"]]},
        "text": one["text"],
        "facts": [
            [_("Counted"), _moment(one["counted_at"])],
            [_("Quorum"), quorum],
            *([str(Choice(code).label), "، ".join(who)] for code, who in votes.items() if who),
        ],
        "head": [
            _("No."), _("Subject"), _("In favour"), _("Against"), _("Abstained"), _("Decision")
        ],
        "rows": [
            [
                number(row["item"]), row["title"], number(row["for"]), number(row["against"]),
                number(row["abstained"]),
                _("Set aside") if row["set_aside"] else str(Outcome(row["outcome"]).label),
            ]
            for row in one["decisions"]
        ],
    }  # fmt: skip


def _signed(one: Any) -> str:
    if one is None:
        return ""
    how = _("on paper") if one.on_paper else _("electronically")
    return f"{jdate(one.signed_at, 'moment')} · {how}"


def _moment(text: str) -> str:
    return jdate(dt.datetime.fromisoformat(text), "moment") if text else ""


def _spans(spans: list[list[str]]) -> str:
    return "، ".join(f"{_hour(came)}–{_hour(left)}" for came, left in spans) or _("absent")


def _hour(text: str) -> str:
    return digits(f"{timezone.localtime(dt.datetime.fromisoformat(text)):%H:%M}") if text else "…"
