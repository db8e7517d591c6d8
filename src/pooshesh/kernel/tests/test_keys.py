"""A wrong data key is noticed before anything is read or written."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from pooshesh.access.models import User
from pooshesh.conftest import UseKey
from pooshesh.kernel import backup, keys
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import DataKey, Event
from pooshesh.kernel.processes import environment_of_child

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def _fresh(data_key: UseKey, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database sealed with the first key, in a process that has not looked at it yet."""
    data_key("1:first")
    DataKey.objects.all().delete()
    keys.accept()
    monkeypatch.setattr(keys, "_checked", set())
    connection.close()


def test_the_first_key_of_a_database_is_noted_by_whoever_connects() -> None:
    DataKey.objects.all().delete()
    keys._checked.clear()
    connection.close()

    connection.ensure_connection()

    assert list(keys.known()) == [1]


@pytest.mark.parametrize(
    ("ring", "code"),
    [("1:other", "keys.wrong"), ("2:new", "keys.missing"), ("2:new,1:other", "keys.wrong")],
)
def test_no_question_is_answered_under_a_wrong_key(data_key: UseKey, ring: str, code: str) -> None:
    data_key(ring)

    with pytest.raises(Invalid) as first:
        User.objects.count()
    with pytest.raises(Invalid) as again:
        User.objects.count()

    assert (first.value.code, again.value.code) == (code, code)


def test_a_newer_key_beside_the_right_one_is_let_in_and_noted_by_the_start(
    data_key: UseKey,
) -> None:
    data_key("2:new,1:first")
    connection.ensure_connection()
    before = set(keys.known())

    keys.accept()

    assert (before, set(keys.known())) == ({1}, {1, 2})


@pytest.mark.parametrize(
    "words", [["jobs", "list"], ["worker"], ["keys", "rotate"], ["migrate"], ["audit", "export"]]
)
def test_a_command_with_a_wrong_key_says_one_sentence_and_writes_nothing(
    tmp_path: Path, words: list[str]
) -> None:
    one = settings.DATABASES["default"]
    url = (
        f"postgresql://{quote(one['USER'])}:{quote(one['PASSWORD'])}@/{one['NAME']}"
        f"?host={quote(one['HOST'], safe='')}"
    )
    before = Event.objects.count()

    done = subprocess.run(
        [sys.executable, "-m", "pooshesh", *words],
        env=environment_of_child(
            POOSHESH_HOME=str(tmp_path), POOSHESH_DATABASE_URL=url, POOSHESH_DATA_KEY="1:other"
        ),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("pooshesh: ")
    assert "POOSHESH_DATA_KEY" in done.stderr  # in either language
    assert done.stderr.count("\n") == 1
    assert Event.objects.count() == before


def test_a_backup_under_another_key_is_refused_before_anything_changes(
    tmp_path: Path, data_key: UseKey
) -> None:
    backup.backup(tmp_path / "one.tar")
    User.objects.create_user("kept")
    data_key("1:other")

    with pytest.raises(Invalid) as caught:
        backup.restore(tmp_path / "one.tar")

    assert caught.value.code == "keys.wrong"
    assert User.objects.filter(username="kept").exists()


def test_a_backup_comes_back_where_another_key_was_used(tmp_path: Path, data_key: UseKey) -> None:
    backup.backup(tmp_path / "one.tar")
    DataKey.objects.all().delete()
    data_key("1:other")
    keys.accept()
    data_key("1:first")
    connection.close()

    backup.restore(tmp_path / "one.tar")

    keys.verify(keys.known())


@pytest.mark.parametrize("ring", ["1:{}", "{}", "2:new,1:{}", "2:new, 1:{}"])
def test_production_refuses_the_demos_data_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ring: str
) -> None:
    demo = replace(config(), home=tmp_path, production=False)
    monkeypatch.delenv("POOSHESH_DATA_KEY")
    monkeypatch.setenv("POOSHESH_DATA_KEY", ring.format(demo_key(demo.home)))

    with pytest.raises(SystemExit, match="the demo's"):
        replace(demo, production=True).secret("data_key")


def demo_key(home: Path) -> str:
    """The key that the demo makes for itself."""
    (home / "secrets").mkdir()
    (home / "secrets" / "data_key").write_text("a-demo_secret")
    return "a-demo_secret"
