"""What a report said about the fund, and what the rows say of it today.

The report is about Lorestan in the winter of 1401 (mission, report B: B4–B16). Where its figures do
not reconcile is told by `statements`, with what follows from them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from pooshesh.funnel.models import Unit
from pooshesh.funnel.queries import READ, Cell
from pooshesh.kernel.calendar import from_jalali
from pooshesh.web.format import jdate, number, percent

Text = str | Promise

LORESTAN = "15"
#: The first moment after the year the report speaks of.
END = dt.datetime.combine(from_jalali(1402, 1, 1), dt.time(), tzinfo=ZoneInfo("Asia/Tehran"))
YEAR = 1401  # of the report

WORDS: dict[str, Text] = {
    "B4": gettext_lazy("“481 files, about 24 bn rial”"),
    "B5": gettext_lazy("“Services are poorly explained”: people need timely information"),
    "B6": gettext_lazy("“1.8 million people, more than 1.2 million with this insurer”"),
    "B7": gettext_lazy("“The main aim: people of low income”"),
    "B8": gettext_lazy("“The three lowest deciles are covered free”"),
    "B9": gettext_lazy("“53,252 registrations in the country”"),
    "B10": gettext_lazy("“About 12,450 of them in Lorestan, 23 %”"),
    "B11": gettext_lazy("“3 meetings of the provincial working group”"),
    "B12": gettext_lazy("“20 meetings of the provincial committee”"),
    "B13": gettext_lazy("“481 files approved, about 23 bn rial paid”"),
    "B14": gettext_lazy("“24 SMA patients tagged, more than 8 bn rial”"),
    "B15": gettext_lazy("“A big step in absorbing credit”"),
    "B16": gettext_lazy("“Since the start”, “so far”, “at present”"),
}


@dataclass(frozen=True)
class Beside:
    """A reported figure: its words, what is to be said of them, what is computed and where from.

    `unit`, `state` and `disease` name the rows behind; `nation`: of the country. `pages` are
    others where it stands: (address name, permission, query).
    """

    code: str
    words: Text
    follows: Text
    computed: Text
    unit: str = ""
    state: str = ""
    disease: str = ""
    nation: bool = False
    pages: tuple[tuple[str, str, str], ...] = ()

    def links(
        self, may: Callable[[str], bool], *, names_rows: bool, by: dt.date | None
    ) -> list[tuple[str, str]]:
        """(address, words) of what the viewer may open; rows that were there by a day."""
        found = []
        if self.unit and names_rows:
            asked = {"unit": self.unit, "state": self.state, "disease": self.disease,
                     "area": "" if self.nation else f"p{LORESTAN}",
                     "by": jdate(by) if by else ""}  # fmt: skip
            found.append((f"{reverse('funnel:rows')}?{urlencode(asked)}", _("Rows")))
        return found + [
            (reverse(name) + query, _(_TITLES[name]))
            for name, permission, query in self.pages
            if may(permission)
        ]


#: What the pages are called where they stand.
_TITLES = {
    "funnel:board": gettext_noop("Where everything stands"),
    "funnel:credit": gettext_noop("Credit and forecast"),
    "funnel:diseases": gettext_noop("Spending by disease"),
    "funnel:deciles": gettext_noop("Who benefits"),
    "funnel:meetings": gettext_noop("Meetings"),
    "portal:templates": gettext_noop("Message templates"),
    "coverage:spells": gettext_noop("Cover spells"),
    "policy:packs": gettext_noop("Rules"),
    "disease:tags": gettext_noop("Disease tags"),
}
_MEETINGS = "meetings.read"


def linked(
    rows: Sequence[Beside],
    may: Callable[[str], bool],
    *,
    names_rows: bool,
    by: dt.date | None = None,
) -> list[tuple[Beside, list[tuple[str, str]]]]:
    """Each row with what the viewer may open behind it."""
    return [(row, row.links(may, names_rows=names_rows, by=by)) for row in rows]


@dataclass(frozen=True)
class Computed:
    """What the rows say of a province and of the nation."""

    registered_nation: int
    approved: int
    paid: int  # rial
    payments: int
    sittings: int  # of committees
    group_sittings: int  # of working groups
    tagged: int | None  # persons with SMA; None where they are few
    applications: int
    applications_nation: int
    as_of: dt.date


def beside(found: Computed) -> list[Beside]:
    """What the report says, in the order of its codes."""
    paid = _("%(approved)s requests approved, %(paid)s rial paid in %(payments)s payments") % {
        "approved": number(found.approved), "paid": number(found.paid),
        "payments": number(found.payments),
    }  # fmt: skip
    return [
        Beside(
            "B4", WORDS["B4"], _("A figure carries its date."),
            _("%(paid)s, on %(day)s") % {"paid": paid, "day": jdate(found.as_of)},
            Unit.PAYMENT, "paid",
        ),
        Beside(
            "B5", WORDS["B5"], _("Each patient's own page, and messages in plain words."),
            _("Every step sends a message; the patient sees where the file is."),
            pages=(("portal:templates", READ, ""),),
        ),
        Beside(
            "B6", WORDS["B6"], _("More than 66.7 %; the others are not uninsured."),
            _("Counted from spells of cover on a day."),
            pages=(("coverage:spells", "coverage.read", ""),),
        ),
        Beside(
            "B7", WORDS["B7"], _("Who benefits is counted by decile."),
            _("Persons and rial by decile, with a concentration index."),
            pages=(("funnel:deciles", READ, ""),),
        ),
        Beside(
            "B8", WORDS["B8"], _("A rule with a date, five deciles since 1402."),
            _("Decided by the rules in force on the day."),
            pages=(("policy:packs", "rules.read", ""),),
        ),
        Beside(
            "B9", WORDS["B9"], _("Applications and persons are different units."),
            _("%(applications)s applications of %(persons)s persons")
            % {"applications": number(found.applications_nation),
               "persons": number(found.registered_nation)},
            Unit.APPLICATION, nation=True, pages=(("funnel:board", READ, ""),),
        ),
        Beside(
            "B10", WORDS["B10"], _("Shares are computed, not typed."),
            _("%(here)s applications, %(share)s of the country's")
            % {"here": number(found.applications),
               "share": _share(found.applications, found.applications_nation)},
            Unit.APPLICATION,
        ),
        Beside(
            "B11", WORDS["B11"], _("It decides policy, not files."),
            _("%(count)s meetings closed") % {"count": number(found.group_sittings)},
            pages=(("funnel:meetings", _MEETINGS, "?of=group"),),
        ),
        Beside(
            "B12", WORDS["B12"], _("It decides files."),
            _("%(count)s meetings closed") % {"count": number(found.sittings)},
            pages=(("funnel:meetings", _MEETINGS, ""),),
        ),
        Beside(
            "B13", WORDS["B13"], _("Approval is not payment."), paid, Unit.REQUEST, "approved",
            pages=(("funnel:board", READ, f"?area=p{LORESTAN}"),),
        ),
        Beside(
            "B14", WORDS["B14"], _("Persons, tags and rial of one disease."),
            _("%(persons)s persons with SMA tagged or further") % {"persons": number(found.tagged)}
            if found.tagged else _("No SMA patient was tagged, or too few to tell"),
            Unit.APPLICATION, "tagged", "SMA",
            pages=(("funnel:diseases", "ledger.read", f"?year={YEAR}"),
                   ("disease:tags", "disease.read", "?disease=SMA")),
        ),
        Beside(
            "B15", WORDS["B15"], _("Paid of allocated, by province and year."),
            _("Worked out for the year that is chosen."),
            pages=(("funnel:credit", "ledger.read", f"?year={YEAR}"),),
        ),
        Beside(
            "B16", WORDS["B16"], _("A figure says since when and until when."),
            _("Credit can be asked for as of the end of any day."),
            pages=(("funnel:credit", "ledger.read", f"?year={YEAR}&on={YEAR}/12/29"),),
        ),
    ]  # fmt: skip


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "—"


def sums(found: Iterable[Cell], unit: str, *states: str) -> tuple[int, int]:
    """(how many, rial) of a unit in some states, in all without one."""
    chosen: Sequence[Cell] = [
        cell for cell in found if cell.unit == unit and (not states or cell.state in states)
    ]
    return sum(cell.number for cell in chosen), sum(cell.amount for cell in chosen)
