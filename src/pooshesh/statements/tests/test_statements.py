"""Registering what somebody published: kept as it was said, its unit of money guarded."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event
from pooshesh.statements import actions, seed
from pooshesh.statements.models import Statement, Unit

pytestmark = pytest.mark.django_db


def typed(**more: str) -> dict[str, str]:
    return {
        "words": "حدود ۱۲ میلیارد تومان پرداخت شد", "qualifier": "about",
        "value": "۱۲٬۰۰۰٬۰۰۰٬۰۰۰", "unit": "toman", "area": "p15", "as_of": "۱۴۰۱/۱۰/۰۱",
        "source": "روزنامه", "state": "پرداخت‌شده", "indicator": "paid", **more,
    }  # fmt: skip


def test_a_sum_in_toman_is_kept_as_it_was_said_and_in_rial(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.statistician).post(reverse("statements:register"), typed())

    one = Statement.objects.get()
    assert answer.status_code == 302
    assert (one.value, one.unit, one.rial) == (Decimal(12 * 10**9), "toman", 12 * 10**10)
    assert (one.bounds.low, one.bounds.high) == (Fraction(115 * 10**9), Fraction(125 * 10**9))
    assert one.words == "حدود ۱۲ میلیارد تومان پرداخت شد"
    assert Event.objects.filter(action="statements.register", object_id=one.id).count() == 1


def test_words_in_toman_are_not_taken_for_rial(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.statistician)

    asked = client.post(reverse("statements:register"), typed(unit="rial"))
    confirmed = client.post(reverse("statements:register"), typed(unit="rial", confirmed="on"))

    assert "واژه‌ها واحد پول دیگری را نام می‌برند" in asked.content.decode()
    assert confirmed.status_code == 302
    assert Statement.objects.get().asked


def test_a_sum_ten_times_the_others_is_asked_about(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    seed.seed()  # 23 and 24 bn rial
    more = {"words": "۲۴ میلیارد پرداخت شد", "value": "24,000,000,000"}
    actions.retract(Statement.objects.get(code="c-rial"), why="اشتباه", actor=None)

    page = as_user(cast.statistician).post(reverse("statements:register"), typed(**more))

    text = page.content.decode()
    assert "جابه‌جا شده باشد" in text
    assert "۲۴٬۰۰۰٬۰۰۰٬۰۰۰ ریال" in text


@pytest.mark.parametrize(
    ("unit", "value", "code"),
    [
        (Unit.RIAL, "۲۴ تومان", "money.unit_is_rial"),
        (Unit.TOMAN, "24 rial", "money.unit_is_toman"),
        (Unit.RIAL, "-5", "statements.negative"),
        (Unit.PERSON, "−۵", "statements.negative"),
        (Unit.RIAL, "1" + "0" * 19, "money.too_large"),
        (Unit.TOMAN, "1" + "0" * 19, "money.too_large"),
        (Unit.PERSON, "۱" + "۰" * 19, "statements.too_large"),
        (Unit.PERSON, "۱۲٫۵", "statements.decimal"),
        (Unit.PERCENT, "۱۰۱", "statements.percent"),
        (Unit.FILE, "چند", "statements.unreadable"),
        (Unit.FILE, "", "statements.value"),
    ],
)
def test_what_cannot_be_meant_is_refused(unit: Unit, value: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.read_number(value, unit)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("unit", "value", "read"),
    [
        (Unit.PERSON, "۱۲٬۴۵۰", 12_450), (Unit.PERSON, "٥٣,٢٥٢", 53_252),
        (Unit.PERCENT, "۲۳٫۴٪", Decimal("23.4")), (Unit.TOMAN, "۱۷ تومان", 17),
    ],
)  # fmt: skip
def test_numbers_are_read_in_any_digits(unit: Unit, value: str, read: Decimal) -> None:
    assert actions.read_number(value, unit) == read


def test_a_promised_day_needs_its_day(country: Country, cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.statistician)

    refused = client.post(reverse("statements:register"), typed(unit="day"))
    kept = client.post(reverse("statements:register"), typed(unit="day", day="۱۴۰۰/۱۱/۲۲"))

    assert "روزی را که وعده داده شد بنویسید" in refused.content.decode()
    assert kept.status_code == 302
    assert (str(Statement.objects.get().day), Statement.objects.get().value) == ("2022-02-11", None)


def test_a_correction_keeps_what_was_registered(
    published: None, cast: Cast, as_user: SignIn
) -> None:
    old = Statement.objects.get(code="b-meetings")
    client = as_user(cast.statistician)
    more = {"unit": "meeting", "value": "۲۱", "why": "در متن ۲۱ بود", "words": "۲۱ جلسه"}

    client.post(reverse("statements:correct", args=[old.id]), typed(**more))

    new = Statement.objects.get(code="b-meetings", retracted_at=None)
    page = client.get(reverse("statements:statement", args=[old.id])).content.decode()
    assert (new.value, new.corrects) == (Decimal(21), old)
    assert "در متن ۲۱ بود" in page
    assert reverse("statements:statement", args=[new.id]) in page


def test_a_retraction_is_made_once_with_a_reason(published: None) -> None:
    one = Statement.objects.get(code="b-meetings")

    with pytest.raises(Invalid, match="Say why"):
        actions.retract(one, why=" ", actor=None)
    actions.retract(one, why="نادرست", actor=None)
    with pytest.raises(Invalid, match="already"):
        actions.retract(one, why="باز", actor=None)


@pytest.mark.parametrize("change", [{"words": "دیگر"}, {"value": 1}, {"source": "دیگر"}])
def test_the_database_changes_and_deletes_nothing(published: None, change: dict[str, Any]) -> None:
    rows = Statement.objects.filter(code="b-meetings")

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()


def test_seeding_again_brings_nothing_back(published: None) -> None:
    before = Statement.objects.count()
    actions.retract(Statement.objects.get(code="b-meetings"), why="نادرست", actor=None)

    seed.seed()

    assert Statement.objects.count() == before == len(seed.published())


def test_the_list_is_searched_and_exported_in_a_constant_number_of_statements(
    published: None, cast: Cast, as_user: SignIn, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.auditor)

    with django_assert_num_queries(5):
        page = client.get(reverse("statements:list"), {"q": "SMA"}).content.decode()
    export = client.get(reverse("statements:list"), {"export": "csv", "col": ["code", "rial"]})

    assert ("۲۴ بیمار SMA" in page, "۲۰ جلسه" in page) == (True, False)
    assert b"170000000000,c-rial" in b"".join(export.streaming_content)  # type: ignore[attr-defined]


def test_smaller_areas_are_told_to_who_reaches_them(
    country: Country, cast: Cast, as_user: SignIn
) -> None:
    keeper = as_user(cast.statistician)
    keeper.post(reverse("statements:register"), typed(area=country.darvazeh_ghar.code))
    address = reverse("statements:statement", args=[Statement.objects.get().id])

    assert keeper.get(address).status_code == 200
    assert as_user(cast.lorestan_director).get(address).status_code == 404
    assert as_user(cast.lorestan_clerk).get(address).status_code == 404


def test_only_keepers_of_figures_write(published: None, cast: Cast, as_user: SignIn) -> None:
    one = Statement.objects.get(code="b-meetings")
    client = as_user(cast.auditor)

    for_all = client.get(reverse("statements:statement", args=[one.id])).content.decode()

    assert reverse("statements:retract", args=[one.id]) not in for_all
    assert client.get(reverse("statements:register")).status_code == 404
    assert client.post(reverse("statements:retract", args=[one.id])).status_code == 404
    assert client.get(reverse("statements:correct", args=[one.id])).status_code == 404
