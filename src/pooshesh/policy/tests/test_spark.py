"""Spark decides as every other engine does, on this machine and on a real cluster."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.processes import environment_of_child, free_port
from pooshesh.policy import spark
from pooshesh.policy.tests.test_engines import IRAN, digests, one_by_one, written
from pooshesh.rules import Pack, bind
from pooshesh.rules.batch import Engine, digest, in_polars
from pooshesh.rules.tests import sample

pytestmark = [pytest.mark.spark, pytest.mark.xdist_group("spark")]

ENGINES: list[Engine] = [one_by_one, in_polars, spark.in_spark]
YEAR = dt.date(2025, 3, 21)  # the premium of 1404 begins
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # seconds of work want no better code


@pytest.fixture(scope="module")
def java() -> Iterator[None]:
    """Spark and Java are here, or the tests are skipped."""
    try:
        spark.home()
        spark.check_java()
    except Invalid as missing:
        pytest.skip(missing.message())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", QUICK)
        yield


@pytest.fixture(scope="module")
def here(java: None) -> Iterator[None]:
    """A session of Spark on this machine."""
    with spark.session("local[2]"):
        yield


@pytest.mark.parametrize("on", [YEAR - dt.timedelta(1), YEAR, YEAR + dt.timedelta(1)], ids=str)
def test_spark_agrees_around_a_change_of_a_value(here: None, tmp_path: Path, on: dt.date) -> None:
    tables = written(tmp_path, IRAN, on, seed=7, nulls=0.3)

    assert len(digests(tmp_path, bind(IRAN, on), tables, ENGINES)) == 1


@pytest.mark.parametrize("nulls", [0.3, 1.0])
def test_spark_agrees_on_the_whole_language(here: None, tmp_path: Path, nulls: float) -> None:
    pack = sample.load(tmp_path)
    tables = written(tmp_path, pack, YEAR, seed=7, nulls=nulls)

    assert len(digests(tmp_path, bind(pack, YEAR), tables, ENGINES)) == 1


def test_spark_agrees_when_nothing_is_known(here: None, tmp_path: Path) -> None:
    folder = tmp_path / "داده [1] {2}*"  # in words and signs that a storage might read otherwise
    folder.mkdir()
    tables = written(folder, IRAN, YEAR, seed=1, nulls=1.0)

    assert len(digests(folder, bind(IRAN, YEAR), tables, ENGINES)) == 1


@pytest.mark.parametrize(
    ("master", "code"),
    [
        ("spark://127.0.0.1", "spark.master"),
        ("yarn", "spark.master"),
        ("spark://127.0.0.1:70000", "spark.silent"),
        ("spark://127.0.0.1:{free}", "spark.silent"),
    ],
)
def test_a_master_that_cannot_be_used_is_refused(java: None, master: str, code: str) -> None:
    with pytest.raises(Invalid) as refused, spark.session(master.format(free=free_port())):
        pass

    assert refused.value.code == code


def test_a_machine_without_java_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(Invalid) as refused:
        spark.check_java()

    assert "apt install" in refused.value.message()


@dataclass
class Cluster:
    """`./pooshesh cluster demo` in a home of its own, and what it says."""

    home: Path
    process: subprocess.Popen[str]
    address: str = ""

    def line(self, wanted: str) -> str:
        """The next line it says that holds these words."""
        assert self.process.stdout
        return next(line for line in self.process.stdout if wanted in line).strip()

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pooshesh", *words], capture_output=True, text=True,
            env=environment_of_child(POOSHESH_HOME=str(self.home)),
        )  # fmt: skip

    def processes(self, word: bytes = b"") -> list[int]:
        """Numbers of what lives below its folder: master, workers, what runs for applications;
        of those alone whose command holds a word."""
        found, mark = [], f"SPARK_CONF_DIR={self.home}/".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it may end meanwhile, as anybody's may
                if mark in (process / "environ").read_bytes():
                    command = (process / "cmdline").read_bytes()
                    found += [int(process.name)] if word in command else []
        return found

    def worker(self) -> int:
        """The number of one worker's process."""
        return self.processes(b"worker1")[0]


@pytest.fixture
def cluster(java: None, tmp_path: Path) -> Iterator[Cluster]:
    """A master and two workers that run."""
    home = tmp_path / "خانه 1"
    process = subprocess.Popen(
        [sys.executable, "-m", "pooshesh", "cluster", "demo"], stdout=subprocess.PIPE, text=True,
        env=environment_of_child(POOSHESH_HOME=str(home)),
    )  # fmt: skip
    made = Cluster(home, process)
    try:
        made.address = made.line("spark://").split()[-1]
        yield made
    finally:
        process.terminate()
        process.wait(60)


def people(folder: Path, pack: Pack) -> list[str]:
    """The words that give `decide` a random population."""
    written(folder, pack, YEAR, seed=7, nulls=0.3)
    files = {"people": "people", "households": "households", "places": "places"}
    return [word for name in files for word in (f"--{name}", str(folder / f"{name}.parquet"))]


def test_a_real_cluster_decides_recovers_and_stops(cluster: Cluster, tmp_path: Path) -> None:
    decide = ["decide", *people(tmp_path, IRAN), "--pack", "iran", "--on", YEAR.isoformat()]
    os.kill(cluster.worker(), signal.SIGKILL)
    again = cluster.line("worker1")

    on_cluster = cluster.run(
        *decide, "--out", str(tmp_path / "a.parquet"), "--engine", "spark",
        "--master", cluster.address,
    )  # fmt: skip
    in_process = cluster.run(*decide, "--out", str(tmp_path / "b.parquet"))
    master = (cluster.home / "cluster" / "master.log").read_text()
    closed = (cluster.home / "cluster").stat().st_mode & 0o777
    settings = (cluster.home / "cluster" / "conf" / "spark-defaults.conf").read_text()
    stopped = cluster.run("cluster", "demo", "--stop")

    assert "is started again" in again
    assert (on_cluster.returncode, in_process.returncode) == (0, 0), on_cluster.stderr
    assert digest(tmp_path / "a.parquet") == digest(tmp_path / "b.parquet")
    assert "Launching executor app-" in master
    assert (closed, "spark.authenticate true" in settings) == (0o700, True)
    assert (stopped.returncode, stopped.stdout) == (0, "stopped\n")
    assert cluster.processes() == []
