"""Who carries text messages. The product sends none itself: a file waits for the gateway.

`POOSHESH_SENDER` in the settings names another class with `send(messages)`, where a gateway is.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from pooshesh.kernel.config import config


@dataclass(frozen=True, slots=True)
class Message:
    """A text for a mobile number; `id` tells the same message again."""

    id: UUID
    mobile: str
    text: str


class Sender(Protocol):
    """What carries messages."""

    def send(self, messages: Sequence[Message]) -> None:
        """Hand messages over; raises OSError when that fails."""


class FileSender:
    """One file a call in the folder `outbox` of the home, readable by its owner alone."""

    def send(self, messages: Sequence[Message]) -> None:
        folder = config().home / "outbox"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{timezone.now():%Y%m%d-%H%M%S-%f}.jsonl"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            for one in messages:
                line = {"id": str(one.id), "to": one.mobile, "text": one.text}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def send(messages: Sequence[Message]) -> None:
    """Hand messages to the sender of this installation."""
    named = getattr(settings, "POOSHESH_SENDER", "pooshesh.kernel.sending.FileSender")
    carrier: Sender = import_string(named)()
    carrier.send(messages)
