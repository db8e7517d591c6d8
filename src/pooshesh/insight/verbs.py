"""Commands of figures."""

import datetime as dt
import sys
import time
from argparse import Namespace

from pooshesh.insight import actions
from pooshesh.insight.actions import Due
from pooshesh.insight.models import Reason
from pooshesh.insight.months import between, code_of, of_code
from pooshesh.kernel.verbs import arg, verb


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


@verb(
    "insight build",
    "Count months into figures: those that are due, or those named.",
    arg("months", nargs="*", metavar="MONTH", help="1401-10, or 1400-10..1401-12"),
    arg("--parts", action="store_true", help="say every part as it is counted"),
)
def build(options: Namespace) -> int:
    """Counts what is due, or each month named; one that was stopped goes on where it stood."""
    named = [month for text in options.months for month in _months(text)]
    todo = [Due(month, Reason.ASKED, {}) for month in named] if named else actions.due()
    for one in todo:
        began = time.monotonic()

        def tell(step: str, done: int, total: int) -> None:
            if options.parts:
                _say(f"  {done}/{total} {step}")

        made = actions.build(one, actor=None, tell=tell)
        said = f"revision {made.revision}, digest {made.digest[:12]}" if made else "as it was"
        _say(f"{code_of(one.month)}: {said}, {time.monotonic() - began:.1f} s")
    if not todo:
        _say("No month is due.")
    return 0


def _months(text: str) -> list[dt.date]:
    first, _dots, last = text.partition("..")
    return list(between(of_code(first), of_code(last or first)))


@verb(
    "insight prove",
    "Work every figure out of its kept facts again; status 1 when one differs.",
    arg("months", nargs="*", metavar="MONTH", help="1401-10, or 1400-10..1401-12; all without"),
)
def prove(options: Namespace) -> int:
    """Compares facts with their digests, and values with what follows from the facts."""
    named = [month for text in options.months for month in _months(text)]
    faults = list(actions.prove(named or None))
    for one in faults:
        _say(f"{one.month} revision {one.revision}: {one.what} differ")
    _say(f"{len(faults)} differences" if faults else "Every figure follows from its facts.")
    return 1 if faults else 0
