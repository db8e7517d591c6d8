"""Reasons for returning: the nation's manager writes them, patients read them in Persian."""

import datetime as dt

import pytest

from pooshesh.conftest import Cast, SignIn
from pooshesh.fund import queries, reasons
from pooshesh.fund.models import ReturnTemplate
from pooshesh.fund.tests.conftest import Apply
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event

pytestmark = pytest.mark.django_db
TYPED = {
    "title_fa": "عکس خوانا نیست", "title_en": "Picture not readable", "days": "12", "order": "",
    "text_fa": "این مدارک خوانا نیست: {missing}. تا {day} بفرستید.",
    "text_en": "These cannot be read: {missing}. Send them by {day}.",
}  # fmt: skip


def test_a_reason_is_added_changed_and_retired(cast: Cast, as_user: SignIn) -> None:
    manager = as_user(cast.fund_manager)

    added = manager.post("/fund/reasons/new/", TYPED)
    made = ReturnTemplate.objects.get(title_en="Picture not readable")
    address = f"/fund/reasons/{made.code}/"
    changed = manager.post(address, {**TYPED, "days": "15"})
    listed = manager.get("/fund/reasons/").content.decode()
    retired = manager.post(f"{address}retire/")

    made.refresh_from_db()
    assert [one.status_code for one in (added, changed, retired)] == [302, 302, 302]
    assert (made.days, made.title_fa in listed) == (15, True)
    assert made.retired_at is not None
    assert made not in queries.templates()
    assert Event.objects.filter(action="fund.template", object_id=made.code).count() == 3


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("text_fa", "تا {days} بفرستید، لطفاً", "{days}"),
        ("text_en", "Send it by {day please", "آکولادها"),
        ("text_fa", "{missing.__class__} را بیاورید", "missing.__class__"),
        ("text_en", "", "لازم است"),
        ("days", "400", "180"),
    ],
)
def test_words_with_a_wrong_place_are_refused_and_nothing_is_written(
    field: str, text: str, said: str, cast: Cast, as_user: SignIn
) -> None:
    answer = as_user(cast.fund_manager).post("/fund/reasons/new/", {**TYPED, field: text})

    assert answer.status_code == 200
    assert said in answer.context["form"].errors.as_text()
    assert not ReturnTemplate.objects.filter(title_en="Picture not readable").exists()


def test_only_who_writes_for_the_nation_reaches_the_reasons(cast: Cast, as_user: SignIn) -> None:
    answers = [
        as_user(user).get("/fund/reasons/").status_code
        for user in (cast.fund_manager, cast.fund_clerk, cast.auditor)
    ]

    assert answers == [200, 404, 404]


def test_a_returned_application_says_what_is_missing_until_when_in_persian(
    application: Apply, cast: Cast, as_user: SignIn
) -> None:
    row = application()
    made = reasons.add(
        reasons.Reason(**{**TYPED, "days": 12, "order": 0}),  # type: ignore[arg-type]
        actor=cast.fund_manager.pk,
    )

    clerk = as_user(cast.fund_clerk)
    clerk.cookies["django_language"] = "en"
    clerk.post(
        f"/fund/applications/{row.pk}/return/", {"template": made.code, "missing": ["diagnosis"]}
    )

    row.refresh_from_db()
    said = row.steps.latest("id").text
    assert row.deadline is not None
    assert "{" not in said
    assert "گواهی" in said
    assert reasons.worded(made, ["diagnosis"], {}, row.deadline).endswith(said.split("تا")[-1])


def test_a_reason_without_a_known_place_is_told_in_a_sentence() -> None:
    with pytest.raises(Invalid, match="nummer"):
        reasons.Reason("عنوان", "Title", "تا {nummer} بیاورید لطفاً", "Words enough", 10).values()


def test_what_is_missing_may_be_unknown() -> None:
    plain = ReturnTemplate(text_fa="{missing} را بیاورید.")

    assert "{" not in reasons.worded(plain, [], {}, dt.date(2026, 11, 22))
