"""Doubts to settle, and a clerk's answer as the page gives it."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pooshesh.access.models import User
from pooshesh.coverage.models import Source, Spell
from pooshesh.programme.campaign.match import Matches, Question, match
from pooshesh.programme.models import Campaign, CampaignRow, Match, WorkItem, WorkKind
from pooshesh.programme.worklists import answers, forms, queue


def doubtful(census: pl.DataFrame, rolls: Mapping[str, pl.DataFrame], *_taught: object) -> Matches:
    """The linkage with two doubts: is row 4 on our roll, are rows 11 and 7 one person?"""
    found = match(census, rolls)
    review = replace(found.rows[4], match=Match.REVIEW, roll="ihio", roll_row=1, score=0.5)
    return Matches(
        {**found.rows, 4: review},
        [
            Question(WorkKind.POSSIBLE_MATCH, 4, None, "ihio", 1),
            Question(WorkKind.POSSIBLE_DOUBLE, 11, 7),
        ],
    )


def row(number: int) -> CampaignRow:
    return CampaignRow.objects.get(census_row=number)


def enrolled(number: int) -> bool:
    return (
        Spell.objects.known().filter(person=row(number).person_id, source=Source.ENROLMENT).exists()
    )


def answer(user: User, kind: WorkKind, number: int, **given: object) -> WorkItem:
    """Take the item of a row and answer it, as the page does."""
    item = queue.hold(user, WorkItem.objects.get(kind=kind, census_row=number).id)
    form = forms.FORMS[kind]({name: str(value) for name, value in given.items()}, item=item)
    assert form.is_valid(), form.errors
    answers.answer(user, item, form)
    item.refresh_from_db()
    return item


def ask(campaign: Campaign, kind: WorkKind, number: int, other_row: int | None = None) -> WorkItem:
    """Open one more question about a row."""
    return WorkItem.objects.create(
        campaign=campaign, kind=kind, census_row=number, other_row=other_row,
        person_id=row(number).person_id, area_id=campaign.area_id, area_path=campaign.area_path,
        province=campaign.province,
    )  # fmt: skip
