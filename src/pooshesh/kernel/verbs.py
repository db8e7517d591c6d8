"""The commands of `./pooshesh`: each room's `verbs.py` registers its own.

    @verb("places list", "List areas.", arg("--kind"), arg("--format", default="csv"))
    def list_areas(options: Namespace) -> None: ...

A verb returns its exit status (None is 0). `Invalid` becomes one sentence on stderr and status 2.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pooshesh.kernel.errors import Invalid

Run = Callable[[Namespace], int | None]


@dataclass(frozen=True)
class Verb:
    """A command: its words, what it is for, its arguments and what it does."""

    name: str
    purpose: str
    arguments: tuple[tuple[tuple[str, ...], dict[str, Any]], ...]
    run: Run


_verbs: dict[str, Verb] = {}


def arg(*names: str, **options: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """An argument, as `ArgumentParser.add_argument` takes it."""
    return names, options


def verb(
    name: str, purpose: str, *arguments: tuple[tuple[str, ...], dict[str, Any]]
) -> Callable[[Run], Run]:
    """Register a function as the command `name` (one or two words)."""

    def register(run: Run) -> Run:
        if name in _verbs:
            raise ValueError(f"two verbs are called {name!r}")
        _verbs[name] = Verb(name, purpose, arguments, run)
        return run

    return register


def verbs() -> list[Verb]:
    """Every registered command, by name."""
    return [_verbs[name] for name in sorted(_verbs)]


def parser() -> ArgumentParser:
    """The parser of all registered commands."""
    top = ArgumentParser(prog="./pooshesh", description="Pooshesh (پوشش)")
    first = top.add_subparsers(metavar="VERB", required=True)
    groups: dict[str, Any] = {}
    for one in verbs():
        *group, last = one.name.split()
        where = first
        if group:
            if group[0] not in groups:
                made = first.add_parser(group[0], help=f"{group[0]} …")
                groups[group[0]] = made.add_subparsers(metavar="VERB", required=True)
            where = groups[group[0]]
        sub = where.add_parser(last, help=one.purpose, description=one.purpose)
        for names, options in one.arguments:
            sub.add_argument(*names, **options)
        sub.set_defaults(run=one.run)
    return top


def main(words: list[str]) -> int:
    """Run one command; its exit status."""
    options = parser().parse_args(words)
    try:
        return options.run(options) or 0
    except Invalid as error:
        print(f"pooshesh: {error.message()}", file=sys.stderr)  # noqa: T201
        return 2
    except BrokenPipeError:  # the reader of our output went away
        return 0
