"""The check for providers' programs."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pooshesh.access.models import Grant
from pooshesh.conftest import Cast, Country
from pooshesh.coverage import codes, proofs
from pooshesh.coverage.actions import record_roll_cover
from pooshesh.coverage.models import Proof
from pooshesh.eligibility import actions, passes
from pooshesh.eligibility.models import Pass
from pooshesh.eligibility.tests.conftest import Ask
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.models import Event, Subject
from pooshesh.people.actions import record_death
from pooshesh.people.merging import merge
from pooshesh.people.models import Person
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import ALI_ID, DAY, OTHER_ID, ZAHRA_ID, zahra


def test_it_works(ask: Ask, insured: Person) -> None:
    status, told = ask({"number": ZAHRA_ID})

    assert status == 200
    assert told["covered"] is True
    assert told["person"] == {"initials": "ز. ک.", "birth_year_jalali": 1359}
    assert told["cover"]["scheme"] == "universal"  # type: ignore[index]
    assert told["reasons"][0]["code"] == "covered"  # type: ignore[index]


def test_a_warm_check_takes_two_statements(ask: Ask, insured: Person) -> None:
    ask({"number": ZAHRA_ID})

    with CaptureQueriesContext(
        connection,
    ) as seen:
        ask({"number": ZAHRA_ID})

    asked = [q for q in seen.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(asked) == 2


def test_a_check_leaves_its_trace_beside_the_person(ask: Ask, insured: Person, cast: Cast) -> None:
    ask({"number": ZAHRA_ID})

    event = Event.objects.get(action="eligibility.check")
    assert (event.actor, event.purpose) == (cast.provider.pk, "point_of_care")
    assert Subject.objects.get(event=event).person_id == insured.pk


def test_a_number_nobody_holds_is_written_down_too(ask: Ask, insured: Person) -> None:
    status, told = ask({"number": OTHER_ID})

    assert (status, told["covered"], told["person"]) == (200, False, None)
    assert told["reasons"][0]["code"] == "not_found"  # type: ignore[index]
    assert Event.objects.filter(action="eligibility.check", object_id="").count() == 1


@pytest.mark.parametrize("number", ["۰۰۱۲۳۴۵۶۷۹", "٠٠١٢٣٤٥٦٧٩", "12345679", "001-234567-9"])
def test_any_digits_and_lost_zeros_are_read(ask: Ask, insured: Person, number: str) -> None:
    assert ask({"number": number})[1]["covered"] is True


@pytest.mark.parametrize(
    ("on", "code"),
    [("1400/11/21", "begins_later"), ("2022-02-11", "covered"), ("۱۴۰۰/۱۱/۲۲", "covered")],
)
def test_the_answer_is_of_the_day_asked_about(
    ask: Ask, insured: Person, on: str, code: str
) -> None:
    told = ask({"number": ZAHRA_ID, "on": on})[1]

    assert told["reasons"][0]["code"] == code  # type: ignore[index]


def test_cover_written_on_a_merged_record_counts(
    ask: Ask, insured: Person, country: Country, cast: Cast
) -> None:
    done = register_census(
        [zahra(row=9, household="9", national_id=OTHER_ID)], area=country.darvazeh_ghar, on=DAY,
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip
    newer = Person.objects.get(pk=done.persons[9])
    merge(insured, into=newer, reason="یک نفر است با دو شماره", actor=cast.tehran_clerk.pk)

    told = ask({"number": OTHER_ID})[1]

    assert told["covered"] is True


def test_the_dead_are_told_as_dead(ask: Ask, insured: Person, cast: Cast) -> None:
    record_death(insured, on=dt.date(2023, 1, 1), source="ثبت احوال", actor=cast.tehran_clerk.pk)

    told = ask({"number": ZAHRA_ID})[1]

    assert told["reasons"][0]["code"] == "dead"  # type: ignore[index]


def test_who_stands_on_another_roll_is_covered_elsewhere(
    ask: Ask, insured: Person, country: Country, cast: Cast
) -> None:
    ali = Person.objects.exclude(pk=insured.pk).get()
    record_roll_cover("sso", [ali.pk], area=country.darvazeh_ghar, on=DAY, actor=None)

    told = ask({"number": ALI_ID})[1]

    assert (told["covered"], told["cover"]["insurer"]) == (False, "sso")  # type: ignore[index]
    assert told["reasons"][0]["code"] == "other_insurer"  # type: ignore[index]


@pytest.fixture
def card(insured: Person, cast: Cast) -> str:
    """The code on her card."""
    made = proofs.issue(insured, actor=cast.tehran_clerk.pk)
    return codes.written(keyring().open(bytes(made.sealed), proofs.FIELD))


def test_the_code_of_a_card_answers_like_the_number(ask: Ask, card: str) -> None:
    told = ask({"number": card})[1]

    assert told["covered"] is True


def test_a_revoked_card_tells_nothing_of_its_person(ask: Ask, card: str, cast: Cast) -> None:
    proofs.revoke(Proof.objects.get(), reason="گم شده است", actor=cast.tehran_clerk.pk)

    told = ask({"number": card})[1]

    assert (told["covered"], told["person"], told["cover"]) == (False, None, None)
    assert told["reasons"][0]["code"] == "card_gone"  # type: ignore[index]


def test_a_card_that_was_never_given_is_told(ask: Ask, insured: Person) -> None:
    told = ask({"number": codes.written(codes.new())})[1]

    assert told["reasons"][0]["code"] == "unknown_card"  # type: ignore[index]


@pytest.mark.parametrize(
    "body",
    [
        "not json", "[]", {}, {"number": 12}, {"number": ""}, {"number": ZAHRA_ID, "on": 5},
        {"number": ZAHRA_ID, "on": "1404/13/01"}, {"number": ZAHRA_ID, "on": "1404/05"},
        {"number": ZAHRA_ID, "on": "1300/01/01"}, {"number": "9" * 5_000},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_refused_in_a_sentence(
    ask: Ask, insured: Person, body: object
) -> None:
    status, told = ask(body)

    assert status == 400
    assert told["sentence"]


@pytest.mark.parametrize(
    "wrong", ["", "psh_", "psh_00000000000000000000000000000000:abc", "x" * 500]
)
def test_what_is_no_pass_of_ours_is_refused(ask: Ask, insured: Person, wrong: str) -> None:
    status, told = ask({"number": ZAHRA_ID}, wrong)

    assert (status, told["error"]) == (401, "pass")
    assert not Event.objects.filter(action="eligibility.check").exists()


def test_a_revoked_pass_is_refused(ask: Ask, insured: Person, cast: Cast) -> None:
    actions.revoke_pass(Pass.objects.get(), actor=cast.administrator)

    assert ask({"number": ZAHRA_ID})[0] == 401


def test_an_expired_pass_is_refused(ask: Ask, insured: Person) -> None:
    Pass.objects.update(expires_on=timezone.localdate() - dt.timedelta(days=1))

    assert ask({"number": ZAHRA_ID})[0] == 401


def test_a_pass_ends_with_the_role_of_its_account(ask: Ask, insured: Person, cast: Cast) -> None:
    Grant.objects.filter(user=cast.provider).delete()

    assert ask({"number": ZAHRA_ID})[0] == 401


def test_a_pass_is_looked_up_once_a_minute(ask: Ask, insured: Person, cast: Cast) -> None:
    ask({"number": ZAHRA_ID})
    actions.revoke_pass(Pass.objects.get(), actor=cast.administrator)

    within = ask({"number": ZAHRA_ID})[0]
    passes.gate.forget()
    after = ask({"number": ZAHRA_ID})[0]

    assert (within, after) == (200, 401)


def test_too_many_checks_wait(ask: Ask, insured: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes.gate, "clock", lambda: 100.0)
    Pass.objects.update(per_minute=1)

    statuses = [ask({"number": ZAHRA_ID})[0], ask({"number": ZAHRA_ID})[0]]

    assert statuses == [200, 429]


def test_it_is_asked_by_post_alone(client: Client, db: None) -> None:
    assert client.get("/api/eligibility/").status_code == 405


def test_words_come_in_persian_too(ask: Ask, insured: Person) -> None:
    told = ask({"number": OTHER_ID}, lang="fa")[1]

    assert "هیچ‌کس" in told["reasons"][0]["sentence"]  # type: ignore[index]
