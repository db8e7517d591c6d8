"""The printed papers of requests: decision letters, prior approvals, sheets, a meeting's papers.

All of them are parts of one kind: a heading, facts, sentences, tables, boxes to sign in.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel.money import Rial, format_rial, words
from pooshesh.meetings import session_queries as at_session
from pooshesh.meetings.models import Session
from pooshesh.meetings.tables import session_title
from pooshesh.people.tables import full_name
from pooshesh.requests import explained, queries
from pooshesh.requests.models import (
    GRANTED,
    Appeal,
    AppealStand,
    Decider,
    Ground,
    Kind,
    Letter,
    Practice,
    Request,
    State,
)
from pooshesh.requests.sheets import Sheet, sheet_of
from pooshesh.requests.states import APPEAL_DAYS
from pooshesh.web.format import digits, jdate, language, number
from pooshesh.web.pdf import pdf

Part = dict[str, Any]
PAPER = "requests/print/pages.typ"


def _part(heading: str = "", **given: Any) -> Part:
    return {"heading": heading, "facts": [], "text": [], "tables": [], "after": [], "sign": [],
            **given}  # fmt: skip


def _table(title: str, head: Sequence[str], rows: Sequence[Sequence[str]],
           columns: Sequence[int]) -> dict[str, Any]:  # fmt: skip
    return {"title": title, "head": list(head), "rows": [list(row) for row in rows],
            "columns": list(columns)}  # fmt: skip


def _rial(amount: int) -> str:
    return format_rial(Rial(amount), language())


def _in_words(amount: int) -> str:
    return words(Rial(amount), language())


def _facts(row: Request) -> list[list[str]]:
    return [
        [_("Request"), digits(str(row.number))],
        [_("Patient"), full_name(row.person)],
        [_("Number of the file"), digits(row.file.code)],
        [_("Disease"), str(row.disease)],
    ]


def _office() -> list[list[str]]:
    """The box that the fund's office signs and stamps."""
    return [[_("Patients' fund"), "", _("Date, signature and stamp")]]


# --- letters ---------------------------------------------------------------------------------


def decision(row: Request) -> Part:
    """The letter to the patient about what was decided, why, and what can be done about it."""
    said = [explained.line(line) for line in queries.lines(row)]
    rows = [
        [one.line.title, jdate(one.line.on), _rial(one.line.asked), _rial(one.line.payable),
         " ".join([*(str(note) for note in one.notes), *(law.sentence for law in one.law)])]
        for one in said
    ]  # fmt: skip
    # What the rules sent on they did not decide: the body's own words count.
    wide = 5 if row.decided_by == Decider.RULE else 4 if row.decided_at else 3
    table = _table(
        _("Lines"), [_("What"), _("Date"), _("Asked"), _("Granted"), _("Why")][:wide],
        [cells[:wide] for cells in rows], [3, 2, 3, 3, 5][:wide],
    )  # fmt: skip
    facts = [*_facts(row), [_("State"), str(State(row.state).label)]]
    if row.decided_at:
        facts += [
            [_("Decided on"), jdate(timezone.localdate(row.decided_at))],
            [_("Decided by"), str(Decider(row.decided_by).label)],
        ]
    text, after = [], []
    if row.payable:
        facts.append([_("Granted"), f"{_rial(row.payable)} · {_in_words(row.payable)}"])
        after.append(_("Granted is not paid yet: the payment follows by voucher and bank."))
    if row.provisional:
        after.append(
            _("It was granted before the meeting; the committee confirms it.")
            if row.decided_by == Decider.FAST
            else _("An interest was declared after the vote: the body votes again, and the payment"
                   " is held until then.")
        )  # fmt: skip
    if row.state == State.RETURNED:
        text = [str(one) for one in explained.back_reasons(row, [one.line for one in said])]
    elif row.ground and row.decided_by != Decider.RULE:
        label = _("Question") if row.state == State.DEFERRED else _("Ground")
        text.append(f"{label}: {row.ground}")
    if row.state in (State.REJECTED, State.PART) and row.decided_at:
        after.append(
            _("You may appeal within %(days)s days: evidence was not considered, the decision is"
              " unreasonable, the procedure was broken, or there is new evidence. Other people"
              " decide about it.") % {"days": number(APPEAL_DAYS)}
        )  # fmt: skip
    heading = _("Decision about an expense request") if row.decided_at else _("About your request")
    return _part(heading, facts=facts, text=text, tables=[table], after=after, sign=_office())


def approval(letter: Letter) -> Part:
    """The letter to a provider that a cost will be paid."""
    row = letter.request
    lines = [
        [line.title, number(line.count), _rial(line.payable)]
        for line in queries.lines(row) if line.payable
    ]  # fmt: skip
    facts = [
        [_("To"), letter.provider],
        [_("Number of this letter"), digits(str(row.number))],
        *_facts(row)[1:],
        [_("Issued on"), jdate(letter.issued_on)],
        [_("Valid until"), jdate(letter.until)],
        [_("Amount"), f"{_rial(letter.amount)} · {_in_words(letter.amount)}"],
    ]
    text = [
        _("The fund pays the following for this patient against your invoice, which names the"
          " number of this letter. Please do not ask the patient to pay it first."),
    ]  # fmt: skip
    table = _table(_("What is paid"), [_("What"), _("Count"), _("At most")], lines, [4, 1, 3])
    return _part(_("Prior approval"), facts=facts, text=text, tables=[table], sign=_office())


def appeal(one: Appeal) -> Part:
    """The letter about an appeal: that it was brought, or what was decided and why."""
    facts = [
        [_("Appeal"), digits(str(one.number))],
        *_facts(one.request),
        [_("Ground"), str(Ground(one.ground).label)],
        [_("Brought on"), jdate(one.brought_on)],
        [_("State"), str(AppealStand(one.state).label)],
    ]
    after = []
    if one.decided_at:
        facts.append([_("Decided on"), jdate(timezone.localdate(one.decided_at))])
    if one.outcome:
        after.append(f"{_('Reason')}: {one.outcome}")
    if one.state == AppealStand.OVERTURNED:
        total = one.request.payable
        after.append(f"{_('Granted in all')}: {_rial(total)} · {_in_words(total)}")
    if one.state == AppealStand.WAITING:
        after.append(_("People who did not take part in the decision will decide it."))
    return _part(_("Appeal of a decision"), facts=facts, text=[one.text], after=after,
                 sign=_office())  # fmt: skip


def letter_of(row: Request) -> bytes:
    """The PDF of what was decided about a request; of a granted approval with its letter."""
    parts = [decision(row)]
    letter = queries.letter_of(row) if row.kind == Kind.APPROVAL else None
    if letter:
        parts.insert(0, approval(letter))
    return _pdf(_("Patients' fund"), parts, digits(str(row.number)))


def appeal_letter(one: Appeal) -> bytes:
    """The PDF of an appeal's letter."""
    return _pdf(_("Patients' fund"), [appeal(one)], digits(str(one.number)))


# --- sheets and the papers of a meeting -------------------------------------------------------


def sheet(one: Sheet) -> Part:
    """A request on one sheet."""
    row = one.request
    facts = [
        [_("Request"), digits(str(row.number))],
        *([[_("Patient"), one.name]] if one.name else []),
        [_("Age and sex"), " · ".join(filter(None, [
            _("%(years)s years") % {"years": number(one.years)} if one.years is not None else "",
            one.sex,
        ])) or "—"],
        [_("Disease"), str(row.disease)],
        [_("Kind"), str(Kind(row.kind).label)],
        [_("Waits since"), f"{jdate(row.on)} · {_('%(days)s days') % {'days': number(one.waits)}}"],
        [_("Asked"), f"{_rial(row.asked)} · {_in_words(row.asked)}"],
        [_("Left of the yearly ceiling"), _("not known") if one.left is None else _rial(one.left)],
    ]  # fmt: skip
    if row.proposed:
        facts.append([_("Proposed"), _rial(row.proposed)])
    if row.provisional:
        facts.append(
            [
                _("Fast track") if row.decided_by == Decider.FAST else _("Once more"),
                f"{_('Granted, to be confirmed')}: {_rial(row.payable)}",
            ]
        )
    rows = [
        [said.line.title, jdate(said.line.on), number(said.line.count), _rial(said.line.asked),
         " ".join(law.sentence for law in said.law)]
        for said in one.lines
    ]  # fmt: skip
    table = _table(
        _("Lines"), [_("What"), _("Date"), _("Count"), _("Asked"), _("What the rules say")], rows,
        [3, 2, 1, 3, 5],
    )  # fmt: skip
    papers = _("Documents: %(count)s") % {"count": number(len(one.documents))}
    return _part(_("Summary sheet"), facts=facts, tables=[table], after=[papers])


def sheets(session: Session, practice: Practice) -> bytes:
    """The PDF of the sheets of all requests on an agenda."""
    parts = [sheet(sheet_of(row, blind=practice.blind)) for row in queries.on_agenda(session)]
    return _pdf(f"{session.body}", parts or [_part(_("The agenda is empty."))],
                session_title(session))  # fmt: skip


def papers(session: Session) -> bytes:
    """One press: the agenda, what was decided, and the letter of each request decided."""
    lines = at_session.agenda(session)
    requests = queries.on_agenda(session)
    agenda = _table(
        _("Agenda"), [_("No."), _("Subject"), _("Details")],
        [[number(n), line.title, str(line.shown.note)] for n, line in enumerate(lines, 1)],
        [1, 5, 3],
    )  # fmt: skip
    verdicts = {one.item.matter.object_id: str(one.verdict) for one in lines
                if one.item.matter and one.item.matter.object_id}  # fmt: skip
    decided = [row for row in requests if row.motion_id and verdicts.get(row.pk)]
    table = _table(
        _("Decisions"), [_("Request"), _("Disease"), _("Asked"), _("Granted"), _("Decision")],
        [
            [digits(str(row.number)), str(row.disease), _rial(row.asked), _rial(row.payable),
             verdicts[row.pk]]
            for row in decided
        ],
        [2, 3, 3, 3, 3],
    )  # fmt: skip
    facts = [
        [_("Body"), str(session.body)],
        [_("Meeting"), session_title(session)],
        [_("Time"), jdate(session.starts_at, "moment")],
        [_("Requests decided"), number(len(decided))],
        [_("Granted in all"),
         _rial(sum(row.payable for row in decided if row.state in GRANTED))],
    ]  # fmt: skip
    first = _part(str(session.body), facts=facts, tables=[agenda, *([table] if decided else [])])
    letters = []
    for row in decided:
        letter = queries.letter_of(row) if row.kind == Kind.APPROVAL else None
        letters += [approval(letter)] if letter else []
        letters.append(decision(row))
    return _pdf(_("Papers of the meeting"), [first, *letters], session_title(session))


def _pdf(title: str, parts: Sequence[Part], foot: str) -> bytes:
    return pdf(PAPER, title, {"parts": list(parts)}, foot=foot)
