"""Commands of people."""

import sys
from argparse import Namespace

from pooshesh.access.actions import reseal_second_factors
from pooshesh.kernel.verbs import arg, verb
from pooshesh.people.rotation import rotate_identifiers


@verb(
    "keys rotate",
    "Rewrite identifiers and mobile numbers sealed with an older data key. Can be stopped.",
    arg("--batch", type=int, default=2_000, help="rows per transaction"),
)
def rotate(options: Namespace) -> None:
    total = 0
    while done := rotate_identifiers(options.batch):
        total += done
        sys.stdout.write(f"{total:,} rows\n")
    sys.stdout.write(f"{reseal_second_factors():,} second factors\n")
    sys.stdout.write("Done. Keep the older keys: files of open campaigns still need them.\n")
