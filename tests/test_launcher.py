"""The command `./pooshesh` works from any folder and through a link."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pooshesh.kernel.config import PROJECT


@pytest.fixture
def installed() -> Iterator[Path]:
    """A project whose packages another user installed, with a Python nobody else may run."""
    root = Path(tempfile.mkdtemp())
    (root / "requirements").mkdir()
    (root / "requirements" / "app.txt").touch()
    shutil.copy(PROJECT / "pooshesh", root)
    (root / ".venv").mkdir()
    (root / ".venv" / "made").touch()
    for folder in (root / ".venv", root):
        folder.chmod(0o555)
    yield root
    for folder in (root, root / ".venv"):
        folder.chmod(0o755)
    shutil.rmtree(root)


def test_what_another_user_installed_is_left_alone(installed: Path) -> None:
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}

    done = subprocess.run(
        [installed / "pooshesh", "status"], capture_output=True, text=True, check=False, **nobody
    )

    assert done.returncode == 1
    assert "cannot be used or made by this user" in done.stderr
    assert "rm:" not in done.stderr
    assert (installed / ".venv" / "made").exists()


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """A link to the command in a folder elsewhere, whose own link leads there too."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "second").symlink_to(PROJECT / "pooshesh")
    (folder / "pooshesh").symlink_to("second")
    return folder / "pooshesh"


def run(link: Path, *words: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command from the folder of its link."""
    return subprocess.run(
        [f"./{link.name}", *words], cwd=link.parent, capture_output=True, text=True, check=False,
        env={"PATH": "/usr/bin:/bin", "POOSHESH_HOME": str(home)},
    )  # fmt: skip


def test_it_runs_through_a_link(link: Path, tmp_path: Path) -> None:
    done = run(link, "status", home=tmp_path)

    assert "product   stopped" in done.stdout


def test_files_are_looked_for_where_the_caller_stands(link: Path, tmp_path: Path) -> None:
    (link.parent / "here.csv").write_text("code,name_fa\n")

    done = run(link, "places", "import", "here.csv", home=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "“here.csv” has headers but no rows" in done.stderr


def test_a_census_is_looked_for_where_the_caller_stands(link: Path, tmp_path: Path) -> None:
    (link.parent / "census.csv").write_text("name\nx\n")

    done = run(
        link, "campaign", "run", "--census", "census.csv", "--roll", "sso=roll.csv",
        "--neighbourhood", "x", "--on", "1400-11-22", "--out", "out", home=tmp_path,
    )  # fmt: skip

    assert done.returncode == 2
    assert "There is no file “roll.csv”" in done.stderr


def test_a_module_of_the_callers_folder_is_not_ours(link: Path, tmp_path: Path) -> None:
    (link.parent / "django.py").write_text("raise SystemExit('the wrong one')\n")

    done = run(link, "status", home=tmp_path)

    assert "product   stopped" in done.stdout


def test_a_second_first_start_says_that_it_waits(tmp_path: Path) -> None:
    lock = tmp_path / "requirements" / "app.txt"
    lock.parent.mkdir()
    lock.touch()
    command = shutil.copy(PROJECT / "pooshesh", tmp_path / "pooshesh")

    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with subprocess.Popen([command, "prepare"], stderr=subprocess.PIPE, text=True) as second:
            assert second.stderr is not None
            said = second.stderr.readline()
            second.kill()

    assert said == "another start is installing packages; waiting for it\n"
