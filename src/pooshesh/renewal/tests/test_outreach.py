"""Who is entitled and not told is found, told within a time, and leaves the list when enrolled."""

import json
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions as coverage
from pooshesh.coverage.actions import Enrolment
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Person
from pooshesh.policy import facts
from pooshesh.policy.actions import Made, keep_decisions
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import outreach, queries, terms
from pooshesh.renewal.models import Attempt, Channel, Outreach, OutreachState, Result
from pooshesh.renewal.tests.conftest import CARE, TODAY, Insure


def nothing(*_: object) -> None:
    """A progress nobody watches."""


def entitle(person: Person) -> None:
    """Decide a person by the rules of today and keep it."""
    pack = bound_pack(PACK, timezone.localdate())
    (known,) = facts.of_persons(pack, [person.pk]).drop(facts.GROUPS).to_dicts()
    known.pop("person_id")
    keep_decisions(pack, [Made(person.pk, known, pack.decide(known))], actor=None)


@pytest.fixture
def poor(country: Country, insure: Insure) -> Person:
    """Decile 1: free, not covered, decided."""
    person = insure(country.unsponsored, 1, decile=1)
    entitle(person)
    return person


@pytest.fixture
def listed(poor: Person) -> Outreach:
    outreach.find(nothing)
    return Outreach.objects.get()


def test_who_is_entitled_and_not_covered_is_found_once(poor: Person) -> None:
    first, second = outreach.find(nothing), outreach.find(nothing)

    one = Outreach.objects.get()
    assert (first["found_entitled"], second["found_entitled"]) == (1, 0)
    assert (one.person, one.deadline) == (poor, TODAY + terms.TELL)


def test_who_pays_or_is_covered_is_not_on_the_list(country: Country, insure: Insure) -> None:
    entitle(insure(country.unsponsored, 2, decile=10))
    entitle(insure(country.unsponsored, 3, decile=1, percent=0))

    assert outreach.find(nothing)["found_entitled"] == 0


def test_who_is_enrolled_leaves_the_list(listed: Outreach, country: Country) -> None:
    coverage.enrol(
        [Enrolment(listed.person_id, CARE, 0)], area=country.unsponsored, on=TODAY, actor=None
    )

    outreach.find(nothing)

    assert Outreach.objects.get().state == OutreachState.ENROLLED


def test_nobody_reached_is_not_told(listed: Outreach, cast: Cast) -> None:
    outreach.attempt(listed, Channel.PHONE, Result.UNREACHED, actor=cast.tehran_clerk.pk)

    one = Outreach.objects.get()
    assert (one.state, one.attempts, one.told_on) == (OutreachState.UNTOLD, 1, None)


def test_who_declines_stays_declined(listed: Outreach, cast: Cast) -> None:
    outreach.attempt(listed, Channel.VISIT, Result.DECLINED, actor=cast.tehran_clerk.pk)

    with pytest.raises(Invalid, match="nothing was changed"):
        outreach.attempt(listed, Channel.PHONE, Result.TOLD, actor=cast.tehran_clerk.pk)
    assert outreach.find(nothing)["found_entitled"] == 0


def test_the_overdue_come_first_and_are_counted(listed: Outreach, cast: Cast) -> None:
    Outreach.objects.update(deadline=TODAY - terms.TELL)

    (area,) = queries.told_by_area(cast.tehran_clerk)

    assert (area.untold, area.overdue, area.told) == (1, 1, 0)
    assert queries.told_by_area(cast.lorestan_clerk) == []
    assert list(queries.outreach(cast.tehran_clerk, "overdue")) == [listed]


def test_messages_go_to_a_file_for_the_gateway_and_tell_nobody_by_themselves(
    listed: Outreach, cast: Cast, tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        outreach.send_messages([listed], "متن", actor=cast.tehran_clerk.pk)

    (file,) = (tmp_path / "outbox").iterdir()
    assert json.loads(file.read_text())["text"] == "متن"
    assert file.stat().st_mode & 0o077 == 0
    assert Attempt.objects.get().result == Result.SENT
    assert Outreach.objects.get().state == OutreachState.UNTOLD
