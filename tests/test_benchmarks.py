"""Benchmarks start from any folder, and say why a command of theirs failed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pooshesh.kernel.config import PROJECT

BENCH = PROJECT / "bench"
OURS = ("PYTHONPATH", "PYTHONSAFEPATH")


def python(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    # As in a plain terminal: `./pooshesh` sets paths for what it starts.
    env = {name: value for name, value in os.environ.items() if name not in OURS} | more
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "name", ["campaign", "campaign_linkage", "decide", "explain", "meeting", "search"]
)
def test_a_benchmark_finds_the_package_by_itself(tmp_path: Path, name: str) -> None:
    shown = python(tmp_path, str(BENCH / f"{name}.py"), "--help")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(f"usage: {name}.py")


def test_a_command_that_fails_in_a_benchmark_shows_its_message(tmp_path: Path) -> None:
    code = "import campaign, pathlib; campaign.run(pathlib.Path('sheets'), pathlib.Path('out'))"

    failed = python(tmp_path, "-c", code, PYTHONPATH=f"{BENCH}{os.pathsep}{PROJECT / 'src'}")

    assert failed.returncode == 1
    assert "campaign run ended with 2" in failed.stderr
    assert "--roll" in failed.stderr
