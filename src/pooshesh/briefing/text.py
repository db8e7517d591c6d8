"""A template's text: a little Markdown with placeholders. Pure: text in, blocks out.

Lines that begin with `#`, `##` or `-` are headings and items; an empty line ends a paragraph;
`**…**` is bold. `{covered_share}` is a figure of the briefing's area and month, `{paid@p15}` of
another area, `{paid:year}` since the beginning of the year, `{paid:start}` since the first month
counted. `{area}`, `{month}` and `{as_of}` are words. Alone on a line: `{table paid paid@p15}` sets
figures under one another, `{reconciliation}` what was published beside what is computed.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pooshesh.kernel.errors import Invalid, explain, gettext_noop

WORDS = ("area", "month", "as_of")
LONGEST = 20_000  # characters

explain(
    {
        "briefing.unknown": gettext_noop(
            "“{%(read)s}” is no placeholder. Known are the codes of the book of figures, such as"
            " {covered_share}, {paid@p15} or {paid:year}, and {area}, {month}, {as_of},"
            " {table …}, {reconciliation}."
        ),
        "briefing.alone": gettext_noop("“{%(read)s}” must stand alone on its line."),
        "briefing.brace": gettext_noop("A brace is left open or closed twice in “%(read)s”."),
        "briefing.empty": gettext_noop("The text of a template is empty."),
        "briefing.long": gettext_noop("The text of a template has at most %(most)s characters."),
        "briefing.differ": gettext_noop(
            "Both languages must use the same figures; only one has %(names)s."
        ),
    }
)


@dataclass(frozen=True, order=True)
class Asked:
    """A figure a template asks for; `area` "" is the briefing's own."""

    indicator: str
    area: str = ""
    span: str = "month"  # "month", "year", "start"

    def __str__(self) -> str:
        area = f"@{self.area}" if self.area else ""
        return f"{self.indicator}{area}{'' if self.span == 'month' else f':{self.span}'}"


@dataclass(frozen=True)
class Piece:
    """Words, perhaps bold; or a word of WORDS; or a figure."""

    text: str = ""
    bold: bool = False
    word: str = ""
    asked: Asked | None = None


@dataclass(frozen=True)
class Block:
    """`kind` is "h2", "h3", "item", "text", "table" (of figures) or "reconciliation"."""

    kind: str
    pieces: tuple[Piece, ...] = ()


_FIGURE = re.compile(r"([a-z][a-z0-9_]*)(?:@([a-z0-9_]+))?(?::(year|start|month))?", re.ASCII)
_HOLE = re.compile(r"\{([^{}]*)\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_STARTS = (("## ", "h3"), ("# ", "h2"), ("- ", "item"))


def parse(text: str, indicators: Collection[str]) -> tuple[Block, ...]:
    """The blocks of a text. Errors: Invalid, naming the first placeholder that is not known."""
    if not text.strip():
        raise Invalid("briefing.empty")
    if len(text) > LONGEST:
        raise Invalid("briefing.long", most=LONGEST)
    return tuple(_blocks(text, indicators))


def _blocks(text: str, indicators: Collection[str]) -> Iterator[Block]:
    waiting: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        stripped = line.strip()
        begun = _begun(stripped, indicators)
        if (begun or not stripped) and waiting:
            yield Block("text", tuple(_pieces(" ".join(waiting), indicators)))
            waiting = []
        if begun:
            yield begun
        elif stripped:
            waiting.append(stripped)


def _begun(line: str, indicators: Collection[str]) -> Block | None:
    """The block a line is by itself; None of a paragraph's line."""
    if line == "{reconciliation}":
        return Block("reconciliation")
    if whole := re.fullmatch(r"\{table\s+([^{}]+)\}", line):
        names = re.split(r"[\s,،]+", whole[1].strip())
        return Block("table", tuple(Piece(asked=_asked(name, indicators)) for name in names))
    for start, kind in _STARTS:
        if line.startswith(start):
            return Block(kind, tuple(_pieces(line.removeprefix(start), indicators)))
    return None


def _pieces(line: str, indicators: Collection[str]) -> Iterator[Piece]:
    if re.search(r"[{}]", _HOLE.sub("", line)):
        raise Invalid("briefing.brace", read=line[:60])
    for number, part in enumerate(_BOLD.split(line)):
        for place, told in enumerate(_HOLE.split(part)):
            if place % 2:
                yield _hole(told.strip(), indicators)
            elif told:
                yield Piece(told, bold=bool(number % 2))


def _hole(name: str, indicators: Collection[str]) -> Piece:
    if name in WORDS:
        return Piece(word=name)
    if name == "reconciliation" or name.split(" ")[0] == "table":
        raise Invalid("briefing.alone", read=name)
    return Piece(asked=_asked(name, indicators))


def _asked(name: str, indicators: Collection[str]) -> Asked:
    found = _FIGURE.fullmatch(name)
    if not found or found[1] not in indicators:
        raise Invalid("briefing.unknown", read=name)
    return Asked(found[1], found[2] or "", found[3] or "month")


def asked_in(blocks: Iterable[Block]) -> tuple[Asked, ...]:
    """The figures blocks ask for, each once, in the order they are first read."""
    found = [piece.asked for block in blocks for piece in block.pieces if piece.asked]
    return tuple(dict.fromkeys(found))


def same_figures(one: Iterable[Block], other: Iterable[Block]) -> None:
    """Errors: Invalid where two languages do not use the same figures."""
    if differ := {*asked_in(one)} ^ {*asked_in(other)}:
        raise Invalid("briefing.differ", names=tuple(sorted(f"{{{name}}}" for name in differ)))
