"""A backup holds everything but the keys, and comes back whole or not at all."""

import tarfile
from pathlib import Path

import pytest

from pooshesh.access.models import User
from pooshesh.kernel import audit, backup
from pooshesh.kernel.errors import Invalid
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


def test_a_cut_off_dump_changes_nothing(tmp_path: Path) -> None:
    User.objects.create_user("kept")
    backup.backup(tmp_path / "one.tar")
    with tarfile.open(tmp_path / "one.tar") as tar:
        tar.extractall(tmp_path / "parts")
    dump = tmp_path / "parts" / backup.DATABASE
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    with tarfile.open(tmp_path / "cut.tar", "w") as tar:
        tar.add(tmp_path / "parts" / backup.MANIFEST, backup.MANIFEST)
        tar.add(dump, backup.DATABASE)

    with pytest.raises(Invalid) as caught:
        backup.restore(tmp_path / "cut.tar")

    assert caught.value.code == "backup.failed"
    assert User.objects.filter(username="kept").exists()
