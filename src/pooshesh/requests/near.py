"""Invoices that look like ones brought before. Pure.

The very same invoice (number, provider, amount, day) in two requests is refused by the database;
what only looks alike is put before a clerk, with what is alike.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from uuid import UUID

from rapidfuzz.distance import OSA

from pooshesh.kernel.money import RIALS_PER_TOMAN
from pooshesh.kernel.text import search_key

NEAR_DAYS = 3
SHORTEST = 4  # digits from which one slip in a number says something


class Likeness(StrEnum):
    """What two invoices have in common."""

    NUMBER = "same_number"  # of one provider, with another amount or day
    TEN_TIMES = "ten_times"  # one amount in rial, the other in toman
    SLIP = "number_slip"  # the number differs by one slip
    AMOUNT = "same_amount"  # of one provider or for one patient, in days near each other
    PROVIDER = "other_provider"  # all the same but the provider


@dataclass(frozen=True, slots=True)
class Invoice:
    """A line of a request as far as it is an invoice; keys are folded (`number_key`)."""

    line: UUID
    person: UUID
    provider: str
    number: str
    on: dt.date
    amount: int


def number_key(typed: str) -> str:
    """An invoice's number as it is compared: letters and Latin digits however they were typed,
    no leading zeros; "" when there are none."""
    plain = search_key(typed).replace(" ", "").upper()
    return plain.lstrip("0") or plain[:1]


def provider_key(facility: UUID | None, name: str) -> str:
    """Who sent an invoice: a place of the register, or a folded name without spaces."""
    return facility.hex if facility else search_key(name).replace(" ", "")


def digest(provider: str, number: str, amount: int, on: dt.date, place: int = 0) -> UUID:
    """The same for the very same invoice, however it was typed; `place`: among services of one
    invoice in one request that cost the same."""
    text = f"{provider}\n{number}\n{amount}\n{on.isoformat()}" + (f"\n{place}" if place else "")
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())


def alike(one: Invoice, other: Invoice) -> tuple[Likeness, ...]:
    """What makes two different invoices look like one; nothing for most."""
    provider, number = one.provider == other.provider, one.number == other.number
    amount = one.amount == other.amount
    days = abs((one.on - other.on).days)
    found = []
    if provider and number:
        found.append(Likeness.NUMBER)
        if not amount and max(one.amount, other.amount) == RIALS_PER_TOMAN * min(
            one.amount, other.amount
        ):
            found.append(Likeness.TEN_TIMES)
    if amount and not number and days <= NEAR_DAYS:
        if provider and _slip(one.number, other.number):
            found.append(Likeness.SLIP)
        elif one.person == other.person:
            found.append(Likeness.AMOUNT)
    if number and amount and not provider and days <= NEAR_DAYS and one.person == other.person:
        found.append(Likeness.PROVIDER)
    return tuple(found)


def alike_together(one: Invoice, other: Invoice, *, same_code: bool) -> tuple[Likeness, ...]:
    """The same of two lines brought together: there other services may well be of one invoice, or
    cost the same."""
    found = alike(one, other)
    if same_code:
        return found
    return tuple(sign for sign in found if sign in (Likeness.SLIP, Likeness.PROVIDER))


def _slip(one: str, other: str) -> bool:
    """One character wrong, lost, added, or two that changed places; of numbers in a row it is
    none that only the last digit differs."""
    if min(len(one), len(other)) < SHORTEST or OSA.distance(one, other) != 1:
        return False
    return len(one) != len(other) or one[:-1] != other[:-1]
