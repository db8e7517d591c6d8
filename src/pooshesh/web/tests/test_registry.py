"""What rooms hang into the shell, and who sees it."""

from dataclasses import dataclass
from enum import StrEnum

import pytest

from pooshesh.web import registry
from pooshesh.web.registry import MenuItem, PersonPanel


@dataclass(frozen=True)
class Somebody:
    permissions: frozenset[str]
    everywhere: bool = False

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def reach(self, permission: str) -> "Somebody":
        return self


CLERK = Somebody(frozenset({"person.see"}))


@pytest.fixture(autouse=True)
def _empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_menu", [])
    monkeypatch.setattr(registry, "_panels", [])
    monkeypatch.setattr(registry, "_tones", {})
    monkeypatch.setattr(registry, "_of_enums", {})


def test_the_menu_holds_what_a_user_may_do_in_order() -> None:
    registry.register_menu(
        MenuItem("Audit", "audit", "audit.see", "Oversight", 1),
        MenuItem("Worklists", "worklists", "person.see", "Work", 30),
        MenuItem("Style", "style", "", "Help", 20),
        MenuItem("People", "people", "person.see", "Work", 10),
    )

    menu = [(section, [i.title for i in items]) for section, items in registry.menu_for(CLERK)]

    assert menu == [("Work", ["People", "Worklists"]), ("Help", ["Style"])]


def test_a_panel_shows_to_who_may_see_it() -> None:
    seen = PersonPanel("Cover", "cover.html", "person.see", 1, lambda request, person: {})
    hidden = PersonPanel("Audit", "audit.html", "audit.see", 2, lambda request, person: {})
    registry.register_person_panel(hidden)
    registry.register_person_panel(seen)

    assert registry.person_panels_for(CLERK) == [seen]


def test_a_state_has_one_tone() -> None:
    registry.register_tones({"approved": "good"})

    with pytest.raises(ValueError, match="approved"):
        registry.register_tones({"approved": "bad"})
    assert registry.tone("approved") == "good"
    assert registry.tone("never heard of") == "quiet"


class Ended(StrEnum):
    ENDED = "ended"


class Late(StrEnum):
    ENDED = "ended"


def test_states_of_two_rooms_may_share_a_code() -> None:
    registry.register_tones({Ended.ENDED: "good"})
    registry.register_tones({Late.ENDED: "bad"})

    tones = [registry.tone(state) for state in (Ended.ENDED, Late.ENDED, "ended")]

    assert tones == ["good", "bad", "good"]


def test_an_item_of_the_nation_is_shown_to_whom_the_nation_is_given() -> None:
    registry.register_menu(MenuItem("Versions", "versions", "person.see", "Work", 1, national=True))
    nationwide = Somebody(CLERK.permissions, everywhere=True)

    assert registry.menu_for(CLERK) == []
    assert [title for title, _items in registry.menu_for(nationwide)] == ["Work"]
