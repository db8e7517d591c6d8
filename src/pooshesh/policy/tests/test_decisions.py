"""Decisions are kept with the pack that made them and can be explained years later."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pooshesh import rules
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.models import Event, Subject
from pooshesh.policy import queries
from pooshesh.policy.actions import Made, keep_decisions
from pooshesh.policy.models import BoundPack, Decision
from pooshesh.rules.tree import Value

BAHMAN = dt.date(2022, 2, 11)  # 1400/11/22
LATER = dt.date(2025, 3, 21)  # 1404/01/01


def made(pack: rules.BoundPack, **facts: Value) -> Made:
    """A decision about somebody new: a citizen outside any programme unless told otherwise."""
    all_facts: dict[str, Value] = {
        "nationality": "citizen", "foreign_status": "none", "lawful_from": None,
        "lawful_until": None, "other_insurer_code": None, "other_insurer_principal": False,
        "relation": "head", "outside_principal": False, "programme_resident": False,
        "decile": None, "decile_date": None, **facts,
    }  # fmt: skip
    return Made(uuid7(), all_facts, pack.decide(all_facts))


@pytest.mark.django_db
def test_it_works() -> None:
    pack = queries.bound_pack("iran", BAHMAN)
    one = made(pack, decile=2, decile_date=dt.date(2021, 9, 1))

    (decision_id,) = keep_decisions(pack, [one], actor=None)

    kept = Decision.objects.get(id=decision_id)
    assert (kept.outcome, kept.scheme, kept.premium_percent) == ("enrol_free", "universal", 0)
    assert kept.facts["decile_date"] == "2021-09-01"
    assert list(Subject.objects.values_list("person_id", flat=True)) == [one.person_id]
    assert Event.objects.get().action == "policy.decide"


@pytest.mark.django_db
def test_the_same_decision_made_again_keeps_its_id() -> None:
    pack = queries.bound_pack("iran", BAHMAN)
    people = [made(pack, decile=decile) for decile in (1, 2, 9)]

    first = keep_decisions(pack, people, actor=None)
    second = keep_decisions(pack, people, actor=None)

    assert second == first
    assert Decision.objects.count() == 3


@pytest.mark.django_db
def test_a_stored_decision_says_why_in_both_languages() -> None:
    pack = queries.bound_pack("iran", BAHMAN)
    (decision_id,) = keep_decisions(pack, [made(pack, decile=2)], actor=None)
    kept = Decision.objects.get(id=decision_id)

    english = queries.why(kept, "en")
    persian = queries.why(kept, "fa")

    assert [one.reason for one in english] == ["decile_free"]
    assert "free" in english[0].sentence
    assert "رایگان" in persian[0].sentence


@pytest.mark.django_db
def test_a_decision_is_explained_by_its_own_pack_after_the_shipped_one_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pack = queries.bound_pack("iran", BAHMAN)
    (decision_id,) = keep_decisions(pack, [made(pack, decile=2)], actor=None)
    queries._as_it_was.cache_clear()
    monkeypatch.setattr(rules, "list_packs", dict)

    reasons = queries.why(Decision.objects.get(id=decision_id), "en")

    assert [one.reason for one in reasons] == ["decile_free"]


@pytest.mark.django_db
def test_a_decision_of_a_nested_pack_is_explained_from_its_kept_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pack = queries.bound_pack("iran.fund", LATER)
    asked: dict[str, Value] = {
        "tag_from": BAHMAN, "tag_until": None, "in_package": True, "asked_rial": 10, "used_rial": 0,
    }  # fmt: skip
    (decision_id,) = keep_decisions(pack, [made(pack, decile=6, **asked)], actor=None)
    queries._as_it_was.cache_clear()
    monkeypatch.setattr(rules, "list_packs", dict)

    reasons = queries.why(Decision.objects.get(id=decision_id), "en")

    assert [one.reason for one in reasons] == ["decile_pays_share", "fund_pays_share"]
    assert "fund/fund.yaml" in BoundPack.objects.get().content


@pytest.mark.django_db
def test_two_dates_keep_two_packs() -> None:
    for day in (BAHMAN, LATER):
        pack = queries.bound_pack("iran", day)
        keep_decisions(pack, [made(pack, decile=5)], actor=None)

    assert BoundPack.objects.count() == 2
    assert set(Decision.objects.values_list("outcome", flat=True)) == {
        "value_unknown",
        "enrol_free",
    }


@pytest.mark.django_db
def test_a_batch_costs_the_same_number_of_queries_as_one() -> None:
    pack = queries.bound_pack("iran", BAHMAN)
    keep_decisions(pack, [made(pack)], actor=None)

    with CaptureQueriesContext(
        connection,
    ) as small:
        keep_decisions(pack, [made(pack)], actor=None)
    with CaptureQueriesContext(connection) as large:
        keep_decisions(pack, [made(pack) for _ in range(200)], actor=None)

    assert len(large) == len(small)


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        queries.bound_pack("atlantis", BAHMAN)

    assert refusal.value.code == "shelf.unknown"
    assert "iran" in str(refusal.value)
