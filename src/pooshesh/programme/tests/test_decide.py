"""The pure decision: the pack in its order, then identity, whole households at a time."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import LegalStatus, Relation
from pooshesh.programme.campaign.decide import WORK, Resident, Setting, decide
from pooshesh.programme.models import Match, WorkKind
from pooshesh.rules import bind, list_packs, load_pack

ON = dt.date(2022, 2, 11)
PACK = load_pack(list_packs()["iran"])
SETTING = Setting(bind(PACK, ON), "ihio", programme_resident=True)
OUTSIDE = replace(SETTING, programme_resident=False)
CITIZEN = Resident(1, "1", uuid7(), Relation.HEAD, Match.UNINSURED, "", True, False)


def decided(setting: Setting, *residents: Resident) -> list[str]:
    return [verdict.decision for verdict in decide(residents, setting)]


def test_it_works() -> None:
    (verdict,) = decide([CITIZEN], SETTING)

    assert (verdict.decision, verdict.scheme, verdict.premium_percent) == (
        "enrol_free", "universal", 0,
    )  # fmt: skip
    assert verdict.free
    assert verdict.work is None


@pytest.mark.parametrize(
    ("change", "decision"),
    [
        ({"held": WorkKind.ID_MISUSE, "roll": "sso", "match": Match.INSURED}, "id_misuse"),
        ({"held": WorkKind.POSSIBLE_MATCH, "match": Match.REVIEW}, "possible_match"),
        ({"covered": True}, "covered"),
        ({"match": Match.INSURED, "roll": "ihio", "identified": False}, "covered"),
        ({"match": Match.INSURED, "roll": "sso", "identified": False}, "not_ours"),
        ({"match": Match.INSURED, "roll": "an insurer of tomorrow"}, "not_ours"),
        ({"identified": False}, "needs_identity"),
        ({"foreign": True}, "regularise"),
        ({"foreign": True, "status": LegalStatus.REFUSED}, "regularise"),
        ({"foreign": True, "status": LegalStatus.IDENTIFIED}, "regularise"),
        ({"foreign": True, "status": LegalStatus.LAWFUL, "lawful": (ON, None)}, "value_unknown"),
        ({"foreign": True, "status": LegalStatus.LAWFUL, "lawful": (dt.date(2020, 1, 1), ON)},
         "regularise"),
        ({"decile": 10}, "enrol_free"),
    ],
)  # fmt: skip
def test_the_first_thing_that_applies_decides(change: dict[str, object], decision: str) -> None:
    assert decided(SETTING, replace(CITIZEN, **change)) == [decision]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("decile", "decision"),
    [(None, "needs_decile"), (3, "enrol_free"), (4, "value_unknown"), (9, "pays_share")],
)
def test_outside_the_programme_the_decile_decides(decile: int | None, decision: str) -> None:
    assert decided(OUTSIDE, replace(CITIZEN, decile=decile)) == [decision]


@pytest.mark.parametrize(
    ("relation", "decision"),
    [
        (Relation.SPOUSE, "dependant_worklist"),
        (Relation.CHILD, "dependant_worklist"),
        (Relation.PARENT, "enrol_free"),
        (Relation.OTHER, "enrol_free"),
    ],
)
def test_a_principal_elsewhere_sends_spouse_and_child_to_the_dependants(
    relation: Relation, decision: str
) -> None:
    head = replace(CITIZEN, match=Match.INSURED, roll="sso")
    member = replace(CITIZEN, row=2, relation=relation)

    assert decided(SETTING, head, member) == ["not_ours", decision]


@pytest.mark.parametrize(
    ("change", "decision"),
    [
        ({"relation": Relation.CHILD}, "dependant_worklist"),
        ({"foreign": True, "relation": Relation.OTHER}, "regularise"),
        ({"relation": Relation.OTHER}, "needs_identity"),
    ],
)
def test_without_an_identifier_the_packs_first_matches_still_come_first(
    change: dict[str, object], decision: str
) -> None:
    head = replace(CITIZEN, match=Match.INSURED, roll="sso")
    member = replace(CITIZEN, row=2, identified=False, **change)  # type: ignore[arg-type]

    assert decided(SETTING, head, member) == ["not_ours", decision]


@pytest.mark.parametrize("decile", [None, 3, 4, 9])
def test_nothing_that_hangs_on_the_decile_is_decided_without_an_identifier(
    decile: int | None,
) -> None:
    (verdict,) = decide([replace(CITIZEN, decile=decile, identified=False)], OUTSIDE)

    assert (verdict.decision, verdict.reasons) == ("needs_identity", ("no_trusted_identifier",))
    assert (verdict.scheme, verdict.made, verdict.free) == ("", None, False)


def test_a_child_elsewhere_makes_nobody_a_dependant() -> None:
    child = replace(CITIZEN, row=2, relation=Relation.CHILD, match=Match.INSURED, roll="sso")

    assert decided(SETTING, CITIZEN, child) == ["enrol_free", "not_ours"]


def test_who_was_found_to_be_no_dependant_is_decided_on_their_own() -> None:
    head = replace(CITIZEN, match=Match.INSURED, roll="sso")
    spouse = replace(CITIZEN, row=2, relation=Relation.SPOUSE, not_dependant=True)
    child = replace(CITIZEN, row=3, relation=Relation.CHILD)

    assert decided(SETTING, head, spouse, child) == ["not_ours", "enrol_free", "dependant_worklist"]


@pytest.mark.parametrize(
    ("status", "on", "expected"),
    [
        (LegalStatus.REFUGEE_SUPPORTED, dt.date(2025, 2, 24), ("value_unknown", "", None)),
        (LegalStatus.REFUGEE_SUPPORTED, dt.date(2025, 2, 25),
         ("enrol_free", "foreign_nationals", 0)),
        (LegalStatus.REFUGEE, dt.date(2025, 2, 25), ("pays_share", "foreign_nationals", 100)),
        (LegalStatus.LAWFUL, dt.date(2025, 2, 25), ("value_unknown", "", None)),
        (LegalStatus.REFUGEE_SUPPORTED, dt.date(2026, 2, 25), ("value_unknown", "", None)),
    ],
)  # fmt: skip
def test_a_refugee_is_decided_by_their_own_table_of_the_day(
    status: LegalStatus, on: dt.date, expected: tuple[str, str, int | None]
) -> None:
    setting = Setting(bind(PACK, on), "ihio", programme_resident=True)
    since = (dt.date(2021, 8, 23), None)
    refugee = replace(CITIZEN, foreign=True, status=status, lawful=since, decile=1)

    (verdict,) = decide([refugee], setting)

    assert (verdict.decision, verdict.scheme, verdict.premium_percent) == expected


def test_households_do_not_mix() -> None:
    head = replace(CITIZEN, match=Match.INSURED, roll="sso")
    stranger = replace(CITIZEN, row=2, household="2", relation=Relation.CHILD)

    assert decided(SETTING, head, stranger) == ["not_ours", "enrol_free"]


residents = st.builds(
    replace,
    st.just(CITIZEN),
    row=st.integers(1, 9),
    household=st.sampled_from("123"),
    relation=st.sampled_from(Relation),
    match=st.sampled_from([Match.UNINSURED, Match.INSURED]),
    roll=st.sampled_from(["ihio", "sso"]),
    identified=st.booleans(),
    foreign=st.booleans(),
    held=st.sampled_from([None, WorkKind.ID_MISUSE]),
)


@given(st.lists(residents, max_size=8))
def test_nobody_is_enrolled_free_who_waits_is_unidentified_or_foreign(
    people: list[Resident],
) -> None:
    verdicts = decide(people, SETTING)

    assert len(verdicts) == len(people)
    assert all(
        v.resident.identified and not v.resident.foreign and v.resident.held is None
        for v in verdicts
        if v.free
    )
    assert not any(v.free and v.work for v in verdicts)


def test_every_outcome_of_the_pack_has_a_worklist_or_needs_none() -> None:
    outcomes = set(SETTING.pack.pack.rules["decision"].codes)

    assert outcomes - set(WORK) == {"not_ours", "enrol_free", "pays_share"}
