"""What a sponsor did in a time, each figure with what it is made of: pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pooshesh.kernel.money import Rial
from pooshesh.programme.campaign.figures import Share

LEAST = 30  # persons found without cover, tasks or gaps: below, a share says little


@dataclass(frozen=True)
class Card:
    """Figures of one sponsor in a time; a share of nothing has no value."""

    code: str
    name: str
    neighbourhoods: int  # it answers for now
    campaigns: int
    insured: int  # persons
    covered: Share  # of those found without cover, how many were insured
    cost: Rial
    household_days: int
    households: int
    gaps: Share  # of gaps that fell due, how many were closed in time
    promises: Share  # of tasks that fell due, how many were done in time

    @property
    def cost_per_person(self) -> Rial | None:
        return Rial(self.cost.amount // self.insured) if self.insured else None

    @property
    def days_per_household(self) -> float | None:
        return self.household_days / self.households if self.households else None

    @property
    def few(self) -> bool:
        """Whether too few were found for a place in the order."""
        return self.covered.whole < LEAST


def placed(cards: Sequence[Card]) -> list[tuple[int | None, Card]]:
    """Cards by the share of the uninsured who were insured, with their place; those with too few
    come last without one. Equal shares share a place."""
    fit = sorted((c for c in cards if not c.few), key=lambda c: -(c.covered.value or 0))
    shares = [c.covered.value for c in fit]
    ranked: list[tuple[int | None, Card]] = [(shares.index(c.covered.value) + 1, c) for c in fit]
    return ranked + [(None, c) for c in sorted((c for c in cards if c.few), key=lambda c: c.name)]
