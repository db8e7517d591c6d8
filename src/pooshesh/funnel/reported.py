"""The figures a report gave about the fund, what follows from them, and what is computed here.

The report is about Lorestan in the winter of 1401 (mission, report B). Its figures do not
reconcile; nothing is chosen among them: each stands beside what the rows say (R2–R6, R8).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pooshesh.funnel.models import Unit
from pooshesh.funnel.queries import Cell
from pooshesh.web.format import number, percent

Text = str | Promise

LORESTAN = "15"
REGISTERED, REGISTERED_THERE = 53_252, 12_450  # persons; the second "about"
FILES, MEETINGS = 481, 20
PAID_A, PAID_B = 24 * 10**9, 23 * 10**9  # rial, both "about", for the same files
SMA, SMA_PAID = 24, 8 * 10**9  # patients; "more than"
POPULATION, POPULATION_THERE = 79_926_270, 1_760_649  # census of 1395

WORDS: dict[str, Text] = {
    "R2": gettext_lazy("“481 files, about 24 bn rial” and “about 23 bn rial paid for 481 files”"),
    "R3": gettext_lazy("“481 files registered” and “481 files approved”"),
    "R4": gettext_lazy("“53,252 registrations in the country, about 12,450 of them in Lorestan”"),
    "R5": gettext_lazy("“12,450 registered” beside “481 files”"),
    "R6": gettext_lazy("“24 SMA patients, more than 8 bn rial” beside the sums for all files"),
    "R8": gettext_lazy("“481 files approved in 20 meetings of the committee”"),
}


@dataclass(frozen=True)
class Beside:
    """A reported figure: its words, what follows from them, what is computed and where from.

    `unit` and `states` name the rows behind; "" is a figure of the ledger or of meetings.
    """

    code: str
    words: Text
    follows: Text
    computed: Text
    unit: str = ""
    state: str = ""
    disease: str = ""


@dataclass(frozen=True)
class Computed:
    """What the rows say of a province and of the nation; None for what no row tells."""

    registered: int
    registered_nation: int
    no_request: int
    requests: int
    approved: int
    paid: int  # rial
    payments: int
    sma_persons: int | None
    sma_paid: int | None
    decided: int | None  # files committees decided
    sittings: int | None  # their sittings


def follows_shares() -> tuple[Fraction, Fraction, Fraction]:
    """Lorestan's share of registrations, of the population, and one over the other (R4)."""
    of_registered = Fraction(REGISTERED_THERE, REGISTERED)
    of_people = Fraction(POPULATION_THERE, POPULATION)
    return of_registered, of_people, of_registered / of_people


def beside(found: Computed) -> list[Beside]:
    """Every row of the report's figures, in the order of their codes."""
    apart = Fraction(PAID_A - PAID_B, PAID_B)
    of_registered, of_people, times = follows_shares()
    share_here = _share(found.registered, found.registered_nation)
    return [
        Beside(
            "R2", WORDS["R2"],
            _("%(apart)s apart, both “about”; the ledger's total rules.")
            % {"apart": percent(float(apart))},
            _("%(paid)s rial paid in %(payments)s payments")
            % {"paid": number(found.paid), "payments": number(found.payments)},
            Unit.PAYMENT, "paid",
        ),
        Beside(
            "R3", WORDS["R3"], _("A count must name its state."),
            _("%(requests)s requests, of them %(approved)s approved")
            % {"requests": number(found.requests), "approved": number(found.approved)},
            Unit.REQUEST,
        ),
        Beside(
            "R4", WORDS["R4"],
            _("%(share)s of the registrations and %(people)s of the population: %(times)s times its"
              " share, an outlier to audit.")
            % {"share": percent(float(of_registered)), "people": percent(float(of_people), 2),
               "times": number(float(times))},
            _("%(here)s of %(nation)s registered persons, %(share)s")
            % {"here": number(found.registered), "nation": number(found.registered_nation),
               "share": share_here},
            Unit.PERSON,
        ),
        Beside(
            "R5", WORDS["R5"],
            _("Persons and files are different units: %(most)s persons at least have no file.")
            % {"most": number(REGISTERED_THERE - FILES)},
            _("%(none)s of %(all)s registered persons have not asked for money; the states say why")
            % {"none": number(found.no_request), "all": number(found.registered)},
            Unit.PERSON,
        ),
        Beside(
            "R6", WORDS["R6"],
            _("%(sma)s million rial a SMA patient; %(low)s–%(high)s million a file, or"
              " %(rest_low)s–%(rest_high)s million for the others if SMA is among the 481. Not"
              " stated.")
            % {"sma": number(SMA_PAID // SMA // 10**6), "low": number(PAID_B // FILES // 10**6),
               "high": number(round(PAID_A / FILES / 10**6)),
               "rest_low": number((PAID_B - SMA_PAID) // (FILES - SMA) // 10**6),
               "rest_high": number((PAID_A - SMA_PAID) // (FILES - SMA) // 10**6)},
            _sma(found), Unit.PAYMENT, "paid", "SMA",
        ),
        Beside(
            "R8", WORDS["R8"],
            _("At least %(least)s files a meeting; those rejected are not known.")
            % {"least": number(-(-FILES // MEETINGS))},
            _meetings(found),
        ),
    ]  # fmt: skip


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "—"


def _sma(found: Computed) -> Text:
    if not found.sma_persons or found.sma_paid is None:
        return _("No SMA patient was paid, or too few to tell")
    return _("%(persons)s SMA patients, %(paid)s rial paid, %(each)s million a patient") % {
        "persons": number(found.sma_persons),
        "paid": number(found.sma_paid),
        "each": number(found.sma_paid // found.sma_persons // 10**6),
    }


def _meetings(found: Computed) -> Text:
    if not found.sittings or found.decided is None:
        return _("No committee has closed a meeting yet")
    return _("%(decided)s files in %(sittings)s meetings, %(each)s a meeting") % {
        "decided": number(found.decided),
        "sittings": number(found.sittings),
        "each": number(found.decided / found.sittings),
    }


def sums(found: Iterable[Cell], unit: str, *states: str) -> tuple[int, int]:
    """(how many, rial) of a unit in some states, in all without one."""
    chosen: Sequence[Cell] = [
        cell for cell in found if cell.unit == unit and (not states or cell.state in states)
    ]
    return sum(cell.number for cell in chosen), sum(cell.amount for cell in chosen)
