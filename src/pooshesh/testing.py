"""Loaded by pytest before Django: gives the suite its own throw-away PostgreSQL.

Every process of a run has a database of its own, a copy of a template that is made once for the
migrations as they are, and a home folder of its own: no two meet. They share the server alone.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from pooshesh.kernel.config import PROJECT, config
from pooshesh.kernel.postgres import OWNER, Cluster

# No test is timed: a busy machine is no fault. Benchmarks measure.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

SERVER = PROJECT / "var" / "test"
HOMES = SERVER / "homes"
HOME = HOMES / str(os.getpid())

# Set before the settings are read; a test never sees the working database.
os.environ["POOSHESH_HOME"] = str(HOME)
os.environ["POOSHESH_ROLE"] = "owner"
os.environ.pop("POOSHESH_MODE", None)
os.environ.setdefault("POOSHESH_TEST_DATABASE", f"test_{os.getpid()}")


def leftovers() -> list[Path]:
    """Home folders of processes that ended without removing theirs."""
    return [home for home in HOMES.glob("*") if not Path("/proc", home.name).exists()]


if "PYTEST_XDIST_WORKER" not in os.environ:
    for killed in leftovers():
        shutil.rmtree(killed, ignore_errors=True)
shutil.rmtree(HOME, ignore_errors=True)  # of a killed process that had our number
(HOME / "static").mkdir(parents=True)  # whose absence the server would warn of

if os.environ.get("POOSHESH_DATABASE_URL"):
    config()
else:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # Held while this run lasts: whoever would stop the server sees that it is in use.
        in_use = (SERVER / "use.lock").open("w")
        fcntl.flock(in_use, fcntl.LOCK_SH)
        with (SERVER / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            cluster = Cluster(SERVER, durable=False)
            cluster.start()
            with cluster.connect() as server:
                for (name,) in server.execute(
                    "select datname from pg_database where datname ~ '^test_[0-9]+'"
                ).fetchall():
                    pid = int(name.split("_")[1])
                    if not Path("/proc", str(pid)).exists():
                        server.execute(f'drop database if exists "{name}" with (force)')
    # The server is not this home's own. Children that tests start get no word of it.
    os.environ["POOSHESH_DATABASE_URL"] = Cluster(SERVER).url(OWNER)
    config()
    del os.environ["POOSHESH_DATABASE_URL"]


def pytest_unconfigure() -> None:
    """What tests wrote into this process's home goes with it."""
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """A run's database is a copy of one with all tables, made once for these migrations."""
    if fixturedef.argname != "django_db_setup":
        return (yield)
    unblock = request.getfixturevalue("django_db_blocker").unblock
    with unblock():
        _copy_from_template()
    done = yield
    with unblock():
        _bring_back_quickly()
    return done


def _copy_from_template() -> None:
    from django.db import connection

    tables = hashlib.sha256()
    for path in sorted(PROJECT.glob("src/pooshesh/*/migrations/*.py")):
        tables.update(path.name.encode() + path.read_bytes())
    tables.update((PROJECT / "requirements" / "app.txt").read_bytes())
    name = f"template_{tables.hexdigest()[:16]}"
    with (SERVER / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection._nodb_cursor() as cursor:
            cursor.execute("select datname from pg_database where datname like 'template\\__%%'")
            made = [found for (found,) in cursor.fetchall()]
            if name not in made:
                for old in made:
                    cursor.execute(f'drop database if exists "{old}"')
                _make_template(cursor, name)
    connection.settings_dict["TEST"]["TEMPLATE"] = name


def _make_template(server: Any, name: str) -> None:
    """Under another name until it is whole: a run that is killed leaves no half template."""
    from django.core.management import call_command
    from django.db import connection

    from pooshesh.kernel.migrating import quickly

    part, asked = "part_of_template", connection.settings_dict["NAME"]
    server.execute(f'drop database if exists "{part}" with (force)')
    server.execute(f'create database "{part}"')
    connection.close()
    connection.settings_dict["NAME"] = part
    try:
        with quickly():
            call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = asked
    server.execute(f'alter database "{part}" rename to "{name}"')


# What a test that really commits leaves behind is taken away. Django would truncate every table,
# which makes a thousand files anew for a few rows, and load what migrations had filled row by row.


def _bring_back_quickly() -> None:
    """From here on a committed test leaves the database as the template is, in little time."""
    from django.db import connection
    from django.test import TransactionTestCase

    if os.environ.get("POOSHESH_DATABASE_URL"):
        return  # somebody's own server, where no superuser is at hand: Django's way
    with Cluster(SERVER).connect(database=connection.settings_dict["NAME"]) as server:
        whole.update({table: _rows(server, table) for table in _filled(server)})
    if hasattr(connection, "_test_serialized_contents"):
        del connection._test_serialized_contents  # else it is loaded before each test
    TransactionTestCase._fixture_teardown = bring_back  # type: ignore[attr-defined]


whole: dict[str, bytes] = {}  # table → the rows migrations filled it with, as COPY writes them


def bring_back(case: object = None) -> None:
    """Make the database hold what migrations filled it with, and nothing else."""
    from django.db import connection

    with Cluster(SERVER).connect(database=connection.settings_dict["NAME"]) as server:
        _bring_back(server)


def _bring_back(server: psycopg.Connection) -> None:
    server.execute("set session_replication_role = replica")  # no trigger, no foreign key
    server.execute("set lock_timeout = '60s'")
    large = []
    with server.transaction():
        # Whoever still writes for the last test, such as a request in flight, ends first.
        server.execute(f"lock table {', '.join(_tables(server))} in exclusive mode")
        for table, size in _filled(server).items():
            if table not in whole:
                server.execute(f"delete from {table}")  # noqa: S608 - a name of the catalogue
                large += [table] if size > LARGE else []
        for table, rows in whole.items():
            if _rows(server, table) != rows:
                server.execute(f"delete from {table}")  # noqa: S608 - a name of the catalogue
                with server.cursor().copy(f"copy {table} from stdin") as lines:
                    lines.write(rows)
    for table in large:  # what is dead would be read through by every test that follows
        server.execute(f"vacuum {table}")


LARGE = 1 << 20  # bytes


def _tables(server: psycopg.Connection) -> list[str]:
    """The product's tables, in quotes."""
    found = server.execute(
        "select quote_ident(relname) from pg_class"
        " where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"
    )
    return [name for (name,) in found.fetchall()]


def _filled(server: psycopg.Connection) -> dict[str, int]:
    """Tables that hold a row, with the bytes of each."""
    asked = " union all ".join(
        f"select '{table}', pg_relation_size('{table}') where exists (table {table})"
        for table in _tables(server)
    )
    return dict(server.execute(asked).fetchall())


def _rows(server: psycopg.Connection, table: str) -> bytes:
    with server.cursor().copy(f"copy {table} to stdout") as lines:
        return b"".join(lines)
