"""First start from an empty folder and second start, beside the limits of the design.

python bench/start.py [--no-demo]

The limits are 60 s for the first start (packages already installed) and 5 s for the second.
The peer of the same run is PostgreSQL alone: making and starting an empty cluster.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import source  # noqa: F401
from pooshesh.kernel.config import PROJECT
from pooshesh.kernel.postgres import Cluster


def start(home: Path, *words: str) -> float:
    """Seconds until the product says that it runs; then it is stopped."""
    began = time.perf_counter()
    up = subprocess.Popen(
        [PROJECT / "pooshesh", "up", "--port", "0", *words],
        env={**os.environ, "POOSHESH_HOME": str(home)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert up.stdout
    for line in up.stdout:
        sys.stdout.write(f"    {line}")
        if line.startswith("Pooshesh runs at"):
            break
    took = time.perf_counter() - began
    up.terminate()
    up.wait(60)
    return took


def main() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        began = time.perf_counter()
        peer = Cluster(folder / "peer")
        peer.start()
        bare = time.perf_counter() - began
        peer.stop()
        first = start(folder / "home", *sys.argv[1:])
        second = start(folder / "home", *sys.argv[1:])
        Cluster(folder / "home").stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"bare PostgreSQL  {bare:6.1f} s")
    print(f"first start      {first:6.1f} s   limit 60 s ({first / 60:.2f})")
    print(f"                 {first / bare:6.1f} × bare PostgreSQL")
    print(f"second start     {second:6.1f} s   limit  5 s ({second / 5:.2f})")


if __name__ == "__main__":
    main()
