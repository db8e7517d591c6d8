"""Who counts, whether enough do, and what the votes come to. Pure: no database, no clock.

Everything is decided at one moment: from the members of that day, who of them is in the room, and
who has an interest of their own in the matter.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

HUNDRED = 100
FEWEST = 2  # nobody decides alone, a chair neither


@dataclass(frozen=True)
class Rules:
    """A body's rule on a day: exactly one of `members` and `percent` (more than) is given."""

    members: int | None = None
    percent: int | None = None
    must_attend: frozenset[UUID] = frozenset()
    majority_percent: int = 50
    abstentions_count: bool = False


@dataclass(frozen=True)
class Sitting:
    """A member of the day who may vote: for which organisation, and whether as alternate."""

    member: UUID
    organisation: UUID
    alternate: bool = False


@dataclass(frozen=True)
class Quorum:
    """`members` seats are filled that day, `needed` of them must count; `counted` do."""

    members: int
    needed: int
    counted: frozenset[UUID]
    missing: frozenset[UUID]  # organisations that must attend and do not

    @property
    def held(self) -> bool:
        return len(self.counted) >= self.needed and not self.missing


@dataclass(frozen=True)
class Tally:
    """Votes of those who count, and what they come to: "carried", "lost" or "no_quorum"."""

    in_favour: int
    against: int
    abstained: int
    outcome: str


def quorum(
    rules: Rules,
    sittings: Sequence[Sitting],
    present: Collection[UUID],
    conflicted: Collection[UUID] = frozenset(),
) -> Quorum:
    """Whether enough members count.

    One person counts per organisation: its member, or while that one is out its alternate. An
    interest takes a member out of the count and never lowers what is needed; the alternate does
    not stand in for a member who is in the room.
    """
    seats: dict[UUID, Sitting] = {}
    for sitting in sorted(sittings, key=lambda one: one.alternate):
        held = seats.get(sitting.organisation)
        if sitting.member in present and (held is None or held.member not in present):
            seats[sitting.organisation] = sitting
    counting = {
        organisation: sitting
        for organisation, sitting in seats.items()
        if sitting.member not in conflicted
    }
    filled = len({sitting.organisation for sitting in sittings})
    return Quorum(
        members=filled,
        needed=needed(rules, filled),
        counted=frozenset(sitting.member for sitting in counting.values()),
        missing=rules.must_attend - counting.keys(),
    )


def needed(rules: Rules, members: int) -> int:
    """How many must count of so many members of the day; a share is *more than* it.

    Raises ValueError when the rules name no quorum.
    """
    if rules.members is not None:
        return rules.members
    if rules.percent is None:
        raise ValueError("a rule needs a number of members or a share")
    return max(FEWEST, members * rules.percent // HUNDRED + 1)


def tally(rules: Rules, found: Quorum, choices: Mapping[UUID, str]) -> Tally:
    """What votes ("for", "against", "abstain" by member) come to; who does not count is left out.

    It carries with more than the majority of those voting, and at least two in favour.
    """
    counted = [choice for member, choice in choices.items() if member in found.counted]
    in_favour, against = counted.count("for"), counted.count("against")
    abstained = len(counted) - in_favour - against
    voting = in_favour + against + (abstained if rules.abstentions_count else 0)
    carried = in_favour >= FEWEST and in_favour * HUNDRED > voting * rules.majority_percent
    outcome = ("carried" if carried else "lost") if found.held else "no_quorum"
    return Tally(in_favour, against, abstained, outcome)
