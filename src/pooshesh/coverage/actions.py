"""The only writers of spells: each function is one verb, one transaction, one audit event.

What happens to a spell is written in `suspensions.py` and `endings.py`, money in `payments.py`,
enrolment by household in `households.py`, cards in `proofs.py`, newborns in `births.py`.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from pooshesh.coverage.models import Insurer, Scheme, Source, Spell, Suspension, Undo
from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.people.registration import lock_persons
from pooshesh.places.models import Area

SHORTEST_REASON = 10
_COLUMNS = (
    "id", "person_id", "insurer_id", "scheme", "premium_percent", "area_id", "area_path",
    "province", "decision_id", "campaign_id", "application_id", "source", "valid", "recorded",
)  # fmt: skip

explain(
    {
        "coverage.insurer_unknown": gettext_noop("No insurer has the code “%(read)s”."),
        "coverage.insurer_taken": gettext_noop("The insurer code “%(read)s” is taken."),
        "coverage.overlap": gettext_noop(
            "Of %(persons)s persons to enrol somebody is covered by the same insurer at that time "
            "already; nobody was enrolled."
        ),
        "coverage.nothing_to_undo": gettext_noop(
            "There is no enrolment to undo: it was undone or ended before, or found on a roll."
        ),
        "coverage.reason_short": gettext_noop(
            "Write the reason in at least %(least)s letters; it is kept beside the enrolment."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One person to enrol: in which fund, what the household pays, by which decision."""

    person_id: UUID
    scheme: Scheme | str
    premium_percent: int  # 0–100, the household's share
    decision_id: UUID | None = None


@transaction.atomic
def add_insurer(code: str, name_fa: str, name_en: str, *, actor: UUID | None) -> Insurer:
    """Add another basic insurer to the open list."""
    if Insurer.objects.filter(code=code).exists():
        raise Invalid("coverage.insurer_taken", read=code)
    made = Insurer.objects.create(code=code, name_fa=name_fa, name_en=name_en)
    audit.record(
        "coverage.add_insurer", actor=actor, kind="insurer", object_id=code, fields=["name"]
    )
    return made


@transaction.atomic
def record_roll_cover(
    insurer: str,
    persons: Iterable[UUID],
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    campaign_id: UUID | None = None,
) -> int:
    """Write that persons stand on an insurer's roll, from the day it was seen; how many are new.

    Who is known to be covered by that insurer on the day is left as they are, so a second run
    changes nothing. A spell that is known to begin later ends the one written here.
    """
    wanted = list(dict.fromkeys(persons))
    lock_persons(wanted)
    if not Insurer.objects.filter(code=insurer).exists():
        raise Invalid("coverage.insurer_unknown", read=insurer)
    begins: dict[UUID, dt.date | None] = {}
    for person, valid in (
        Spell.objects.known()
        .filter(person_id__in=wanted, insurer=insurer, valid__overlap=from_day(on))
        .order_by("-valid")
        .values_list("person_id", "valid")
    ):
        begins[person] = None if on in valid else valid.lower
    fresh = [person for person in wanted if begins.get(person, on) is not None]
    _copy(
        ((person, "", None, None, from_day(on, begins.get(person))) for person in fresh),
        insurer, area, campaign_id, Source.ROLL,
    )  # fmt: skip
    _record("coverage.record_roll", actor, area, fresh, campaign_id)
    return len(fresh)


@transaction.atomic
def enrol(
    enrolments: Sequence[Enrolment],
    *,
    area: Area,
    on: dt.date,
    actor: UUID | None,
    until: dt.date | None = None,
    campaign_id: UUID | None = None,
    application_id: UUID | None = None,
    source: Source = Source.ENROLMENT,
) -> int:
    """Enrol persons with this insurer from a day on; how many were enrolled.

    All or nothing: raises Invalid when somebody would have two spells at once, which the database
    refuses. Whom the same campaign enrolled before, undone or not, is left out.
    """
    lock_persons(one.person_id for one in enrolments)
    before = (
        set(
            Spell.objects.filter(
                campaign_id=campaign_id,
                source=Source.ENROLMENT,
                person_id__in=[one.person_id for one in enrolments],
            ).values_list("person_id", flat=True)
        )
        if campaign_id
        else set()
    )
    fresh = [one for one in enrolments if one.person_id not in before]
    try:
        with transaction.atomic():
            _copy(
                (
                    (
                        one.person_id, Scheme(one.scheme).value, one.premium_percent,
                        one.decision_id, from_day(on, until),
                    )
                    for one in fresh
                ),
                Insurer.objects.get(ours=True).code, area, campaign_id, source, application_id,
            )  # fmt: skip
    except IntegrityError as error:
        if "spell_one_at_a_time" not in str(error):
            raise
        raise Invalid("coverage.overlap", persons=len(fresh)) from error
    _record("coverage.enrol", actor, area, [one.person_id for one in fresh], campaign_id)
    return len(fresh)


def _copy(
    rows: Iterable[tuple[UUID, str, int | None, UUID | None, DateRange]],
    insurer: str,
    area: Area,
    campaign_id: UUID | None,
    source: Source,
    application_id: UUID | None = None,
) -> None:
    """COPY (person, scheme, premium, decision, valid) as believed spells."""
    spells, recorded = list(rows), from_now()
    copy_in(
        Spell,
        _COLUMNS,
        (
            (
                pk, person, insurer, scheme, premium, area.pk, area.path, area.province, decision,
                campaign_id, application_id, source.value, valid, recorded,
            )
            for pk, (person, scheme, premium, decision, valid) in zip(
                uuid7s(len(spells)), spells, strict=True
            )
        ),
    )  # fmt: skip


def _record(
    action: str, actor: UUID | None, area: Area, persons: Sequence[UUID], campaign: UUID | None
) -> None:
    """The event of a bulk write; none when nothing was written."""
    if persons:
        audit.record(
            action, actor=actor, kind="area", object_id=area.pk, fields=["spell"],
            purpose=f"campaign {campaign}" if campaign else "", area_path=area.path,
            persons=persons,
        )  # fmt: skip


@transaction.atomic
def undo_spell(spell_id: UUID, *, reason: str, actor: UUID | None) -> Undo:
    """Take an enrolment back as if it had never been; that it was believed is kept.

    Of two clerks at once one succeeds. Raises Invalid when there is nothing to undo.
    """
    reason = clean(reason)
    if len(reason) < SHORTEST_REASON:
        raise Invalid("coverage.reason_short", least=SHORTEST_REASON)
    spell = Spell.objects.known().filter(pk=spell_id, source=Source.ENROLMENT).first()
    now = timezone.now()
    undone = spell and Spell.objects.known().filter(pk=spell_id).update(
        recorded=DateTimeTZRange(spell.recorded.lower, now, "[)")
    )
    if not spell or not undone:
        raise Invalid("coverage.nothing_to_undo")
    no_suspension(spell.person_id, spell.valid.lower, spell.valid.upper, now)
    undo = Undo.objects.create(spell=spell, reason=reason, actor=actor, at=now)
    audit.record(
        "coverage.undo", actor=actor, kind="spell", object_id=spell_id, purpose=reason,
        fields=["recorded"], area_path=spell.area_path, persons=[spell.person_id],
    )  # fmt: skip
    return undo


def undo_enrolment(person_id: UUID, *, campaign_id: UUID, reason: str, actor: UUID | None) -> Undo:
    """`undo_spell` of what a campaign gave to a person."""
    spell = (
        Spell.objects.known()
        .filter(person_id=person_id, campaign_id=campaign_id, source=Source.ENROLMENT)
        .first()
    )
    if spell is None:
        raise Invalid("coverage.nothing_to_undo")
    return undo_spell(spell.pk, reason=reason, actor=actor)


@transaction.atomic
def end_spell(spell_id: UUID, first_without: dt.date, *, actor: UUID | None) -> bool:
    """End one believed spell so that a day is the first without it; False when it was over before.

    What the same insurer gives from a later day on stays.
    """
    spell = Spell.objects.known().filter(pk=spell_id).first()
    if spell is None:
        return False
    lock_persons([spell.person_id])
    spell = (
        Spell.objects.known().filter(pk=spell_id, valid__overlap=from_day(first_without)).first()
    )
    if spell is None:
        return False
    key = {"person_id": spell.person_id, "insurer_id": spell.insurer_id}
    now = timezone.now()
    state(Spell, key, None, first_without, spell.valid.upper, now)
    no_suspension(spell.person_id, first_without, spell.valid.upper, now)
    audit.record(
        "coverage.end", actor=actor, kind="spell", object_id=spell_id, fields=["valid"],
        area_path=spell.area_path, persons=[spell.person_id],
    )  # fmt: skip
    return True


def no_suspension(
    person_id: UUID, start: dt.date | None, end: dt.date | None, at: dt.datetime
) -> None:
    """Believe in no suspension on [start, end): cover that is gone is not suspended."""
    state(Suspension, {"person_id": person_id}, None, start, end, at)
