"""What the tables of requests share."""

from pooshesh.kernel.money import Rial


def rial(column: str) -> property:
    """An amount column as money, for pages."""

    def read(row: object) -> Rial | None:
        amount = getattr(row, column)
        return None if amount is None else Rial(amount)

    return property(read)
