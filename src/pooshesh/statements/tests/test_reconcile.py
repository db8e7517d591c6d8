"""Thirteen figures that do not reconcile, beside what is counted."""

import datetime as dt
import io
from argparse import Namespace
from contextlib import redirect_stdout

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.funnel.figures import plan
from pooshesh.indicators import shipped as indicators
from pooshesh.insight.tests import made
from pooshesh.kernel.calendar import to_jalali
from pooshesh.kernel.errors import Invalid
from pooshesh.network import actions as network
from pooshesh.network.models import Finder, Gap, GapKind, Severity
from pooshesh.places import seed as places
from pooshesh.places.actions import record_figure
from pooshesh.places.models import Area
from pooshesh.statements import actions, book, seed
from pooshesh.statements.models import Statement
from pooshesh.statements.reconcile import Missing, Result, Verdict, reconcile
from pooshesh.statements.shown import bounds
from pooshesh.statements.tables import lines
from pooshesh.statements.verbs import reconcile_

pytestmark = pytest.mark.django_db
ALL = [f"R{number}" for number in range(1, 14)]


def results(reach: Reach = EVERYWHERE) -> dict[str, Result]:
    return {one.code: one for one in reconcile(reach)}


def census(area: Area, people: int) -> None:
    record_figure(
        actor=None, area=area, name="population", value=people, source="سرشماری ۱۳۹۵",
        since=places.CENSUS_DAY,
    )  # fmt: skip


def numbers(one: Result) -> dict[str, str]:
    """What follows and is computed, written in English."""
    with override("en"):
        return {
            what.name: bounds(found, what.unit) for what, found in (*one.follows, *one.computed)
        }


def test_what_follows_is_as_the_mission_says(published: None) -> None:
    found = {code: numbers(one) for code, one in results().items()}

    assert list(found) == ALL
    assert found["R1"]["left"] == "147 (97 to 197)"
    assert found["R1"]["left_share"].startswith("7.3%")
    assert found["R2"]["apart_by"].startswith("4.3%")
    assert found["R4"]["share"].startswith("23.4%")
    assert found["R5"]["without"].startswith("11,969")
    assert found["R6"]["each_sma"] == "more than 333,333,333 rial"
    assert found["R6"]["each_low"].startswith("47,817,048 rial")
    assert found["R6"]["rest_high"].startswith("35,010,941 rial")
    assert found["R7"]["residents"] == "12,000 (11,258 to 12,752)"
    assert found["R7"]["bare"] == "6,750 (6,332 to 7,173)"
    assert found["R8"]["least"] == "24.1"
    assert found["R9"]["more"] == "2 deciles"
    assert found["R10"]["share"] == "more than 66.7%"
    assert found["R11"]["times_low"].startswith("7.1 times")
    assert found["R12"]["each_least"].startswith("9,752")
    assert found["R12"]["share_least"].startswith("6.0%")


def test_the_census_makes_lorestan_an_outlier(
    published: None, counted: None, country: Country
) -> None:
    census(country.nation, 79_926_270)
    census(country.lorestan, 1_760_649)

    found = results()["R4"]

    assert numbers(found)["people_share"] == "2.2%"
    assert numbers(found)["times"].startswith("10.6 times")
    assert found.verdict is Verdict.AMBER


def test_each_stands_beside_what_is_counted(
    published: None, counted: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    found = results()

    assert {code: one.verdict for code, one in found.items()} == {
        "R1": "amber", "R2": "amber", "R3": "amber", "R4": "amber", "R5": "amber", "R6": "amber",
        "R7": "amber", "R8": "green", "R9": "green", "R10": "green", "R11": "red", "R12": "amber",
        "R13": "amber",
    }  # fmt: skip
    beside = found["R2"].figures
    assert [one.figure and one.figure.reference.rsplit("/", 1)[0] for one in beside] == [
        "paid/p15/1400-01..1401-12/1", "payments_made/p15/1400-01..1401-12/1",
    ]  # fmt: skip
    assert numbers(found["R10"])["here"] == "70.0%"
    assert numbers(found["R6"])["each"] == "335,000,000 rial"
    with django_assert_num_queries(15):
        results()


def test_before_anybody_counted_nothing_is_green_that_needs_a_count(published: None) -> None:
    found = results()

    assert found["R8"].verdict is Verdict.AMBER
    assert found["R2"].figures[0].missing is Missing.MONTH
    assert numbers(found["R6"])["each"] == "—"


def test_another_month_stands_in_where_nobody_counted_that_one(
    published: None, country: Country
) -> None:
    made.month("1402-02", [("meetings", country.lorestan, 3, {})])

    beside = results()["R8"].figures[0]

    assert beside.figure is not None
    assert to_jalali(beside.figure.month)[:2] == (1402, 2)


def test_what_contradicts_is_red(published: None, country: Country) -> None:
    made.month("1401-12", [("paid", country.lorestan, 30_000_000_000, {})])

    assert results()["R2"].verdict is Verdict.RED


def test_a_retracted_statement_leaves_nothing_to_work_out(published: None, counted: None) -> None:
    actions.retract(Statement.objects.get(code="b-meetings"), why="اشتباه بود", actor=None)

    found = results()["R8"]

    assert (numbers(found)["least"], found.verdict) == ("—", Verdict.AMBER)


def test_a_neighbourhood_is_told_only_to_who_reaches_it(published: None, counted: None) -> None:
    found = results(Reach(provinces=("15",)))["R7"].figures

    assert [one.missing for one in found] == [Missing.ELSEWHERE, Missing.ELSEWHERE]


def test_patients_of_one_disease_are_told_to_their_own_province_alone(
    published: None, counted: None
) -> None:
    own, other = results(Reach(provinces=("15",)))["R6"], results(Reach(provinces=("23",)))["R6"]

    assert [one.missing for one in own.figures] == [None, None]
    assert [one.missing for one in other.figures] == [Missing.ELSEWHERE, Missing.ELSEWHERE]
    assert (numbers(own)["each"], numbers(other)["each"]) == ("335,000,000 rial", "—")


def test_too_few_people_are_told_to_nobody_from_elsewhere(
    published: None, country: Country
) -> None:
    made.month("1401-12", [("patients", country.lorestan, 3, {})])

    own, other = results(Reach(provinces=("15",)))["R5"], results(Reach(provinces=("23",)))["R5"]

    assert (own.figures[0].missing, other.figures[0].missing) == (None, Missing.FEW)


def test_no_project_is_registered_until_one_has_that_promise(
    published: None, country: Country
) -> None:
    (row,) = [one for one in book.shipped() if one.code == "R13"]
    before = results()["R13"]

    promise(country, row.facts[0].day)
    after = results()["R13"]

    assert [say.en for say in before.why] == ["No project is registered yet."]  # type: ignore[attr-defined]
    assert (after.verdict, [value for _fact, value in after.facts]) == (Verdict.RED, [1, 0])
    assert after.statements[0].words == "کار آغاز شده و تا ۲۲ بهمن امسال افتتاح می‌شود"
    assert to_jalali(after.statements[0].day) == (1400, 11, 22)  # type: ignore[arg-type]


def promise(country: Country, day: dt.date | None) -> Gap:
    """A clinic somebody promised for a day."""
    gap = network.report_gap(
        area=country.darvazeh_ghar, kind=GapKind.CLINIC, severity=Severity.HIGH,
        text="محله درمانگاه ندارد", found_by=Finder.STAFF, actor=None,
    )  # fmt: skip
    Gap.objects.filter(pk=gap.pk).update(deadline=day)
    gap.refresh_from_db()
    return gap


def test_every_indicator_and_statement_named_is_there() -> None:
    asked = {one.indicator for row in book.shipped() for one in row.figures}
    asked |= {one.get("indicator", "") for one in seed.published().values()} - {""}
    named = {code for row in book.shipped() for code in row.statements.values()}

    assert asked - indicators().indicators.keys() == set()
    assert named - seed.published().keys() == set()


def test_the_demo_is_made_of_what_was_published() -> None:
    said = {code: one.get("value") for code, one in seed.published().items()}

    assert (
        said["b-registered"],
        said["b-registered-here"],
    ) == (plan.REGISTERED, plan.REGISTERED_THERE)
    assert (said["b-approved"], said["b-meetings"]) == (plan.FILES, plan.MEETINGS)
    assert (said["b-sma"], said["b-rial-24"]) == (plan.SMA, plan.COMMITTED)
    assert {row[3] for row in places.SPONSORS} == {
        said[code] for code in ("a-setad", "a-relief", "a-red-crescent", "a-welfare")
    }  # fmt: skip
    assert said["a-neighbourhoods"] == places.DECLARED


def test_the_page_shows_all_with_their_rows(
    published: None, counted: None, cast: Cast, as_user: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client = as_user(cast.national_director)

    with django_assert_num_queries(18):
        page = client.get(reverse("statements:reconciliation")).content.decode()

    assert [code in page for code in ALL] == [True] * 13
    assert "/figures/at/paid/p15/1400-01..1401-12/1/" in page
    assert "unit=payment&amp;state=paid&amp;disease=SMA&amp;area=p15" in page
    assert "هنوز طرحی ثبت نشده است." in page


def test_it_is_exported_line_by_line(
    published: None, counted: None, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.auditor).get(reverse("statements:reconciliation"), {"export": "csv"})

    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert "paid/p15/1400-01..1401-12/1" in text
    assert text.count("\nR4,") > 10


def test_one_row_has_an_address_and_others_have_none(
    published: None, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.lorestan_director)

    assert client.get(reverse("statements:row", args=["R4"])).status_code == 200
    assert client.get(reverse("statements:row", args=["R99"])).status_code == 404


def test_who_sees_no_figures_sees_no_statements(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/reconciliation/").status_code == 404
    assert as_user(cast.lorestan_clerk).get("/statements/").status_code == 404


@pytest.mark.parametrize(("codes", "status"), [([], 1), (["R9"], 0), (["R11"], 1), (["R99"], 2)])
def test_the_command_says_whether_anything_is_red(
    published: None, counted: None, codes: list[str], status: int
) -> None:
    assert said(codes)[0] == status


def test_the_command_prints_what_the_page_shows(published: None, counted: None) -> None:
    _status, text = said([])

    assert "R10  [Agrees]" in text
    assert "more than 66.7%" in text
    assert "(paid/p15/1400-01..1401-12/1/as_of=" in text


def said(codes: list[str], as_of: str = "") -> tuple[int | None, str]:
    with override("en"), redirect_stdout(io.StringIO()) as out:
        return reconcile_(Namespace(codes=codes, as_of=as_of)), out.getvalue()


# --- the table as it was -----------------------------------------------------------------------


def test_the_table_of_a_moment_is_the_same_after_everything_changed(
    published: None, country: Country
) -> None:
    made.month("1401-12", [("paid", country.lorestan, 23_400_000_000, {})])
    moment, then = timezone.now(), list(lines(reconcile(EVERYWHERE)))

    made.month("1401-12", [("paid", country.lorestan, 30_000_000_000, {})])
    actions.retract(Statement.objects.get(code="b-meetings"), why="اشتباه بود", actor=None)
    census(country.lorestan, 1_760_649)
    network.step(promise(country, dt.date(2022, 2, 11)), "assign", "قول داده شد", None)

    today = list(lines(reconcile(EVERYWHERE)))
    assert list(lines(reconcile(EVERYWHERE, as_of=moment))) == then
    assert {one.code for one in {*today} - {*then}} >= {"R2", "R4", "R8", "R11", "R13"}


def test_before_anything_was_registered_the_table_says_so(
    published: None, counted: None, cast: Cast, as_user: SignIn
) -> None:
    client = as_user(cast.auditor)

    page = client.get("/reconciliation/", {"known": "۱۳۹۰/۰۱/۰۱"}).content.decode()
    file = client.get("/reconciliation/", {"known": "1390/01/01", "export": "csv"})

    assert "گزاره‌ای ثبت نشده است یا هنوز ثبت نشده بود." in page
    assert "۲۳٬۴۰۰٬۰۰۰٬۰۰۰" not in page
    assert b"23,400,000,000" not in b"".join(file.streaming_content)  # type: ignore[attr-defined]


def test_the_command_prints_the_table_as_it_was(published: None, counted: None) -> None:
    assert "A statement is not registered, or was not yet." in said([], "1390/01/01")[1]
    with pytest.raises(Invalid):
        said([], "نمی‌دانم")


# --- what is registered here is not the whole country ------------------------------------------


def test_a_share_of_few_of_the_people_contradicts_nothing(
    published: None, country: Country
) -> None:
    made.month("1401-12", [("persons", country.lorestan, 12_450, {"scheme": "none"})])

    found = results()["R10"]

    assert found.verdict is Verdict.AMBER
    assert "Fewer than half" in found.why[0].en  # type: ignore[attr-defined]


def test_a_share_of_most_of_the_people_may_contradict(published: None, country: Country) -> None:
    made.month("1401-12", [("persons", country.lorestan, 1_700_000, {"scheme": "none"})])

    assert results()["R10"].verdict is Verdict.RED


def test_no_campaign_by_then_contradicts_nothing_and_another_number_does(
    published: None, country: Country
) -> None:
    Area.objects.filter(pk=country.darvazeh_ghar.pk).update(code="darvazeh_ghar")
    made.month("1400-11", [])
    before = results()["R7"]
    made.month("1400-11", [("campaign_enrolled", country.darvazeh_ghar, 1_430, {})])

    assert before.verdict is Verdict.AMBER
    assert "insured anybody" in before.why[0].en  # type: ignore[attr-defined]
    assert results()["R7"].verdict is Verdict.RED
