"""Checks of integrity, publications and the public log of corrections."""

import pytest
from pytest_django import DjangoAssertNumQueries as Most
from pytest_django import DjangoCaptureOnCommitCallbacks as Now

from pooshesh.conftest import Cast, Country, SignIn, at_once
from pooshesh.indicators import Words
from pooshesh.insight import checks, figures, publishing
from pooshesh.insight.checks import Check
from pooshesh.insight.figures import Figure, Wanted
from pooshesh.insight.models import CheckResult, Correction, Published
from pooshesh.insight.months import of_code
from pooshesh.insight.places import place_of
from pooshesh.insight.tests import made

WORDS = Words("کنترل", "check")


def check(summary: str, severity: str = "stop") -> Check:
    return Check("made_up", WORDS, WORDS, severity, summary, "select 1 as one, 2 as two", "")


def covered(country: Country, code: str = "1401-10") -> Figure:
    wanted = Wanted(("covered_share",), (place_of(country.tehran),), (of_code(code),))
    return figures.read(wanted)[0]


def facts(country: Country, number: int) -> list[made.Given]:
    return [
        ("persons", country.darvazeh_ghar, number, {"scheme": "rural"}),
        ("persons", country.darvazeh_ghar, 40, {"scheme": "none"}),
    ]


def test_every_check_can_be_asked(country: Country) -> None:
    found = checks.run()

    assert {one.state for one in found if one.code != "neighbourhood_without_population"} == {
        "green"
    }
    assert [checks.details(one)[0] for one in checks.checks().values()].count([]) == 0


def test_a_red_check_flags_the_months_it_concerns_until_it_is_green(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = made.month("1401-10", facts(country, 60))
    red = check("select 3, array['2023-01-01'::date]")  # 11 Dey 1401
    monkeypatch.setattr(checks, "checks", lambda: {red.code: red})

    checks.run()
    snapshot.refresh_from_db()
    flagged = snapshot.flagged
    green = check("select 0, null::date[]")
    monkeypatch.setattr(checks, "checks", lambda: {green.code: green})
    checks.run()
    snapshot.refresh_from_db()

    assert flagged
    assert not snapshot.flagged


def test_a_check_that_cannot_be_asked_is_not_green(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "LIMIT", 0.05)

    slow = checks.run([check("select count(*), null::date[] from generate_series(1, 100000000)")])
    wrong = checks.run([check("select 1 from no_such_table")])

    assert [one.state for one in (*slow, *wrong)] == ["stopped", "stopped"]


def test_a_published_figure_that_changed_stands_in_the_log(country: Country) -> None:
    made.month("1401-10", facts(country, 60))
    publishing.publish("public", "آمار دی", [covered(country)], actor=None)

    again = made.month("1401-10", facts(country, 99))
    publishing.correct(again)
    publishing.correct(again)

    (one,) = Correction.objects.all()
    assert (one.was, one.now) == ("covered_share/p23/1401-10/1", "covered_share/p23/1401-10/2")
    assert (one.numerator_was, one.numerator, one.denominator) == (60, 99, 139)


def test_a_new_revision_with_the_same_figure_is_no_correction(country: Country) -> None:
    made.month("1401-10", facts(country, 60))
    publishing.publish("public", "آمار دی", [covered(country)], actor=None)

    same = [*facts(country, 60), ("applications", country.falak_ol_din, 1, {})]
    publishing.correct(made.month("1401-10", same))

    assert not Correction.objects.exists()


def test_what_was_corrected_is_corrected_again_from_what_the_public_knows(
    country: Country,
) -> None:
    made.month("1401-10", facts(country, 60))
    publishing.publish("public", "آمار دی", [covered(country)], actor=None)

    publishing.correct(made.month("1401-10", facts(country, 70)))
    publishing.correct(made.month("1401-10", facts(country, 80)))

    told = Correction.objects.order_by("at").values_list("numerator_was", "numerator")
    assert list(told) == [(60, 70), (70, 80)]


def test_a_figure_that_was_old_when_it_was_published_is_corrected_at_once(
    country: Country,
) -> None:
    made.month("1401-10", facts(country, 60))
    old = covered(country)
    made.month("1401-10", facts(country, 70))

    publishing.publish("briefing", "گزارش", [old], actor=None)

    assert Correction.objects.get().numerator == 70


def test_published_figures_of_all_kinds_are_set_right_in_few_statements(
    country: Country, django_assert_max_num_queries: Most
) -> None:
    made.month("1401-09", facts(country, 50))
    made.month("1401-10", facts(country, 60))
    places, month = tuple(map(place_of, (country.nation, country.tehran))), of_code("1401-10")
    codes = ("covered_share", "persons")
    whole = figures.read(Wanted(codes, places, (month,)))
    split = figures.read(Wanted(codes, places, (month,), by=("decile",)))
    year = figures.read(Wanted(codes, places, (month,), of_code("1401-09")))
    publishing.publish("public", "آمار دی", [*whole, *split, *year], actor=None)
    again = made.month("1401-10", facts(country, 70))

    with django_assert_max_num_queries(14):
        publishing.correct(again)

    told = {one.now for one in Correction.objects.all()}
    assert {"covered_share/ir/1401-10/2/decile=", "persons/p23/1401-09..1401-10/2"} <= told
    assert len(told) == len(Published.objects.all())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_who_publish_at_once_publish_each_figure_once(country: Country) -> None:
    made.month("1401-10", facts(country, 60))
    one = covered(country)

    refused = at_once(*[lambda: publishing.publish("public", "آمار", [one], actor=None)] * 2)

    assert refused == ["", ""]
    assert Published.objects.count() == 1


def test_pages_of_checks_and_corrections_say_what_was_found(
    country: Country, cast: Cast, as_user: SignIn, django_capture_on_commit_callbacks: Now
) -> None:
    made.month("1401-10", facts(country, 60))
    publishing.publish("public", "آمار دی", [covered(country)], actor=None)
    publishing.correct(made.month("1401-10", facts(country, 99)))
    browser = as_user(cast.statistician)

    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/figures/checks/run/")
    listed = browser.get("/figures/checks/").content.decode()
    detail = browser.get("/figures/checks/neighbourhood_without_population/").content.decode()
    log = browser.get("/figures/corrections/").content.decode()

    assert CheckResult.objects.count() == len(checks.checks())
    assert "محله بی‌جمعیت ثبت‌شده" in listed
    assert "/places/areas/n0001/" in detail
    assert "۶۰٫۰٪" in log
    assert "۷۱٫۲٪" in log


def test_details_of_checks_are_for_the_keeper_of_figures(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    assert as_user(cast.auditor).get("/figures/checks/double_cover/").status_code == 404
