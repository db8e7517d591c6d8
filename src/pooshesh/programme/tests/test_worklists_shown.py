"""What a clerk sees of the records behind an item, and that it is written down."""

import pytest

from pooshesh.conftest import Cast
from pooshesh.programme.models import Campaign, WorkItem
from pooshesh.programme.tests.sheets import foreign_code
from pooshesh.programme.worklists import cards

pytestmark = pytest.mark.django_db


def test_both_records_stand_side_by_side_with_differences_marked(
    doubts: Campaign, cast: Cast
) -> None:
    item = WorkItem.objects.get(kind="possible_match")

    shown = cards.comparison(cast.tehran_clerk, item)

    marks = {str(line.title): line.mark for line in shown.lines}
    assert "1" in shown.other or "۱" in shown.other
    assert set(marks.values()) == {"differs", "same"}  # both are women; all else differs


def test_codes_of_the_household_hint_at_an_identity(campaign: Campaign, cast: Cast) -> None:
    item = WorkItem.objects.get(kind="needs_identity", census_row=9)

    (head,) = cards.members(cast.tehran_clerk, item)

    assert head.codes == [foreign_code(41)]
