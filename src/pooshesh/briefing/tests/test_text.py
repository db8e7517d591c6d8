"""A template's text is checked before it is kept."""

import pytest

from pooshesh.briefing.text import Asked, asked_in, parse, same_figures
from pooshesh.kernel.errors import Invalid

KNOWN = {"paid", "covered_share"}


def test_a_text_becomes_headings_items_and_figures() -> None:
    blocks = parse("# Paid\n\nIn **{paid@p15:year}**\nand {covered_share}.\n- {month}", KNOWN)

    assert [block.kind for block in blocks] == ["h2", "text", "item"]
    assert asked_in(blocks) == (Asked("paid", "p15", "year"), Asked("covered_share"))
    assert blocks[2].pieces[0].word == "month"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{paidd}", "briefing.unknown"),
        ("{paid:week}", "briefing.unknown"),
        ("{paid@}", "briefing.unknown"),
        ("{}", "briefing.unknown"),
        ("{table paid other}", "briefing.unknown"),
        ("see {reconciliation}", "briefing.alone"),
        ("{paid", "briefing.brace"),
        ("paid}}", "briefing.brace"),
        (" \n ", "briefing.empty"),
        ("a" * 20_001, "briefing.long"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text, KNOWN)

    assert refused.value.code == code
    assert refused.value.message()


def test_both_languages_use_the_same_figures() -> None:
    with pytest.raises(Invalid, match="covered_share"):
        same_figures(parse("{paid}", KNOWN), parse("{paid} {covered_share}", KNOWN))
