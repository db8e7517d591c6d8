"""Passes of providers' programs: signed, looked up at most once a minute, and counted.

What a process remembers it forgets after a minute, so a revoked pass or an ended role works for a
minute at most. Each server process counts for itself.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.core.signing import BadSignature, Signer

from pooshesh.eligibility.queries import Caller, caller

REMEMBERED = 60.0  # seconds
PREFIX = "psh_"


def _signer() -> Signer:
    return Signer(salt="eligibility.pass")


def written(pass_id: UUID) -> str:
    """The pass as the provider keeps it: an id and a signature over it."""
    return PREFIX + _signer().sign(pass_id.hex)


def read(text: str) -> UUID | None:
    """The id in a pass that we signed; None for anything else."""
    try:
        return UUID(_signer().unsign(text.removeprefix(PREFIX)))
    except (BadSignature, ValueError):
        return None


@dataclass
class Bucket:
    """Tokens that refill evenly: at most `size` at once, `size` a minute."""

    size: float
    left: float
    at: float

    def take(self, now: float) -> float:
        """0 when the call may go on, else the seconds until it may."""
        self.left = min(self.size, self.left + (now - self.at) * self.size / 60)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) * 60 / self.size


@dataclass
class Gate:
    """Remembers passes for a minute and counts their calls; one a process, used by its threads."""

    clock: Callable[[], float] = time.monotonic
    known: dict[UUID, tuple[float, Caller | None]] = field(default_factory=dict)
    buckets: dict[UUID, Bucket] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def caller(self, text: str, today: dt.date) -> Caller | None:
        """Who asks by this pass; None when it is not ours, ended, revoked or may not."""
        pass_id = read(text)
        if pass_id is None:
            return None
        now = self.clock()
        seen, who = self.known.get(pass_id, (0.0, None))
        if pass_id not in self.known or now - seen >= REMEMBERED:
            who = caller(pass_id, today)
            self.known[pass_id] = now, who
        return who if who and today <= who.until else None

    def wait(self, key: UUID, per_minute: int) -> float:
        """Seconds to wait before this one may ask again; 0 counts the call."""
        with self.lock:
            now = self.clock()
            bucket = self.buckets.get(key)
            if bucket is None or bucket.size != per_minute:
                bucket = self.buckets[key] = Bucket(per_minute, per_minute, now)
            return bucket.take(now)

    def forget(self) -> None:
        """What this process remembers, gone at once."""
        self.known.clear()
        self.buckets.clear()


gate = Gate()
