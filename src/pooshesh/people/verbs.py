"""Commands of people."""

import sys
from argparse import Namespace
from collections import Counter

from pooshesh.kernel import keys, rotation
from pooshesh.kernel.verbs import arg, verb
from pooshesh.people import link_verb  # noqa: F401 - registers `link`


@verb(
    "keys rotate",
    "Seal everything anew with the newest data key; status 1 when something is left. "
    "Can be stopped.",
    arg("--batch", type=int, default=2_000, help="rows per transaction"),
)
def rotate(options: Namespace) -> int:
    keys.refuse_unnoted()
    total: Counter[str] = Counter()
    for name, count in rotation.rotate(options.batch):
        total[name] += count
        _say(f"{name}: {total[name]:,}")
    used = rotation.used()
    old = (keys.known().keys() | used.keys()) - {rotation.newest()}
    keys.forget(old - used.keys())
    for version in sorted(old):
        if left := used.get(version):
            what = ", ".join(f"{count:,} {name}" for name, count in sorted(left.items()))
            _say(f"Key {version} is needed: {what}. Run this again.")
        else:
            _say(f"Key {version} seals nothing here any more; only older backups need it.")
    _say(f"Key {rotation.newest()} seals everything." if not old & used.keys() else "Not done.")
    return 1 if old & used.keys() else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
