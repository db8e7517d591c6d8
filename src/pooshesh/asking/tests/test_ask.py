"""Questions: what they answer, what they refuse, and what they hide."""

import time

import pytest
from django.db import connection
from django.http import QueryDict
from pytest_django import DjangoAssertNumQueries

from pooshesh.asking import actions, answers, limits, questions
from pooshesh.asking.models import View
from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.indicators import shipped
from pooshesh.insight.months import of_code
from pooshesh.insight.tests import made
from pooshesh.kernel.errors import Invalid

RURAL = {"scheme": "rural", "decile": "1", "sex": "F"}
NOBODY = {"scheme": "none", "decile": "2", "sex": "M"}
ONE = "/figures/ask/?i=covered_share&level=province&from=1401-09&to=1401-10"


def facts(country: Country, covered: int = 60) -> list[made.Given]:
    return [
        ("persons", country.darvazeh_ghar, covered, RURAL),
        ("persons", country.darvazeh_ghar, 40, NOBODY),
        ("persons", country.falak_ol_din, 30, RURAL),
        ("persons", country.falak_ol_din, 30, NOBODY),
        ("requests_brought", country.falak_ol_din, 7, {"disease": "SMA"}),
    ]


@pytest.fixture
def months(country: Country) -> None:
    """Two counted months."""
    made.month("1401-09", facts(country))
    made.month("1401-10", facts(country, covered=160))


@pytest.mark.usefixtures("months")
def test_provinces_stand_in_rows_and_months_in_columns(cast: Cast, as_user: SignIn) -> None:
    lines = as_user(cast.national_director).get(f"{ONE}&export=csv").getvalue().decode()

    assert lines.splitlines()[1:] == ["تهران,0.6,0.8", "لرستان,0.5,0.5"]


@pytest.mark.usefixtures("months")
def test_rows_and_columns_change_places(cast: Cast, as_user: SignIn) -> None:
    page = as_user(cast.national_director).get(f"{ONE}&rows=period&cols=area&export=csv")

    assert page.getvalue().decode().splitlines()[1:] == ["آذر ۱۴۰۱,0.6,0.5", "دی ۱۴۰۱,0.8,0.5"]


@pytest.mark.usefixtures("months")
def test_a_split_by_two_dimensions_of_ones_neighbourhoods(cast: Cast, as_user: SignIn) -> None:
    asked = ("/figures/ask/?i=persons&level=neighbourhood&from=1401-10&to=1401-10"
             "&by=decile&by=sex&cols=sex&export=csv")  # fmt: skip

    lines = as_user(cast.national_director).get(asked).getvalue().decode()

    assert lines.splitlines()[1:] == [
        "دروازه‌غار,۱,160,", "دروازه‌غار,۲,,40", "فلک‌الدین,۱,30,", "فلک‌الدین,۲,,30",
    ]  # fmt: skip


@pytest.mark.usefixtures("months")
def test_months_are_added_up_where_things_happen(cast: Cast, as_user: SignIn) -> None:
    asked = "/figures/ask/?i=requests_brought&from=1401-09&to=1401-10&per=year&export=csv"

    lines = as_user(cast.national_director).get(asked).getvalue().decode()

    assert lines.splitlines()[1:] == ["ایران,14"]


@pytest.mark.usefixtures("months")
def test_every_number_leads_to_its_figure(
    cast: Cast, as_user: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = as_user(cast.national_director)

    with django_assert_max_num_queries(24):
        page = browser.get(ONE).content.decode()

    assert "/figures/at/covered_share/p23/1401-10/1/" in page
    assert "<svg" in page


@pytest.mark.usefixtures("months")
def test_a_drawing_is_downloaded_as_a_file_of_its_own(cast: Cast, as_user: SignIn) -> None:
    answered = as_user(cast.national_director).get(f"{ONE}&export=svg")

    assert answered["Content-Type"] == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in answered.content


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("i=nothing", "شاخصی با نام «nothing» نیست"),
        ("i=covered_share&by=disease", "بر حسب بیماری شمرده نمی‌شود"),
        ("i=covered_share&by=colour", "بُعدی به نام «colour» نیست"),
        ("i=covered_share&only=disease:SMA", "بر حسب بیماری شمرده نمی‌شود"),
        ("i=covered_share&from=1401-13", "ماه نیست"),
        ("i=covered_share&from=1401-10&to=1401-09", "پیش از ماه اول"),
        ("i=covered_share&within=p99", "در محدوده شما نیست"),
        ("i=covered_share&level=planet", "نوع ناحیه‌ای"),
        ("i=covered_share&cols=colour", "جزو پرسش نیست"),
        ("i=covered_share&by=decile&by=sex&by=scheme", "حداکثر"),
        ("i=covered_share&from=1380-01&to=1401-10", "حداکثر"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(
    cast: Cast, as_user: SignIn, asked: str, said: str
) -> None:
    answered = as_user(cast.national_director).get(f"/figures/ask/?{asked}")

    assert answered.status_code == 400
    assert said in answered.content.decode()


@pytest.mark.usefixtures("months")
def test_too_many_figures_are_refused_with_how_many(cast: Cast) -> None:
    asked = QueryDict("i=covered_share&level=province&from=1401-09&to=1401-10")
    question = questions.read(asked, shipped(), of_code("1401-10"))
    assert question is not None

    with pytest.raises(Invalid) as refused:
        answers.answer(cast.national_director, question, most=3)

    assert refused.value.params == {"count": 4, "most": 3}


# --- small cells ------------------------------------------------------------------------------

FEW = "/figures/ask/?i=persons&level=province&from=1401-11&to=1401-11&by=decile&cols=decile"


@pytest.fixture
def few(country: Country) -> None:
    """A month in which three people of Tehran and many others are counted."""
    made.month("1401-11", [
        ("persons", country.darvazeh_ghar, 3, {"decile": "1"}),
        ("persons", country.darvazeh_ghar, 50, {"decile": "2"}),
        ("persons", country.darvazeh_ghar, 60, {"decile": "3"}),
        ("persons", country.falak_ol_din, 40, {"decile": "1"}),
        ("persons", country.falak_ol_din, 45, {"decile": "2"}),
        ("persons", country.falak_ol_din, 48, {"decile": "3"}),
    ])  # fmt: skip


@pytest.mark.usefixtures("few")
def test_few_people_elsewhere_are_hidden_with_their_cover(cast: Cast, as_user: SignIn) -> None:
    lines = as_user(cast.lorestan_director).get(f"{FEW}&within=ir&export=csv")

    tehran, lorestan = lines.getvalue().decode().splitlines()[1:]
    assert tehran.split(",")[1] == "کمتر از ۵"
    assert tehran.split(",")[1:].count("نشان داده نمی‌شود") == 1
    assert lorestan == "لرستان,40,45,48"


@pytest.mark.usefixtures("few")
def test_who_sees_names_there_sees_few_people_too(cast: Cast, as_user: SignIn) -> None:
    lines = as_user(cast.national_director).get(f"{FEW}&export=csv").getvalue().decode()

    assert lines.splitlines()[1] == "تهران,3,50,60"


@pytest.mark.usefixtures("few")
def test_a_narrowed_question_hides_what_the_whole_one_hides(cast: Cast, as_user: SignIn) -> None:
    asked = ("/figures/ask/?i=persons&within=p23&from=1401-11&to=1401-11&only=decile:1"
             "&export=csv")  # fmt: skip

    lines = as_user(cast.lorestan_director).get(asked).getvalue().decode()

    assert lines.splitlines()[1] == "تهران,کمتر از ۵"


@pytest.mark.usefixtures("few")
def test_two_dimensions_elsewhere_are_refused(cast: Cast, as_user: SignIn) -> None:
    answered = as_user(cast.lorestan_director).get(f"{FEW}&by=sex&within=ir")

    assert answered.status_code == 400


def test_months_hidden_one_by_one_are_hidden_together(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    made.month("1401-09", [("requests_brought", country.darvazeh_ghar, 3, {"disease": "SMA"})])
    made.month("1401-10", [("requests_brought", country.darvazeh_ghar, 90, {"disease": "SMA"})])
    asked = "/figures/ask/?i=requests_brought&within=p23&from=1401-09&to=1401-10&export=csv"
    browser = as_user(cast.lorestan_director)

    each = browser.get(asked).getvalue().decode().splitlines()[1]
    both = browser.get(f"{asked}&per=all").getvalue().decode().splitlines()[1]

    assert each == "تهران,کمتر از ۵,90"
    assert both == "تهران,نشان داده نمی‌شود"


@pytest.mark.usefixtures("few")
def test_a_grant_of_counts_only_hides_few_people(cast: Cast, as_user: SignIn) -> None:
    asked = ("/figures/ask/?i=persons&level=neighbourhood&from=1401-11&to=1401-11&by=decile"
             "&cols=decile&export=csv")  # fmt: skip

    lines = as_user(cast.mayor_counts).get(asked).getvalue().decode()

    assert lines.splitlines()[1].split(",")[1] == "کمتر از ۵"


# --- time -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_slow_statement_is_stopped_and_says_what_to_narrow() -> None:
    began = time.monotonic()

    with pytest.raises(Invalid) as refused, limits.no_longer_than(50):
        connection.cursor().execute("select pg_sleep(20)")

    assert refused.value.code == "asking.slow"
    assert time.monotonic() - began < 5


@pytest.mark.django_db
def test_the_limit_ends_with_the_question() -> None:
    with limits.no_longer_than(50):
        pass

    with connection.cursor() as cursor:
        cursor.execute("select pg_sleep(0.2), current_setting('statement_timeout')")
        assert cursor.fetchone()[1] == "0"


# --- saved views ------------------------------------------------------------------------------

KEPT = "i=covered_share&level=province"


def test_a_shared_view_is_seen_by_its_role_and_no_other(cast: Cast, as_user: SignIn) -> None:
    as_user(cast.national_director).post(
        "/figures/ask/save/", {"name": "پوشش استان‌ها", "query": KEPT, "role": "director"}
    )

    assert "پوشش استان‌ها" in as_user(cast.lorestan_director).get("/figures/ask/").content.decode()
    assert "پوشش استان‌ها" not in as_user(cast.auditor).get("/figures/ask/").content.decode()


def test_a_view_is_renamed_and_deleted_by_its_owner_alone(cast: Cast, as_user: SignIn) -> None:
    view = actions.save(actor=cast.national_director, name="یک", query=KEPT, role="director")
    there = f"/figures/ask/views/{view.pk}/"

    assert as_user(cast.lorestan_director).post(f"{there}delete/").status_code == 404
    as_user(cast.national_director).post(there, {"name": "دو", "role": ""})
    assert list(View.objects.values_list("name", "role")) == [("دو", "")]
    as_user(cast.national_director).post(f"{there}delete/")
    assert not View.objects.exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"name": " "}, "asking.name"),
        ({"name": "یک"}, "asking.taken"),
        ({"name": "دو", "role": "auditor"}, "asking.role"),
    ],
)
def test_a_view_without_a_name_of_its_own_or_a_role_one_holds_is_refused(
    cast: Cast, given: dict[str, str], code: str
) -> None:
    actions.save(actor=cast.national_director, name="یک", query=KEPT)

    with pytest.raises(Invalid) as refused:
        actions.save(actor=cast.national_director, query=KEPT, **given)

    assert refused.value.code == code


def test_a_clerk_asks_nothing(cast: Cast, as_user: SignIn) -> None:
    assert as_user(cast.lorestan_clerk).get("/figures/ask/").status_code == 404
