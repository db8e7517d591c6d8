"""What every installation starts with: the nation, its provinces, the programme's sponsors."""

import csv
import datetime as dt
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from pooshesh.kernel import audit
from pooshesh.kernel.time import from_day, from_now
from pooshesh.places.models import Area, AreaKind, AreaSet, Figure, SetKind, name_keys
from pooshesh.places.queries import sponsor_figure

DATA = Path(__file__).parent / "data"
ALWAYS = DateRange(None, None)

CENSUS_DAY = dt.date(2016, 9, 24)  # 3 Mehr 1395, when counting began
CENSUS = "سرشماری عمومی نفوس و مسکن ۱۳۹۵، مرکز آمار ایران"
REPORT_DAY = dt.date(2022, 2, 11)  # 22 Bahman 1400
REPORT = "گزارش خبری برنامه محلات، زمستان ۱۴۰۰"

#: Neighbourhoods of the programme as reported, "about" where the report says so (mission A10–A11).
DECLARED = 2_020
SPONSORS = (
    ("setad", "ستاد اجرایی فرمان امام", "Executive HQ", 440, False),
    ("relief", "کمیته امداد امام خمینی", "Imam Khomeini Relief Committee", 318, False),
    ("red_crescent", "جمعیت هلال احمر", "Red Crescent Society", 215, False),
    ("welfare", "سازمان بهزیستی کشور", "State Welfare Organisation", 900, True),
)


def read_data(name: str) -> list[dict[str, str]]:
    """Rows of a CSV that ships with the room, by header."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@transaction.atomic
def seed_country() -> bool:
    """Lay the nation, 31 provinces with their 1395 population, and the sponsors; once.

    False, with nothing changed, when the nation is there. Population in persons; source: 1395
    census by province of the Statistical Centre of Iran.
    """
    if Area.objects.filter(kind=AreaKind.NATION).exists():
        return False
    nation = Area.objects.create(
        code="ir", kind=AreaKind.NATION, path="ir", name_fa="ایران", name_en="Iran",
        valid=ALWAYS, **name_keys("ir", "ایران", "Iran"),
    )  # fmt: skip
    rows = read_data("provinces.csv")
    provinces = Area.objects.bulk_create(_province(nation, row) for row in rows)
    people = ("population", "population_male", "population_female")
    counted = [
        (area, name, int(row[name]))
        for area, row in zip(provinces, rows, strict=True)
        for name in people
    ]
    counted += [(nation, name, sum(int(row[name]) for row in rows)) for name in people]
    known = from_now()
    Figure.objects.bulk_create(
        Figure(
            area=area, name=name, value=value, source=CENSUS,
            valid=from_day(CENSUS_DAY), recorded=known,
        )
        for area, name, value in counted
    )  # fmt: skip
    _declare_sponsors(nation)
    audit.record("places.seed_country", actor=None, kind="area", object_id=nation.id)
    return True


def _province(nation: Area, row: dict[str, str]) -> Area:
    code = f"p{row['code']}"
    return Area(
        code=code, kind=AreaKind.PROVINCE, parent=nation, path=f"ir.{code}",
        province=row["code"], name_fa=row["name_fa"], name_en=row["name_en"],
        latitude=float(row["latitude"]), longitude=float(row["longitude"]), valid=ALWAYS,
        **name_keys(code, row["name_fa"], row["name_en"]),
    )  # fmt: skip


def _declare_sponsors(nation: Area) -> None:
    AreaSet.objects.bulk_create(
        AreaSet(kind=SetKind.SPONSOR, code=code, name_fa=name_fa, name_en=name_en)
        for code, name_fa, name_en, _count, _about in SPONSORS
    )
    declared = [("neighbourhoods", DECLARED, False)]
    declared += [(sponsor_figure(code), count, about) for code, *_names, count, about in SPONSORS]
    known = from_now()
    Figure.objects.bulk_create(
        Figure(
            area=nation, name=name, value=value, about=about, source=REPORT,
            valid=from_day(REPORT_DAY), recorded=known,
        )
        for name, value, about in declared
    )  # fmt: skip


def seed() -> None:
    """The nation with its provinces and sponsors; nothing where they are."""
    seed_country()
