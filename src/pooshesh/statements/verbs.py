"""Commands of statements."""

import datetime as dt
import sys
from argparse import Namespace

from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.verbs import arg, verb
from pooshesh.statements import book
from pooshesh.statements.forms import end_of
from pooshesh.statements.reconcile import Verdict, reconcile
from pooshesh.statements.tables import lines

WIDE = 24


@verb(
    "reconcile",
    "Set what was published beside what is computed; status 1 when anything contradicts.",
    arg("codes", nargs="*", metavar="CODE", help="such as R4; all without one"),
    arg("--as-of", metavar="DAY", default="", help="as known at its end, Jalali or ISO; else now"),
)
def reconcile_(options: Namespace) -> int:
    """The page's table as text, in POOSHESH_LANGUAGE. Unknown codes are an error (status 2)."""
    chosen = [one for one in book.shipped() if not options.codes or one.code in options.codes]
    if unknown := sorted(set(options.codes) - {one.code for one in chosen}):
        sys.stderr.write(f"pooshesh: {', '.join(unknown)}?\n")
        return 2
    results = reconcile(EVERYWHERE, chosen, _moment(options.as_of))
    code = ""
    for line in lines(results):
        if line.code != code:
            code = line.code
            sys.stdout.write(f"\n{line.code}  [{line.verdict.label}]  {line.title}\n")
        behind = f"  ({line.reference})" if line.reference else ""
        shown = f": {line.shown}" if line.shown else ""
        sys.stdout.write(f"  {line.part:<{WIDE}} {line.says}{shown}{behind}\n")
    return 1 if any(one.verdict is Verdict.RED for one in results) else 0


def _moment(typed: str) -> dt.datetime | None:
    """The end of a day; None where none is given."""
    if not typed:
        return None
    day = parse_date(typed).date
    if day is None:
        raise Invalid("date.unreadable", read=typed)
    return end_of(day)
