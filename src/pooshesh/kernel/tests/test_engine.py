"""When a kept connection is taken as usable."""

from collections.abc import Iterator

import pytest
from django.db import connection

from pooshesh.kernel.engine.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept() -> Iterator[DatabaseWrapper]:
    """A connection of its own that has answered already."""
    made = connection.copy()
    assert isinstance(made, DatabaseWrapper)
    made.ensure_connection()
    assert made.is_usable()
    yield made
    made.close()


def last_asked(kept: DatabaseWrapper) -> str:
    """The last statement the server saw on a connection."""
    assert kept.connection is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "select query from pg_stat_activity where pid = %s", [kept.connection.info.backend_pid]
        )
        return str(cursor.fetchone()[0])


def test_a_connection_in_use_is_not_asked_again(kept: DatabaseWrapper) -> None:
    with kept.cursor() as cursor:
        cursor.execute("select 'mine'")

    usable = kept.is_usable()

    assert usable
    assert last_asked(kept) == "select 'mine'"


def test_a_connection_long_unused_is_asked(kept: DatabaseWrapper) -> None:
    with kept.cursor() as cursor:
        cursor.execute("select 'mine'")
    kept.used_at -= 60

    usable = kept.is_usable()

    assert usable
    assert last_asked(kept) == "SELECT 1"


def test_a_connection_the_server_ended_is_not_usable(kept: DatabaseWrapper) -> None:
    assert kept.connection is not None
    pid = kept.connection.info.backend_pid

    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s, 5000)", [pid])

    assert not kept.is_usable()


def test_a_closed_connection_is_not_usable(kept: DatabaseWrapper) -> None:
    kept.close()

    assert not kept.is_usable()
