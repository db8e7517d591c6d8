"""Spark as an engine for populations: on this machine, or on a cluster that is given.

The package `pyspark` (extra `cluster`) brings Spark itself; Java comes with the machine. Every
machine of a cluster must see the folder of the answer under the same name: what is decided on and
what is decided lie there in Parquet meanwhile.
"""

import contextlib
import importlib
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl

from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.processes import Hold
from pooshesh.rules import BoundPack
from pooshesh.rules.frames import PERSON
from pooshesh.rules.sql import SparkEngine
from pooshesh.rules.tables import Tables

LOCAL = "local[*]"  # as many threads of this machine as it has processors
OLDEST_JAVA = 17
_LOCAL = re.compile(r"local(\[(\*|[0-9]{1,4})\])?")
_ADDRESSES = re.compile(r"spark://([^/,:\s]+:[0-9]{1,5}(?:,[^/,:\s]+:[0-9]{1,5})*)")
_LOG = Path(__file__).with_name("spark_log.properties")
_PATTERN = re.compile(r"[][{}*?\\]")  # what Spark would look for names with
_PART = 500_000  # persons a task shuffles, about

explain(
    {
        "spark.missing": gettext_noop("Spark is not installed; run ./pooshesh prepare --cluster."),
        "spark.java": gettext_noop(
            "Spark needs Java %(oldest)s or newer: apt install default-jre-headless"
        ),
        "spark.master": gettext_noop(
            "“%(read)s” is no master of Spark; expected spark://HOST:PORT, or local[2] for two"
            " threads of this machine."
        ),
        "spark.silent": gettext_noop("No master of Spark answers at %(master)s."),
        "spark.failed": gettext_noop("Spark could not decide: %(words)s"),
        "spark.refused": gettext_noop(
            "The master of Spark does not let this in or ended it; is spark.authenticate.secret the"
            " same on both sides?"
        ),
        "spark.elsewhere": gettext_noop(
            "The machines of the cluster wrote the answer elsewhere; every one must see the folder"
            " “%(folder)s”."
        ),
    }
)


def home() -> Path:
    """Spark's folder. Errors: `Invalid` where Spark is not installed."""
    found = find_spec("pyspark")
    if found is None or not found.origin:
        raise Invalid("spark.missing")
    return Path(found.origin).parent


def check_java() -> None:
    """Errors: `Invalid` where Java is missing or too old."""
    under = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(under, "bin")) if under else None)
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr if java else ""
    version = re.search(r'version "([0-9]+)', said)
    if not version or int(version[1]) < OLDEST_JAVA:
        raise Invalid("spark.java", oldest=OLDEST_JAVA)


@contextlib.contextmanager
def session(master: str = LOCAL) -> Iterator[None]:
    """A session of Spark at a master (default: this machine), for `in_spark`.

    Errors: `Invalid` for what is no master or does not answer, without Spark and without Java.
    """
    environment = {"SPARK_HOME": str(home()), "LC_ALL": "C.UTF-8"}  # else no Persian file name
    check_java()
    loopback = _check_master(master)
    if loopback:
        environment["SPARK_LOCAL_IP"] = "127.0.0.1"
    demo = Hold(config().home, "cluster").holder()
    if demo and demo.get("address") == master:
        environment["SPARK_CONF_DIR"] = str(demo["conf"])  # holds its secret
    builder = importlib.import_module("pyspark.sql").SparkSession.builder.master(master)
    for name, value in _settings(loopback).items():
        builder = builder.config(name, value)
    logging.getLogger("py4j").setLevel(logging.CRITICAL)  # what it says is told as a sentence
    logging.getLogger().addFilter(_unless_interrupted)
    with _undisturbed(), _environment(environment), _told():
        spark = builder.getOrCreate()
    try:
        yield
    finally:
        with contextlib.suppress(Exception):  # it may have gone away; what matters has been told
            spark.stop()


def _check_master(master: str) -> bool:
    """Whether all of it is on this machine's loopback interface."""
    if _LOCAL.fullmatch(master):
        return True
    given = _ADDRESSES.fullmatch(master)
    if not given:
        raise Invalid("spark.master", read=master)
    for one in given[1].split(","):
        host, _colon, port = one.rpartition(":")
        with (
            contextlib.suppress(OSError, OverflowError, UnicodeError),
            socket.create_connection((host, int(port)), timeout=5) as open_,
        ):
            return str(open_.getpeername()[0]).startswith(("127.", "::1"))
    raise Invalid("spark.silent", master=master)


def _settings(loopback: bool) -> dict[str, str]:
    settings = {
        "spark.app.name": "pooshesh",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
        "spark.driver.extraJavaOptions": f'"-Dlog4j2.configurationFile={_LOG.as_uri()}"',
        "spark.local.dir": str(config().scratch()),
        "spark.sql.ansi.enabled": "true",
        "spark.sql.caseSensitive": "true",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
        "spark.sql.session.timeZone": "UTC",
    }
    if loopback:
        settings["spark.driver.host"] = "127.0.0.1"
    return settings


def _unless_interrupted(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("KeyboardInterrupt while sending command")


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait: Java whose start is broken off would stay for ever.

    Spark also puts a handler of its own in place, which is taken away again.
    """
    came: list[int] = []
    in_main = threading.current_thread() is threading.main_thread()
    before = {
        number: signal.signal(number, lambda one, _frame: came.append(one))
        for number in ((signal.SIGINT, signal.SIGTERM) if in_main else ())
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for one in came:
            signal.raise_signal(one)


@contextlib.contextmanager
def _environment(given: dict[str, str]) -> Iterator[None]:
    """Variables for a child that a library starts."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Spark's own errors, as a sentence."""
    errors: Any = importlib.import_module("pyspark.errors").PySparkException
    java: Any = importlib.import_module("py4j.protocol").Py4JError
    try:
        yield
    except (errors, java) as error:
        java_error = getattr(error, "java_exception", None)
        words = str(java_error.toString() if java_error else error).strip().partition("\n")[0]
        if "stopped SparkContext" in words:  # by the master, or for want of one
            raise Invalid("spark.refused") from error
        raise Invalid("spark.failed", words=words) from error


def in_spark(bound: BoundPack, tables: Tables, scratch: Path) -> pl.LazyFrame:
    """An `Engine` of `rules.batch`, inside a `session`."""
    sql: Any = importlib.import_module("pyspark.sql")
    spark = sql.SparkSession.getActiveSession()
    given = {"persons": tables.persons, "households": tables.households, "places": tables.places}
    answer = scratch / "answer"
    rows = sql.Observation()
    with _told():
        for name, frame in given.items():
            file = scratch / f"{name}.parquet"
            frame.with_columns(pl.selectors.enum().cast(pl.String)).sink_parquet(file)
            spark.read.parquet(_uri(_PATTERN.sub(r"\\\g<0>", str(file)))).createOrReplaceTempView(
                name
            )
        persons = pl.scan_parquet(scratch / "persons.parquet", glob=False)
        count = int(persons.select(pl.len()).collect().item())
        spark.conf.set("spark.sql.shuffle.partitions", str(max(2, count // _PART)))
        decided = spark.sql(SparkEngine(bound.plan).query())
        counted = sql.functions.count(sql.functions.lit(1)).alias("count")
        decided.observe(rows, counted).write.parquet(_uri(str(answer)))
        written = int(rows.get["count"])
    parts = sorted(answer.glob("*.parquet"))
    found = pl.scan_parquet(parts, glob=False) if parts else None
    if found is None or written != int(found.select(pl.len()).collect().item()):
        raise Invalid("spark.elsewhere", folder=str(scratch.parent))
    return found.with_columns(pl.col(PERSON).cast(tables.persons.collect_schema()[PERSON]))


def _uri(path: str) -> str:
    """A file of the machine, whatever storage a cluster is set up with; not percent-encoded."""
    return f"file://{path}"
