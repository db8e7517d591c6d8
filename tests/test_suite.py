"""`./pooshesh test` leaves no server behind."""

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from pooshesh.kernel.postgres import Cluster
from pooshesh.suite import stop_server


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
