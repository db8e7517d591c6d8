"""What a budget may be, and what a person costs. Pure; amounts in rial."""

from pooshesh.kernel.money import Rial, suspicious_unit

#: What finding and insuring one person may cost, premium aside. An assumption, wide on purpose:
#: only an amount ten times off leaves it, as when rial and toman were mixed up.
PER_PERSON = (Rial(50_000), Rial(20_000_000))


def meant(budget: Rial, persons: int) -> Rial | None:
    """The budget that was probably meant where rial and toman seem mixed up, else None."""
    low, high = (edge * persons for edge in PER_PERSON)
    return suspicious_unit(budget, low, high)


def per_person(cost: Rial, persons: int) -> Rial | None:
    """Cost of one insured person, to the nearest rial; None where nobody was insured."""
    return Rial((cost.amount + persons // 2) // persons) if persons else None
