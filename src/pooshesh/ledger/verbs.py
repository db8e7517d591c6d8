"""Commands of the ledger."""

import sys
from argparse import Namespace

from pooshesh.kernel.verbs import verb
from pooshesh.ledger import prove
from pooshesh.ledger.prove import PROOFS


@verb("ledger prove", "Re-add everything in the fund's books; status 1 when something differs.")
def prove_books(options: Namespace) -> int:
    """Names each proof that fails and the first rows it was found in."""
    done = prove.prove()
    for one in done.faults:
        _say(f"NOT PROVEN: {one.proof}: {one.count} ({', '.join(one.first)})")
    held = len(PROOFS) - len(done.faults)
    _say(f"{held} of {len(PROOFS)} proofs hold over {done.entries:,} entries, "
         f"{done.postings:,} postings.")  # fmt: skip
    return 1 if done.faults else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
