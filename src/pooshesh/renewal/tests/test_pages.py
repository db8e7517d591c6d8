"""What a clerk can do in the browser, and what does not exist for others."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.models import Event, Subject
from pooshesh.renewal import appeals, outreach, queries
from pooshesh.renewal import runs as running
from pooshesh.renewal.models import Appeal, Item, Outreach, Run
from pooshesh.renewal.tests.conftest import LONG, ON, TODAY, Insure, home
from pooshesh.renewal.tests.test_outreach import entitle, nothing

Count = Callable[[], Run]
Renew = Callable[[Run], Run]


@pytest.fixture
def run(country: Country, insure: Insure, counted: Count, renewed: Renew) -> Run:
    """A run of Tehran carried out: one renewed, one on the worklist."""
    insure(country.unsponsored, 1, decile=10, percent=100)
    insure(country.unsponsored, 2, percent=100)
    return renewed(counted())


@pytest.fixture
def appeal(country: Country, insure: Insure) -> Appeal:
    """An appeal against decile 8."""
    return appeals.file(home(insure(country.unsponsored, 5, decile=8)), LONG, actor=None)


@pytest.fixture
def entitled(country: Country, insure: Insure) -> Outreach:
    """Somebody entitled to free cover whom nobody has told."""
    entitle(insure(country.unsponsored, 6, decile=1))
    outreach.find(nothing)
    return Outreach.objects.get()


@pytest.mark.parametrize("name", ["runs", "items", "sheets", "appeals", "outreach", "told_areas"])
def test_the_lists_open_when_nothing_is_there(cast: Cast, as_user: SignIn, name: str) -> None:
    answer = as_user(cast.tehran_clerk).get(reverse(f"renewal:{name}"))

    assert answer.status_code == 200


def test_a_clerk_counts_carries_out_and_opens_the_rows(
    cast: Cast, as_user: SignIn, run: Run
) -> None:
    client = as_user(cast.tehran_clerk)

    page = client.get(reverse("renewal:run", args=[run.pk])).content.decode()
    rows = client.get(reverse("renewal:rows", args=[run.pk]), {"reason": "decile_missing"})
    sheet = client.get(reverse("renewal:rows", args=[run.pk]), {"export": "csv"})

    assert "دهک نامعلوم" in page
    assert "نمونه 2" in rows.content.decode()
    assert "نمونه 1" not in rows.content.decode()
    assert "نمونه 1" in sheet.getvalue().decode()


def test_all_letters_of_a_run_are_one_pdf_and_that_they_were_printed_is_kept(
    cast: Cast, as_user: SignIn, run: Run, insure: Insure, country: Country, counted: Count,
    renewed: Renew, django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    for serial in range(3, 6):
        insure(country.darvazeh_ghar, serial, percent=100)
    second = renewed(counted())
    client = as_user(cast.tehran_clerk)

    page = client.get(reverse("renewal:run", args=[second.pk])).content.decode()
    with django_assert_max_num_queries(12):
        letters = client.get(reverse("renewal:letters", args=[second.pk, 1]))

    address = reverse("renewal:letters", args=[second.pk, 1])
    written = queries.letters_of(cast.tehran_clerk, second)
    event = Event.objects.get(action="renewal.letter")
    assert address in page
    assert b"/Type/Pages/Count 3/" in letters.content
    assert written.count() == 3
    assert Subject.objects.filter(event=event).count() == 3
    assert [
        client.get(reverse("renewal:letters", args=[second.pk, part])).status_code
        for part in (0, 2)
    ] == [404, 404]
    assert as_user(cast.lorestan_clerk).get(address).status_code == 404


def test_a_run_of_the_nation_is_added_up_by_province(
    cast: Cast, as_user: SignIn, insure: Insure, country: Country
) -> None:
    insure(country.unsponsored, 1, percent=100)
    insure(country.darvazeh_ghar, 2, percent=100)
    insure(country.falak_ol_din, 3, percent=100)
    run = running.start_count(country.nation, ON, actor=cast.national_director.pk)
    running.count(nothing, str(run.pk))

    sums = queries.subtotals(queries.places(run))
    rows = queries.rows_of(run, area=country.tehran.code)

    assert [(one.code, one.persons) for one in sums] == [
        (country.tehran.code, 2), (country.lorestan.code, 1),
    ]  # fmt: skip
    assert rows.count() == 2
    assert queries.rows_of(run, area="nowhere").count() == 0


def test_the_page_of_a_run_asks_as_much_for_many_as_for_few(
    cast: Cast, as_user: SignIn, run: Run, insure: Insure, country: Country, counted: Count,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:  # fmt: skip
    client = as_user(cast.tehran_clerk)
    insure(country.darvazeh_ghar, 3, decile=10, percent=100)
    second = counted()

    with django_assert_max_num_queries(16):
        client.get(reverse("renewal:run", args=[second.pk]), {"before": str(run.pk)})
    with django_assert_max_num_queries(10):
        client.get(reverse("renewal:rows", args=[second.pk]))


def test_a_clerk_takes_the_next_item_and_prints_its_letter(
    cast: Cast, as_user: SignIn, run: Run
) -> None:
    client = as_user(cast.tehran_clerk)

    page = client.post(reverse("renewal:next"), follow=True).content.decode()
    letter = client.get(reverse("renewal:item_letter", args=[Item.objects.get().pk]))

    assert "دهک نامعلوم" in page
    assert letter.content.startswith(b"%PDF")


def test_a_missing_decile_is_stated_and_the_cover_renewed(
    cast: Cast, as_user: SignIn, run: Run
) -> None:
    client, item = as_user(cast.tehran_clerk), Item.objects.get()

    client.post(
        reverse("renewal:item_decile", args=[item.pk]),
        {"decile": "9", "since": TODAY.isoformat(), "source": "پایگاه"},
    )
    page = client.post(reverse("renewal:item_renew", args=[item.pk]), follow=True)

    assert "حل شد، پوشش ادامه دارد" in page.content.decode()


def test_an_appeal_is_filed_sent_and_answered_on_its_pages(
    cast: Cast, as_user: SignIn, insure: Insure, country: Country
) -> None:
    client = as_user(cast.tehran_clerk)
    household = home(insure(country.unsponsored, 5, decile=8))

    client.post(reverse("renewal:file_appeal", args=[household.pk]), {"text": LONG})
    made = Appeal.objects.get()
    client.post(reverse("renewal:appeal_move", args=[made.pk, "send"]))
    client.post(
        reverse("renewal:appeal_move", args=[made.pk, "correct"]), {"decile": "3", "answer": LONG}
    )
    panel = client.get(reverse("people:household", args=[household.pk])).content.decode()
    letter = client.get(reverse("renewal:appeal_letter", args=[made.pk]))

    made.refresh_from_db()
    assert (made.state, made.corrected_to) == ("corrected", 3)
    assert "دهک اصلاح شد" in panel
    assert letter.content.startswith(b"%PDF")


def test_an_attempt_to_tell_somebody_is_recorded(
    cast: Cast, as_user: SignIn, entitled: Outreach
) -> None:
    page = as_user(cast.tehran_clerk).post(
        reverse("renewal:told", args=[entitled.pk]),
        {"channel": "visit", "result": "told", "note": ""}, follow=True,
    )  # fmt: skip

    assert "دیدار مددکار محله" in page.content.decode()


def test_rows_of_another_province_do_not_exist(
    cast: Cast, as_user: SignIn, run: Run, appeal: Appeal, entitled: Outreach
) -> None:
    client, item = as_user(cast.lorestan_clerk), Item.objects.get()

    codes = {
        client.get(reverse(f"renewal:{name}", args=[pk])).status_code
        for name, pk in (
            ("run", run.pk), ("rows", run.pk), ("item", item.pk), ("item_letter", item.pk),
            ("item_notice", item.pk), ("appeal", appeal.pk), ("appeal_letter", appeal.pk),
            ("told", entitled.pk), ("file_appeal", appeal.household_id), ("sheet", uuid4()),
        )
    }  # fmt: skip
    posted = client.post(reverse("renewal:item_end", args=[item.pk]))

    assert codes == {404}
    assert posted.status_code == 404


@pytest.mark.parametrize("user", ["auditor", "director_", "field_worker", "outsider"])
def test_who_does_not_renew_sees_no_page_of_it(cast: Cast, as_user: SignIn, user: str) -> None:
    who = getattr(cast, {"director_": "national_director"}.get(user, user))

    answer = as_user(who).get(reverse("renewal:items"))

    assert answer.status_code == 404


def test_the_home_page_says_what_waits(cast: Cast, as_user: SignIn, run: Run) -> None:
    page = as_user(cast.tehran_clerk).get("/").content.decode()

    assert "تمدیدهای نیازمند بررسی" in page


def test_the_list_of_the_entitled_shows_names_but_no_numbers_at_first(
    cast: Cast, as_user: SignIn, entitled: Outreach
) -> None:
    client = as_user(cast.tehran_clerk)

    plain = client.get(reverse("renewal:outreach")).content.decode()
    sheet = client.get(reverse("renewal:outreach"), {"export": "csv", "col": "mobile"})

    assert "نمونه 6" in plain
    assert "9121234567" not in plain
    assert "9121234567" in sheet.getvalue().decode()
