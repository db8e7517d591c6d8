"""The public pages: what they say, what they hide, and that it stays."""

import datetime as dt
import io

import polars as pl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries as Most

from pooshesh.conftest import Country, at_once
from pooshesh.indicators import shipped
from pooshesh.insight import publishing
from pooshesh.insight.models import Correction, Snapshot
from pooshesh.insight.months import of_code
from pooshesh.insight.tests import made
from pooshesh.public import actions, serving
from pooshesh.public.models import Release

RURAL = {"scheme": "rural", "decile": "1", "sex": "F"}
NOBODY = {"scheme": "none", "decile": "2", "sex": "F"}
MONTH = of_code("1401-10")


@pytest.fixture(autouse=True)
def always_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "LOOK", 0.0)


def facts(country: Country, covered: int = 60, without: int = 40) -> list[made.Given]:
    return [
        ("persons", country.darvazeh_ghar, covered, RURAL),
        ("persons", country.darvazeh_ghar, without, NOBODY),
        ("persons", country.falak_ol_din, 30, {**RURAL, "sex": "M"}),
        ("persons", country.falak_ol_din, 20, NOBODY),
    ]


def text(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_anybody_reads_the_nation_in_two_languages(country: Country) -> None:
    made.month("1401-10", facts(country))
    actions.release(MONTH)

    assert "۶۰٫۰٪" in text("/open/")
    assert "60.0%" in text("/open/en/")


@pytest.mark.parametrize("path", ["", "table/cover/", "figure/covered_share/ir/1401-10/"])
def test_numbers_stand_with_what_they_say(country: Country, path: str) -> None:
    made.month("1401-10", facts(country))
    actions.release(MONTH)

    assert shipped().indicators["covered_share"].what.en in text(f"/open/en/{path}")


@pytest.mark.parametrize(
    "path",
    [
        "table/cover/", "en/table/cover-by-decile/1401-10/", "corrections/", "en/rights/",
        "covered/", "en/data/", "figure/covered_share/p23/1401-10/decile=1/r1/",
    ],
)  # fmt: skip
def test_every_page_opens_without_a_session(country: Country, path: str) -> None:
    made.month("1401-10", facts(country))
    actions.release(MONTH)

    answer = Client().get(f"/open/{path}")

    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert "csrf" not in answer.content.decode()


def test_a_small_number_and_what_tells_it_are_hidden_everywhere(country: Country) -> None:
    made.month("1401-10", facts(country, without=3))
    made_ = actions.release(MONTH)

    assert made_
    shown = bytes(made_.body).decode()
    assert '"numerator":3,' not in shown
    assert '"numerator":60,"denominator":63' not in shown
    page = text("/open/en/figure/uninsured_share/p23/1401-10/")
    assert "not shown" in page
    assert "Not shown" in page


def test_nothing_small_follows_from_two_revisions_and_the_year_so_far(country: Country) -> None:
    first = [*facts(country), ("applications", country.falak_ol_din, 50, {}),
             ("applications", country.darvazeh_ghar, 40, {})]  # fmt: skip
    made.month("1401-09", first)
    actions.release(of_code("1401-09"))
    made.month("1401-10", [("applications", country.falak_ol_din, 2, {}),
                           ("applications", country.darvazeh_ghar, 40, {})])  # fmt: skip
    actions.release(MONTH)

    assert "not shown" in text("/open/en/figure/applications/p15/1401-10/")
    assert "not shown" in text("/open/en/figure/applications/p15/1401-01..1401-10/")
    assert "50 applications" in text("/open/en/figure/applications/p15/1401-01..1401-09/")


def test_a_release_says_the_same_only_once(country: Country) -> None:
    made.month("1401-10", facts(country))

    first, second = actions.release(MONTH), actions.release(MONTH)

    assert first
    assert second is None


def test_a_figure_keeps_its_address_and_a_correction_is_told(country: Country) -> None:
    made.month("1401-10", facts(country))
    actions.release(MONTH)
    publishing.correct(made.month("1401-10", facts(country, covered=110)))
    actions.release(MONTH)

    kept = "/open/en/figure/covered_share/p23/1401-10/"
    assert "60.0%" in text(f"{kept}r1/")
    assert "This is not the newest" in text(f"{kept}r1/")
    assert "73.3%" in text(kept)
    log = text("/open/en/corrections/")
    assert "60.0%" in log
    assert "73.3%" in log


def test_a_correction_to_a_small_number_does_not_tell_it(country: Country) -> None:
    made.month("1401-10", facts(country))
    actions.release(MONTH)
    publishing.correct(made.month("1401-10", facts(country, covered=2)))
    actions.release(MONTH)

    assert Correction.objects.filter(indicator="covered_share", numerator=2).exists()
    assert "4.8%" not in text("/open/en/corrections/")
    assert "4.8%" not in text("/open/en/figure/covered_share/p23/1401-10/")


def test_a_month_with_a_red_check_is_published_flagged(country: Country) -> None:
    month = made.month("1401-10", facts(country))
    Snapshot.objects.filter(pk=month.pk).update(flagged=True)

    actions.release(MONTH)

    assert "Flagged" in text("/open/en/")
    assert "Flagged" in text("/open/en/figure/persons/ir/1401-10/")


def test_only_months_that_ended_are_due_and_each_once(country: Country) -> None:
    made.month("1401-09", facts(country))
    made.month("1401-10", facts(country))

    before = actions.due()
    for_both = [actions.release(month) for month in before]

    assert before == [of_code("1401-09"), MONTH]
    assert all(for_both)
    assert actions.due() == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_publishes_at_once_one_is_made(country: Country) -> None:
    made.month("1401-10", facts(country))

    at_once(lambda: actions.release(MONTH), lambda: actions.release(MONTH))

    assert Release.objects.count() == 1


def test_an_answer_is_kept_until_something_is_published(
    country: Country, django_assert_max_num_queries: Most
) -> None:
    made.month("1401-10", facts(country))
    actions.release(MONTH)
    browser = Client()
    first = browser.get("/open/")

    with django_assert_max_num_queries(2):
        second = browser.get("/open/")
    known = browser.get("/open/", headers={"If-None-Match": first["ETag"]})
    made.month("1401-10", facts(country, covered=110))
    actions.release(MONTH)
    third = browser.get("/open/")

    assert second.content == first.content
    assert "public" in first["Cache-Control"]
    assert first["Last-Modified"]
    assert known.status_code == 304
    assert third["ETag"] != first["ETag"]


def test_open_data_has_the_shown_rows_in_both_formats(country: Country) -> None:
    made.month("1401-10", facts(country, without=3))
    actions.release(MONTH)

    table = pl.read_csv(io.BytesIO(Client().get("/open/data/1401-10.csv").content))
    same = pl.read_parquet(io.BytesIO(Client().get("/open/data/all.parquet").content))
    dictionary = Client().get("/open/data/datapackage.json").json()

    assert table.height == same.height
    assert same.columns == [f["name"] for f in dictionary["resources"][0]["schema"]["fields"]]
    assert same.filter(pl.col("masked"))["numerator"].null_count() == same["masked"].sum()
    assert same.filter(pl.col("masked"))["value"].is_null().all()


@pytest.mark.parametrize(
    "path",
    [
        "table/none/", "table/cover/1401-13/", "figure/persons/n0001/1401-10/",
        "figure/persons/ir/1401-10/r9/", "figure/persons/ir/1401-10/sex=F/", "data/1399-01.csv",
        "data/x.csv",
    ],
)  # fmt: skip
def test_what_was_not_published_is_not_found(country: Country, path: str) -> None:
    assert Client().get(f"/open/{path}").status_code == 404


def test_the_moment_of_a_release_is_told(country: Country) -> None:
    made.month("1401-10", facts(country))
    made_ = actions.release(MONTH)

    assert made_
    assert made_.as_of <= made_.made_at + dt.timedelta(seconds=1)
    assert "As known on" in text("/open/en/figure/persons/ir/1401-10/")
