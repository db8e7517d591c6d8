"""`./pooshesh test`: the whole suite, in parallel, on a PostgreSQL of its own."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from pooshesh.kernel.config import PROJECT
from pooshesh.kernel.postgres import Cluster


def main(words: list[str]) -> int:
    """Run pytest with sensible defaults; its exit status."""
    if not any(w.startswith(("-n", "--numprocesses")) for w in words):
        words = ["-n", str(min(os.cpu_count() or 2, 4)), "--dist", "loadgroup", *words]
    try:
        return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=PROJECT).returncode
    except KeyboardInterrupt:  # pytest got it too and has said so
        return 130
    finally:
        stop_server(PROJECT / "var" / "test")


def stop_server(home: Path) -> bool:
    """Stop the server that `testing.py` started, unless another run uses it."""
    if not home.exists():
        return False
    with (home / "use.lock").open("w") as in_use:
        try:
            fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return Cluster(home).stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
