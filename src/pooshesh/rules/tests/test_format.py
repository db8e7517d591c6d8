"""Law files in one layout: whatever way they were typed, whatever stands beside their words."""

import json
import random
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pooshesh.rules import Pack, PackError, bind
from pooshesh.rules.format import format_law
from pooshesh.rules.layout import LAW, Shape
from pooshesh.rules.load import PACKS, load_files
from pooshesh.rules.tests import sample

SHIPPED = sorted(PACKS.rglob("*.yaml"))


def scrambled(text: str, chance: random.Random) -> str:
    """The same law typed another way: keys, quotes, flows, indents and widths at random."""
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    assert node
    _scramble(node, LAW, chance)
    typed = yaml.serialize(
        node, Dumper=yaml.Dumper, indent=chance.choice([2, 3, 7]), width=chance.choice([20, 300]),
        allow_unicode=True,
    )  # fmt: skip
    return str(typed).replace("!!str ", "")


def _scramble(node: yaml.Node, shape: Shape, chance: random.Random) -> None:
    if isinstance(node, yaml.ScalarNode):
        node.tag = "tag:yaml.org,2002:str"
        node.style = "" if node.value == "null" else chance.choice(["", "'", '"', ">", "|"])
        return
    assert isinstance(node, yaml.CollectionNode)
    node.flow_style = chance.random() < 0.2
    if isinstance(node, yaml.MappingNode):
        node.tag = "tag:yaml.org,2002:map"
        own = [pair for pair in node.value if pair[0].value in shape.keys]
        node.value = chance.sample(own, len(own)) + [p for p in node.value if p not in own]
        for key, value in node.value:
            key.tag = "tag:yaml.org,2002:str"
            _scramble(value, shape.of(key.value), chance)
    else:
        node.tag = "tag:yaml.org,2002:seq"
        for item in node.value:
            _scramble(item, shape.of(""), chance)


def commented(text: str, chance: random.Random) -> tuple[str, list[str]]:
    """The text with comments above, beside and below its entries, and those comments."""
    lines, added = text.splitlines(), ["# the end"]
    spans = [
        (e.start_mark, e.end_mark, e.style in ("|", ">"))
        for e in yaml.parse(text)
        if isinstance(e, yaml.ScalarEvent) and e.start_mark and e.end_mark
    ]
    starts = {start.line: start.column for start, _, _ in reversed(spans)}
    ends = {end.line for _, end, block in spans if not block}
    inside = {n for start, end, block in spans for n in range(start.line, end.line + block)}
    for n in reversed(range(len(lines))):
        if n in ends and n not in inside and chance.random() < 0.3:
            lines[n] += f" # beside {n}"
            added.append(f"# beside {n}")
        if n in starts and n - 1 not in inside and chance.random() < 0.3:
            lines.insert(n, " " * chance.choice([0, starts[n]]) + f"# above {n}")
            added.append(f"# above {n}")
    return "\n".join([*lines, "# the end"]), added


def meaning(text: bytes) -> tuple[str, list[object]]:
    """What must stay: the id and the cases."""
    pack: Pack = load_files("sample", {"sample.yaml": text})
    cases = [(c.title, c.on, c.facts, c.outputs, c.reasons) for c in pack.cases]
    return bind(pack, sample.DAY).id, [*cases]


def formatted(text: str) -> str:
    return format_law("sample.yaml", text.encode()).decode()


CANONICAL = formatted(sample.TEXT)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(PACKS)))
def test_shipped_laws_are_formatted(path: Path) -> None:
    text = path.read_bytes()

    assert format_law(path.name, text) == text


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_a_law_has_one_layout_however_it_was_typed(chance: random.Random) -> None:
    assert formatted(scrambled(sample.TEXT, chance)) == CANONICAL


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32).map(random.Random))
def test_comments_and_meaning_stay(chance: random.Random) -> None:
    text, comments = commented(scrambled(sample.TEXT, chance), chance)

    done = formatted(text)

    kept = [line[line.index("#") :] for line in done.splitlines() if "#" in line]
    assert sorted(kept) == sorted(comments)
    assert meaning(done.encode()) == meaning(text.encode()) == meaning(sample.TEXT.encode())
    assert formatted(done) == done


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])).filter(str.strip))
def test_any_text_stays_as_it_is(text: str) -> None:
    typed = sample.changed("example.org/law", json.dumps(text))

    done = formatted(typed)

    assert yaml.load(done, Loader=yaml.BaseLoader)["sources"]["S1"] == text


def test_comments_stand_where_they_stood() -> None:
    done = formatted(
        """\
# Of the whole law.

# Second paragraph.
reasons: # sentences
    r: {en: "for {age}", fa: "برای {age}"} # beside a reason
law: {id: one, title: {fa: یک, en: One}, citation: [assumption, # not found
    S1]}
rules:
    answer: # the answer
        # before the value
        value: >- # folded
            1
        # where the value began
        output: true
        title: {fa: پاسخ, en: Answer}
        citation: assumption
    # below the rule
# the end
"""
    )

    assert (
        done
        == """\
# Of the whole law.

# Second paragraph.
law:
  id: one
  title: {fa: یک, en: One}
  citation:
    - assumption  # not found
    - S1

rules:
  answer:  # the answer
    title: {fa: پاسخ, en: Answer}
    citation: assumption
    # where the value began
    output: true
    # before the value
    value: 1  # folded
  # below the rule

reasons:  # sentences
  r:  # beside a reason
    fa: "برای {age}"
    en: "for {age}"
# the end
"""
    )


def test_long_expressions_break_before_their_words() -> None:
    long = "known(decile) and " + " or ".join(["decile == 1"] * 12)

    done = formatted(sample.changed("value: lookup(share, decile, None)", f"value: {long}"))

    lines = done[done.index("value: >-\n") :].splitlines()[1:3]
    assert lines[0].startswith("      known(decile) and decile == 1 or")
    assert lines[1].startswith("      or decile == 1")
    assert max(map(len, done.splitlines())) <= 100


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (b"law: [", "not_yaml", 2),
        (b"\xff", "not_utf8", 1),
        (b"", "not_a_mapping", 1),
        (sample.changed("unit: years", "units: years").encode(), "unknown_key", 22),
        (sample.changed("range: 0..120", "range: many").encode(), "expected_range", 21),
    ],
)
def test_a_broken_file_is_refused(text: bytes, code: str, line: int) -> None:
    with pytest.raises(PackError) as caught:
        format_law("sample.yaml", text)

    assert (code, line) in [(one.code, one.line) for one in caught.value.defects]
