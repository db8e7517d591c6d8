"""How much memory we may count on."""

import os
from pathlib import Path

MB = 2**20
LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container; "max" where there is none


def available(limit: Path = LIMIT) -> int:
    """Bytes of memory of this machine, or of the container we run in when that has less."""
    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    said = limit.read_text().strip() if limit.exists() else "max"
    return min(installed, int(said)) if said.isdecimal() else installed


def for_the_database(memory: int) -> int:
    """Megabytes the database keeps pages in: an eighth of the memory, from 256 to 8,192.

    A registry of a million persons fills two gigabytes; what is not kept is copied from the
    system's cache, 19 pages for each person registered.
    """
    return max(256, min(8_192, memory // MB // 8))
