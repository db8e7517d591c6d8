"""Children that end with us, and one product at a time per home folder."""

import ctypes
import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from pooshesh.kernel.config import PROJECT
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

explain(
    {
        "listen.port": gettext_noop(
            "The port %(port)s was read; expected 1 to 65535, or 0 for any free one."
        ),
        "listen.host": gettext_noop(
            "“%(host)s” is not an address of this machine; expected one such as 127.0.0.1,"
            " localhost or 0.0.0.0."
        ),
        "listen.taken": gettext_noop("The port %(port)s is in use; choose another with --port."),
        "listen.forbidden": gettext_noop(
            "This user may not listen at the port %(port)s; choose one from 1024 on with --port."
        ),
        "listen.other": gettext_noop("Nothing can listen at %(host)s, port %(port)s: %(words)s."),
    }
)

PR_SET_PDEATHSIG = 1


class AlreadyRunning(RuntimeError):
    """Another process holds this home folder; `.said` is what it wrote about itself."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        super().__init__("already running")
        self.said = said


class Hold:
    """A lock in the home folder: whoever holds `up` runs the product."""

    def __init__(self, home: Path, name: str = "up") -> None:
        self.path = home / "run" / f"{name}.lock"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.file: IO[str] | None = None

    def take(self, **said: Any) -> None:
        """Take it and write who we are; AlreadyRunning when somebody has it."""
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(json.loads(file.read() or "{}")) from None
        self.file = file
        self.say(pid=os.getpid(), **said)

    def say(self, **said: Any) -> None:
        """Replace what the lock file says about us."""
        assert self.file is not None
        self.file.seek(0)
        self.file.truncate()
        self.file.write(json.dumps(said))
        self.file.flush()

    def holder(self) -> Mapping[str, Any] | None:
        """Who runs the product, or None."""
        try:
            self.take()
        except AlreadyRunning as running:
            return running.said
        self.release()
        return None

    def release(self) -> None:
        if self.file:
            self.file.close()
            self.file = None


def spawn(
    *words: str, program: str = sys.executable, log: Path | None = None, **environment: str
) -> subprocess.Popen[bytes]:
    """Start `python …` as a child that gets SIGTERM when we die, even by SIGKILL."""
    parent = os.getpid()
    output: Any = log.open("ab") if log else None
    child = subprocess.Popen(
        [program, *words],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment_of_child(**environment),
        start_new_session=True,  # Ctrl-C goes to us alone; we stop children in order
        preexec_fn=lambda: _die_with(parent),  # noqa: PLW1509 - we start no threads before
    )
    if output:
        output.close()
    return child


def environment_of_child(**more: str) -> dict[str, str]:
    """Our environment with the package's folder on the path."""
    path = os.pathsep.join(filter(None, [str(PROJECT / "src"), os.environ.get("PYTHONPATH")]))
    return {
        **os.environ,
        "PYTHONPATH": path,
        "DJANGO_SETTINGS_MODULE": "pooshesh.settings",
        **more,
    }


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died between fork and prctl
            os._exit(1)


def stop(children: Sequence[subprocess.Popen[bytes]], seconds: float = 12) -> None:
    """Ask each child to end, in the order given, and insist after a while."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


_CANNOT_LISTEN = {
    errno.EADDRINUSE: "listen.taken",
    errno.EADDRNOTAVAIL: "listen.host",
    errno.EACCES: "listen.forbidden",
}


def listening_address(host: str, port: int) -> tuple[str, int]:
    """The IP address and the port at which a server can listen now; port 0 takes any free one.

    `host` is a name or an address of this machine. Raises Invalid with a listen.* code.
    """
    if not 0 <= port <= 65535:
        raise Invalid("listen.port", port=str(port))
    try:
        found = socket.getaddrinfo(host or " ", port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Invalid("listen.host", host=host) from None
    # Of localhost's addresses the one that every browser tries.
    family, _type, _protocol, _name, address = min(found, key=lambda one: one[0])
    with socket.socket(family) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(address)
            one.listen()  # a server that does not share the port is seen only now
        except OSError as error:
            code = _CANNOT_LISTEN.get(error.errno or 0, "listen.other")
            words = error.strerror or type(error).__name__
            raise Invalid(code, host=host, port=str(port), words=words) from None
        return str(address[0]), int(one.getsockname()[1])


def free_port() -> int:
    """Some port of the loopback interface that nobody uses now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
