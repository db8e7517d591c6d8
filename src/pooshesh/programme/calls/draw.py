"""How many to call, whom, and what the answers say. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from uuid import UUID

from pooshesh.people.linkage.accuracy import Z95
from pooshesh.programme.calls.models import Outcome
from pooshesh.programme.campaign.figures import Share


def size(frame: int, half_width: int) -> int:
    """Persons to call so that a share is known to ± `half_width` percentage points at 95 %.

    The widest case, a share of one half, of a `frame` of so many persons drawn without putting
    back. Source: W. G. Cochran, Sampling Techniques (1977), § 4.4.
    """
    wanted = (Z95 / (2 * half_width / 100)) ** 2
    return min(frame, ceil(wanted / (1 + (wanted - 1) / frame))) if frame else 0


def draw(seed: str, persons: Iterable[UUID], number: int) -> list[UUID]:
    """A random sample in the order to call in: the same seed and persons give the same.

    Everybody is placed by the SHA-256 of seed and id; who is added or taken away later moves nobody
    else.
    """
    return sorted(set(persons), key=lambda one: _place(seed, one))[:number]


def _place(seed: str, person: UUID) -> bytes:
    return hashlib.sha256(f"{seed} {person}".encode()).digest()


def digest(persons: Iterable[UUID]) -> str:
    """Who was drawn from, so that a sample can be checked later."""
    return hashlib.sha256("\n".join(sorted(map(str, persons))).encode()).hexdigest()


@dataclass(frozen=True)
class Answers:
    """What the calls of a sample told; persons. `waiting` have not been called."""

    counts: Mapping[str, int]
    waiting: int

    def number(self, *outcomes: str) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in outcomes)

    @property
    def called(self) -> int:
        return sum(self.counts.values())

    @property
    def reached(self) -> int:
        return self.called - self.number(Outcome.NOT_REACHED)

    @property
    def right(self) -> Share:
        """Of those reached, who is the person that was insured."""
        return Share(self.number(Outcome.CONFIRMED, Outcome.UNAWARE), self.reached)

    @property
    def knows(self) -> Share:
        """Of those reached, who knows of the insurance."""
        return Share(self.number(Outcome.CONFIRMED), self.reached)

    @property
    def bounds(self) -> tuple[Share, Share]:
        """The share of right persons if nobody of those not reached is right, and if all are."""
        right, whole = self.right.part, self.called + self.waiting
        unknown = self.number(Outcome.NOT_REACHED) + self.waiting
        return Share(right, whole), Share(right + unknown, whole)
