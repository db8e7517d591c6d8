"""Errors of packs and of facts. A pack is refused with all its defects, not the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, NoReturn

from .messages import MESSAGES
from .text import Lang, show


class Mark(NamedTuple):
    """A place in a pack: file name and line, counted from 1."""

    file: str
    line: int


class Defect(NamedTuple):
    """One fault of a pack. `rule` names the fact, parameter, rule, reason or case at fault."""

    file: str
    line: int
    rule: str
    code: str
    values: dict[str, object]

    def message(self, lang: Lang = "en") -> str:
        """`file:line rule: sentence` in the asked language."""
        shown = {key: value if isinstance(value, int) else show(value, lang)
                 for key, value in self.values.items()}  # fmt: skip
        sentence = MESSAGES[self.code].say(lang).format(**shown)
        where = f"{self.file}:{self.line}" + (f" {self.rule}" if self.rule else "")
        return f"{where}: {sentence}"


class PackError(Exception):
    """A pack cannot be used; `defects` says why, in file and line order."""

    def __init__(self, defects: list[Defect]) -> None:
        self.defects = tuple(sorted(defects, key=lambda defect: defect[:3]))
        super().__init__("\n".join(defect.message() for defect in self.defects))

    def messages(self, lang: Lang) -> list[str]:
        return [defect.message(lang) for defect in self.defects]


class FactError(ValueError):
    """The facts given to a decision are not what the pack declares."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(self.message())

    def message(self, lang: Lang = "en") -> str:
        return MESSAGES[self.code].say(lang).format(**self.values)


class ExpressionError(Exception):
    """A fault inside one expression; whoever knows the line turns it into a `Defect`."""

    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values
        super().__init__(code)


class _BrokenError(Exception):
    """The item being read is unusable; its defect is already noted."""


class Defects:
    """Collects the defects of a pack while reading goes on past each of them."""

    def __init__(self) -> None:
        self.found: list[Defect] = []
        self.rule = ""

    def note(self, mark: Mark, code: str, **values: object) -> None:
        self.found.append(Defect(mark.file, mark.line, self.rule, code, values))

    def fail(self, mark: Mark, code: str, **values: object) -> NoReturn:
        """Note a defect and give up the item opened by the nearest `item()`."""
        self.note(mark, code, **values)
        self.give_up()

    def give_up(self) -> NoReturn:
        """Leave the current item, its defects being noted already."""
        raise _BrokenError

    @contextmanager
    def item(self, mark: Mark | None = None, rule: str = "") -> Iterator[None]:
        """Read one item: its faults are noted, those of its neighbours still found.

        `rule` names the item in them, an outer item before an inner one. With a mark, an
        `ExpressionError` inside becomes a defect there.
        """
        outer, self.rule = self.rule, self.rule or rule
        try:
            yield
        except _BrokenError:
            pass
        except ExpressionError as error:
            if mark is None:
                raise
            self.note(mark, error.code, **error.values)
        finally:
            self.rule = outer

    def check(self) -> None:
        """Raise `PackError` when anything was found."""
        if self.found:
            raise PackError(self.found)
