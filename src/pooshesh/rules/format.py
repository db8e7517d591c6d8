"""Law files in one layout, so that two versions differ in what they say and nothing else.

Keys stand in the order of `layout`, titles and short tables on one line, the rest on lines of its
own, indented by 2; lines end within 100 columns where a text can be broken. Every comment stays
with what it stood beside.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

import yaml

from .declare import Declaration
from .errors import Defects
from .forms import Forms
from .layout import LAW, Shape, ranked
from .source import read

WIDTH, STEP = 100, 2

# What YAML takes for the end of a line or refuses: it stands only between quotes, escaped.
_UNCLEAN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_LINE_END = re.compile("[\n\x85\u2028\u2029]")
_PLAIN = re.compile(r"""-?[0-9]+|(?![-?:,\[\]{}#&*!|>'"%@` ])(?!.*: )(?!.* #).*[^ :]""")
_FLOW_UNSAFE = re.compile(r"[,\[\]{}:?]")
_WORDS = re.compile(r"(?<! ) (?! )")
_CLAUSES = re.compile(r"(?<! ) (?=(?:and|or|if|else) )")


def format_law(name: str, content: bytes) -> bytes:
    """The law file `name` in the canonical layout; formatted again it stays as it is.

    Errors: `PackError` with every defect of the file's form. What its words mean takes the whole
    pack and is not looked at.
    """
    defects = Defects()
    root = read(name, content, defects)
    if root is not None:
        Declaration(Forms(defects)).law(root)
    defects.check()
    header, law = _Reader(content.decode("utf-8-sig")).law()
    return ("\n".join([*_comments(header, 0), *_block(law, LAW, 0)]) + "\n").encode()


class _Comment(NamedTuple):
    at: int
    column: int
    alone: bool  # on its line
    after_blank: bool  # line
    text: str


@dataclass
class _Entry:
    """A key with its value or an item of a list, and the comments above and beside it.

    `footer` are those below the last entry of a collection.
    """

    key: str = ""
    kind: str = "scalar"  # or table, list
    text: str = ""
    empty: bool = False
    entries: list["_Entry"] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)

    @property
    def commented(self) -> bool:
        """Whether a comment stands inside, so that one line cannot hold it."""
        return bool(self.footer) or any(
            one.above or one.beside or one.commented for one in self.entries
        )


class _Reader:
    """Reads a text that `source` accepts, keeping what it leaves out: the comments."""

    def __init__(self, text: str) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        events = list(yaml.parse(self.text, Loader=loader))
        self.comments = list(self._scan(events))
        self.events = iter(events[2:])  # after the starts of stream and document
        self.last: _Entry | None = None

    def law(self) -> tuple[list[str], _Entry]:
        """The comments above the file's first key, and all the rest."""
        root, start = _Entry(), next(self.events)
        first = next(self.events)
        header = self._pending(first)
        self.events = iter([first, *self.events])
        self._fill(root, start, -1)
        root.footer += _texts(self.comments)
        return _texts(header), root

    def _scan(self, events: Iterable[yaml.Event]) -> Iterator[_Comment]:
        """Comments lie between scalars; nothing else there holds a “#”."""
        place = 0
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                assert event.start_mark
                assert event.end_mark
                start = event.start_mark.index
                if event.style in ("|", ">"):  # a comment may end the line of its sign
                    start = self._line_end(start)
                yield from self._between(place, start)
                place = max(start, event.end_mark.index)
        yield from self._between(place, len(self.text))

    def _between(self, start: int, end: int) -> Iterator[_Comment]:
        while (at := self.text.find("#", start, end)) >= 0:
            start = self._line_end(at)
            line = self.text.rfind("\n", 0, at) + 1
            above = self.text[self.text.rfind("\n", 0, max(line - 1, 0)) + 1 : line]
            yield _Comment(
                at, at - line, not self.text[line:at].strip(), line > 0 and not above.strip(),
                self.text[at:start].rstrip(),
            )  # fmt: skip

    def _line_end(self, at: int) -> int:
        found = _LINE_END.search(self.text, at)
        return found.start() if found else len(self.text)

    def _pending(self, event: yaml.Event) -> list[_Comment]:
        """The comments before an event that stand alone; others go beside the entry they follow."""
        assert event.start_mark
        until = event.start_mark.index
        found = list(takewhile(lambda comment: comment.at < until, self.comments))
        del self.comments[: len(found)]
        for comment in found:
            if self.last and not comment.alone:
                self.last.beside.append(comment.text)
        return [comment for comment in found if comment.alone or not self.last]

    def _fill(self, into: _Entry, start: yaml.Event, outer: int) -> None:
        """Read a collection; `outer` is the column of the one around it."""
        assert isinstance(start, yaml.CollectionStartEvent)
        assert start.start_mark
        column = start.start_mark.column
        into.kind = "table" if isinstance(start, yaml.MappingStartEvent) else "list"
        while not isinstance(event := next(self.events), yaml.CollectionEndEvent):
            one = _Entry(above=_texts(self._pending(event)))
            into.entries.append(one)
            self.last = one
            if into.kind == "table":
                assert isinstance(event, yaml.ScalarEvent)
                one.key = event.value
                event = next(self.events)
            pending = self._pending(event)
            if isinstance(event, yaml.ScalarEvent):
                one.text, one.empty = event.value, not event.style and event.value in _EMPTY
                one.above += _texts(pending)
            else:
                self.comments[:0] = pending
                self._fill(one, event, column)
        pending = self._pending(event)
        if start.flow_style:
            self.last, mine = into, len(pending)
        else:  # as far as they are indented like its entries
            mine = len(list(takewhile(lambda one: one.column >= max(column, outer + 1), pending)))
        into.footer = _texts(pending[:mine])
        self.comments[:0] = pending[mine:]


_EMPTY = ("", "~", "null")


def _texts(comments: list[_Comment]) -> list[str]:
    """The comments with the blank lines between them, which part paragraphs."""
    lines: list[str] = []
    for comment in comments:
        lines += [""] if lines and comment.after_blank else []
        lines.append(comment.text)
    return lines


def _comments(texts: list[str], indent: int) -> list[str]:
    return [" " * indent + text if text else "" for text in texts]


def _block(of: _Entry, shape: Shape, indent: int) -> list[str]:
    """The entries of a collection, each on lines of its own."""
    lines: list[str] = []
    for place, one in enumerate(_ordered(of, shape)):
        lines += [""] if place and shape.spaced else []
        inner = shape.of(one.key)
        if of.kind == "list":
            _raise_comments(one, inner)
            head = " " * indent + "-"
        else:
            head = " " * indent + _scalar(one.key) + ":"
        lines += _comments([*one.above, *one.beside[:-1]], indent)
        lines += _entry(head, one, inner, indent)
    return lines + _comments(of.footer, indent)


def _ordered(of: _Entry, shape: Shape) -> list[_Entry]:
    if of.kind == "list":
        return of.entries
    named = {one.key: one for one in of.entries}
    return [named[key] for key in ranked(list(named), shape)]


def _raise_comments(item: _Entry, shape: Shape) -> None:
    """Above the dash goes what would part it from the first entry behind it."""
    if not item.entries or (shape.short and not item.commented):
        return
    first = _ordered(item, shape)[0]
    if item.kind == "list":
        _raise_comments(first, shape.of(""))
    item.above += [*item.beside, *first.above, *first.beside[:-1]]
    item.beside, first.above, first.beside = [], [], first.beside[-1:]


def _entry(head: str, one: _Entry, shape: Shape, indent: int) -> list[str]:
    """The lines of one entry behind its `head`, which ends in a colon or a dash."""
    beside = "".join(f"  {text}" for text in one.beside[-1:])
    inner = indent + STEP
    if one.kind == "scalar":
        body, lines = _written(one, shape, WIDTH - len(head) - 1, WIDTH - inner)
        return [f"{head} {body}{beside}", *_comments(lines, inner)]
    if not one.entries:
        return [*_comments(one.footer, indent), f"{head} {_flow(one, shape)}{beside}"]
    if shape.short and not one.commented:
        line = f"{head} {_flow(one, shape)}"
        if len(line) <= WIDTH and "\n" not in line:
            return [line + beside]
    lines = _block(one, shape, inner)
    if head.endswith("-"):
        return [f"{head} {lines[0][inner:]}", *lines[1:]]
    return [head + beside, *lines]


def _written(one: _Entry, shape: Shape, room: int, width: int) -> tuple[str, list[str]]:
    """A scalar as what stands behind its key and the lines below it, if it needs any."""
    text = one.text
    if "\n" in text and (lines := _literal(text)):
        return "|" if text.endswith("\n") else "|-", lines
    line = _value(one, shape)
    if len(line) > room and not one.empty and text == text.strip(" ") and text:
        lines = [] if _UNCLEAN.search(text) else _folded(text, width, shape)
        if len(lines) > 1 or (lines and len(lines[0]) <= width):
            return ">-", lines
    return line, []


def _literal(text: str) -> list[str]:
    """The lines of a text with line ends of its own; none where a block would not keep it."""
    lines = text.removesuffix("\n").split("\n")
    kept = lines[0][:1].strip() and lines[-1] and not any(map(_UNCLEAN.search, lines))
    return lines if kept and all(line == line.rstrip(" ") for line in lines) else []


def _folded(text: str, width: int, shape: Shape) -> list[str]:
    """Lines broken at single spaces, which folding gives back; an expression before its words."""
    pieces: list[str] = [text]
    if shape.words == "expression":
        pieces = _CLAUSES.split(text)
    lines: list[str] = []
    for piece in pieces:
        for part in [piece] if len(piece) <= width else _WORDS.split(piece):
            if lines and len(lines[-1]) + 1 + len(part) <= width:
                lines[-1] += f" {part}"
            else:
                lines.append(part)
    return lines


def _flow(of: _Entry, shape: Shape) -> str:
    """A collection on one line; a text that one line cannot hold brings its line end along."""
    parts = []
    for one in _ordered(of, shape):
        inner = shape.of(one.key)
        body = _flow(one, inner) if one.kind != "scalar" else _value(one, inner, flow=True)
        body += "\n" if "\n" in one.text else ""
        parts.append(body if of.kind == "list" else f"{_scalar(one.key, flow=True)}: {body}")
    line = ", ".join(parts)
    return f"[{line}]" if of.kind == "list" else "{" + line + "}"


def _value(one: _Entry, shape: Shape, *, flow: bool = False) -> str:
    if one.empty:
        return one.text or "null"
    return _quoted(one.text) if shape.words == "sentence" else _scalar(one.text, flow=flow)


def _scalar(text: str, *, flow: bool = False) -> str:
    """Bare where YAML reads it as the same text, else quoted."""
    bare = _PLAIN.fullmatch(text) and text not in _EMPTY and not _UNCLEAN.search(text)
    return text if bare and not (flow and _FLOW_UNSAFE.search(text)) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = json.dumps(text, ensure_ascii=False)
    return _UNCLEAN.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped)
