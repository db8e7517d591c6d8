"""A counted month, and a template of a few figures."""

import datetime as dt

import pytest

from pooshesh.briefing import actions
from pooshesh.briefing.models import Template, Version
from pooshesh.conftest import Country
from pooshesh.insight.tests import made

THEN = dt.datetime(2023, 1, 25, 6, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 10, 1, 6, tzinfo=dt.UTC)
TEXT = "# A\n{covered_share} {paid@p15:year} {sma_patients}\n\n{table paid paid@p15}"


def facts(country: Country, covered: int = 60) -> list[made.Given]:
    return [
        ("persons", country.falak_ol_din, covered, {"scheme": "rural"}),
        ("persons", country.falak_ol_din, 40, {"scheme": "none"}),
        ("paid", country.lorestan, 7_000_000, {"disease": "CA"}),
        ("tags_active", country.lorestan, 3, {"disease": "SMA"}),
    ]


@pytest.fixture
def counted(country: Country) -> None:
    """Two months as they were first counted."""
    made.month("1401-09", facts(country, 50), at=THEN - dt.timedelta(days=30))
    made.month("1401-10", facts(country), at=THEN)


@pytest.fixture
def version(country: Country) -> Version:
    """A template of four figures."""
    template = Template.objects.create(code="short", name_fa="کوتاه", name_en="Short")
    return actions.change(template, TEXT, TEXT, why="نخست", after=0, actor=None)
