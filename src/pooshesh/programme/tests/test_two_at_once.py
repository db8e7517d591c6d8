"""Two runs, or two clerks, at the very same time."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connections

from pooshesh.access.models import User
from pooshesh.conftest import Cast, Country
from pooshesh.coverage.models import Source, Spell
from pooshesh.people.models import Person
from pooshesh.programme import actions
from pooshesh.programme.campaign import run
from pooshesh.programme.models import (
    Campaign,
    CampaignRow,
    CampaignState,
    WorkItem,
    WorkKind,
)
from pooshesh.programme.tests.conftest import Prepare
from pooshesh.programme.tests.sheets import write_all
from pooshesh.programme.tests.test_again import brought
from pooshesh.programme.worklists import answers, forms, queue

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_two_runs_at_once_are_one(prepare: Prepare) -> None:
    campaign = prepare()
    both = Barrier(2)

    def go(_number: int) -> str:
        both.wait()
        try:
            return run.run(campaign.id, lambda *_step: None, None).state
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        states = list(pool.map(go, range(2)))

    assert states == [CampaignState.DONE, CampaignState.DONE]
    assert Person.objects.count() == 11
    assert Spell.objects.filter(source=Source.ENROLMENT).count() == 4


def test_the_same_sheets_mapped_at_once_are_one_campaign(country: Country, tmp_path: Path) -> None:
    sheets = write_all(tmp_path / "sheets")
    drafts = [brought(sheets), brought(sheets)]
    both = Barrier(2)

    def go(draft: Campaign) -> UUID:
        both.wait()
        try:
            return actions.map_columns(draft, {}, None).id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        mapped = list(pool.map(go, drafts))

    assert mapped[0] == mapped[1] == Campaign.objects.get().id


def test_two_clerks_pressing_start_together_get_two_items(prepare: Prepare, cast: Cast) -> None:
    run.run(prepare().id, lambda *_step: None, None)
    both = Barrier(2)

    def go(user: User) -> int:
        both.wait()
        try:
            item = queue.take(user, WorkKind.DEPENDANT)
            return item.census_row if item else 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(go, [cast.tehran_clerk, cast.tehran_lead]))

    assert sorted(rows) == [2, 3]


def test_two_clerks_in_one_household_both_count(prepare: Prepare, cast: Cast) -> None:
    run.run(prepare().id, lambda *_step: None, None)
    both = Barrier(2)

    def go(user: User, number: int) -> None:
        item = queue.hold(user, WorkItem.objects.get(kind="dependant", census_row=number).id)
        form = forms.DependantAnswer({"choice": "denied", "note": "asked"}, item=item)
        form.is_valid()
        both.wait()
        try:
            answers.answer(user, item, form)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(go, [cast.tehran_clerk, cast.tehran_lead], [2, 3]))

    rows = CampaignRow.objects.filter(census_row__in=[2, 3])
    assert list(rows.values_list("decision", flat=True)) == ["enrol_free", "enrol_free"]
    assert Spell.objects.filter(source=Source.ENROLMENT).count() == 6
