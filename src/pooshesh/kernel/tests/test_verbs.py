"""Commands find a database, and say in one sentence what stops them."""

import errno
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import django.db
import psycopg
import pytest
from django.utils import translation

from pooshesh.kernel import verbs
from pooshesh.kernel.config import PROJECT
from pooshesh.kernel.crypto import CannotOpen
from pooshesh.kernel.postgres import Cluster
from pooshesh.kernel.verbs import Run, as_invalid


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def no_table() -> Exception:
    """What Django raises where a table is missing."""
    error = django.db.ProgrammingError("relation with secrets does not exist")
    error.__cause__ = psycopg.errors.UndefinedTable("relation with secrets does not exist")
    return error


def disk_full(file: str) -> OSError:
    return OSError(errno.ENOSPC, "No space left on device", file)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (FileNotFoundError(errno.ENOENT, "", "/etc/nothing"), "There is no file “/etc/nothing”."),
        (FileNotFoundError(errno.ENOENT, "", "/no/such/x"), "There is no folder “/no”."),
        (PermissionError(errno.EACCES, "", "/x"), "“/x” may not be read or written by the user who"
         " runs this."),
        (IsADirectoryError(errno.EISDIR, "", "/etc"), "“/etc” is a folder; expected a file."),
        (disk_full("/x"), "The disk is full; free some room and run this again."),
        (OSError(errno.EIO, "Input/output error", "/x"),
         "“/x” cannot be used: Input/output error."),
        (django.db.OperationalError("connection failed: refused\n\tIs it running?"),
         "The database does not answer: connection failed: refused. See POOSHESH_DATABASE_URL."),
        (no_table(),
         "The database does not have this version's tables; run ./pooshesh migrate."),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_one_sentence(error: Exception, sentence: str) -> None:
    assert as_invalid(error).message() == sentence


def test_a_lost_key_names_its_setting() -> None:
    said = as_invalid(CannotOpen("no data key of version 2")).message()

    assert "version 2" in said
    assert "POOSHESH_DATA_KEY" in said


def test_a_row_that_the_database_quotes_is_not_said(db: None) -> None:
    with (
        pytest.raises(django.db.DatabaseError) as refused,
        django.db.transaction.atomic(),
        django.db.connection.cursor() as cursor,
    ):
        cursor.execute("select 'a name'::int")

    said = as_invalid(refused.value).message()

    assert said == "The database refused the work: DataError 22P02."


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands registered in a test are forgotten after it."""
    monkeypatch.setattr(verbs, "_verbs", {})


def failing(error: BaseException) -> Run:
    def run(options: Namespace) -> int:
        raise error

    return run


def test_a_missing_file_ends_with_status_2(
    register: None, capsys: pytest.CaptureFixture[str]
) -> None:
    error = FileNotFoundError(errno.ENOENT, "", "/etc/nothing")
    verbs.verb("one", "", database=False)(failing(error))

    status = verbs.main(["one"])

    assert status == 2
    assert capsys.readouterr().err == "pooshesh: There is no file “/etc/nothing”.\n"


def test_it_is_said_in_persian_too(register: None, capsys: pytest.CaptureFixture[str]) -> None:
    error = FileNotFoundError(errno.ENOENT, "", "/etc/nothing")
    verbs.verb("one", "", database=False)(failing(error))

    with translation.override("fa"):
        verbs.main(["one"])

    assert "وجود ندارد" in capsys.readouterr().err


def test_an_interrupted_command_ends_with_status_130(
    register: None, capsys: pytest.CaptureFixture[str]
) -> None:
    verbs.verb("one", "", database=False)(failing(KeyboardInterrupt()))

    status = verbs.main(["one"])

    assert status == 130
    assert capsys.readouterr().err == "pooshesh: Stopped.\n"


def test_our_own_mistakes_are_not_hidden(register: None) -> None:
    verbs.verb("one", "", database=False)(failing(ZeroDivisionError()))

    with pytest.raises(ZeroDivisionError):
        verbs.main(["one"])


def pooshesh(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command the way a person does, in a home of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "POOSHESH_ROLE"}
    environment |= {"POOSHESH_HOME": str(home), "PYTHONPATH": str(PROJECT / "src"), **more}
    return subprocess.run(
        [sys.executable, "-m", "pooshesh", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_an_address_that_does_not_answer_is_said_without_its_password(tmp_path: Path) -> None:
    done = pooshesh(
        tmp_path, "jobs", "list", POOSHESH_DATABASE_URL="postgresql://app:hidden@127.0.0.1:1/x"
    )

    assert done.returncode == 2
    assert done.stderr.startswith("pooshesh: The database does not answer: ")
    assert done.stderr.count("\n") == 1
    assert "hidden" not in done.stderr


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Cluster]:
    """A database with tables that does not run; whatever runs of it is stopped in the end."""
    pooshesh(tmp_path, "migrate")
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.stop()


def test_a_command_starts_the_database_and_stops_no_other_than_it_started(
    stopped: Cluster,
) -> None:
    before = stopped.running()

    done = pooshesh(stopped.home, "jobs", "list")
    after = stopped.running()
    stopped.start()
    pooshesh(stopped.home, "jobs", "list")

    assert (before, done.returncode, done.stderr, after) == (False, 0, "", False)
    assert stopped.running()


def test_without_tables_the_next_step_is_said(tmp_path: Path) -> None:
    done = pooshesh(tmp_path, "jobs", "list")

    assert done.returncode == 2
    assert "./pooshesh migrate" in done.stderr
    assert not Cluster(tmp_path).running()
