"""What a clerk sees of the records behind an item, and that it is written down."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.models import Subject
from pooshesh.people.models import Person
from pooshesh.programme.models import Campaign, WorkItem
from pooshesh.programme.tests.sheets import foreign_code
from pooshesh.programme.tests.worklists import row
from pooshesh.programme.worklists import cards, queue

pytestmark = pytest.mark.django_db


def test_both_records_stand_side_by_side_with_differences_marked(
    doubts: Campaign, cast: Cast
) -> None:
    item = WorkItem.objects.get(kind="possible_match")

    shown = cards.comparison(cast.tehran_clerk, item)

    marks = {str(line.title): line.mark for line in shown.lines}
    assert "1" in shown.other or "۱" in shown.other
    assert set(marks.values()) == {"differs", "same"}  # both are women; all else differs


@pytest.mark.parametrize(("lang", "sex"), [("fa", "زن"), ("en", "Female")])
def test_the_sex_is_said_in_words(doubts: Campaign, cast: Cast, lang: str, sex: str) -> None:
    item = WorkItem.objects.get(kind="possible_match")

    with translation.override(lang):
        lines = {line.one for line in cards.comparison(cast.tehran_clerk, item).lines}

    assert sex in lines
    assert "F" not in lines


def test_the_roll_of_a_household_member_is_called_by_its_insurer(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    item = WorkItem.objects.get(kind="dependant", census_row=2)

    page = as_user(cast.tehran_clerk).get(f"/worklists/items/{item.id}/").content.decode()

    assert ">سازمان تأمین اجتماعی</td>" in page
    assert ">sso</td>" not in page


def test_a_worklist_with_nothing_on_it_says_so_and_has_no_button(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    page = as_user(cast.tehran_clerk).get("/worklists/").content.decode()

    assert page.count("چیزی در انتظار نیست.") == 5  # of eight kinds three have items
    assert page.count("/next/") == 3


def test_codes_of_the_household_hint_at_an_identity(campaign: Campaign, cast: Cast) -> None:
    item = WorkItem.objects.get(kind="needs_identity", census_row=9)

    (head,) = cards.members(cast.tehran_clerk, item)

    assert head.codes == [foreign_code(41)]


def subjects(item: WorkItem) -> set[object]:
    """Everybody the look at an item names."""
    looks = Subject.objects.filter(event__action="worklist.open", event__object_id=str(item.id))
    return set(looks.values_list("person_id", flat=True))


def test_everybody_an_item_shows_is_a_subject_of_the_look(doubts: Campaign, cast: Cast) -> None:
    double = WorkItem.objects.get(kind="possible_double")
    spouse = WorkItem.objects.get(kind="dependant", census_row=2)

    queue.hold(cast.tehran_clerk, double.id)
    queue.hold(cast.tehran_clerk, spouse.id)

    assert subjects(double) == {row(11).person_id, row(7).person_id}
    assert subjects(spouse) == {row(n).person_id for n in (1, 2, 3)}


def test_of_who_moved_out_of_the_area_nothing_is_shown_nor_written_down(
    doubts: Campaign, cast: Cast, country: Country
) -> None:
    Person.objects.filter(id__in=[row(n).person_id for n in (7, 8)]).update(
        area=country.falak_ol_din, area_path=country.falak_ol_din.path, province="15"
    )
    double = queue.hold(cast.tehran_clerk, WorkItem.objects.get(kind="possible_double").id)
    spouse = queue.hold(
        cast.tehran_clerk, WorkItem.objects.get(kind="needs_identity", census_row=9).id
    )
    head = queue.hold(cast.tehran_clerk, WorkItem.objects.get(kind="regularise", census_row=8).id)

    other = cards.comparison(cast.tehran_clerk, double)
    (member,) = cards.members(cast.tehran_clerk, spouse)
    own = cards.comparison(cast.tehran_clerk, head)

    assert (other.other, {line.other for line in other.lines}) == (
        _("Registered outside your area"), {""},
    )  # fmt: skip
    assert (member.name, member.codes) == (_("Registered outside your area"), [])
    assert own.lines == []
    assert [subjects(one) for one in (double, spouse, head)] == [
        {row(11).person_id}, {row(9).person_id}, {row(9).person_id},
    ]  # fmt: skip
