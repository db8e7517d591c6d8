"""The map of provinces: the right land in the right province, drawn so that all can read it."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.utils.translation import override

from pooshesh.web.assets.build_provinces import CODES, contains
from pooshesh.web.province_map import class_limits, province_map, rings

NAMES = {code: f"province {code}" for code in CODES.values()}

# A point inside each province (lat, lon), by code of the Statistical Centre of Iran.
INSIDE = [
    ("00", 34.5303, 49.7865), ("01", 37.1516, 49.6390), ("02", 36.3159, 51.8969),
    ("03", 37.9160, 46.6782), ("04", 37.7416, 45.0208), ("05", 34.4867, 46.8087),
    ("06", 31.5563, 49.0059), ("07", 29.2051, 53.4328), ("08", 29.5719, 57.3010),
    ("09", 35.4795, 59.0237), ("10", 33.1881, 52.4982), ("11", 28.1292, 60.8237),
    ("12", 35.6728, 47.0128), ("13", 34.9726, 48.6564), ("14", 32.0163, 50.6857),
    ("15", 33.5858, 48.2395), ("16", 33.1546, 46.7576), ("17", 30.8143, 50.8661),
    ("18", 28.8937, 51.3205), ("19", 36.5159, 48.4778), ("20", 35.3843, 54.6209),
    ("21", 32.0406, 54.6657), ("22", 27.7198, 56.3358), ("23", 35.5121, 51.8005),
    ("24", 38.4584, 47.9313), ("25", 34.7192, 51.0123), ("26", 36.0156, 49.8398),
    ("27", 37.1984, 55.0707), ("28", 37.5379, 56.9526), ("29", 33.1296, 58.1065),
    ("30", 35.9413, 50.7884),
]  # fmt: skip
# Towns near the borders that the source draws as they were before counties moved.
MOVED = [
    pytest.param("29", 33.59, 56.93, id="Tabas"),
    pytest.param("29", 33.29, 57.52, id="Deyhuk"),
    pytest.param("29", 34.02, 58.17, id="Ferdows"),
    pytest.param("29", 33.87, 57.43, id="Boshruyeh"),
    pytest.param("29", 33.86, 58.52, id="Sarayan"),
    pytest.param("29", 32.87, 59.22, id="Birjand"),
    pytest.param("09", 34.35, 58.68, id="Gonabad"),
    pytest.param("09", 34.52, 58.18, id="Bajestan"),
    pytest.param("21", 31.90, 54.37, id="Yazd"),
    pytest.param("21", 33.03, 55.55, id="Robat-e Posht-e Badam"),
    pytest.param("21", 31.87, 56.02, id="Bahabad"),
]


def province_at(lat: float, lon: float) -> list[str]:
    return [
        code
        for code, polygons in rings().items()
        if any(contains(ring, (lon, lat)) for ring in polygons)
    ]


@pytest.mark.parametrize(("code", "lat", "lon"), INSIDE)
def test_a_point_inside_a_province_lies_in_its_outline(code: str, lat: float, lon: float) -> None:
    assert province_at(lat, lon) == [code]


@pytest.mark.parametrize(("code", "lat", "lon"), MOVED)
def test_towns_lie_in_the_province_of_today(code: str, lat: float, lon: float) -> None:
    assert province_at(lat, lon) == [code]


def test_there_are_31_provinces() -> None:
    assert sorted(rings()) == [f"{code:02}" for code in range(31)]


def test_each_province_says_its_name_and_value() -> None:
    with override("fa"):
        figure = province_map("پوشش", {"15": 1234}, NAMES, unit="نفر")

    assert "<title>province 15: ۱٬۲۳۴ نفر</title>" in figure
    assert "<title>province 16: بدون داده</title>" in figure


def test_the_five_classes_go_from_light_to_dark() -> None:
    values = {code: float(int(code)) for code in NAMES}

    figure = province_map("x", values, NAMES)

    classes = re.findall(r'province class-(\d)" d="[^"]*"><title>province (\d\d)', figure)
    by_value = [int(shade) for shade, _ in sorted(classes, key=lambda found: found[1])]
    assert by_value == sorted(by_value)
    assert set(by_value) == {1, 2, 3, 4, 5}


def test_equal_values_make_one_class() -> None:
    assert class_limits([7.0, 7.0, 7.0]) == []
    assert 'class="province class-3"' in province_map("x", {"15": 7, "16": 7}, NAMES)


def test_a_province_leads_where_the_page_says() -> None:
    figure = province_map("x", {"15": 7}, NAMES, link=lambda code: f"/places/{code}/")

    svg = ET.fromstring(figure[figure.index("<svg") : figure.index("</svg>") + 6])
    assert {link.get("href") for link in svg.iter("a")} == {f"/places/{c}/" for c in NAMES}
    assert svg.get("role") == "group"


def test_a_code_that_is_no_province_is_refused() -> None:
    with pytest.raises(KeyError, match="99"):
        province_map("x", {"99": 1}, NAMES)


def test_names_are_escaped() -> None:
    figure = province_map("x", {}, {**NAMES, "15": "<script>alert(1)</script>"})

    assert "<script" not in figure


def test_the_table_behind_the_map_is_ranked() -> None:
    figure = province_map("x", {"15": 1, "16": 9}, NAMES)

    rows = re.findall(r'<th scope="row">province (\d\d)', figure)
    assert rows[:2] == ["16", "15"]
    assert len(rows) == 31
