"""The embedded server starts from nothing, recovers from a kill, and is refused when unfit."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pooshesh.kernel.postgres import APP, OWNER, SOCKET, Cluster, PostgresError, check_database


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    home = tmp_path_factory.mktemp("home")
    made = Cluster(home)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(made.root)


def kill(cluster: Cluster) -> None:
    """End every process of the server at once, and wait until they are gone."""
    leader = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    os.killpg(os.getpgid(leader), signal.SIGKILL)
    while cluster.running():
        time.sleep(0.01)


def test_it_knows_persian(cluster: Cluster) -> None:
    with cluster.connect(OWNER, "pooshesh") as server:
        server.execute("create extension if not exists pg_trgm")

        check_database(server)


def test_a_second_start_finds_it_running(cluster: Cluster) -> None:
    assert cluster.start() is False


def test_it_listens_on_no_network(cluster: Cluster) -> None:
    with cluster.connect() as server:
        row = server.execute("show listen_addresses").fetchone()

    assert row == ("",)


def test_the_product_owns_nothing(cluster: Cluster) -> None:
    with cluster.connect(APP, "pooshesh") as server, pytest.raises(psycopg.Error):
        server.execute("create table public.mine (id int)")


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    url = cluster.url(APP).replace(cluster.password(APP), "guess")

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_what_was_committed_survives_a_kill(cluster: Cluster) -> None:
    with cluster.connect(OWNER, "pooshesh") as server:
        server.execute("create table kept as select 7 as n")
    kill(cluster)

    cluster.start()

    with cluster.connect(OWNER, "pooshesh") as server:
        assert server.execute("select n from kept").fetchone() == (7,)


def test_a_socket_that_was_swept_away_is_made_again(cluster: Cluster) -> None:
    (cluster.socket / SOCKET).unlink()

    cluster.start()

    cluster.connect().close()


def test_a_database_that_cannot_read_persian_is_refused(cluster: Cluster) -> None:
    with cluster.connect() as server:
        server.execute(
            "create database plain template template0 locale_provider libc lc_ctype 'C' "
            "lc_collate 'C'"
        )
    with cluster.connect("postgres", "plain") as server:
        server.execute("create extension pg_trgm")

        with pytest.raises(PostgresError, match="Persian"):
            check_database(server)


def test_a_long_home_gets_a_short_socket(tmp_path: Path) -> None:
    deep = Cluster(tmp_path / ("x" * 60) / ("y" * 60))

    assert len(str(deep.socket)) < 80
