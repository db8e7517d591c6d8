"""What a request must be to be brought at all. Pure, but for today's day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.requests.models import LARGEST_LINE, Kind, PayeeKind
from pooshesh.requests.near import number_key, provider_key

MOST_LINES = 50
MOST_COUNT = 1000  # of a line, which is of one invoice

explain(
    {
        "request.no_lines": gettext_noop("A request needs at least one line."),
        "request.many_lines": gettext_noop(
            "The request has %(found)s lines; expected at most %(most)s. Bring the rest apart."
        ),
        "request.amount": gettext_noop(
            "Line %(line)s: “%(read)s” rial was read; expected more than zero and at most"
            " %(most)s rial."
        ),
        "request.count": gettext_noop(
            "Line %(line)s: the count is %(read)s; expected 1 to %(most)s."
        ),
        "request.future": gettext_noop(
            "Line %(line)s: the invoice is of %(read)s, a day to come; expected today or before."
        ),
        "request.past": gettext_noop(
            "Line %(line)s: %(read)s has passed; a prior approval is for a cost to come."
        ),
        "request.two_years": gettext_noop(
            "The lines are of the years %(years)s; the ceiling is counted by year, so bring a"
            " request for each year."
        ),
        "request.invoice_missing": gettext_noop("Line %(line)s: the number of the invoice misses."),
        "request.line_twice": gettext_noop(
            "Line %(line)s repeats an earlier line of the same invoice; write the count once."
        ),
        "request.provider_missing": gettext_noop("Line %(line)s: who gave the service misses."),
    }
)


@dataclass(frozen=True, slots=True)
class LineAsked:
    """A line as it is brought; `asked` rial of the whole line, `invoice` "" in an approval."""

    code: str
    title: str
    on: dt.date
    asked: int
    count: int = 1
    provider: str = ""
    facility_id: UUID | None = None
    invoice: str = ""


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom the money goes to; `sheba` as typed and checked, "" where it is not known yet."""

    kind: PayeeKind = PayeeKind.PATIENT
    name: str = ""
    sheba: str = ""


def check(kind: str, lines: Sequence[LineAsked], today: dt.date) -> int:
    """The Jalali year of the lines. Raises Invalid for the first line that cannot be."""
    if not lines:
        raise Invalid("request.no_lines")
    if len(lines) > MOST_LINES:
        raise Invalid("request.many_lines", found=len(lines), most=MOST_LINES)
    seen = set()
    for place, line in enumerate(lines, 1):
        _line(kind, place, line, today)
        # An approval names no invoice yet: there the code alone tells lines apart.
        provider = provider_key(line.facility_id, line.provider)
        key = (number_key(line.invoice), provider, line.on, line.asked, line.code)
        if key in seen:
            raise Invalid("request.line_twice", line=place)
        seen.add(key)
    years = sorted({to_jalali(line.on).year for line in lines})
    if len(years) > 1:
        raise Invalid("request.two_years", years=tuple(years))
    return years[0]


def _line(kind: str, place: int, line: LineAsked, today: dt.date) -> None:
    Rial(line.asked)  # beyond a bigint it is refused as any amount is
    if not 0 < line.asked <= LARGEST_LINE:
        raise Invalid("request.amount", line=place, read=line.asked, most=LARGEST_LINE)
    if not 1 <= line.count <= MOST_COUNT:
        raise Invalid("request.count", line=place, read=line.count, most=MOST_COUNT)
    if not (line.provider or line.facility_id):
        raise Invalid("request.provider_missing", line=place)
    if kind == Kind.EXPENSE:
        if line.on > today:
            raise Invalid("request.future", line=place, read=line.on)
        if not number_key(line.invoice):
            raise Invalid("request.invoice_missing", line=place)
    elif line.on < today:
        raise Invalid("request.past", line=place, read=line.on)
