"""`./pooshesh test`: the whole suite, in parallel, on a PostgreSQL of its own."""

import os
import subprocess
import sys

from pooshesh.kernel.config import PROJECT


def main(words: list[str]) -> int:
    """Run pytest with sensible defaults; its exit status."""
    if not any(w.startswith(("-n", "--numprocesses")) for w in words):
        words = ["-n", str(min(os.cpu_count() or 2, 4)), "--dist", "loadgroup", *words]
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=PROJECT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
