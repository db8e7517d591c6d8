"""`./pooshesh up`: from whatever is there to a running product, step by step."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from pooshesh.kernel import keys, schema
from pooshesh.kernel.config import config
from pooshesh.kernel.postgres import Cluster, wait_for
from pooshesh.kernel.processes import (
    AlreadyRunning,
    Hold,
    environment_of_child,
    listening_address,
    spawn,
    stop,
)
from pooshesh.kernel.verbs import arg, verb
from pooshesh.operations import say

PORT = 8000


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is being done and how long it took."""
    sys.stdout.write(f"  {what} … ")
    sys.stdout.flush()
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:.1f} s")


class Refused(SystemExit):
    """The product must not start like this; the sentence says why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"pooshesh: {why}")


@verb(
    "up",
    "Make everything that is missing and start the product. Ctrl-C stops it.",
    arg("--host", default="127.0.0.1", help="name or address of this machine"),
    arg("--port", type=int, help="0 takes any free port (default: 8000, with --check 0)"),
    arg("--workers", type=int, default=2, help="server processes"),
    arg("--no-demo", action="store_true", help="start with an empty country"),
    arg("--check", action="store_true", help="start, fetch every role's pages, stop"),
    database=False,
)
def up(options: Namespace) -> int:
    hold = Hold(config().home)
    try:
        hold.take()
    except AlreadyRunning as running:
        where = running.said.get("address", "it is still starting")
        say(f"pooshesh: already running: {where} (process {running.said.get('pid')}).")
        say("./pooshesh down stops it.")
        return 3
    asked = options.port
    if asked is None:
        asked = 0 if options.check else PORT
    host, port = listening_address(options.host, asked)
    began = time.monotonic()
    cluster = None if config().database_url else Cluster(config().home)
    children: list[subprocess.Popen[bytes]] = []
    stopping = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as under nohup
        stopping.append(signal.SIGHUP)
    for name in stopping:
        signal.signal(name, _interrupt)
    try:
        prepare(cluster, demo=not options.no_demo and not config().production)
        listening_address(host, port)  # taken meanwhile, servers would share it without a word
        with step("server"):
            children += serve(host, port, options.workers)
        address = address_of(host, port)
        hold.say(pid=os.getpid(), address=address)
        say(f"Pooshesh runs at {address} ({time.monotonic() - began:.1f} s)")
        if options.check:
            from pooshesh.check_pages import check_pages

            return check_pages(address)
        if not config().production and not options.no_demo:
            _print_accounts()
        say("Ctrl-C stops it.")
        return _watch(children)
    except KeyboardInterrupt:
        return 0
    finally:
        for name in stopping:
            signal.signal(name, signal.SIG_IGN)  # a second Ctrl-C must not leave children behind
        with contextlib.suppress(OSError):  # the terminal may be gone
            say("stopping")
        stop(children)
        if cluster:
            cluster.stop()
        hold.release()


def address_of(host: str, port: int) -> str:
    """Where a browser finds what listens at an IP address."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def prepare(cluster: Cluster | None, *, demo: bool) -> None:
    """Database, tables, static files and demo country, each only when missing."""
    config().sweep()
    with step("database"):
        if cluster:
            cluster.start()
        else:
            wait_for(config().owner_url or "").close()
    if schema.pending():
        with step("tables"):
            _as_owner("migrate")
    keys.accept()
    stamp = _static_stamp()
    mark = config().home / "static.stamp"
    if not mark.exists() or mark.read_text() != stamp:
        with step("static files"):
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            mark.write_text(stamp)
    refuse_unsafe_production()
    from pooshesh import demo as country

    if not country.has_areas():
        with step("provinces"):
            country.seed()
    if demo and not country.loaded():
        with step("demo country"):
            country.load()


def refuse_unsafe_production() -> None:
    """Production starts neither with the demo's secrets nor with its accounts."""
    if not config().production:
        return
    from pooshesh.access.queries import demo_accounts

    if len(settings.SECRET_KEY) < 50:
        raise Refused("POOSHESH_SECRET_KEY needs at least 50 characters in production")
    kept = config().secrets / "secret_key"
    if kept.exists() and kept.read_text().strip() == settings.SECRET_KEY:
        raise Refused("POOSHESH_SECRET_KEY is the demo's; make a new one for production")
    config().secret("data_key")  # refuses when it is not set: identifiers could not be read
    if count := demo_accounts():
        raise Refused(f"demo accounts in this database: {count}; production needs its own")


def serve(host: str, port: int, workers: int) -> list[subprocess.Popen[bytes]]:
    """Start the background worker and the web server; returns when pages are answered."""
    log = config().home / "log"
    log.mkdir(parents=True, exist_ok=True)
    server = spawn(
        "-m", "granian", "pooshesh.wsgi:application", "--interface", "wsgi", "--host", host,
        "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
        "--workers-kill-timeout", "10", "--respawn-failed-workers", log=log / "server.log",
    )  # fmt: skip
    health = f"{address_of(host, port)}health/"
    headers = {"Host": settings.ALLOWED_HOSTS[0], "X-Forwarded-Proto": "https"}
    request = urllib.request.Request(health, headers=headers)  # noqa: S310 - our own address
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(request, timeout=5):  # noqa: S310
            # Only now: the first page should not wait for the worker to load.
            return [server, spawn("-m", "pooshesh", "worker", log=log / "worker.log")]
        time.sleep(0.05)
    stop([server])
    raise Refused(f"the server does not answer; see {log / 'server.log'}")


def _watch(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until asked to stop or a child ends by itself."""
    while True:
        time.sleep(1)
        for child in children:
            if child.poll() is not None:
                say(f"pooshesh: a process ended by itself; see {config().home / 'log'}")
                return 1


def _as_owner(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pooshesh", *words],
        env=environment_of_child(POOSHESH_ROLE="owner"),
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise Refused(f"{words[0]} failed")


def _static_stamp() -> str:
    """Changes when any static file does."""
    from django.contrib.staticfiles.finders import get_finders

    hashed = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            facts = Path(storage.path(path)).stat()
            hashed.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return hashed.hexdigest()


def _print_accounts() -> None:
    from pooshesh.demo import accounts

    say("")
    say(f"  {'user name':18} {'password':18} role")
    for username, password, role in accounts():
        say(f"  {username:18} {password:18} {role}")
    say("")
