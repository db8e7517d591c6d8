"""A backup holds everything but the keys, and comes back whole or not at all."""

import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from pooshesh.access.models import User
from pooshesh.kernel import audit, backup
from pooshesh.kernel.config import config, database_settings
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.postgres import OWNER, Cluster, installations, major_version
from pooshesh.kernel.processes import environment_of_child, free_port
from pooshesh.kernel.tests.test_audit import seal

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_what_was_there_comes_back_and_the_chain_verifies(tmp_path: Path) -> None:
    User.objects.create_user("before")
    audit.record("a.b", actor=None)
    seal(1)
    backup.backup(tmp_path / "one.tar")
    User.objects.all().delete()
    User.objects.create_user("after")

    backup.restore(tmp_path / "one.tar")

    assert list(User.objects.values_list("username", flat=True)) == ["before"]
    audit.record("a.c", actor=None)
    assert seal(1) == 1
    audit.export_head(tmp_path)
    assert list(audit.verify(tmp_path)) == []


def test_a_backup_holds_no_secret(tmp_path: Path) -> None:
    backup.backup(tmp_path / "one.tar")

    with tarfile.open(tmp_path / "one.tar") as tar:
        names = tar.getnames()

    assert not [name for name in names if "secret" in name]


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\x1f\x8b" + bytes(600)])
def test_another_file_is_refused_and_nothing_is_lost(tmp_path: Path, content: bytes) -> None:
    User.objects.create_user("kept")
    file = tmp_path / "other.tar"
    file.write_bytes(content)

    with pytest.raises(Invalid) as caught:
        backup.restore(file)

    assert caught.value.code == "backup.not_one"
    assert User.objects.filter(username="kept").exists()


def rewritten(folder: Path, change: Callable[[bytes], bytes]) -> Path:
    """The backup `one.tar` of a folder once more, with another dump in it."""
    with tarfile.open(folder / "one.tar") as tar:
        tar.extractall(folder / "parts")
    dump = folder / "parts" / backup.DATABASE
    dump.write_bytes(change(dump.read_bytes()))
    with tarfile.open(folder / "two.tar", "w") as tar:
        tar.add(folder / "parts" / backup.MANIFEST, backup.MANIFEST)
        tar.add(dump, backup.DATABASE)
    return folder / "two.tar"


def test_a_cut_off_dump_changes_nothing(tmp_path: Path) -> None:
    User.objects.create_user("kept")
    backup.backup(tmp_path / "one.tar")
    cut = rewritten(tmp_path, lambda dump: dump[: len(dump) * 2 // 3])

    with pytest.raises(Invalid) as caught:
        backup.restore(cut)

    assert caught.value.code == "backup.failed"
    assert User.objects.filter(username="kept").exists()


def test_a_dump_of_later_programs_is_refused_in_one_sentence(tmp_path: Path) -> None:
    User.objects.create_user("kept")
    backup.backup(tmp_path / "one.tar")
    form = 5 + 1  # PGDMP, the form's version: major, minor
    later = rewritten(
        tmp_path, lambda dump: dump[:form] + bytes([dump[form] + 9]) + dump[form + 1 :]
    )

    with pytest.raises(Invalid) as caught:
        backup.restore(later)

    assert caught.value.code == "backup.newer_dump"
    assert "\n" not in caught.value.message()
    assert User.objects.filter(username="kept").exists()


def test_a_table_of_a_later_version_does_not_outlive_the_restore(tmp_path: Path) -> None:
    backup.backup(tmp_path / "one.tar")
    with connection.cursor() as cursor:
        cursor.execute("create table kernel_later (id int)")

    backup.restore(tmp_path / "one.tar")

    assert "kernel_later" not in connection.introspection.table_names()


# --- other servers --------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A server of another version on TCP, to which the product speaks with a password."""

    url: str

    def pooshesh(self, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product with this server as its database."""
        return subprocess.run(
            [sys.executable, "-m", "pooshesh", *words],
            env=environment_of_child(
                POOSHESH_HOME=str(home),
                POOSHESH_DATABASE_URL=self.url,
                POOSHESH_DATA_KEY=config().secret("data_key"),
            ),
            capture_output=True,
            text=True,
        )

    def usernames(self) -> list[str]:
        with psycopg.connect(self.url) as server:
            found = server.execute("select username from access_user order by 1").fetchall()
        return [name for (name,) in found]


@pytest.fixture(scope="module")
def fifteen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """PostgreSQL 15 on a port of its own, with nothing in it."""
    programs = [folder for folder in installations() if major_version(folder) == 15]
    if not programs:
        pytest.skip("the programs of PostgreSQL 15 are not installed here")
    cluster = Cluster(tmp_path_factory.mktemp("fifteen"), durable=False)
    vars(cluster)["binaries"] = programs[0]
    port = free_port()
    cluster.start()
    with cluster.connect() as server:
        server.execute(f"alter system set port = {port}")
        server.execute("alter system set listen_addresses = '127.0.0.1'")
    password = cluster.password(OWNER)
    cluster.run(
        programs[0] / "pg_ctl", "-D", cluster.data, "-w", "-s", "-o",
        f"-k {cluster.socket} -p {port} -c listen_addresses=127.0.0.1", "restart",
        "-l", cluster.root / "server.log",
    )  # fmt: skip
    yield Server(f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/pooshesh?sslmode=disable")
    cluster.stop()
    shutil.rmtree(cluster.root)


def test_a_backup_comes_back_on_an_older_server_and_again_on_the_newer(
    tmp_path: Path, fifteen: Server
) -> None:
    User.objects.create_user("نخست")
    backup.backup(tmp_path / "newer.tar")

    there = fifteen.pooshesh(tmp_path, "restore", "--yes", str(tmp_path / "newer.tar"))
    back = fifteen.pooshesh(tmp_path, "backup", str(tmp_path / "older.tar"))

    assert (there.returncode, there.stderr) == (0, "")
    assert (back.returncode, back.stderr) == (0, "")
    assert fifteen.usernames() == ["نخست"]
    User.objects.all().delete()
    backup.restore(tmp_path / "older.tar")
    assert list(User.objects.values_list("username", flat=True)) == ["نخست"]


# --- addresses ------------------------------------------------------------------------


def test_the_settings_of_an_address_reach_django() -> None:
    read = database_settings(
        "postgresql://me:a%20word@db.example.org:6432/house?sslmode=verify-full&sslrootcert=/ca.pem"
    )

    assert read == {
        "NAME": "house", "USER": "me", "PASSWORD": "a word", "HOST": "db.example.org",
        "PORT": "6432",
        "OPTIONS": {
            "application_name": "pooshesh", "sslmode": "verify-full", "sslrootcert": "/ca.pem",
        },
    }  # fmt: skip


def test_the_settings_of_an_address_reach_the_programs_but_the_password() -> None:
    read = database_settings("postgresql://me:word@db:6432/house?sslmode=verify-full")

    given = conninfo_to_dict(backup.address(read))

    assert given == {
        "user": "me", "host": "db", "port": "6432", "dbname": "house",
        "sslmode": "verify-full", "application_name": "pooshesh",
    }  # fmt: skip


def test_a_socket_is_given_as_host() -> None:
    read = database_settings("postgresql://me@/house?host=%2Frun%2Fpostgres")

    assert (read["HOST"], read["PORT"], read["NAME"]) == ("/run/postgres", "", "house")


@pytest.mark.parametrize("url", ["mysql://here/house", "postgresql://here/house?colour=red"])
def test_another_address_is_refused(url: str) -> None:
    with pytest.raises(SystemExit, match="address"):
        database_settings(url)
