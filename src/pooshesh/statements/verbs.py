"""Commands of statements."""

import sys
from argparse import Namespace

from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.verbs import arg, verb
from pooshesh.statements import book
from pooshesh.statements.reconcile import Verdict, reconcile
from pooshesh.statements.tables import lines

WIDE = 24


@verb(
    "reconcile",
    "Set what was published beside what is computed; status 1 when anything contradicts.",
    arg("codes", nargs="*", metavar="CODE", help="such as R4; all without one"),
)
def reconcile_(options: Namespace) -> int:
    """The page's table as text, in POOSHESH_LANGUAGE. Unknown codes are an error (status 2)."""
    chosen = [one for one in book.shipped() if not options.codes or one.code in options.codes]
    if unknown := sorted(set(options.codes) - {one.code for one in chosen}):
        sys.stderr.write(f"pooshesh: {', '.join(unknown)}?\n")
        return 2
    results = reconcile(EVERYWHERE, chosen)
    code = ""
    for line in lines(results):
        if line.code != code:
            code = line.code
            sys.stdout.write(f"\n{line.code}  [{line.verdict.label}]  {line.title}\n")
        behind = f"  ({line.reference})" if line.reference else ""
        shown = f": {line.shown}" if line.shown else ""
        sys.stdout.write(f"  {line.part:<{WIDE}} {line.says}{shown}{behind}\n")
    return 1 if any(one.verdict is Verdict.RED for one in results) else 0
