"""`./pooshesh test` leaves no server and no files behind, and no two processes of it meet."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster
from pooshesh.suite import stop_server
from pooshesh.testing import HOMES, leftovers


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A server as a run of the suite has it."""
    made = Cluster(tmp_path, durable=False)
    made.start()
    yield made
    made.stop()


def test_the_last_run_stops_the_server(cluster: Cluster) -> None:
    assert stop_server(cluster.home)
    assert not cluster.running()


def test_a_server_another_run_uses_goes_on(cluster: Cluster) -> None:
    with (cluster.home / "use.lock").open("w") as in_use:
        fcntl.flock(in_use, fcntl.LOCK_SH)

        assert not stop_server(cluster.home)

    assert cluster.running()


def test_each_process_keeps_its_files_in_a_home_of_its_own() -> None:
    assert config().home == HOMES / str(os.getpid())
    assert settings.STORAGES["default"]["OPTIONS"]["location"] == config().home / "uploads"


def test_the_home_of_a_killed_process_is_left_over_and_ours_is_not() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    home = HOMES / str(ended.pid)
    home.mkdir()

    found = leftovers()
    home.rmdir()

    assert home in found
    assert config().home not in found
