"""What rooms hang into the shell: menu, home page, panels of persons and areas, names, tones.

A room registers from its `AppConfig.ready()`, so that the shell shows what it does not know.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import Promise

from pooshesh.kernel import retention
from pooshesh.kernel.retention import DataClass

Text = str | Promise
Tone = Literal["good", "warn", "bad", "info", "quiet"]


class Actor(Protocol):
    """Who is signed in, as far as the shell must know."""

    def may(self, permission: str) -> bool:
        """Whether a live role grants `permission`."""

    def reach(self, permission: str) -> Any:
        """Where a permission holds; `everywhere` says whether for the whole nation."""


@dataclass(frozen=True)
class MenuItem:
    """A link in the side navigation, shown to who may use it; `permission` "" is everybody.

    `national`: only to whom the permission is given for the whole nation. `also`: a second
    permission the page asks for.
    """

    title: Text
    url_name: str
    permission: str
    section: Text
    order: int
    national: bool = False
    also: str = ""


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


@dataclass(frozen=True)
class AreaPanel:
    """A part of the page of an area, shown to who holds `permission`.

    `context(request, area)` reads what `template` shows, or returns None to hide the panel; it
    asks a fixed number of statements, however many people live there.
    """

    title: Text
    template: str
    permission: str
    order: int
    context: Callable[[HttpRequest, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Held:
    """A line of what is held about a person: what, how much of it, where it came from, for what,
    and when it goes (None: it is kept as a record)."""

    what: Text
    count: int
    source: Text
    purpose: Text
    until: dt.date | None = None


@dataclass(frozen=True)
class HeldPart:
    """A part of what a person is told when they ask what is held about them.

    `lines(records)` reads it for all records that stand for the person; what is not held has no
    line.
    """

    title: Text
    order: int
    lines: Callable[[Sequence[UUID]], Sequence[Held]]


@dataclass(frozen=True)
class HomeLine:
    """One thing on the home page: a link with a count, or with a state (code, words)."""

    title: Text
    address: str
    count: int | None = None
    state: tuple[str, Text] | None = None
    note: Text = ""


@dataclass(frozen=True)
class HomePart:
    """A part of the home page, shown to who holds `permission` ("" is everybody).

    `lines(user)` reads what stands in it, or returns None to hide it; no lines say `empty`.
    """

    title: Text
    permission: str
    order: int
    lines: Callable[[Any], Sequence[HomeLine] | None]
    empty: Text = ""


T = TypeVar("T", MenuItem, PersonPanel, AreaPanel, HomePart)

_menu: list[MenuItem] = []
_panels: list[PersonPanel] = []
_area_panels: list[AreaPanel] = []
_household_panels: list[PersonPanel] = []
_home: list[HomePart] = []
_held: list[HeldPart] = []
_tones: dict[str, Tone] = {}
_of_enums: dict[str, Tone] = {}  # by code alone, for who has no more than the code
_names: dict[str, Text] = {}


def register_menu(*items: MenuItem) -> None:
    """Add items to the side navigation."""
    _menu.extend(items)


def register_person_panel(panel: PersonPanel) -> None:
    """Add a panel to the person page."""
    _panels.append(panel)


def register_area_panel(panel: AreaPanel) -> None:
    """Add a panel to the page of an area."""
    _area_panels.append(panel)


def register_household_panel(panel: PersonPanel) -> None:
    """Add a panel to the household page; its context is asked with the household."""
    _household_panels.append(panel)


def register_tones(tones: Mapping[Any, Tone]) -> None:
    """Say which tone the badge of each state has.

    A member of an enum speaks for its own enum; a plain code for every state of that code that
    nobody spoke for. Raises ValueError when two rooms disagree.
    """
    for state, tone in tones.items():
        if _tones.setdefault(_tone_key(state), tone) != tone:
            raise ValueError(f"state {state!r} has tone {_tones[_tone_key(state)]!r} already")
        if isinstance(state, Enum):
            _of_enums.setdefault(str(state.value), tone)


def _tone_key(state: object) -> str:
    if isinstance(state, Enum):
        return f"{type(state).__qualname__}.{state.value}"
    return str(state)


def register_home(*parts: HomePart) -> None:
    """Add parts to the home page."""
    _home.extend(parts)


def register_held(*parts: HeldPart) -> None:
    """Add parts to the sheet that answers what is held about a person."""
    _held.extend(parts)


def held_parts() -> list[HeldPart]:
    """All parts of that sheet, in order."""
    return sorted(_held, key=lambda part: part.order)


def register_names(names: Mapping[str, Text]) -> None:
    """Say what codes are called that are kept in the trail and in results of jobs.

    Codes of actions ("people.open"), of what they are about ("person"), of purposes, and the
    names of figures a job returns.
    """
    _names.update(names)


def register_data(*classes: DataClass) -> None:
    """Add classes of data to the page of retention, with their names."""
    retention.register(*classes)
    register_names({one.code: one.title for one in classes})


def name_of(code: str) -> str:
    """A code in words; of "campaign 7f…" the first word. What nobody named stays as it is."""
    if code in _names:
        return str(_names[code])
    first, mark, rest = code.partition(" ") if " " in code else code.partition(":")
    return f"{_names[first]} {rest}" if mark and first in _names else code


def codes_named(text: str) -> list[str]:
    """The codes whose words contain a text, in the active language."""
    return [code for code, name in _names.items() if text.lower() in str(name).lower()]


def tone(state: object) -> Tone:
    """The tone of a state; "quiet" for one nobody spoke for."""
    plain = str(state.value) if isinstance(state, Enum) else str(state)
    return _tones.get(_tone_key(state)) or _tones.get(plain) or _of_enums.get(plain, "quiet")


def menu_for(user: Actor) -> list[tuple[Text, list[MenuItem]]]:
    """(section, items) that `user` may use, each in its order; a section stands by its first."""
    sections: dict[str, tuple[Text, list[MenuItem]]] = {}
    for item in _menu_of(user):
        sections.setdefault(str(item.section), (item.section, []))[1].append(item)
    return list(sections.values())


def holds_work(user: Actor) -> bool:
    """Whether some menu item is open to `user` that is not open to everybody."""
    return any(item.permission for item in _menu_of(user))


def home_for(user: Actor) -> list[tuple[HomePart, list[HomeLine]]]:
    """Parts of the home page with what stands in them for `user`, in order."""
    found = ((part, part.lines(user)) for part in _allowed(_home, user))
    shown: dict[str, tuple[HomePart, list[HomeLine]]] = {}
    for part, lines in found:
        if lines is not None:  # several rooms may add to one part, by its title
            shown.setdefault(str(part.title), (part, []))[1].extend(lines)
    return list(shown.values())


def person_panels_for(user: Actor) -> list[PersonPanel]:
    """Panels of the person page that `user` may see, in order."""
    return _allowed(_panels, user)


def area_panels_for(user: Actor) -> list[AreaPanel]:
    """Panels of the page of an area that `user` may see, in order."""
    return _allowed(_area_panels, user)


def household_panels_for(user: Actor) -> list[PersonPanel]:
    """Panels of the household page that `user` may see, in order."""
    return _allowed(_household_panels, user)


def _menu_of(user: Actor) -> list[MenuItem]:
    return [
        item
        for item in _allowed(_menu, user)
        if not item.also or user.may(item.also)
        if not item.national or user.reach(item.permission).everywhere
    ]


def _allowed(things: Iterable[T], user: Actor) -> list[T]:
    return sorted(
        (t for t in things if not t.permission or user.may(t.permission)), key=lambda t: t.order
    )
