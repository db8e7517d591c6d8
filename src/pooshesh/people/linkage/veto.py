"""What no likeness may overrule.

Two different valid national IDs are two people; one ID on two people who share neither first name
nor birth date is misuse. A clerk decides on valid IDs one slip apart, and on members of one
household whose first names differ in a vowel only: Hasan and Hossein (حسن، حسین) are a favourite
pair of twin names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pooshesh.people.linkage.compare import Birth, Contact, Identity, Levels, Mask, Name


@dataclass(frozen=True)
class Vetoes:
    """Marks per pair: `never` one person, `misuse` of an identifier, `clerk` must decide."""

    never: Mask
    misuse: Mask
    clerk: Mask


def vetoes(
    features: Mapping[str, Levels], national: Levels, foreign: Levels, both_valid: Mask
) -> Vetoes:
    """Vetoes of pairs from their levels; `both_valid`: both national IDs pass their check."""
    first, birth = features["first"], features["birth"]
    other_name = (first >= Name.PART) & (first <= Name.DIFFERENT)
    strangers = (first == Name.DIFFERENT) & (birth >= Birth.SAME_DAY)
    strangers |= other_name & (birth == Birth.DIFFERENT)  # a son may bear half his father's name
    shared = (national == Identity.EQUAL) | (foreign == Identity.EQUAL)
    twins = (first == Name.VOWELS) & (features["contact"] == Contact.SAME_HOUSEHOLD) & ~shared
    misuse = strangers & shared
    return Vetoes(
        never=misuse | (national == Identity.VALID_DIFFERENT),
        misuse=misuse,
        clerk=((national == Identity.ONE_SLIP) & both_valid) | twins,
    )
