"""`./pooshesh cluster demo`: a real Spark cluster on the loopback interface of one machine.

A standalone master and two workers from the package `pyspark`, each a process of its own, as
larger machines run them. Who may use it must know its secret, for an application runs as whoever
started the workers; `decide --master` reads it where it lies.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import orjson

from pooshesh.kernel.config import config, kept_secret
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.processes import AlreadyRunning, Hold, free_port, spawn, stop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.operations import end, say
from pooshesh.policy import spark
from pooshesh.up import step

HOST, WORKERS = "127.0.0.1", 2
#: Java compiles little: parts start sooner and take less of a machine that other work shares.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
DAEMON, WORKER, EXECUTOR = "256m", "768m", "640m"  # memory
PATIENCE = 120  # seconds a part of it may take to start
STAYS, FAILURES = 10, 3  # seconds after which a part counts as running; starts that may fail

explain(
    {
        "cluster.silent": gettext_noop("The cluster did not start; see %(folder)s."),
        "cluster.runs": gettext_noop(
            "The cluster runs already at %(address)s; ./pooshesh cluster demo --stop stops it."
        ),
    }
)


@verb(
    "cluster demo",
    "Run a Spark master and two workers on this machine, to try decide --engine spark.",
    arg("--stop", action="store_true", help="stop the one that runs"),
    database=False,
)
def demo(options: Namespace) -> int:
    hold = Hold(config().home, "cluster")
    if options.stop:
        say("stopped" if end(hold) else "nothing ran")
        return 0
    try:
        hold.take()
    except AlreadyRunning as running:
        raise Invalid("cluster.runs", address=running.said.get("address", "…")) from None
    cluster = Demo(config().home / "cluster", free_port(), free_port())
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, _interrupt)
    try:
        cluster.start()
        hold.say(pid=os.getpid(), address=cluster.address, conf=str(cluster.conf))
        say(f"The cluster runs at {cluster.address}")
        say("An example:")
        say("  ./pooshesh decide --people people.parquet --households households.parquet \\")
        say("      --places places.parquet --pack iran --on 1404/01/01 --out decided.parquet \\")
        say(f"      --engine spark --master {cluster.address}")
        say("Ctrl-C stops it.")
        cluster.watch()
    except KeyboardInterrupt:
        return 0
    finally:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)  # a second Ctrl-C must not leave children behind
        with contextlib.suppress(OSError):  # the terminal may be gone
            say("stopping")
        cluster.stop()
        hold.release()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@dataclass
class Part:
    """A master or a worker: how it is started, and the process that runs."""

    name: str
    run: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes]
    since: float
    failures: int = 0  # in a row


class Demo:
    """The master and the workers, whose files lie in `folder`."""

    def __init__(self, folder: Path, port: int, page: int) -> None:
        self.folder, self.port, self.page = folder, port, page
        self.conf = folder / "conf"
        self.address = f"spark://{HOST}:{port}"
        self.parts: list[Part] = []

    def start(self) -> None:
        """Errors: `Invalid` without Spark or Java, and when a part does not come up."""
        self.home = spark.home()
        spark.check_java()
        self._make_folder()
        with step("master"):
            self._add(
                "master", "org.apache.spark.deploy.master.Master", "--host", HOST,
                "--port", str(self.port), "--webui-port", str(self.page),
            )  # fmt: skip
            self._wait(0)
        with step("workers"):
            for number in range(1, WORKERS + 1):
                self._add(
                    f"worker{number}", "org.apache.spark.deploy.worker.Worker", "--host", HOST,
                    "--webui-port", "0", "--cores", "1", "--memory", WORKER,
                    "--work-dir", str(self.folder / f"worker{number}"), self.address,
                )  # fmt: skip
            self._wait(WORKERS)

    def watch(self) -> NoReturn:
        """Start again what ends by itself. Errors: `Invalid` for a part that never stays."""
        while True:
            time.sleep(0.5)
            for part in self.parts:
                if part.process.poll() is None:
                    continue
                lived = time.monotonic() - part.since
                part.failures = part.failures + 1 if lived < STAYS else 0
                if part.failures > FAILURES:
                    raise Invalid("cluster.silent", folder=str(self.folder))
                stop_group(part.process)
                say(f"{part.name} ended by itself and is started again")
                part.process, part.since = part.run(), time.monotonic()

    def stop(self) -> None:
        """Workers first: they end what runs for applications."""
        stop([part.process for part in reversed(self.parts)])
        for part in self.parts:
            stop_group(part.process)
        for folder in self._scratch():
            shutil.rmtree(folder, ignore_errors=True)

    def _scratch(self) -> list[Path]:
        """What applications leave: it names people."""
        return [*self.folder.glob("worker?"), self.folder / "tmp"]

    def _make_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        for folder in self._scratch():  # of one that was killed
            shutil.rmtree(folder, ignore_errors=True)
        for log in self.folder.glob("*.log"):
            log.unlink()
        self.conf.mkdir(exist_ok=True)
        settings = {
            "spark.authenticate": "true",
            "spark.authenticate.secret": kept_secret(self.folder / "secret", 24),
            "spark.executor.extraJavaOptions": JAVA,
            "spark.executor.memory": EXECUTOR,
            "spark.master.ui.decommission.allow.mode": "DENY",
            "spark.port.maxRetries": "0",  # a master elsewhere would not be found
            "spark.ui.killEnabled": "false",
        }
        file = self.conf / "spark-defaults.conf"
        file.touch(0o600)
        file.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))

    def _add(self, name: str, *words: str) -> None:
        def run() -> subprocess.Popen[bytes]:
            return spawn(
                *words, program=str(self.home / "bin" / "spark-class"),
                log=self.folder / f"{name}.log", SPARK_HOME=str(self.home), LC_ALL="C.UTF-8",
                SPARK_CONF_DIR=str(self.conf), SPARK_LOCAL_IP=HOST, SPARK_DAEMON_MEMORY=DAEMON,
                SPARK_DAEMON_JAVA_OPTS=JAVA,
                SPARK_LOCAL_DIRS=str(self.folder / "tmp"),
            )  # fmt: skip

        self.parts.append(Part(name, run, run(), time.monotonic()))

    def _wait(self, workers: int) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and all(p.process.poll() is None for p in self.parts):
            with contextlib.suppress(OSError, ValueError):
                address = f"http://{HOST}:{self.page}/json/"
                with urllib.request.urlopen(address, timeout=5) as page:
                    if orjson.loads(page.read())["aliveworkers"] == workers:
                        return
            time.sleep(0.1)
        raise Invalid("cluster.silent", folder=str(self.folder))


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """End what a process that is gone left of its group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
