"""Two records side by side, field by field, with what differs marked letter by letter. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.functional import Promise
from rapidfuzz.distance import Indel

from pooshesh.kernel.text import ZWNJ, key, to_latin_digits

Mark = Literal["same", "differs", "missing", ""]
BLANK = "␣"
NAMES = ("first_name", "last_name", "father_name")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of letters; `differs`: the other side does not have them."""

    text: str
    differs: bool


@dataclass(frozen=True)
class Line:
    """One field of both records, as shown; the parts make up the texts where the two differ."""

    title: str | Promise
    one: str
    other: str
    mark: Mark
    one_parts: Sequence[Part] = field(default_factory=list)
    other_parts: Sequence[Part] = field(default_factory=list)


def line(title: str | Promise, one: str, other: str, mark: Mark) -> Line:
    """A field as shown on both sides; letters are compared where it differs."""
    if mark != "differs":
        return Line(title, one, other, mark)
    mine, theirs = letters(one, other)
    return Line(title, one, other, mark, [*map(_seen, mine)], [*map(_seen, theirs)])


def _seen(part: Part) -> Part:
    """A part that differs and would not be seen, a space or a joiner, as a mark that is."""
    return part if part.text.strip(f" {ZWNJ}") or not part.differs else Part(BLANK, True)


def letters(one: str, other: str) -> tuple[list[Part], list[Part]]:
    """Both texts cut into what they share, in order, and what only one of them has."""
    cut: tuple[list[Part], list[Part]] = [], []
    for step in Indel.opcodes(one, other):
        differs = step.tag != "equal"
        if part := one[step.src_start : step.src_end]:
            cut[0].append(Part(part, differs))
        if part := other[step.dest_start : step.dest_end]:
            cut[1].append(Part(part, differs))
    return cut


def mark(name: str, one: Mapping[str, str], other: Mapping[str, str]) -> Mark:
    """How a field of two records compares: names as folded, numbers and dates by their digits."""
    a, b = one.get(name, ""), other.get(name, "")
    if not a or not b:
        return "missing"
    if name in NAMES:
        return "same" if key(a) == key(b) else "differs"
    return "same" if _plain(a) == _plain(b) else "differs"


def _plain(text: str) -> str:
    """Digits without the zeros and separators that sheets lose and add."""
    return to_latin_digits(text).replace("/", "").replace("-", "").strip().lstrip("0")
