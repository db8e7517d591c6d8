"""Read nodes as the closed forms of the pack schema: texts, numbers, days, names, titles."""

import datetime as dt
import keyword
import re
from collections.abc import Callable
from typing import TypeVar

from pooshesh.kernel.calendar import FIRST_YEAR, LAST_YEAR, from_jalali
from pooshesh.kernel.errors import Invalid

from .errors import Defects, Mark
from .source import Listing, Node, Scalar, Table
from .text import Text
from .tree import INT64, Value

T = TypeVar("T")

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_RANGE = re.compile(r"(-?[0-9]{1,19})\.\.(-?[0-9]{1,19})")
_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")

UNITS = frozenset({"percent", "rial", "days", "years", "persons", "decile", "flag"})


def day(text: str) -> dt.date | None:
    """A Jalali (1402/05/01) or ISO (2023-07-23) day; None when it is neither."""
    if not (found := _DAY.fullmatch(text.strip())):
        return None
    year, month, date = (int(part) for part in found.groups())
    try:
        if FIRST_YEAR <= year <= LAST_YEAR:
            return from_jalali(year, month, date)
        return dt.date(year, month, date)
    except (Invalid, ValueError):
        return None


class Forms:
    """Each method returns what it read or notes a defect and gives up the current item."""

    def __init__(self, defects: Defects) -> None:
        self.defects = defects

    def table(self, node: Node) -> Table:
        if not isinstance(node, Table):
            self.defects.fail(node.mark, "expected_mapping")
        return node

    def record(self, node: Node, required: str, optional: str = "") -> dict[str, Node]:
        """A mapping with exactly these keys (space separated); unknown ones are noted."""
        table = self.table(node)
        needed, allowed = required.split(), {*required.split(), *optional.split()}
        for key in table.items:
            if key not in allowed:
                self.defects.note(
                    table.keys[key], "unknown_key", key=key, allowed=", ".join(sorted(allowed))
                )
        for key in needed:
            if key not in table.items:
                self.defects.fail(table.mark, "missing_key", key=key)
        return {key: value for key, value in table.items.items() if key in allowed}

    def each(self, node: Node, read: Callable[[str, Mark, Node], T]) -> dict[str, T]:
        """A mapping from names to items, each read on its own so that every fault is found."""
        found: dict[str, T] = {}
        table = self.table(node)
        for key, value in table.items.items():
            mark = table.keys[key]
            with self.defects.item(mark, key):
                if not _NAME.fullmatch(key) or keyword.iskeyword(key):
                    self.defects.fail(mark, "bad_name", name=key)
                found[key] = read(key, mark, value)
        return found

    def listing(self, node: Node) -> tuple[Node, ...]:
        if not isinstance(node, Listing) or not node.items:
            self.defects.fail(node.mark, "expected_list")
        return node.items

    def scalar(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self.defects.fail(node.mark, "expected_text")
        return node

    def text(self, node: Node) -> str:
        found = self.scalar(node)
        if not found.text.strip():
            self.defects.fail(node.mark, "expected_text")
        return found.text.strip()

    def bilingual(self, node: Node) -> Text:
        fields = self.record(node, "fa en")
        return Text(self.text(fields["fa"]), self.text(fields["en"]))

    def spoken(self, node: Node) -> Text:
        """A text in both languages, or one that is the same in both, such as an address."""
        if isinstance(node, Scalar):
            text = self.text(node)
            return Text(text, text)
        return self.bilingual(node)

    def flag(self, node: Node | None) -> bool:
        """true or false; absent means false."""
        if node is None:
            return False
        text = self.text(node)
        if text not in ("true", "false"):
            self.defects.fail(node.mark, "expected_flag", found=text)
        return text == "true"

    def whole(self, node: Node) -> int:
        text = self.text(node)
        if not _WHOLE.fullmatch(text):
            self.defects.fail(node.mark, "expected_whole", found=text)
        return int(text)

    def span(self, node: Node) -> tuple[int, int]:
        """`1..10`: the lowest and highest whole number."""
        found = _RANGE.fullmatch(self.text(node))
        if not found or int(found[1]) > int(found[2]):
            self.defects.fail(node.mark, "expected_range", found=self.text(node))
        low, high = int(found[1]), int(found[2])
        if max(-low, high) > INT64:
            self.defects.fail(node.mark, "overflow")
        return low, high

    def day(self, node: Node) -> dt.date:
        text = self.text(node)
        found = day(text)
        if found is None:
            self.defects.fail(node.mark, "expected_day", found=text)
        return found

    def one_of(self, node: Node, choices: frozenset[str]) -> str:
        text = self.text(node)
        if text not in choices:
            self.defects.fail(
                node.mark, "expected_one_of", found=text, choices=", ".join(sorted(choices))
            )
        return text

    def citations(self, node: Node) -> tuple[str, ...]:
        """One key of `sources`, or a list of them; `assumption` where no source is known."""
        if isinstance(node, Listing):
            return tuple(self.text(item) for item in self.listing(node))
        return (self.text(node),)

    def value(self, node: Node, kind: str) -> Value:
        """A case's value of this kind; `null` for not known."""
        if isinstance(node, Scalar) and node.empty:
            return None
        if kind == "int":
            return self.whole(node)
        if kind == "bool":
            return self.flag(node)
        if kind == "date":
            return self.day(node)
        return self.text(node)
