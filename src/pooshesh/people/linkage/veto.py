"""What no likeness may overrule.

Two different valid national IDs are two people; one ID on two people who share neither first name
nor birth date is misuse; valid IDs one slip apart are never linked without a clerk.
"""

from __future__ import annotations

from dataclasses import dataclass

from pooshesh.people.linkage.compare import Birth, Identity, Levels, Mask, Name


@dataclass(frozen=True)
class Vetoes:
    """Marks per pair: `never` one person, `misuse` of an identifier, `clerk` must decide."""

    never: Mask
    misuse: Mask
    clerk: Mask


def vetoes(
    first: Levels, birth: Levels, national: Levels, foreign: Levels, both_valid: Mask
) -> Vetoes:
    """Vetoes of pairs from their levels; `both_valid`: both national IDs pass their check."""
    other_name = (first >= Name.PART) & (first <= Name.DIFFERENT)
    strangers = (first == Name.DIFFERENT) & (birth >= Birth.SAME_DAY)
    strangers |= other_name & (birth == Birth.DIFFERENT)  # a son may bear half his father's name
    shared = (national == Identity.EQUAL) | (foreign == Identity.EQUAL)
    misuse = strangers & shared
    return Vetoes(
        never=misuse | (national == Identity.VALID_DIFFERENT),
        misuse=misuse,
        clerk=(national == Identity.ONE_SLIP) & both_valid,
    )
