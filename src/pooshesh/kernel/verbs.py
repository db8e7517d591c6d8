"""The commands of `./pooshesh`: each room's `verbs.py` registers its own.

    @verb("places list", "List areas.", arg("--kind"), arg("--format", default="csv"))
    def list_areas(options: Namespace) -> None: ...

A verb returns its exit status (None is 0). While it runs there is a database, unless it is
registered with `database=False`. What goes wrong outside our own code (bad input, a missing file,
a full disk, a database that does not answer) becomes one sentence on stderr and status 2.
"""

import contextlib
import errno
import fcntl
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django.db
import psycopg

from pooshesh.kernel.config import config
from pooshesh.kernel.crypto import CannotOpen
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.postgres import Cluster, without_password
from pooshesh.kernel.processes import Hold

explain(
    {
        "verb.no_file": gettext_noop("There is no file “%(file)s”."),
        "verb.no_folder": gettext_noop("There is no folder “%(file)s”."),
        "verb.forbidden": gettext_noop(
            "“%(file)s” may not be read or written by the user who runs this."
        ),
        "verb.folder": gettext_noop("“%(file)s” is a folder; expected a file."),
        "verb.no_room": gettext_noop("The disk is full; free some room and run this again."),
        "verb.file": gettext_noop("“%(file)s” cannot be used: %(words)s."),
        "verb.sealed": gettext_noop(
            "Something sealed cannot be opened (%(words)s). Put the key it was sealed with behind"
            " the newest one in POOSHESH_DATA_KEY."
        ),
        "verb.no_tables": gettext_noop(
            "The database does not have this version's tables; run ./pooshesh migrate."
        ),
        "verb.database": gettext_noop("The database refused the work: %(words)s."),
        "verb.stopped": gettext_noop("Stopped."),
    }
)

INTERRUPTED = 130  # 128 and the number of SIGINT, as shells report it
NO_TABLE, NO_COLUMN, DISK_FULL = "42P01", "42703", "53100"

Run = Callable[[Namespace], int | None]


@dataclass(frozen=True)
class Verb:
    """A command: its words, what it is for, its arguments and what it does."""

    name: str
    purpose: str
    arguments: tuple[tuple[tuple[str, ...], dict[str, Any]], ...]
    run: Run
    database: bool


_verbs: dict[str, Verb] = {}


def arg(*names: str, **options: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    """An argument, as `ArgumentParser.add_argument` takes it."""
    return names, options


def verb(
    name: str,
    purpose: str,
    *arguments: tuple[tuple[str, ...], dict[str, Any]],
    database: bool = True,
) -> Callable[[Run], Run]:
    """Register a function as the command `name` (one or two words).

    `database`: it needs one, so the embedded server is started for it where none runs.
    """

    def register(run: Run) -> Run:
        if name in _verbs:
            raise ValueError(f"two verbs are called {name!r}")
        _verbs[name] = Verb(name, purpose, arguments, run, database)
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
        sub.set_defaults(verb=one)
    return top


def main(words: list[str]) -> int:
    """Run one command; its exit status."""
    options = parser().parse_args(words)
    chosen: Verb = options.verb
    try:
        with database() if chosen.database else contextlib.nullcontext():
            status = chosen.run(options) or 0
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more
        return 0
    except KeyboardInterrupt:
        _tell(Invalid("verb.stopped"))
        return INTERRUPTED
    except (Invalid, CannotOpen, OSError, django.db.Error, psycopg.Error) as error:
        _tell(as_invalid(error))
        return 2
    return status


def _tell(error: Invalid) -> None:
    print(f"pooshesh: {error.message()}", file=sys.stderr)  # noqa: T201


def as_invalid(error: Exception) -> Invalid:
    """What went wrong outside our own code, as a sentence without a value or a password."""
    if isinstance(error, Invalid):
        return error
    if isinstance(error, CannotOpen):
        return Invalid("verb.sealed", words=str(error))
    if isinstance(error, OSError):
        return _of_file(error)
    return _of_database(error)


def _of_file(error: OSError) -> Invalid:
    file = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Invalid("verb.no_room")
    if file is None:
        return Invalid("verb.file", file="—", words=error.strerror or type(error).__name__)
    if isinstance(error, FileNotFoundError):
        missing = next((f for f in reversed(file.absolute().parents) if not f.exists()), None)
        if missing:
            return Invalid("verb.no_folder", file=str(missing))
        return Invalid("verb.no_file", file=str(file))
    if isinstance(error, PermissionError):
        return Invalid("verb.forbidden", file=str(file))
    if isinstance(error, IsADirectoryError):
        return Invalid("verb.folder", file=str(file))
    return Invalid("verb.file", file=str(file), words=error.strerror or type(error).__name__)


def _of_database(error: Exception) -> Invalid:
    """PostgreSQL quotes whole rows in its messages, so of an answer only names are said."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    if not isinstance(cause, psycopg.Error) or state is None:
        words = without_password(str(error), config().database_url or "")
        return Invalid("postgres.silent", words=words or type(error).__name__)
    if state in (NO_TABLE, NO_COLUMN):
        return Invalid("verb.no_tables")
    if state == DISK_FULL:
        return Invalid("verb.no_room")
    names = [type(error).__name__, state, cause.diag.table_name, cause.diag.constraint_name]
    return Invalid("verb.database", words=" ".join(filter(None, names)))


@contextlib.contextmanager
def database() -> Iterator[None]:
    """The embedded server runs meanwhile, unless an address of another was given.

    Whichever command ends last stops a server that commands started, unless the product runs.
    """
    if config().database_url:
        yield
        return
    cluster = Cluster(config().home)
    started = config().home / "run" / "started-by-command"  # holds its leading process
    started.parent.mkdir(parents=True, exist_ok=True)
    with (started.parent / "commands.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if cluster.start():
            started.write_text(str(cluster.leader()))
        try:
            yield
        finally:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # nobody else is at work
                ours = started.exists() and started.read_text() == str(cluster.leader())
                if ours and not Hold(config().home).holder():
                    django.db.connections.close_all()
                    cluster.stop()
