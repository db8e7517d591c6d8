"""What the rooms to the right say of what they commit money for."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from pooshesh.web.registry import Text

if TYPE_CHECKING:
    from pooshesh.ledger.payees import Payee

#: A decision taken before this system, whose money is still paid here.
EARLIER = "ledger.earlier"


@dataclass(frozen=True)
class Kind:
    """A kind of decision. `address(object_id)` leads to it ("" where there is no page);
    `payees(object_ids)` says who is to be paid, as far as it is known; `held()` which objects bind
    money that is not to be paid yet, each reason with the rows it holds for."""

    code: str
    title: Text
    address: Callable[[UUID], str] = lambda _object_id: ""
    payees: "Callable[[Sequence[UUID]], dict[UUID, Payee]]" = lambda _object_ids: {}
    held: Callable[[], Iterable[tuple[Text, QuerySet[Any]]]] = lambda: ()


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Say what a room commits money for. Raises ValueError for a code that is taken."""
    if kind.code in _kinds:
        raise ValueError(f"kind of commitment registered twice: {kind.code}")
    _kinds[kind.code] = kind


def held() -> list[QuerySet[Any]]:
    """Everything that binds money and is not to be paid yet, of all kinds."""
    return [rows for kind in _kinds.values() for _why, rows in kind.held()]


def kind_of(code: str) -> Kind:
    """The kind of a code; one nobody registered is called by its code."""
    return _kinds.get(code) or Kind(code, code)
