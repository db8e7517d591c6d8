"""Charts: direction, digits, escaping, the table behind."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.web import charts
from pooshesh.web.charts import Change, Datum

DATA = [Datum("ثبت‌شده", 400), Datum("تأیید شد", 100)]
ATTACK = "<script>alert(1)</script>"


def bars(svg: str, css: str = "series-1") -> list[tuple[float, float]]:
    """(x, width) of every bar of one series."""
    return [
        (float(x), float(w))
        for x, w in re.findall(rf'<rect class="{css}" x="([\d.]+)"[^>]*? width="([\d.]+)"', svg)
    ]


def test_bars_grow_from_the_right_in_persian() -> None:
    with override("fa"):
        svg = charts.bar("پرونده‌ها", DATA)

    assert bars(svg) == [(0, 480), (360, 120)]
    assert 'direction="rtl"' in svg


def test_bars_grow_from_the_left_in_english() -> None:
    with override("en"):
        svg = charts.bar("Files", DATA)

    assert bars(svg) == [(0, 480), (0, 120)]


def test_numbers_are_in_the_digits_of_the_language() -> None:
    with override("fa"):
        svg = charts.bar("پرونده‌ها", [Datum("ثبت‌شده", 12450)])

    assert "۱۲٬۴۵۰" in svg


def test_a_chart_names_itself_to_screen_readers() -> None:
    svg = ET.fromstring(charts.bar("Files", DATA, description="Two states"))

    names = {element.get("id"): element.text for element in svg.iter() if element.get("id")}
    assert svg.get("role") == "img"
    assert [names[key] for key in svg.get("aria-labelledby", "").split()] == ["Files", "Two states"]


def test_the_funnel_says_the_share_of_the_first_step() -> None:
    with override("en"):
        svg = charts.funnel("Files", DATA)

    assert "100 (25.0%)" in svg


def test_before_and_after_share_one_scale() -> None:
    with override("en"):
        svg = charts.before_after("Insured", [Change("Decile 1", 100, 400)])

    assert bars(svg, "series-2") == [(0, 120)]
    assert bars(svg) == [(0, 480)]


def test_the_line_starts_at_the_right_in_persian() -> None:
    with override("fa"):
        svg = charts.line("روزانه", DATA)

    points = re.search(r'points="([^"]+)"', svg)
    assert points
    first, last = (float(point.split(",")[0]) for point in points[1].split())
    assert first > last


def test_a_histogram_needs_one_edge_more_than_counts() -> None:
    with pytest.raises(ValueError, match="2 counts need 3 edges"):
        charts.histogram("Age", [0, 10], [1, 2])


def test_histogram_columns_have_heights_in_proportion() -> None:
    svg = charts.histogram("Age", [0, 10, 20], [20, 10])

    heights = [float(h) for h in re.findall(r'series-1"[^>]* height="([\d.]+)"', svg)]
    assert heights[0] == pytest.approx(2 * heights[1])


@pytest.mark.parametrize(
    "svg",
    [
        charts.bar(ATTACK, [Datum(ATTACK, 1)], description=ATTACK),
        charts.funnel(ATTACK, [Datum(ATTACK, 1)]),
        charts.before_after(ATTACK, [Change(ATTACK, 1, 2)]),
        charts.line(ATTACK, [Datum(ATTACK, 1)]),
        charts.histogram(ATTACK, [0, 1], [1]),
        charts.data_table(ATTACK, [ATTACK], [(ATTACK, ATTACK)]),
    ],
    ids=["bar", "funnel", "before_after", "line", "histogram", "table"],
)
def test_text_is_escaped_and_nothing_is_styled_inline(svg: str) -> None:
    assert "<script" not in svg
    assert "style=" not in svg


@pytest.mark.parametrize("data", [[], [Datum("هیچ", 0)]], ids=["none", "zero"])
def test_no_data_draws_an_empty_chart(data: list[Datum]) -> None:
    assert charts.bar("x", data).startswith("<svg")
    assert charts.funnel("x", data).startswith("<svg")
    assert charts.line("x", data).startswith("<svg")


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_no_bar_leaves_the_drawing(values: list[int]) -> None:
    with override("fa"):
        svg = charts.bar("x", [Datum("y", value) for value in values])

    assert all(x >= -0.06 and x + width <= charts.WIDTH + 0.06 for x, width in bars(svg))


def test_the_table_behind_a_chart_holds_its_numbers() -> None:
    figure = charts.figure(charts.bar("x", DATA), "Files", ["State", "Files"], [("Paid", "12")])

    assert '<th scope="row">Paid</th><td class="number">12</td>' in figure
    assert "<details>" in figure


def test_lines_show_an_aim_beside_what_was_reached() -> None:
    drawn = charts.lines(
        "People",
        ["1", "2", "3"],
        [charts.Line("Insured", [1, 5, None]), charts.Line("Aim", [2, 4, 6], dashed=True)],
    )

    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 2
    assert 'class="line aim"' in drawn
