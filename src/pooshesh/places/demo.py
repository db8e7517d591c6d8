"""The demo country: 2,020 neighbourhoods with sponsors, catchments, facilities. Synthetic.

Provinces, their capitals and universities, the counties of Tehran and Lorestan, the counts by
sponsor, and the name and place of Darvazeh-Ghar are real; every other name, number and place is
made up, always the same way. Rows are written in bulk, beside the actions, because 13,000 audit
events would say nothing.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import transaction

from pooshesh.kernel import audit
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.time import from_day, from_now
from pooshesh.places.models import (
    Area,
    AreaKind,
    AreaSet,
    AreaSetMember,
    Facility,
    FacilityKind,
    Figure,
    SetKind,
    name_keys,
)
from pooshesh.places.seed import ALWAYS, DECLARED, SPONSORS, read_data

START = dt.date(2021, 9, 23)  # 1 Mehr 1400
HANDED_OVER = dt.date(2022, 1, 1)
SOURCE = "داده ساختگی نمایشی"
TEHRAN = "23"
IN_TEHRAN = 260  # neighbourhoods of the programme in Tehran (S45)
RESIDENTS = 19_850_000  # of all neighbourhoods: reported as 19.7 to 20.0 million
DARVAZEH_GHAR = ("darvazeh_ghar", "دروازه‌غار", "Darvazeh-Ghar", 12_000)
DARVAZEH_GHAR_LIES = (35.665, 51.42)  # degrees north and east: in district 12 of Tehran
UNIVERSITIES = (
    ("tums", "تهران", "Tehran"),
    ("iums", "ایران", "Iran"),
    ("sbmu", "شهید بهشتی", "Shahid Beheshti"),
)
#: Counties of Iran University's catchment where no hospital takes a referral (mission A21).
WITHOUT_HOSPITAL = {"Baharestan", "Malard", "Qods"}

_FIRST = (
    ("گل", "Gol"), ("مهر", "Mehr"), ("نور", "Nur"), ("کوه", "Kuh"), ("سرو", "Sarv"),
    ("سبز", "Sabz"), ("شهید", "Shahid"), ("امید", "Omid"), ("بهار", "Bahar"), ("زرین", "Zarrin"),
    ("پیروز", "Piruz"), ("مینا", "Mina"), ("خوش", "Khosh"), ("نیک", "Nik"), ("سپید", "Sepid"),
)  # fmt: skip
_SECOND = (
    ("آباد", "abad"), ("دشت", "dasht"), ("شهر", "shahr"), ("سرا", "sara"), ("دره", "darreh"),
    ("ستان", "stan"), ("پور", "pur"), ("وند", "vand"), ("رود", "rud"), ("کلا", "kola"),
)  # fmt: skip


@dataclass
class _Made:
    """Rows to be written."""

    areas: list[Area] = field(default_factory=list)
    members: list[AreaSetMember] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    facilities: list[Facility] = field(default_factory=list)


class _Country:
    """Makes the rows; `random` is seeded, so that every installation has the same country."""

    def __init__(self, provinces: Sequence[Area], sets: dict[str, AreaSet]) -> None:
        self.random = Random(1400)  # noqa: S311 - the same country every time, no secret
        self.made = _Made()
        self.sets = sets
        self.known = from_now()
        self.provinces = {area.province: area for area in provinces}
        # One call keeps the ids increasing, and so rows of one place together.
        self.ids = iter(uuid7s(12_000))
        self.names: dict[str, Iterator[tuple[str, str]]] = {}
        self.sponsors = self._sponsor_deck()
        self.neighbourhood_number = 0

    def _sponsor_deck(self) -> Iterator[str]:
        deck = [code for code, _fa, _en, count, _about in SPONSORS for _ in range(count)]
        deck += [""] * (DECLARED - len(deck))
        self.random.shuffle(deck)
        # Darvazeh-Ghar is dealt first, and somebody answers for it.
        deck.insert(0, deck.pop(deck.index("welfare")))
        return iter(deck)

    def area(self, parent: Area, code: str, kind: AreaKind, names: tuple[str, str]) -> Area:
        fa, en = names
        assert parent.latitude is not None
        assert parent.longitude is not None
        spread = {AreaKind.COUNTY: 0.5, AreaKind.CITY: 0.05}.get(kind, 0.03)  # degrees
        area = Area(
            id=next(self.ids), code=code, kind=kind, parent=parent, path=f"{parent.path}.{code}",
            province=parent.province, name_fa=fa, name_en=en, valid=ALWAYS,
            latitude=round(parent.latitude + self.random.uniform(-spread, spread), 4),
            longitude=round(parent.longitude + self.random.uniform(-spread, spread), 4),
            **name_keys(code, fa, en),
        )  # fmt: skip
        self.made.areas.append(area)
        return area

    def join(
        self, area: Area, code: str, since: dt.date | None, until: dt.date | None = None
    ) -> None:
        held = self.sets[code]
        self.made.members.append(
            AreaSetMember(
                area_set=held, kind=held.kind, area=area,
                valid=from_day(since, until), recorded=self.known,
            )
        )  # fmt: skip

    def synthetic_names(self, of: str) -> Iterator[tuple[str, str]]:
        """Made-up names, none twice among the areas of one parent."""
        if of not in self.names:
            plain = [(a + b, f"{x}{y}") for a, x in _FIRST for b, y in _SECOND]
            self.random.shuffle(plain)
            self.names[of] = (
                (f"{fa} {turn}" if turn else fa, f"{en} {turn} (synthetic)" if turn else
                 f"{en} (synthetic)")
                for turn in ("", *range(2, 99))
                for fa, en in plain
            )  # fmt: skip
        return self.names[of]

    # --- from the province down ---

    def province(self, code: str, capital: dict[str, str], counties: int, places: int) -> None:
        """Counties with one city each; the capital's city holds two fifths of the places."""
        province = self.provinces[code]
        listed = [r for r in read_data("demo_counties.csv") if r["province"] == code]
        names = [(r["name_fa"], r["name_en"]) for r in listed]
        names = names or [(capital["capital_fa"], capital["capital_en"])]
        invented = self.synthetic_names(code)
        names += [next(invented) for _ in range(counties - len(names))]
        university = f"ums_{code}" if code != TEHRAN else ""
        if university:
            self.join(province, university, None)
        for number, (share, pair) in enumerate(
            zip(_shares(places, counties), names, strict=True), 1
        ):
            catchment = university or listed[number - 1]["catchment"]
            county = self.area(province, f"c{code}{number:02}", AreaKind.COUNTY, pair)
            city = self.area(county, f"t{code}{number:02}01", AreaKind.CITY, pair)
            for area in (county, city):
                if catchment:
                    self.join(area, catchment, None)
            self.city(city, share, catchment)

    def city(self, city: Area, places: int, catchment: str) -> None:
        """Neighbourhoods; without one catchment for the city they fall to three universities."""
        invented = self.synthetic_names(city.code)
        for number in range(places):
            turn = UNIVERSITIES[number % len(UNIVERSITIES)][0]
            self.neighbourhood(city, next(invented), catchment or turn)
        if city.name_en not in WITHOUT_HOSPITAL:
            self.facility(city, FacilityKind.HOSPITAL, 2, beds=self.random.randrange(60, 320, 4))
        self.facility(city, FacilityKind.HEALTH_CENTRE, 1, visits=self.random.randint(80, 200))

    def neighbourhood(self, city: Area, names: tuple[str, str], catchment: str) -> None:
        self.neighbourhood_number += 1
        code = f"n{self.neighbourhood_number:04}"
        is_real = code == "n0001"
        if is_real:
            code, *names = DARVAZEH_GHAR[:3]  # type: ignore[assignment]
        area = self.area(city, code, AreaKind.NEIGHBOURHOOD, (names[0], names[1]))
        if is_real:
            area.latitude, area.longitude = DARVAZEH_GHAR_LIES
        self.join(area, catchment, None)
        self.sponsor(area, next(self.sponsors))
        if self.random.random() < 0.45:
            self.facility(area, FacilityKind.HEALTH_POST, 1, visits=self.random.randint(20, 90))

    def sponsor(self, area: Area, code: str) -> None:
        """One in forty was handed over once."""
        if not code:
            return
        since = START
        if self.neighbourhood_number % 40 == 0:
            former = "relief" if code != "relief" else "setad"
            self.join(area, former, START, HANDED_OVER)
            since = HANDED_OVER
        self.join(area, code, since)

    def facility(
        self,
        area: Area,
        kind: FacilityKind,
        level: int,
        beds: int | None = None,
        visits: int | None = None,
    ) -> None:
        code = f"f{len(self.made.facilities) + 1:05}"
        fa, en = _FACILITY_NAMES[kind]
        names = (f"{fa} {area.name_fa}", f"{en} {area.name_en}")
        self.made.facilities.append(
            Facility(
                id=next(self.ids), code=code, kind=kind, level=level, area=area,
                area_path=area.path, province=area.province, name_fa=names[0], name_en=names[1],
                beds=beds, daily_visits=visits, services=_SERVICES[kind],
                opened_on=dt.date(self.random.randint(1975, 2020), 3, 21),
                latitude=area.latitude, longitude=area.longitude,
                **name_keys(code, *names),
            )
        )  # fmt: skip

    def residents(self) -> None:
        """Population of each neighbourhood: about 9,800, together `RESIDENTS`."""
        places = [a for a in self.made.areas if a.kind == AreaKind.NEIGHBOURHOOD]
        _code, _fa, _en, first = DARVAZEH_GHAR
        sizes = [self.random.lognormvariate(0, 0.35) for _ in places[1:]]
        counts = [first, *_apportion(RESIDENTS - first, sizes)]
        self.made.figures = [
            Figure(
                area=area, name="population", value=count, about=True, source=SOURCE,
                valid=from_day(START), recorded=self.known,
            )
            for area, count in zip(places, counts, strict=True)
        ]  # fmt: skip


_FACILITY_NAMES = {
    FacilityKind.HOSPITAL: ("بیمارستان", "Hospital of"),
    FacilityKind.HEALTH_CENTRE: ("مرکز خدمات جامع سلامت", "Comprehensive health centre of"),
    FacilityKind.HEALTH_POST: ("پایگاه سلامت", "Health post of"),
}
_SERVICES = {
    FacilityKind.HOSPITAL: ["بستری", "سرپایی", "اورژانس", "آزمایشگاه"],
    FacilityKind.HEALTH_CENTRE: ["سرپایی", "واکسیناسیون", "آزمایشگاه"],
    FacilityKind.HEALTH_POST: ["واکسیناسیون", "مراقبت مادران"],
}


@transaction.atomic
def load() -> bool:
    """Write the demo country below the seeded provinces; False when it is there already."""
    if Area.objects.filter(kind=AreaKind.NEIGHBOURHOOD).exists():
        return False
    provinces = list(Area.objects.filter(kind=AreaKind.PROVINCE).order_by("province"))
    capitals = {row["code"]: row for row in read_data("demo_capitals.csv")}
    counted = {row["code"]: row for row in read_data("provinces.csv")}
    country = _Country(provinces, _sets(capitals))
    others = [code for code in sorted(capitals) if code != TEHRAN]
    shares = _apportion(DECLARED - IN_TEHRAN, [int(counted[c]["population"]) for c in others])
    places = {TEHRAN: IN_TEHRAN, **dict(zip(others, shares, strict=True))}
    for code, count in places.items():
        country.province(code, capitals[code], int(counted[code]["counties"]), count)
    country.residents()
    made = country.made
    batches: list[tuple[Any, Sequence[Any]]] = [
        (Area, made.areas),
        (AreaSetMember, made.members),
        (Figure, made.figures),
        (Facility, made.facilities),
    ]
    for model, rows in batches:
        model.objects.bulk_create(rows, batch_size=2_000)
    audit.record("places.load_demo", actor=None, kind="area", object_id="ir")
    return True


def _sets(capitals: dict[str, dict[str, str]]) -> dict[str, AreaSet]:
    """Sponsors and universities by code; the universities are made here."""
    named = [
        *UNIVERSITIES,
        *(
            (f"ums_{code}", row["university_fa"], row["university_en"])
            for code, row in capitals.items()
            if code != TEHRAN
        ),
    ]
    AreaSet.objects.bulk_create(
        AreaSet(
            kind=SetKind.CATCHMENT, code=code, name_fa=f"دانشگاه علوم پزشکی {fa}",
            name_en=f"{en} University of Medical Sciences",
        )
        for code, fa, en in named
    )  # fmt: skip
    return {one.code: one for one in AreaSet.objects.all()}


def _shares(places: int, counties: int) -> list[int]:
    """Neighbourhoods per county: two fifths in the capital's, the rest falling off evenly."""
    rest = [1 / (rank + 3) for rank in range(counties - 1)]
    scale = sum(rest) or 1.0
    weights = [0.4 if rest else 1.0, *(0.6 * weight / scale for weight in rest)]
    return _apportion(places, weights)


def _apportion(whole: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to `whole`: largest remainders."""
    total = sum(weights)
    exact = [whole * weight / total for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: shares[i] - exact[i])
    for i in by_remainder[: whole - sum(shares)]:
        shares[i] += 1
    return shares
