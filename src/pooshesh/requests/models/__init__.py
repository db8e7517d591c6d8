"""Tables of requests: what patients ask the fund for, line by line, and what became of it."""

from pooshesh.requests.models.bodies import Appeal, AppealStand, Consent, Ground, Practice
from pooshesh.requests.models.doubts import Doubt, DoubtState
from pooshesh.requests.models.money import CeilingUse, Letter, LetterState
from pooshesh.requests.models.request import (
    GRANTED,
    LARGEST_LINE,
    OPEN,
    Decider,
    Hold,
    Kind,
    PayeeKind,
    Request,
    RequestLine,
    RequestStep,
    State,
)

__all__ = [
    "GRANTED",
    "LARGEST_LINE",
    "OPEN",
    "Appeal",
    "AppealStand",
    "CeilingUse",
    "Consent",
    "Decider",
    "Doubt",
    "DoubtState",
    "Ground",
    "Hold",
    "Kind",
    "Letter",
    "LetterState",
    "PayeeKind",
    "Practice",
    "Request",
    "RequestLine",
    "RequestStep",
    "State",
]
