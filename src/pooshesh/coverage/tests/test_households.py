"""Enrolment by household: by the rules, all or nobody, with documents that stay sealed."""

import io

import pytest

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import (
    actions,
    births,
    documents,
    doubles,
    endings,
    households,
    lists,
    queries,
)
from pooshesh.coverage.documents import LARGEST, VAULT, Upload
from pooshesh.coverage.models import (
    Application,
    Birth,
    Document,
    Insurer,
    Notice,
    Resolution,
    Spell,
)
from pooshesh.coverage.proposals import proposals, total_share
from pooshesh.coverage.tests.conftest import NEW_YEAR, NEXT_YEAR, REASON, YEARLY, Family
from pooshesh.coverage.tests.test_suspension import DAY, DEADLINE, TODAY, check_now
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.money import Rial
from pooshesh.people.actions import merge
from pooshesh.people.models import Membership, Person
from pooshesh.people.registration import CensusPerson, register_census
from pooshesh.people.tests.conftest import ali
from pooshesh.policy.models import Decision

PDF, PNG = b"%PDF-1.7 paper", b"\x89PNG\r\n\x1a\nimage"


def members(family: Family) -> list[Membership]:
    rows = Membership.objects.known().filter(household=family.household)
    return list(rows.select_related("person").order_by("person__birth_date"))


def enrol(family: Family, *persons: object, **more: object) -> Application:
    chosen = {one.pk for one in persons or (family.zahra, family.ali)}  # type: ignore[attr-defined]
    given = {"on": NEW_YEAR, "actor": None} | more
    return households.enrol_household(family.household, members(family), chosen, **given)  # type: ignore[arg-type]


def upload(content: bytes = PDF, name: str = "کارت ملی.pdf", size: int | None = None) -> Upload:
    return Upload("identity", name, len(content) if size is None else size, io.BytesIO(content))


def elsewhere(country: Country, family: Family, insurer: str = "sso") -> None:
    actions.record_roll_cover(
        insurer, [family.ali.pk], area=country.unsponsored, on=NEW_YEAR, actor=None
    )


def test_the_rules_say_what_a_household_pays(family: Family) -> None:
    found = proposals(members(family), NEW_YEAR, "en")

    assert [(one.scheme, one.percent, one.share) for one in found] == [
        ("universal", 100, Rial(YEARLY)), ("universal", 100, Rial(YEARLY)),
    ]  # fmt: skip
    assert total_share(found) == Rial(2 * YEARLY)
    assert found[0].reasons[0].sentence.startswith("Decile 10")


def test_an_unknown_premium_is_said_to_be_unknown(family: Family) -> None:
    found = proposals(members(family), TODAY, "en")

    assert [one.share for one in found] == [None, None]
    assert total_share(found) is None


def test_a_household_is_enrolled_with_its_decisions(family: Family) -> None:
    made = enrol(family)

    spells = list(Spell.objects.filter(application_id=made.pk))
    kept = set(Decision.objects.values_list("pk", flat=True))
    assert [(one.scheme, one.premium_percent) for one in spells] == [("universal", 100)] * 2
    assert {one.decision_id for one in spells} == kept


def test_some_members_may_be_chosen(family: Family) -> None:
    enrol(family, family.ali)

    assert queries.covered(family.ali.pk, NEW_YEAR).covered
    assert not queries.covered(family.zahra.pk, NEW_YEAR).covered


def test_one_member_covered_before_leaves_everybody_out(family: Family) -> None:
    enrol(family, family.ali)

    with pytest.raises(Invalid, match="Nobody was enrolled"):
        enrol(family)

    assert Spell.objects.count() == Application.objects.count() == 1


def test_who_is_covered_elsewhere_is_left_out_unless_a_reason_is_given(
    country: Country, family: Family
) -> None:
    elsewhere(country, family)

    proposed = {one.person_id: one.proposed for one in proposals(members(family), NEW_YEAR, "en")}
    with pytest.raises(Invalid, match="covered elsewhere"):
        enrol(family)
    enrol(family, note=REASON)

    assert proposed == {family.zahra.pk: True, family.ali.pk: False}
    assert queries.covered(family.ali.pk, NEW_YEAR).covered


def test_another_fund_than_the_rules_say_needs_a_reason(family: Family) -> None:
    with pytest.raises(Invalid, match="another fund"):
        enrol(family, scheme="rural")

    enrol(family, scheme="rural", note=REASON)

    assert set(Spell.objects.values_list("scheme", flat=True)) == {"rural"}


def test_nobody_chosen_is_nobody_enrolled(family: Family) -> None:
    with pytest.raises(Invalid, match="at least one member"):
        households.enrol_household(family.household, members(family), (), on=NEW_YEAR, actor=None)


def test_a_day_before_the_rules_is_refused(family: Family) -> None:
    with pytest.raises(Invalid, match="rules say nothing"):
        enrol(family, on=NEW_YEAR.replace(year=2015))


@pytest.mark.parametrize("content", [PDF, PNG, b"\xff\xd8\xff\xe0photo"])
def test_a_document_is_kept_sealed_and_reads_the_same(
    family: Family, cast: Cast, content: bytes
) -> None:
    enrol(family, uploads=[upload(content)])
    one = Document.objects.select_related("application").get()

    with documents.opened(one, "cover", actor=cast.tehran_clerk.pk) as path:
        assert path.read_bytes() == content
    assert content not in VAULT.path(one.pk).read_bytes()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (upload(b"MZ program", "scan.pdf"), "no document that can be kept"),
        (upload(b"", "scan.pdf"), "empty file"),
        (upload(PDF, size=LARGEST + 1), "larger than 5 megabytes"),
    ],
)
def test_a_wrong_document_enrols_nobody_and_leaves_no_file(
    family: Family, wrong: Upload, refusal: str
) -> None:
    with pytest.raises(Invalid, match=refusal):
        enrol(family, uploads=[upload(), wrong])

    assert not Spell.objects.exists()
    assert list(VAULT.folder().glob("*")) == []


# --- two insurers at once --------------------------------------------------------------------


def resolve(family: Family, *, ours: bool) -> Resolution:
    return endings.resolve_double(
        family.ali, Insurer.objects.get(pk="sso"), stays_ours=ours, since=DEADLINE, reason=REASON,
        actor=None,
    )  # fmt: skip


@pytest.fixture
def double(country: Country, insured: Family) -> Family:
    """Ali stands on the roll of Social Security too."""
    elsewhere(country, insured)
    return insured


def test_who_is_covered_twice_is_listed_by_pair(double: Family, cast: Cast) -> None:
    found = list(doubles.doubles(cast.tehran_clerk, TODAY))

    (pair,) = doubles.pairs(cast.tehran_clerk, TODAY)
    assert [(one.person_id, one.insurer_id, one.also) for one in found] == [
        (double.ali.pk, "sso", "ihio")
    ]
    assert pair.persons == 1
    assert not doubles.doubles(cast.lorestan_clerk, TODAY)
    assert doubles.pairs(cast.lorestan_clerk, TODAY) == []


@pytest.mark.parametrize("merged", ["ali", "twin"])
def test_two_records_of_one_human_with_different_insurers_are_found(
    country: Country, cast: Cast, insured: Family, merged: str
) -> None:
    twin = register_census(
        [ali(national_id="", foreign_code="123456789012", household="9")],
        area=country.unsponsored, on=NEW_YEAR, actor=None,
    ).persons[2]  # fmt: skip
    records = {"ali": insured.ali, "twin": Person.objects.get(pk=twin)}
    actions.record_roll_cover("sso", [twin], area=country.unsponsored, on=NEW_YEAR, actor=None)
    stays = records["twin" if merged == "ali" else "ali"]
    before = doubles.doubles(cast.tehran_clerk, TODAY).count()
    merge(records[merged], stays, reason=REASON, actor=cast.tehran_clerk.pk)

    (found,) = doubles.doubles(cast.tehran_clerk, TODAY)
    (pair,) = doubles.pairs(cast.tehran_clerk, TODAY)
    elsewhere = doubles.doubles(cast.lorestan_clerk, TODAY).count()
    endings.resolve_double(
        Person.objects.get(pk=found.human), found.insurer, stays_ours=False, since=DEADLINE,
        reason=REASON, actor=None,
    )  # fmt: skip
    after = doubles.doubles(cast.tehran_clerk, TODAY).count()

    assert (found.person_id, found.human, found.also) == (twin, stays.pk, "ihio")
    assert (before, pair.persons, elsewhere, after) == (0, 1, 0, 0)


def test_ours_stays_and_the_other_ends(double: Family, cast: Cast) -> None:
    resolve(double, ours=True)

    assert [s.insurer_id for s in queries.cover_of(double.ali.pk, DEADLINE)] == ["ihio"]
    assert not doubles.doubles(cast.tehran_clerk, TODAY)
    assert not Notice.objects.exists()


def test_the_other_stays_and_ours_ends_after_a_notice(double: Family) -> None:
    made = resolve(double, ours=False)
    check_now()

    assert queries.covered(double.ali.pk, DEADLINE - DAY).covered
    assert queries.covered(double.ali.pk, DEADLINE).reasons == ("other_insurer",)
    assert made.ending.notice == Notice.objects.get()


def test_a_decided_double_is_decided_once(double: Family) -> None:
    resolve(double, ours=False)

    with pytest.raises(Invalid, match="not covered by both"):
        resolve(double, ours=True)


def test_a_wrong_decision_is_taken_back(double: Family, cast: Cast) -> None:
    made = resolve(double, ours=False)

    endings.undo_ending(made.ending_id, reason=REASON, actor=None)

    assert queries.covered(double.ali.pk, DEADLINE).covered
    assert len(doubles.doubles(cast.tehran_clerk, TODAY)) == 1


def test_three_insurers_make_pairs_without_ours(
    country: Country, family: Family, cast: Cast
) -> None:
    elsewhere(country, family)
    elsewhere(country, family, "armed_forces")

    (pair,) = doubles.pairs(cast.tehran_clerk, TODAY)

    assert pair.persons == 1


# --- newborns --------------------------------------------------------------------------------


def newborn(family: Family, **changes: object) -> Birth:
    child = CensusPerson(row=0, first_name="سارا", last_name="رضایی", sex="F",
                         birth_date=TODAY - 10 * DAY)  # fmt: skip
    return births.register_newborn(
        family.zahra, CensusPerson(**{f: getattr(child, f) for f in child.__slots__} | changes),
        actor=None,
    )  # fmt: skip


def test_a_newborn_is_covered_from_birth_for_the_grace(insured: Family, cast: Cast) -> None:
    made = newborn(insured)

    on = made.on
    assert queries.covered(made.person_id, on).reasons == ("covered", "newborn_grace")
    assert queries.covered(made.person_id, made.grace_until - DAY).covered
    assert queries.covered(made.person_id, made.grace_until).reasons == ("ended",)
    assert made.notice.deadline == made.grace_until == on + 60 * DAY
    assert Membership.objects.on(on).get(person=made.person).household == insured.household
    assert lists.birth_state(lists.births(cast.tehran_clerk, TODAY).get(), TODAY) == "grace"


def test_after_the_grace_a_newborn_waits_for_a_clerk_until_enrolled(
    insured: Family, cast: Cast
) -> None:
    made = newborn(insured)
    after = made.grace_until

    waiting = lists.births_in(lists.births(cast.tehran_clerk, after), "over", after)
    assert [one.pk for one in waiting] == [made.pk]
    enrol(insured, made.person, on=after)

    assert queries.covered(made.person_id, after).reasons == ("covered",)
    assert not lists.births_in(lists.births(cast.tehran_clerk, after), "over", after)


def test_the_child_of_an_uninsured_parent_gets_no_grace(family: Family) -> None:
    with pytest.raises(Invalid, match="parent was not covered"):
        newborn(family)


def test_an_old_child_is_no_newborn(insured: Family) -> None:
    with pytest.raises(Invalid, match="grace of a newborn is over"):
        newborn(insured, birth_date=TODAY - 60 * DAY)


def test_the_next_year_is_known(family: Family) -> None:
    assert proposals(members(family), NEXT_YEAR, "en")[0].share == Rial(28_296_000)
