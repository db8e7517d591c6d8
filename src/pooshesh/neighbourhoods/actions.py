"""The writers of neighbourhoods: assessments of needs, and benefits given."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.kernel.text import clean
from pooshesh.neighbourhoods.models import Assessment, AssessmentState, Benefit, BenefitKind
from pooshesh.neighbourhoods.needs import WORST, questionnaire, severe
from pooshesh.neighbourhoods.states import ASSESSMENT
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Household
from pooshesh.places.models import Area, AreaKind

SHORTEST = 10

explain(
    {
        "needs.place": gettext_noop("“%(read)s” is no neighbourhood; needs are assessed of one."),
        "needs.future": gettext_noop("%(read)s has not come yet."),
        "needs.none": gettext_noop("Answer at least one question before you submit."),
        "needs.same": gettext_noop("Somebody else confirms what you answered."),
        "needs.changed": gettext_noop("The assessment was changed meanwhile; look at it again."),
        "needs.twice": gettext_noop("You assessed this neighbourhood on that day already."),
        "benefit.future": gettext_noop("%(read)s has not come yet; a benefit was given before."),
        "benefit.taken": gettext_noop("The code “%(read)s” is taken."),
        "benefit.reason": gettext_noop("Say in at least %(least)s letters why it was not given."),
        "benefit.undone": gettext_noop("This benefit was taken back before."),
    }
)


# --- needs ---------------------------------------------------------------------------------


@transaction.atomic
def begin_assessment(area: Area, on: dt.date, *, actor: UUID) -> Assessment:
    """Open the questionnaire for a neighbourhood and a day."""
    if area.kind != AreaKind.NEIGHBOURHOOD:
        raise Invalid("needs.place", read=str(area))
    if on > timezone.localdate():
        raise Invalid("needs.future", read=on)
    try:
        with transaction.atomic():
            made = Assessment.objects.create(
                area=area, area_path=area.path, province=area.province, on=on, actor=actor,
                form=questionnaire().version,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("needs.twice") from error
    _note(made, "needs.begin", actor)
    return made


@transaction.atomic
def answer(one: Assessment, answers: Mapping[str, int], *, actor: UUID) -> Assessment:
    """Keep the answers of a draft: question code → 0 (no need) to 4 (severe)."""
    codes = {question.code for question in questionnaire().questions}
    kept = {code: a for code, a in answers.items() if code in codes and 0 <= a <= WORST}
    changed = Assessment.objects.filter(pk=one.pk, state=AssessmentState.DRAFT).update(
        answers=kept, worst=len(severe(kept)), actor=actor
    )
    if not changed:
        raise Invalid("needs.changed")
    one.refresh_from_db()
    _note(one, "needs.answer", actor)
    return one


@transaction.atomic
def move(one: Assessment, verb: str, *, actor: UUID) -> Assessment:
    """Submit, confirm or send back. Nobody confirms their own answers."""
    target = ASSESSMENT.next(one.state, verb)
    if verb == "submit" and not one.answers:
        raise Invalid("needs.none")
    if verb == "confirm" and one.actor == actor:
        raise Invalid("needs.same")
    confirmed = target == AssessmentState.CONFIRMED
    changed = Assessment.objects.filter(pk=one.pk, state=one.state, answers=one.answers).update(
        state=target,
        confirmed_by=actor if confirmed else None,
        confirmed_at=timezone.now() if confirmed else None,
    )
    if not changed:
        raise Invalid("needs.changed")
    one.refresh_from_db()
    _note(one, f"needs.{verb}", actor)
    return one


def _note(one: Assessment, action: str, actor: UUID) -> None:
    audit.record(
        action, actor=actor, kind="assessment", object_id=one.pk, fields=["answers", "state"],
        area_path=one.area_path,
    )  # fmt: skip


# --- benefits --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """One benefit as it is brought; `source` names its row of a sheet, "" for a form."""

    household: Household
    kind: str
    on: dt.date
    quantity: int = 1
    amount: Rial | None = None
    note: str = ""
    source: str = ""


@transaction.atomic
def add_kind(code: str, name_fa: str, name_en: str, *, actor: UUID) -> BenefitKind:
    """Add a kind of benefit to the open list."""
    if BenefitKind.objects.filter(code=code).exists():
        raise Invalid("benefit.taken", read=code)
    made = BenefitKind.objects.create(code=code, name_fa=clean(name_fa), name_en=clean(name_en))
    audit.record("benefit.add_kind", actor=actor, kind="benefit_kind", object_id=code)
    return made


@transaction.atomic
def give(benefits: Sequence[Given], *, organisation: Organisation, actor: UUID) -> int:
    """Record benefits given; how many are new. A row of a sheet is recorded once.

    All or none: raises Invalid for a day that has not come.
    """
    today = timezone.localdate()
    for one in benefits:
        if one.on > today:
            raise Invalid("benefit.future", read=one.on)
    sources = [one.source for one in benefits if one.source]
    # Two who bring the same sheet queue here, and the second finds its rows recorded.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    known = set(Benefit.objects.filter(source__in=sources).values_list("source", flat=True))
    fresh = [one for one in benefits if not one.source or one.source not in known]
    Benefit.objects.bulk_create(
        Benefit(
            household=one.household, kind_id=one.kind, organisation=organisation, on=one.on,
            quantity=one.quantity, amount=one.amount.amount if one.amount else None,
            note=clean(one.note), source=one.source, actor=actor, area_id=one.household.area_id,
            area_path=one.household.area_path, province=one.household.province,
        )
        for one in fresh
    )  # fmt: skip
    if fresh:
        audit.record(
            "benefit.give", actor=actor, kind="organisation", object_id=organisation.pk,
            content={"benefits": len(fresh), "households": [str(g.household.pk) for g in fresh]},
        )  # fmt: skip
    return len(fresh)


@transaction.atomic
def take_back(one: Benefit, reason: str, *, actor: UUID) -> None:
    """Say that a benefit was not given after all; the record stays with the reason."""
    said = clean(reason)
    if len(said) < SHORTEST:
        raise Invalid("benefit.reason", least=SHORTEST)
    undone = Benefit.objects.filter(pk=one.pk, undone_at=None).update(
        undone_at=timezone.now(), undone_reason=said[:200]
    )
    if not undone:
        raise Invalid("benefit.undone")
    audit.record(
        "benefit.take_back", actor=actor, kind="benefit", object_id=one.pk, fields=["undone_at"],
        area_path=one.area_path,
    )  # fmt: skip
