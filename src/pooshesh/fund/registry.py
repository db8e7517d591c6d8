"""What other rooms add to the page of a patient's file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class FilePart:
    """A part of the page of a file.

    `context(request, file)` reads what `template` finds as `part`, with the `file` in it; None
    hides the part.
    """

    title: str | Promise
    template: str
    order: int
    context: Callable[[HttpRequest, Any], Mapping[str, Any] | None]


_parts: list[FilePart] = []


def register_file_part(part: FilePart) -> None:
    """Add a part to the page of a file."""
    _parts.append(part)


def file_parts() -> list[FilePart]:
    """All parts in order."""
    return sorted(_parts, key=lambda part: part.order)
