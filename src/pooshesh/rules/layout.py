"""The one order of sections and keys in a law file, and what of it is written on one line.

The loader reads a law in this order, so a pack's id does not depend on the order its author chose;
the formatter writes it so. The order of names (facts, rules, reasons, codes) is the author's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from .source import Listing, Node, Scalar, Table


@dataclass(frozen=True)
class Shape:
    """How one node is written.

    `keys` are the keys it declares, in order; `each` is the shape of any other key and of list
    items. `short` nodes stand on one line where they fit; the entries of `spaced` ones are set
    apart by a blank line. `words` says what a scalar holds: a plain value, an expression, or a
    sentence, which is always quoted.
    """

    keys: Mapping[str, "Shape"] = field(default_factory=dict)
    each: "Shape | None" = None
    short: bool = False
    spaced: bool = False
    words: Literal["value", "expression", "sentence"] = "value"

    def of(self, key: str) -> "Shape":
        """The shape of what stands under a key."""
        return self.keys.get(key) or self.each or SHORT


SHORT = Shape(short=True)
_EXPRESSION = Shape(words="expression")
_SENTENCE = Shape(words="sentence")
_TITLE = Shape({"fa": SHORT, "en": SHORT}, short=True)


def _record(keys: str, **shapes: Shape) -> Shape:
    """A mapping with these keys in this order; what is not given a shape is short."""
    return Shape({key: shapes.get(key, SHORT) for key in keys.split()})


def _named(each: Shape, *, spaced: bool = False) -> Shape:
    return Shape(each=each, spaced=spaced)


_CODES = _named(_TITLE)
_FACT = _record(
    "title type range unit codes nullable example changeable from",
    title=_TITLE, codes=_CODES, **{"from": _EXPRESSION},
)  # fmt: skip
_DATED = _record("value citation note", note=_TITLE)
_ROW = _record(
    "when then otherwise reason citation note",
    when=_EXPRESSION, then=_EXPRESSION, otherwise=_EXPRESSION, note=_TITLE,
)  # fmt: skip

LAW = replace(
    _record(
        "law sources facts parameters rules reasons cases",
        law=_record("id title citation", title=_TITLE),
        sources=_named(SHORT),
        facts=_record(
            "person household place",
            person=_named(_FACT), household=_named(_FACT), place=_named(_FACT),
        ),
        parameters=_named(
            _record("title unit keys values", title=_TITLE, values=_named(_DATED)), spaced=True
        ),
        rules=_named(
            _record(
                "title citation output codes first value",
                title=_TITLE, codes=_CODES, first=_named(_ROW), value=_EXPRESSION,
            ),
            spaced=True,
        ),
        reasons=_named(Shape({"fa": _SENTENCE, "en": _SENTENCE})),
        cases=_named(_record("title on facts expect reasons", title=_TITLE)),
    ),
    spaced=True,
)  # fmt: skip


def ranked(names: list[str], shape: Shape) -> list[str]:
    """Names in the shape's order, those it does not know last and as they came."""
    known = [name for name in shape.keys if name in names]
    return known + [name for name in names if name not in shape.keys]


def in_order(table: Table, shape: Shape = LAW) -> Table:
    """The same law with every key in its place."""
    items = {
        name: _placed(table.items[name], shape.of(name))
        for name in ranked(list(table.items), shape)
    }
    return replace(table, items=items)


def _placed(node: Node, shape: Shape) -> Node:
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Table):
        return in_order(node, shape)
    items = tuple(_placed(item, shape.of("")) for item in node.items)
    return Listing(node.mark, items)
