"""`./pooshesh test` leaves no server and no files behind, and no two processes of it meet."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from pooshesh.access.models import Grant
from pooshesh.conftest import Cast
from pooshesh.coverage.models import Insurer
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster
from pooshesh.suite import stop_server
from pooshesh.testing import HOMES, bring_back, leftovers


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
    assert Path(default_storage.path("one")) == config().home / "uploads" / "one"


def test_the_home_of_a_killed_process_is_left_over_and_ours_is_not() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    home = HOMES / str(ended.pid)
    home.mkdir()

    found = leftovers()
    home.rmdir()

    assert home in found
    assert config().home not in found


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_a_test_committed_is_taken_away_and_what_it_took_comes_back(cast: Cast) -> None:
    before = list(Insurer.objects.order_by("pk").values_list("pk", "code"))
    taken = Insurer.objects.filter(code="sso").delete()
    Insurer.objects.filter(code="ihio").update(code="other")
    left = Grant.objects.exists()

    bring_back()

    assert (taken[0], left) == (1, True)
    assert list(Insurer.objects.order_by("pk").values_list("pk", "code")) == before
    assert not Grant.objects.exists()
    assert not type(cast.auditor).objects.exists()
