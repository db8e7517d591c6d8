"""Whether somebody is covered on a day, and why: pure, from what is recorded about them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why the answer is what it is; `sentences` says each in words."""

    COVERED = "covered"  # by this insurer
    COVERED_ELSEWHERE = "covered_elsewhere"  # by another insurer
    TWICE = "twice"  # by two insurers: ours stands first
    NOT_FOUND = "not_found"  # nobody recorded holds the number
    SHARED = "shared"  # several persons hold it: nobody's cover is told
    UNKNOWN_CARD = "unknown_card"
    DEAD = "dead"
    SUSPENDED = "suspended"
    NOT_YET = "not_yet"  # begins later
    ENDED = "ended"
    NEVER = "never"  # no cover was ever recorded
    ENTITLED = "entitled"  # the rules would cover them: they have only to enrol
    SUPERSEDED = "superseded"  # the card was withdrawn


@dataclass(frozen=True, slots=True)
class Cover:
    """One spell: [since, until); `suspended_since` when it gives nothing on the day asked about."""

    insurer: str
    ours: bool
    scheme: str
    since: dt.date | None
    until: dt.date | None
    premium_percent: int | None
    suspended_since: dt.date | None = None

    def holds(self, on: dt.date) -> bool:
        """Whether the day lies in it, suspended or not."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Known:
    """What is recorded about one person who holds the number."""

    covers: tuple[Cover, ...] = ()
    died: dt.date | None = None
    outcome: str = ""  # of the newest decision up to the day


@dataclass(frozen=True, slots=True)
class Answer:
    """`covered`: somebody pays. `reasons` in the order to say them; `cover` is what pays, or what
    would have; `day` is the one a reason speaks of."""

    covered: bool
    reasons: tuple[Reason, ...]
    cover: Cover | None = None
    day: dt.date | None = None


#: Outcomes of the rules that need nothing but enrolment.
ENTITLING = frozenset({"enrol_free", "pays_share"})


def answer(found: Sequence[Known], on: dt.date) -> Answer:
    """The answer about everybody who holds a number; one human being or none is the usual case."""
    if not found:
        return Answer(False, (Reason.NOT_FOUND,))
    if len(found) > 1:
        return Answer(False, (Reason.SHARED,))
    [known] = found
    if known.died and on > known.died:
        return Answer(False, (Reason.DEAD,), day=known.died)
    held = sorted((c for c in known.covers if c.holds(on)), key=lambda c: (not c.ours, c.insurer))
    paying = [c for c in held if c.suspended_since is None]
    if paying:
        first = paying[0]
        reasons = [Reason.COVERED if first.ours else Reason.COVERED_ELSEWHERE]
        if len({c.insurer for c in paying}) > 1:
            reasons.append(Reason.TWICE)
        return Answer(True, tuple(reasons), first, first.since)
    return _refused(known, held, on)


def _refused(known: Known, held: Sequence[Cover], on: dt.date) -> Answer:
    """Why nobody pays: the nearest thing to cover that there is, and what would help."""
    helps = (Reason.ENTITLED,) if known.outcome in ENTITLING else ()
    if held:
        return Answer(False, (Reason.SUSPENDED,), held[0], held[0].suspended_since)
    coming = [c for c in known.covers if c.since and c.since > on]
    past = [c for c in known.covers if c.until and c.until <= on]
    if coming:
        next_one = min(coming, key=lambda c: c.since or on)
        return Answer(False, (Reason.NOT_YET,), next_one, next_one.since)
    if past:
        last = max(past, key=lambda c: c.until or on)
        return Answer(False, (Reason.ENDED, *helps), last, last.until)
    return Answer(False, (Reason.NEVER, *helps))
