"""Whether the data key at hand is the one with which this database was sealed.

For every version of the key that has sealed anything here a known word lies sealed in the
database. Each process opens them when it first connects, so that one with a wrong key, or without
one that is needed, ends before it reads or writes anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ProgrammingError
from psycopg.errors import UndefinedTable

from pooshesh.kernel.crypto import CannotOpen, keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

explain(
    {
        "keys.wrong": gettext_noop(
            "The data key %(version)s is not the one with which this data was sealed; set the"
            " right POOSHESH_DATA_KEY."
        ),
        "keys.missing": gettext_noop(
            "This data is sealed with the data key %(version)s, which is not at hand; add it to"
            " POOSHESH_DATA_KEY as %(version)s:…"
        ),
        "keys.not_started": gettext_noop(
            "The product has not started with the data key %(version)s yet; restart it first, so"
            " that it can read what is rewritten."
        ),
    }
)

WORD = "Pooshesh"

_unchecked: ContextVar[bool] = ContextVar("unchecked", default=False)
_checked: set[str] = set()  # names of databases


def known() -> dict[int, bytes]:
    """Version of the key → the known word sealed with it."""
    return _read(connection)


def verify(words: Mapping[int, bytes]) -> None:
    """Open known words with the keys at hand. Raises Invalid with a keys.* code."""
    at_hand = {key.version for key in keyring().keys}
    for version, sealed in sorted(words.items()):
        if version not in at_hand:
            raise Invalid("keys.missing", version=version)
        try:
            keyring().open(sealed, _field(version))
        except CannotOpen:
            raise Invalid("keys.wrong", version=version) from None


def accept() -> None:
    """Note the newest key as one that seals from now on. Raises Invalid when a key is wrong."""
    verify(known())
    _note(connection)
    verify(known())


def refuse_unnoted() -> None:
    """Raise Invalid unless the product has started with the newest key."""
    version = keyring().keys[0].version
    if version not in known():
        raise Invalid("keys.not_started", version=version)


def forget(versions: Iterable[int]) -> None:
    """Need keys no longer with which nothing is sealed."""
    with connection.cursor() as cursor:
        cursor.execute("delete from kernel_datakey where version = any(%s)", [list(versions)])


@contextmanager
def unchecked() -> Iterator[None]:
    """Connect whatever the key: what is there is about to be replaced."""
    token = _unchecked.set(True)
    try:
        yield
    finally:
        _unchecked.reset(token)


def on_connect(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Check the key when a process first connects; the first key of a database is noted."""
    name = connection.settings_dict["NAME"]
    if connection.alias != "default" or name in _checked or _unchecked.get():
        return
    try:
        words = _read(connection)
        if not words:
            _note(connection)
            words = _read(connection)
        verify(words)
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        return  # a database without tables, or of a version before this check
    except Invalid:
        connection.close()  # or the next question would be answered
        raise
    _checked.add(name)


def _read(connection: BaseDatabaseWrapper) -> dict[int, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("select version, sealed from kernel_datakey")
        return {version: bytes(sealed) for version, sealed in cursor.fetchall()}


def _note(connection: BaseDatabaseWrapper) -> None:
    version = keyring().keys[0].version
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into kernel_datakey (version, sealed) values (%s, %s) on conflict do nothing",
            [version, keyring().seal(WORD, _field(version))],
        )


def _field(version: int) -> str:
    return f"data key {version}"
