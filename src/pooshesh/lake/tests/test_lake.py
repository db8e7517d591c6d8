"""The lake: what it holds, that it says what the product says, and what goes wrong on the way."""

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import polars as pl
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.insight.models import Fact, Value
from pooshesh.insight.tests import made
from pooshesh.kernel import jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Job
from pooshesh.lake import actions, proving, reading, verbs, writing

RURAL = {"scheme": "rural", "decile": "1", "sex": "f"}


@pytest.fixture
def months(country: Country) -> None:
    """Two closed months of two provinces."""
    for code, covered in (("1401-09", 50), ("1401-10", 60)):
        made.month(
            code,
            [
                ("persons", country.darvazeh_ghar, covered, RURAL),
                ("persons", country.darvazeh_ghar, 40, {**RURAL, "scheme": "none"}),
                ("persons", country.falak_ol_din, 30, RURAL),
                ("persons", country.nation, 1, {}),
            ],
        )


def test_facts_lie_by_province_and_month(months: None, tmp_path: Path) -> None:
    lake = writing.export(tmp_path)

    assert list(lake.months["1401-10"].files.items()) == [
        ("facts/province=ir/month=1401-10/1.parquet", 1),
        ("facts/province=15/month=1401-10/1.parquet", 1),
        ("facts/province=23/month=1401-10/1.parquet", 2),
    ]
    whole = pl.scan_parquet(tmp_path / "facts/**/*.parquet", hive_partitioning=True)
    assert whole.select(pl.col("value").sum()).collect().item() == 50 + 60 + 2 * (40 + 30 + 1)


def test_the_same_definitions_give_the_same_numbers_as_the_product(
    months: None, tmp_path: Path
) -> None:
    writing.export(tmp_path)

    share = reading.values(tmp_path, reading.month_of(tmp_path, "1401-10")).filter(
        indicator="covered_share", path="ir.p23", dimension=""
    )

    assert share.row(0)[-2:] == (60, 100)
    assert list(proving.prove(tmp_path)) == []


def test_a_value_changed_in_the_product_is_found(months: None, tmp_path: Path) -> None:
    writing.export(tmp_path)
    Value.objects.filter(indicator="covered_share", dimension="").update(numerator=1)

    faults = list(proving.prove(tmp_path))

    assert [one.month for one in faults] == ["1401-09", "1401-10"]


def test_a_new_revision_takes_the_place_of_the_old_one_and_other_files_stay(
    months: None, country: Country, tmp_path: Path
) -> None:
    writing.export(tmp_path)
    before = tmp_path / "facts/province=23/month=1401-09/1.parquet"
    written_at = before.stat().st_mtime_ns
    made.month("1401-10", [("persons", country.falak_ol_din, 31, RURAL)])

    lake = writing.export(tmp_path)

    assert lake.months["1401-10"].files == {"facts/province=15/month=1401-10/2.parquet": 1}
    assert [path.name for path in tmp_path.glob("facts/*/month=1401-10/*")] == ["2.parquet"]
    assert before.stat().st_mtime_ns == written_at


def test_what_a_killed_export_left_is_taken_away(months: None, tmp_path: Path) -> None:
    writing.export(tmp_path)
    half = tmp_path / "facts/province=23/month=1401-10/.2.parquet.99"
    half.write_bytes(b"PAR1")

    writing.export(tmp_path)

    assert not half.exists()


def test_a_file_that_is_not_what_was_written_is_refused(months: None, tmp_path: Path) -> None:
    writing.export(tmp_path)
    file = tmp_path / "facts/province=15/month=1401-10/1.parquet"
    pl.read_parquet(file).with_columns(value=pl.col("value") + 1).write_parquet(file)

    with pytest.raises(Invalid) as refused:
        reading.values(tmp_path, reading.month_of(tmp_path, "1401-10"))

    assert refused.value.code == "lake.broken"


def test_facts_changed_after_the_month_closed_are_not_exported(
    months: None, tmp_path: Path
) -> None:
    Fact.objects.filter(province="15").update(value=99)

    with pytest.raises(Invalid) as refused:
        writing.export(tmp_path)

    assert refused.value.code == "lake.broken"


def test_two_do_not_write_at_once(months: None, tmp_path: Path) -> None:
    with writing._alone(tmp_path), pytest.raises(Invalid) as refused:
        writing.export(tmp_path)

    assert refused.value.code == "lake.busy"


def test_a_figure_is_read_without_the_database(months: None, tmp_path: Path) -> None:
    writing.export(tmp_path)

    ran = subprocess.run(
        [sys.executable, "-m", "pooshesh", "lake", "figure", str(tmp_path), "covered_share", "p23",
         "1401-10"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert (ran.returncode, ran.stdout) == (0, "60\t100\n")


@pytest.mark.parametrize(
    ("indicator", "area", "month", "code"),
    [
        ("covered_share", "p23", "1401-08", "lake.month"),
        ("no_such", "p23", "1401-10", "insight.indicator"),
        ("covered_share", "p99", "1401-10", "lake.area"),
    ],
)
def test_what_the_lake_does_not_hold_is_refused(
    months: None, tmp_path: Path, indicator: str, area: str, month: str, code: str
) -> None:
    writing.export(tmp_path)

    with pytest.raises(Invalid) as refused:
        verbs.figure(Namespace(folder=tmp_path, indicator=indicator, area=area, month=month))

    assert refused.value.code == code


# --- the page ----------------------------------------------------------------------------------


def test_the_keeper_of_figures_writes_the_lake_and_sees_what_it_holds(
    months: None,
    cast: Cast,
    as_user: SignIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(actions, "folder", lambda: tmp_path)
    page = as_user(cast.statistician)
    jobs.run.func(str(actions.ask(cast.statistician).id))

    with django_assert_max_num_queries(8):
        seen = page.get("/figures/lake/").content.decode()

    assert Job.objects.get(kind="lake.export").result == {"months": 2, "facts": 8}
    assert "1401-10" in seen


def test_an_empty_lake_says_so(
    cast: Cast, as_user: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "folder", lambda: tmp_path)

    seen = as_user(cast.statistician).get("/figures/lake/").content.decode()

    assert "هنوز چیزی نوشته نشده است" in seen


def test_who_does_not_keep_figures_finds_no_lake(cast: Cast, as_user: SignIn) -> None:
    page: Client = as_user(cast.national_director)

    assert page.get("/figures/lake/").status_code == 404
    assert page.post("/figures/lake/export/").status_code == 404
