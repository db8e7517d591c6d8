"""What rooms hang into the shell: menu items, panels of the person page, tones of states.

A room registers from its `AppConfig.ready()`, so that the shell shows what it does not know.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

Text = str | Promise
Tone = Literal["good", "warn", "bad", "info", "quiet"]


class Actor(Protocol):
    """Who is signed in, as far as the shell must know."""

    def may(self, permission: str) -> bool:
        """Whether a live role grants `permission`."""


@dataclass(frozen=True)
class MenuItem:
    """A link in the side navigation, shown to who may use it; `permission` "" is everybody."""

    title: Text
    url_name: str
    permission: str
    section: Text
    order: int


@dataclass(frozen=True)
class PersonPanel:
    """A part of the person page.

    `context(request, person)` reads what `template` shows, or returns None to hide the panel.
    """

    title: Text
    template: str
    permission: str
    order: int
    context: Callable[[HttpRequest, Any], Mapping[str, Any] | None]


T = TypeVar("T", MenuItem, PersonPanel)

_menu: list[MenuItem] = []
_panels: list[PersonPanel] = []
_tones: dict[str, Tone] = {}


def register_menu(*items: MenuItem) -> None:
    """Add items to the side navigation."""
    _menu.extend(items)


def register_person_panel(panel: PersonPanel) -> None:
    """Add a panel to the person page."""
    _panels.append(panel)


def register_tones(tones: Mapping[str, Tone]) -> None:
    """Say which tone the badge of each state has. Raises ValueError when two rooms disagree."""
    for state, tone in tones.items():
        if _tones.setdefault(state, tone) != tone:
            raise ValueError(f"state {state!r} has tone {_tones[state]!r} already")


def tone(state: str) -> Tone:
    """The tone of a state; "quiet" for one nobody spoke for."""
    return _tones.get(state, "quiet")


def menu_for(user: Actor) -> list[tuple[Text, list[MenuItem]]]:
    """(section, items) that `user` may use, each in its order; a section stands by its first."""
    sections: dict[str, tuple[Text, list[MenuItem]]] = {}
    for item in _allowed(_menu, user):
        sections.setdefault(str(item.section), (item.section, []))[1].append(item)
    return list(sections.values())


def holds_work(user: Actor) -> bool:
    """Whether some menu item is open to `user` that is not open to everybody."""
    return any(item.permission for item in _allowed(_menu, user))


def person_panels_for(user: Actor) -> list[PersonPanel]:
    """Panels of the person page that `user` may see, in order."""
    return _allowed(_panels, user)


def _allowed(things: Iterable[T], user: Actor) -> list[T]:
    return sorted(
        (t for t in things if not t.permission or user.may(t.permission)), key=lambda t: t.order
    )
