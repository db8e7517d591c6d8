"""Months in which the reports' figures were counted, and what they published."""

import pytest

from pooshesh.conftest import Country
from pooshesh.insight.tests import made
from pooshesh.places.models import Area
from pooshesh.statements import seed


@pytest.fixture
def published(country: Country) -> None:
    """The statements of both reports."""
    seed.seed()


@pytest.fixture
def counted(country: Country) -> None:
    """What the fund counted of the report's figures at the end of 1401, and the neighbourhoods
    and the campaign of 1400."""
    here, nation, place = country.lorestan, country.nation, country.darvazeh_ghar
    Area.objects.filter(pk=place.pk).update(code="darvazeh_ghar")
    sma = {"disease": "SMA"}
    made.month(
        "1401-12",
        [
            ("patients", here, 12_452, {}), ("patients", country.tehran, 40_800, {}),
            ("patients_no_request", here, 11_880, {}),
            ("requests_brought", here, 601, {}), ("requests_approved", here, 481, {}),
            ("paid", here, 23_400_000_000 - 8_040_000_000, {"disease": "CA"}),
            ("paid", here, 8_040_000_000, sma), ("payments_made", here, 469, {}),
            ("tags_active", here, 24, sma), ("meetings", here, 20, {}),
            ("files_decided", here, 543, {}),
            ("persons", here, 700, {"scheme": "rural"}),
            ("persons", here, 200, {"scheme": "other"}),
            ("persons", here, 100, {"scheme": "none"}),
        ],
    )  # fmt: skip
    made.month(
        "1400-11",
        [
            ("neighbourhoods", nation, 1_873, {"sponsor": "setad"}),
            ("neighbourhoods", nation, 147, {"sponsor": ""}),
            ("campaign_enrolled", place, 9_012, {}), ("campaign_uninsured", place, 8_700, {}),
            ("campaign_residents", place, 12_000, {}),
        ],
    )  # fmt: skip
