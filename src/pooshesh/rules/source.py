"""Read YAML into plain nodes that remember their line.

Only mappings, lists and scalars pass: no anchors, aliases, tags or repeated keys, bounded size and
depth. So a pack can neither run code nor grow in memory, and one text has one meaning.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from .errors import Defects, Mark

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Scalar:
    """`quoted` tells the text 'null' from nothing."""

    mark: Mark
    text: str
    quoted: bool

    @property
    def empty(self) -> bool:
        return not self.quoted and self.text in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; keys keep the order of the file, and their own lines in `keys`."""

    mark: Mark
    items: dict[str, "Node"]
    keys: dict[str, Mark]


@dataclass(frozen=True, slots=True)
class Listing:
    mark: Mark
    items: tuple["Node", ...]


Node = Scalar | Table | Listing


def plain(node: Node) -> object:
    """The node without its lines: nested dict, list, str; the text that a pack's id covers."""
    if isinstance(node, Scalar):
        return None if node.empty else node.text
    if isinstance(node, Table):
        return {key: plain(item) for key, item in node.items.items()}
    return [plain(item) for item in node.items]


def read(name: str, content: bytes, defects: Defects) -> Table | None:
    """The file `name` as a `Table`, or None with the reason noted in `defects`."""
    start = Mark(name, 1)
    with defects.item():
        if len(content) > MAX_BYTES:
            defects.fail(start, "file_too_large", limit=MAX_BYTES)
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            defects.fail(start, "not_utf8", byte=error.start)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml is 10 x faster
        events = yaml.parse(text, Loader=loader)
        try:
            node = _Reader(name, defects, events).document()
        except yaml.MarkedYAMLError as error:
            where = error.problem_mark or error.context_mark
            line = where.line + 1 if where else 1
            defects.fail(Mark(name, line), "not_yaml", problem=error.problem or "")
        except yaml.YAMLError as error:
            defects.fail(start, "not_yaml", problem=str(error))
        if not isinstance(node, Table):
            defects.fail(start, "not_a_mapping")
        return node
    return None


class _Reader:
    """Builds nodes straight from parser events, before YAML gives them any other meaning."""

    def __init__(self, file: str, defects: Defects, events: Iterator[yaml.Event]) -> None:
        self.file, self.defects, self.events = file, defects, events

    def document(self) -> Node | None:
        next(self.events)  # stream start
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        node = self.node(next(self.events), 1)
        next(self.events)  # document end
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            self.defects.fail(self.mark(extra), "second_document")
        return node

    def mark(self, event: yaml.Event) -> Mark:
        assert event.start_mark
        return Mark(self.file, event.start_mark.line + 1)

    def node(self, event: yaml.Event, depth: int) -> Node:
        mark = self.mark(event)
        if getattr(event, "anchor", None):
            self.defects.fail(mark, "anchor")
        if getattr(event, "tag", None):
            self.defects.fail(mark, "tag")
        if depth > MAX_DEPTH:
            self.defects.fail(mark, "too_deep", limit=MAX_DEPTH)
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(mark, event.value, bool(event.style))
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.node(event, depth + 1))
            return Listing(mark, tuple(items))
        return self.table(mark, depth)

    def table(self, mark: Mark, depth: int) -> Table:
        items: dict[str, Node] = {}
        keys: dict[str, Mark] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                self.defects.fail(key.mark, "key_not_text")
            value = self.node(next(self.events), depth + 1)
            if key.text in items:
                self.defects.note(key.mark, "duplicate_key", key=key.text)
            items[key.text], keys[key.text] = value, key.mark
        return Table(mark, items, keys)
