"""What a clerk sees of the records behind an item, and that it is written down."""

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Kind
from pooshesh.kernel.models import Event, Subject
from pooshesh.people.models import Person
from pooshesh.programme.models import Campaign, CampaignRow, WorkItem
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

    (masked,) = cards.members(cast.tehran_clerk, item)
    (head,) = cards.members(cast.tehran_clerk, item, in_full=True)

    assert masked.codes == ["••••••••0041"]
    assert head.codes == [foreign_code(41)]


def test_numbers_are_shown_in_full_only_to_who_asks_and_that_is_noted(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    mobile = keyring().seal("09120000000", Kind.MOBILE)
    Person.objects.filter(pk=row(9).person_id).update(mobile=mobile)
    item = WorkItem.objects.get(kind="needs_identity", census_row=9)
    browser = as_user(cast.tehran_clerk)

    before = browser.get(f"/worklists/items/{item.id}/").content.decode()
    after = browser.post(f"/worklists/items/{item.id}/reveal/").content.decode()

    assert "09120000000" not in before
    assert foreign_code(41) not in before
    assert "09120000000" in after
    assert foreign_code(41) in after
    noted = Event.objects.get(action="people.reveal_identifier")
    assert noted.actor == cast.tehran_clerk.pk
    assert set(Subject.objects.filter(event=noted).values_list("person_id", flat=True)) == {
        row(8).person_id, row(9).person_id,
    }  # fmt: skip


def test_the_numbers_of_another_province_are_not_shown(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    item = WorkItem.objects.get(kind="needs_identity", census_row=9)

    answered = as_user(cast.lorestan_clerk).post(f"/worklists/items/{item.id}/reveal/")

    assert answered.status_code == 404
    assert not Event.objects.filter(action="people.reveal_identifier").exists()


def test_masked_numbers_are_compared_whole(doubts: Campaign, cast: Cast) -> None:
    item = WorkItem.objects.get(kind="possible_double")

    lines = cards.comparison(cast.tehran_clerk, item).lines

    (number,) = [line for line in lines if line.one.startswith("•")]
    assert (number.mark, number.one == number.other) == ("differs", False)


def test_birth_dates_and_households_have_the_digits_of_the_language(
    campaign: Campaign, cast: Cast, as_user: SignIn
) -> None:
    item = WorkItem.objects.get(kind="needs_identity", census_row=9)
    browser = as_user(cast.tehran_clerk)

    page = browser.get(f"/worklists/items/{item.id}/").content.decode()
    residents = browser.get(f"/campaigns/{campaign.id}/people/").content.decode()

    assert "۱۳۶۳/۰۸/۲۲" in page
    assert "<bdi>۴</bdi>" in page
    assert 'data-label="خانوار">۴<' in residents


@pytest.mark.parametrize(("kind", "shown"), [("possible_match", True), ("needs_identity", False)])
def test_likeness_is_told_only_of_a_candidate(
    doubts: Campaign, cast: Cast, as_user: SignIn, kind: str, shown: bool
) -> None:
    CampaignRow.objects.update(score=0.02)
    item = WorkItem.objects.filter(kind=kind)[0]

    page = as_user(cast.tehran_clerk).get(f"/worklists/items/{item.id}/").content.decode()

    assert ("شباهت" in page) is shown


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
