"""The embedded server starts from nothing, recovers from a kill, and is refused when unfit."""

import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pooshesh.kernel.postgres import (
    APP,
    OWNER,
    SOCKET,
    Cluster,
    PostgresError,
    check_database,
    wait_for,
    without_password,
)


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


def test_a_persian_home_is_measured_in_bytes(tmp_path: Path) -> None:
    deep = Cluster(tmp_path / ("پوشش" * 10))

    assert len(os.fsencode(deep.socket)) < 80


@pytest.fixture(params=["""it's "my" $HOME `x`, پوشش""", "it's my $HOME"])
def odd(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A server in a folder whose name a shell would take apart; reachable by every user."""
    base = Path(tempfile.mkdtemp(prefix="pooshesh-odd-"))
    base.chmod(0o755)
    made = Cluster(base / request.param)
    made.home.mkdir()
    yield made
    made.stop()
    shutil.rmtree(made.socket, ignore_errors=True)
    shutil.rmtree(base)


def test_a_home_with_blanks_and_quotes_works(odd: Cluster) -> None:
    odd.start()

    assert odd.root.parent == odd.home
    with odd.connect(APP, "pooshesh") as server:
        assert server.execute("select 1").fetchone() == (1,)


@pytest.fixture
def unfit(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster whose socket has to lie in /tmp."""
    made = Cluster(tmp_path / "a,b")
    made.home.mkdir()
    made.__dict__["root"] = made.home / "postgres"
    yield made
    made.socket.unlink(missing_ok=True)


def test_somebody_elses_link_in_tmp_is_not_followed(unfit: Cluster, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    unfit.socket.symlink_to(theirs)

    with pytest.raises(PostgresError, match="not a folder of this user's own"):
        unfit.start()

    assert stat.S_IMODE(theirs.stat().st_mode) == 0o755


REFUSED = "postgresql://app:hidden@127.0.0.1:1/x"


def test_an_address_nobody_listens_at_is_said_without_the_password() -> None:
    with pytest.raises(PostgresError) as refused:
        wait_for(REFUSED, seconds=0.3)

    assert "Connection refused" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_wrong_password_is_not_tried_for_long(cluster: Cluster) -> None:
    url = cluster.url(APP).replace(cluster.password(APP), "guessed")
    began = time.monotonic()

    with pytest.raises(PostgresError, match="password authentication failed"):
        wait_for(url)

    assert time.monotonic() - began < 5


def test_a_database_that_is_not_there_is_not_waited_for(cluster: Cluster) -> None:
    with pytest.raises(PostgresError, match="does not exist"):
        wait_for(cluster.url(APP, "nowhere"))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://app:hid den@h/x", 'unexpected spaces found in "hid den"\nmore'),
        ("postgresql://app:hid%20den@h/x", 'no such "hid%20den" nor "hid den"'),
    ],
)
def test_a_password_is_never_said(url: str, words: str) -> None:
    said = without_password(words, url)

    assert "***" in said
    assert "hid" not in said
    assert "more" not in said
