"""CPU seconds of processes: on a machine shared with others wall time says little."""

import os
from collections.abc import Iterable
from pathlib import Path

import psycopg

TICK = os.sysconf("SC_CLK_TCK")


def spent(pids: Iterable[int]) -> float:
    """CPU seconds that processes, still running, have used so far."""
    return sum(_ticks(pid) for pid in pids) / TICK


def below(pid: int) -> list[int]:
    """A process and all it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += below(int(child))
    return found


def backends(server: psycopg.Connection, database: str) -> list[int]:
    """The processes that answer the connections to a database."""
    rows = server.execute("select pid from pg_stat_activity where datname = %s", [database])
    return [pid for (pid,) in rows]


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except FileNotFoundError:
        return 0
    return int(fields[11]) + int(fields[12])
