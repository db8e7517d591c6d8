"""A case from found to insured, and what takes it back; cover follows, never silently."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import actions as coverage
from pooshesh.coverage.models import Notice, Spell
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress
from pooshesh.kernel.models import Event
from pooshesh.people import actions as people
from pooshesh.people.models import (
    Household,
    IdentifierKind,
    LegalStatus,
    Membership,
    Person,
    Standing,
)
from pooshesh.people.registration import register_census
from pooshesh.people.tests.conftest import zahra
from pooshesh.policy import redecide
from pooshesh.policy.models import Decision
from pooshesh.programme.models import Campaign, WorkItem, WorkKind
from pooshesh.regularisation import actions, differences, following
from pooshesh.regularisation.models import (
    Case,
    CaseState,
    Difference,
    DifferenceState,
    Document,
    DocumentKind,
    Ground,
    Origin,
    Step,
)
from pooshesh.regularisation.tests.conftest import (
    CODE,
    Foreigner,
    days,
    decide_again,
    paper,
    today,
)

pytestmark = pytest.mark.django_db


def state_of(case: Case) -> str:
    return Case.objects.get(pk=case.pk).state


def verbs(case: Case) -> list[str]:
    rows = Step.objects.filter(case=case).order_by("at", "id")
    return list(rows.values_list("verb", flat=True))


def test_proof_of_lawful_stay_leads_to_cover_by_itself(insured: Case) -> None:
    (spell,) = Spell.objects.known().filter(person=insured.person_id)

    assert insured.state == CaseState.INSURED
    assert verbs(insured) == ["open", "regularise", "decide", "enrol"]
    assert (spell.scheme, spell.premium_percent) == ("foreign_nationals", 0)
    assert spell.decision_id == insured.decision_id
    assert spell.valid.lower == today()


def test_without_consent_the_clerk_enrols_and_sees_the_premium(
    premium: None, case: Case, cast: Cast
) -> None:
    clerk = cast.tehran_clerk.pk
    refugee = paper(status=LegalStatus.REFUGEE)
    actions.show_document(case.pk, refugee, consent_on=today(), actor=clerk)
    decide_again()
    before = state_of(case)

    actions.enrol(case.pk, agreed_on=today(), actor=clerk)

    assert before == CaseState.ELIGIBLE
    assert state_of(case) == CaseState.INSURED
    assert Spell.objects.known().get(person=case.person_id).premium_percent == 100


def test_of_two_clerks_who_enrol_one_succeeds(premium: None, case: Case, cast: Cast) -> None:
    clerk = cast.tehran_clerk.pk
    actions.show_document(case.pk, paper(status=LegalStatus.REFUGEE), actor=clerk)
    decide_again()
    actions.enrol(case.pk, agreed_on=today(), actor=clerk)

    with pytest.raises(Invalid, match="not possible"):
        actions.enrol(case.pk, agreed_on=today(), actor=cast.national_director.pk)
    assert Spell.objects.known().filter(person=case.person_id).count() == 1


def test_an_unknown_premium_leaves_the_case_regularised(case: Case, cast: Cast) -> None:
    actions.show_document(case.pk, paper(), consent_on=today(), actor=cast.tehran_clerk.pk)
    decide_again()

    assert state_of(case) == CaseState.REGULARISED
    assert differences.newest_decisions([case.person_id])[
        case.person_id
    ].outcome == "value_unknown"  # fmt: skip


def test_a_true_code_identifies_by_itself(case: Case, cast: Cast) -> None:
    people.set_identifier(case.person, IdentifierKind.FOREIGN, CODE, actor=cast.tehran_clerk.pk)

    assert state_of(case) == CaseState.IDENTIFIED


def test_a_standing_recorded_elsewhere_moves_the_case(
    premium: None, case: Case, cast: Cast
) -> None:
    people.set_standing(
        case.person, LegalStatus.REFUGEE, nationality="AF", since=days(-10),
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip
    decide_again()

    assert state_of(case) == CaseState.ELIGIBLE


def test_revoked_stay_puts_the_cover_before_a_clerk_and_ends_nothing(
    insured: Case, cast: Cast
) -> None:
    actions.revoke(insured.pk, "کارت ابطال شده است", on=today(), actor=cast.tehran_clerk.pk)
    decide_again()

    line = Difference.objects.get(person=insured.person_id)
    assert state_of(insured) == CaseState.IDENTIFIED
    assert (line.kind, line.state) == ("ends", DifferenceState.OPEN)
    assert Spell.objects.on(days(400)).filter(person=insured.person_id).exists()


def test_cover_ends_only_after_the_person_was_told(
    insured: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = cast.tehran_clerk.pk
    actions.revoke(insured.pk, "کارت ابطال شده است", on=today(), actor=clerk)
    decide_again()
    line = Difference.objects.get(person=insured.person_id)
    with pytest.raises(Invalid, match="not possible"):
        differences.apply(line.pk, actor=clerk)
    differences.tell(line.pk, days(20), actor=clerk)
    with pytest.raises(Invalid, match="told that cover changes"):
        differences.apply(line.pk, actor=clerk)
    later = days(20)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)

    differences.apply(line.pk, actor=clerk)

    covered = Spell.objects.known().filter(person=insured.person_id)
    assert covered.get().valid.upper == later
    assert Difference.objects.get().state == DifferenceState.APPLIED


def test_status_won_back_settles_the_line_and_the_notice(insured: Case, cast: Cast) -> None:
    clerk = cast.tehran_clerk.pk
    actions.revoke(insured.pk, "کارت ابطال شده است", on=today(), actor=clerk)
    decide_again()
    line = Difference.objects.get()
    differences.tell(line.pk, days(20), actor=clerk)

    actions.show_document(insured.pk, paper(number="B-99", issued=today()), actor=clerk)
    decide_again()

    assert Difference.objects.get().state == DifferenceState.VOID
    assert Notice.objects.get().withdrawn_at is not None
    assert state_of(insured) == CaseState.INSURED


def test_what_is_left_as_it_is_keeps_its_reason(insured: Case, cast: Cast) -> None:
    actions.revoke(insured.pk, "کارت ابطال شده است", on=today(), actor=cast.tehran_clerk.pk)
    decide_again()
    line = Difference.objects.get()

    differences.keep(line.pk, "در انتظار رای دیوان است", actor=cast.tehran_clerk.pk)

    assert Difference.objects.get().reason == "در انتظار رای دیوان است"
    with pytest.raises(Invalid, match="final state"):
        differences.tell(line.pk, days(20), actor=cast.tehran_clerk.pk)


def test_cover_is_never_taken_back_for_days_gone_by(insured: Case, cast: Cast) -> None:
    actions.revoke(insured.pk, "کارت ابطال شده است", on=today(), actor=cast.tehran_clerk.pk)
    decide_again()

    with pytest.raises(Invalid, match="lies before"):
        differences.tell(Difference.objects.get().pk, days(-1), actor=cast.tehran_clerk.pk)


def test_a_card_that_expires_makes_nobody_a_citizen(premium: None, case: Case, cast: Cast) -> None:
    Standing.objects.all().delete()

    actions.show_document(case.pk, paper(expires=days(30)), actor=cast.tehran_clerk.pk)

    after = Standing.objects.on(days(31)).get(person=case.person_id)
    assert (after.status, after.nationality) == (LegalStatus.IDENTIFIED, "AF")


def test_an_expired_card_is_decided_again_on_the_day(
    insured: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = days(201)  # the card was valid through day 200
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)

    redecide.redecide_everybody(Progress(uuid7()))

    assert state_of(insured) == CaseState.IDENTIFIED
    assert Difference.objects.get(person=insured.person_id).kind == "ends"


def test_a_renewal_points_to_the_card_before(insured: Case, cast: Cast) -> None:
    renewed = actions.show_document(
        insured.pk, paper(number="A-18", issued=days(-1), expires=days(565), round=18),
        actor=cast.tehran_clerk.pk,
    )  # fmt: skip

    assert renewed.renews == Document.objects.get(round=17)
    assert verbs(insured)[-1] == "renew"
    assert (
        Standing.objects.on(days(500)).get(person=insured.person_id).status == "refugee_supported"
    )
    assert state_of(insured) == CaseState.INSURED


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"expires": days(-1)}, "expired on"),
        ({"issued": days(1)}, "lies in the future"),
        ({"number": " "}, "number of the document"),
        ({"number": "1" * 41}, "at most 40"),
        ({"expires": days(-100)}, "not after it was issued"),
        ({"kind": DocumentKind.RESIDENCE}, "Only an Amayesh card"),
    ],
)
def test_a_document_that_proves_nothing_is_refused(
    case: Case, cast: Cast, changes: dict[str, object], says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        actions.show_document(case.pk, paper(**changes), actor=cast.tehran_clerk.pk)
    assert (state_of(case), Document.objects.count()) == (CaseState.FOUND, 0)


def test_the_same_document_is_recorded_once(insured: Case, cast: Cast) -> None:
    with pytest.raises(Invalid, match="recorded with the case already"):
        actions.show_document(insured.pk, paper(), actor=cast.tehran_clerk.pk)


def test_who_refused_does_not_decide_the_appeal(case: Case, cast: Cast, country: Country) -> None:
    first, second = cast.tehran_clerk.pk, cast.national_director.pk
    actions.refuse(case.pk, Ground.NO_DOCUMENT, "هیچ مدرکی نشان نداد", on=today(), actor=first)
    actions.appeal(case.pk, "مدرک تازه آورده است", on=today(), actor=first)

    with pytest.raises(Invalid, match="You refused this case yourself"):
        actions.show_document(case.pk, paper(), actor=first)
    actions.show_document(case.pk, paper(), actor=second)

    assert state_of(case) == CaseState.REGULARISED


def test_a_refusal_has_a_ground_and_dates_the_documents_deletion(case: Case, cast: Cast) -> None:
    clerk = cast.tehran_clerk.pk
    actions.show_document(case.pk, paper(status=None), actor=clerk)

    actions.refuse(case.pk, Ground.NOT_GENUINE, "صادرکننده تایید نکرد", on=today(), actor=clerk)

    assert Document.objects.get().delete_by == days(180)
    assert Standing.objects.on(today()).get(person=case.person_id).status == LegalStatus.REFUSED
    with pytest.raises(IntegrityError, match="ground"), transaction.atomic():
        Case.objects.update(ground="")


def test_a_reason_needs_words(case: Case, cast: Cast) -> None:
    with pytest.raises(Invalid, match="at least 10"):
        actions.refuse(case.pk, Ground.OTHER, "نه", on=today(), actor=cast.tehran_clerk.pk)


def test_who_left_is_decided_again_and_their_cover_is_put_before_a_clerk(
    insured: Case, cast: Cast
) -> None:
    actions.leave(insured.pk, "به کشور خود بازگشت", on=today(), actor=cast.tehran_clerk.pk)
    decide_again()

    assert state_of(insured) == CaseState.LEFT
    assert Difference.objects.get().kind == "ends"


def test_a_withdrawn_case_is_opened_again_where_the_facts_put_it(case: Case, cast: Cast) -> None:
    clerk = cast.tehran_clerk.pk
    actions.show_document(case.pk, paper(status=None), actor=clerk)
    actions.withdraw(case.pk, "خود شخص نخواست", on=today(), actor=clerk)

    actions.reopen(case.pk, "شخص دوباره مراجعه کرد", on=today(), actor=clerk)

    assert state_of(case) == CaseState.IDENTIFIED
    assert Document.objects.get().delete_by is None


def test_steps_are_never_changed(case: Case) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Step.objects.update(text="")


def test_a_case_is_opened_once_and_its_person_is_decided_about(
    foreigner: Foreigner, cast: Cast
) -> None:
    person = foreigner()
    first = actions.open_case(person, on=today(), actor=cast.tehran_clerk.pk)

    again = actions.open_case(person, on=today(), actor=cast.national_director.pk)

    assert first == again
    assert Decision.objects.get(person_id=person.pk).outcome == "regularise"
    assert Event.objects.filter(action="regularisation.open").count() == 1


def test_a_campaigns_item_opens_a_case_by_itself(
    foreigner: Foreigner, country: Country, cast: Cast
) -> None:
    person = foreigner()
    campaign = Campaign.objects.create(
        area=country.darvazeh_ghar, area_path=country.darvazeh_ghar.path, province="23",
        sponsor=country.welfare, pack="iran", on=days(-30),
    )  # fmt: skip
    WorkItem.objects.create(
        campaign=campaign, kind=WorkKind.REGULARISE, census_row=1, person=person,
        area=campaign.area, area_path=campaign.area_path, province="23",
    )  # fmt: skip

    done = [following.open_asked(Progress(uuid7())) for _ in range(2)]

    case = Case.objects.get()
    assert done == [{"cases": 1}, {"cases": 0}]
    assert (case.person_id, case.origin, case.origin_id) == (
        person.pk, Origin.CAMPAIGN, campaign.pk,
    )  # fmt: skip


def test_a_case_moves_with_its_person(case: Case, country: Country, cast: Cast) -> None:
    home = Household.objects.create(
        area=country.falak_ol_din, area_path=country.falak_ol_din.path, province="15"
    )
    people.move(case.person, home, "head", since=today(), actor=cast.tehran_clerk.pk)

    assert Case.objects.get(pk=case.pk).province == "15"


def test_a_citizens_changed_decision_is_put_before_a_clerk(
    premium: None, country: Country, cast: Cast
) -> None:
    done = register_census(
        [zahra()], area=country.unsponsored, on=days(-300), actor=cast.tehran_clerk.pk
    )
    person = Person.objects.get(pk=done.persons[1])
    home = Membership.objects.get(person=person).household
    people.set_decile(home, 2, source="رفاه", since=days(-300), actor=cast.tehran_clerk.pk)
    following.decide([person.pk], today())
    coverage.enrol(
        [coverage.Enrolment(person.pk, "universal", 0)], area=country.unsponsored, on=days(-30),
        actor=None,
    )  # fmt: skip

    people.set_decile(home, 9, source="رفاه", since=days(-1), actor=cast.tehran_clerk.pk)
    decide_again()

    line = Difference.objects.get()
    assert (line.person_id, line.kind) == (person.pk, "moves")
    assert line.since == today()


def test_telling_and_applying_a_move_changes_the_share(
    insured: Case, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = cast.tehran_clerk.pk
    actions.show_document(
        insured.pk, paper(number="R-1", status=LegalStatus.REFUGEE, issued=today()), actor=clerk
    )
    decide_again()
    line = Difference.objects.get()
    differences.tell(line.pk, days(3), actor=clerk)
    later = days(3)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: later)

    differences.apply(line.pk, actor=clerk)

    spells = Spell.objects.known().filter(person=insured.person_id).order_by("valid")
    assert [(s.premium_percent, s.valid.upper) for s in spells] == [(0, later), (100, None)]
    assert state_of(insured) == CaseState.INSURED
