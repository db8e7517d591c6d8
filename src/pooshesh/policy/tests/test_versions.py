"""A version of a pack: proposed by one, its effect counted, approved by another, then in force."""

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from pooshesh.conftest import Cast
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event
from pooshesh.policy import effects, queries, versions
from pooshesh.policy.models import Population, Scenario, Version, VersionState
from pooshesh.rules import list_packs, load_pack
from pooshesh.rules.load import read_files
from pooshesh.rules.reform import Change, Reform, reformed

FILES = read_files(list_packs()["iran"])
PACK = load_pack(list_packs()["iran"])
NOTE = "سهم دهک ششم از این روز صفر است"
Commit = Callable[..., AbstractContextManager[list[Callable[[], Any]]]]


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(1)


def sixth_free(day: dt.date) -> dict[str, bytes]:
    """The shipped files with decile 6 free from a day on."""
    return reformed(FILES, PACK, Reform(day, (Change("share_by_decile", 6, 0),)))


def propose(cast: Cast, day: dt.date | None = None, **changes: Any) -> Version:
    day = day or tomorrow()
    files = changes.get("files", sixth_free(day))
    note = changes.get("note", NOTE)
    return versions.propose("iran", files, valid_from=day, note=note, actor=cast.policy_officer.pk)


def share_of_six(day: dt.date) -> object:
    """What decile 6 pays by the pack in force on a day."""
    value = queries.bound_pack("iran", day).values["share_by_decile"].value
    assert isinstance(value, dict)
    return value[6]


def test_an_approved_version_is_in_force_from_its_day(cast: Cast) -> None:
    version = propose(cast)

    versions.approve(version.pk, answer="درست است", actor=cast.national_director.pk)

    assert (share_of_six(timezone.localdate()), share_of_six(tomorrow())) == (20, 0)
    assert list(Event.objects.values_list("action", flat=True)) == [
        "policy.propose", "policy.approved",
    ]  # fmt: skip


@pytest.mark.usefixtures("country")
def test_a_proposal_decides_nothing(cast: Cast) -> None:
    propose(cast)

    assert share_of_six(tomorrow()) == 20


def test_of_two_versions_the_later_day_rules(cast: Cast) -> None:
    after = tomorrow() + dt.timedelta(30)
    first = versions.approve(propose(cast).pk, answer="", actor=cast.national_director.pk)
    second = propose(cast, after, files=FILES)
    versions.approve(second.pk, answer="", actor=cast.national_director.pk)

    assert (share_of_six(after - dt.timedelta(1)), share_of_six(after)) == (0, 20)
    assert queries.version_in_force("iran", tomorrow()) == first


def test_a_version_of_a_pack_reaches_those_nested_in_it(cast: Cast) -> None:
    versions.approve(propose(cast).pk, answer="", actor=cast.national_director.pk)

    fund = queries.bound_pack("iran.fund", tomorrow()).values["share_by_decile"].value
    assert isinstance(fund, dict)
    assert fund[6] == 0
    assert set(queries.files_in_force("iran.fund", tomorrow())) >= {"cover.yaml", "fund/fund.yaml"}


def test_nobody_approves_or_refuses_their_own(cast: Cast) -> None:
    version = propose(cast)

    with pytest.raises(Invalid, match="Somebody else"):
        versions.approve(version.pk, answer="", actor=cast.policy_officer.pk)
    with pytest.raises(Invalid, match="Somebody else"):
        versions.refuse(version.pk, answer="", actor=cast.policy_officer.pk)


def test_the_database_refuses_a_version_approved_by_its_proposer(cast: Cast) -> None:
    version = propose(cast)

    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(
            state="approved", decided_by=cast.policy_officer.pk
        )


def test_the_files_of_a_version_never_change(cast: Cast) -> None:
    version = propose(cast)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(content={})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        version.delete()


def test_a_version_is_answered_once(cast: Cast) -> None:
    version = propose(cast)
    versions.refuse(version.pk, answer="هزینه آن سنجیده نشده است", actor=cast.national_director.pk)

    with pytest.raises(Invalid, match="Somebody was before you"):
        versions.approve(version.pk, answer="", actor=cast.national_director.pk)
    assert Version.objects.get().state == VersionState.REFUSED


def test_who_proposed_takes_it_back_and_nobody_else(cast: Cast) -> None:
    version = propose(cast)

    with pytest.raises(Invalid, match="Only who proposed"):
        versions.withdraw(version.pk, actor=cast.national_director.pk)
    versions.withdraw(version.pk, actor=cast.policy_officer.pk)

    assert Version.objects.get().state == VersionState.WITHDRAWN


def test_a_refused_proposal_may_come_again(cast: Cast) -> None:
    versions.refuse(propose(cast).pk, answer="", actor=cast.national_director.pk)

    assert propose(cast).state == VersionState.PROPOSED


WRONG = FILES["cover.yaml"].replace(
    b"expect: {decision: not_ours", b"expect: {decision: regularise"
)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"note": "کوتاه"}, "the second person reads it"),
        ({"files": FILES}, "in force on"),
        ({"files": {"cover.yaml": b"law: {id: x}"}}, "cover.yaml:1"),
        ({"files": {**FILES, "cover.yaml": WRONG}}, "do not come out as written"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(cast: Cast, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid) as caught:
        propose(cast, **changes)

    assert said in str(caught.value)
    assert Version.objects.count() == 0


def test_facts_that_nobody_records_are_refused(cast: Cast) -> None:
    told = FILES["cover.yaml"].replace(b"programme_resident", b"lives_in_programme")
    files = {name: FILES[name] for name in FILES} | {"cover.yaml": told}

    with pytest.raises(Invalid, match="nobody records"):
        propose(cast, files=files)


def test_rules_that_no_longer_answer_are_refused(cast: Cast) -> None:
    files = {name: text.replace(b"premium_rial", b"yearly_rial") for name, text in FILES.items()}

    with pytest.raises(Invalid, match="no longer answer"):
        propose(cast, files=files)


def test_a_day_that_is_past_is_refused(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(1)

    with pytest.raises(Invalid, match="today or later"):
        propose(cast, yesterday)


def test_the_same_proposal_twice_is_one(cast: Cast) -> None:
    propose(cast)

    with pytest.raises(Invalid, match="stand proposed"):
        propose(cast)


def test_a_proposal_counts_whom_it_moves(
    cast: Cast, django_capture_on_commit_callbacks: Commit
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        version = propose(cast)

    version.refresh_from_db()
    assert version.effect
    assert version.effect["total"]["persons"] == 0  # nobody is registered here


@pytest.mark.usefixtures("country")
def test_a_scenario_on_the_sample_moves_the_sixth_decile(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(effects, "SAMPLE", 20_000)
    row = Scenario.objects.create(
        title="دهک ششم رایگان", pack="iran", on=dt.date(2025, 5, 1),
        changes=[{"parameter": "share_by_decile", "key": 6, "to": 0}],
        population=Population.SAMPLE, made_by=cast.policy_officer.pk,
    )  # fmt: skip

    effects.count_scenario(Progress(UUID(int=0)), str(row.pk))

    row.refresh_from_db()
    assert row.effect
    moved = {one["value"]: one["moved"] for one in row.effect["by"]["decile"]}
    assert moved[6] > 0
    assert sum(moved.values()) == moved[6] == row.effect["total"]["moved"]
    assert row.effect["total"]["persons"] == 20_000
    assert len(row.effect["by"]["province"]) == 31
