"""Loaded by pytest before Django: gives the suite its own throw-away PostgreSQL.

Every run has a database of its own, so that two runs beside each other do not meet.
"""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

from pooshesh.kernel.config import PROJECT

# No test is timed: a busy machine is no fault. Benchmarks measure.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

# Set before the settings are read; a test never sees the working database.
os.environ["POOSHESH_HOME"] = str(PROJECT / "var" / "test")
os.environ["POOSHESH_ROLE"] = "owner"
os.environ.pop("POOSHESH_MODE", None)
os.environ.setdefault("POOSHESH_TEST_DATABASE", f"test_{os.getpid()}")

if "PYTEST_XDIST_WORKER" not in os.environ and not os.environ.get("POOSHESH_DATABASE_URL"):
    import fcntl

    from pooshesh.kernel.postgres import Cluster

    home = PROJECT / "var" / "test"
    home.mkdir(parents=True, exist_ok=True)
    # Held while this run lasts: whoever would stop the server sees that it is in use.
    in_use = (home / "use.lock").open("w")
    fcntl.flock(in_use, fcntl.LOCK_SH)
    with (home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cluster = Cluster(home, durable=False)
        cluster.start()
        with cluster.connect() as server:
            for (name,) in server.execute(
                "select datname from pg_database where datname ~ '^test_[0-9]+'"
            ).fetchall():
                pid = int(name.split("_")[1])
                if not Path("/proc", str(pid)).exists():
                    server.execute(f'drop database if exists "{name}" with (force)')
