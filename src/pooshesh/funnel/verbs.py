"""Commands of the funnel."""

import sys
from argparse import Namespace

from pooshesh.funnel import actions
from pooshesh.kernel.verbs import verb


@verb("funnel prove", "Count the patients' fund anew from its rows; status 1 when one differs.")
def prove(options: Namespace) -> int:
    """Names positions that are not what follows from the rows, and counts that do not add up."""
    faults = list(actions.prove())
    for one in faults:
        sys.stdout.write(f"{one.unit} {one.what}: expected {one.expected}, found {one.found}\n")
    sys.stdout.write(f"{len(faults)} differences\n" if faults else "Everything stands once.\n")
    return 1 if faults else 0
