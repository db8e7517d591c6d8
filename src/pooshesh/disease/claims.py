"""Diagnoses: opened for an application, decided by the university, appealed to other physicians.

Every verb locks the claim's row, so of two who decide at once the second is told what became of it.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from pooshesh.disease import tags, terms
from pooshesh.disease.models import (
    LIVE,
    Claim,
    ClaimStep,
    Disease,
    Tag,
    TagTerm,
)
from pooshesh.disease.signals import claim_moved
from pooshesh.disease.states import GROUNDS, MACHINE
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day
from pooshesh.people.merged import merged_into, one_human, survivor, survivors
from pooshesh.people.models import Person
from pooshesh.places.models import Area

explain(
    {
        "disease.claim_open": gettext_noop(
            "A university is deciding about this disease of this person already."
        ),
        "disease.ground": gettext_noop("Choose one of the grounds."),
        "disease.same_person": gettext_noop(
            "You decided about this diagnosis before; its appeal is for other physicians."
        ),
        "disease.appeal_late": gettext_noop("The refusal could be appealed until %(until)s."),
    }
)

#: What a verb is told as to other rooms.
OUTCOMES = {
    "tag": "tagged", "return": "returned", "refuse": "refused", "uphold": "upheld",
    "overturn": "overturned",
}  # fmt: skip
JUDGED = ("return", "refuse", "tag")


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A diagnosis to be decided: whose, of what, asked for by what, by which place's university."""

    person: Person
    disease: Disease
    origin_id: UUID
    area: Area


def open_claim(
    person: Person, disease: Disease, *, origin_id: UUID, area: Area, actor: UUID | None
) -> Claim:
    """Ask the university of `area` to decide; the same origin again is the same claim.

    Raises Invalid when another origin's claim of the person and disease is being decided.
    """
    found = open_claims([NewClaim(person, disease, origin_id, area)], actor=actor)
    if origin_id not in found:
        raise Invalid("disease.claim_open")
    return found[origin_id]


@transaction.atomic
def open_claims(new: Sequence[NewClaim], *, actor: UUID | None) -> dict[UUID, Claim]:
    """Ask for many at once: origin → its claim; 6 statements however many.

    An origin whose person has another live claim of the disease is left out.
    """
    known = {c.origin_id: c for c in Claim.objects.filter(origin_id__in=[n.origin_id for n in new])}
    stands = survivors([one.person.pk for one in new])
    today = timezone.localdate()
    fresh = {
        one.origin_id: Claim(
            person_id=stands.get(one.person.pk, one.person.pk), disease=one.disease,
            origin_id=one.origin_id, area=one.area, area_path=one.area.path,
            province=one.area.province, due=today + dt.timedelta(days=terms.CLAIM_DAYS),
        )
        for one in new
        if one.origin_id not in known
    }  # fmt: skip
    Claim.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    made = {c.origin_id: c for c in Claim.objects.filter(origin_id__in=list(fresh))}
    mine = [one for one in made.values() if one.pk == fresh[one.origin_id].pk]
    ClaimStep.objects.bulk_create(ClaimStep(claim=one, verb="open", actor=actor) for one in mine)
    if mine:
        audit.record(
            "disease.open_claim", actor=actor, kind="claim",
            object_id=mine[0].pk if len(mine) == 1 else "", content={"claims": len(mine)},
            area_path=mine[0].area_path if len(mine) == 1 else "",
            persons=[one.person_id for one in mine],
        )  # fmt: skip
    return known | made


@transaction.atomic
def tag(
    claim: Claim, *, starts: dt.date, ends: dt.date | None, why: str = "", actor: UUID | None
) -> Claim:
    """Find the disease: issue a tag, or renew the one that holds. Raises Invalid as `tags` do."""
    claim = _locked(claim)
    return _tagged(claim, "tag", starts, ends, why, actor)


@transaction.atomic
def return_for(claim: Claim, ground: str, *, why: str, actor: UUID | None) -> Claim:
    """Send a claim back for completion, with what is missing."""
    claim = _locked(claim)
    claim.state = MACHINE.next(claim.state, "return")
    return _kept(claim, "return", ground, tags.reason(why), actor)


@transaction.atomic
def complete(claim: Claim, *, actor: UUID | None) -> Claim:
    """What was missing is there: the university's clock starts anew."""
    claim = _locked(claim)
    claim.state = MACHINE.next(claim.state, "complete")
    claim.due = timezone.localdate() + dt.timedelta(days=terms.CLAIM_DAYS)
    return _kept(claim, "complete", "", "", actor)


@transaction.atomic
def reopen(claim: Claim, *, actor: UUID | None) -> Claim:
    """Ask again after it was closed undecided, as when a death was recorded wrongly."""
    claim = _locked(claim)
    claim.state = MACHINE.next(claim.state, "reopen")
    claim.due = timezone.localdate() + dt.timedelta(days=terms.CLAIM_DAYS)
    claim.decided_at = None
    try:
        with transaction.atomic():
            return _kept(claim, "reopen", "", "", actor)
    except IntegrityError as error:  # another application asked meanwhile
        raise Invalid("disease.claim_open") from error


@transaction.atomic
def refuse(claim: Claim, ground: str, *, why: str, actor: UUID | None) -> Claim:
    """Refuse a diagnosis on one of the grounds; it may be appealed for `APPEAL_DAYS`."""
    claim = _locked(claim)
    claim.state = MACHINE.next(claim.state, "refuse")
    claim.refused_by = actor
    claim.decided_at = timezone.now()
    claim.appeal_until = timezone.localdate() + dt.timedelta(days=terms.APPEAL_DAYS)
    return _kept(claim, "refuse", ground, tags.reason(why), actor)


@transaction.atomic
def appeal(claim: Claim, ground: str, *, why: str, actor: UUID | None) -> Claim:
    """Bring a refusal before other physicians. Raises Invalid after the last day."""
    claim = _locked(claim)
    claim.state = MACHINE.next(claim.state, "appeal")
    if claim.appeal_until is not None and timezone.localdate() > claim.appeal_until:
        raise Invalid("disease.appeal_late", until=claim.appeal_until)
    claim.due = timezone.localdate() + dt.timedelta(days=terms.CLAIM_DAYS)
    try:
        with transaction.atomic():
            return _kept(claim, "appeal", ground, tags.reason(why), actor)
    except IntegrityError as error:  # a new claim was opened meanwhile
        raise Invalid("disease.claim_open") from error


@transaction.atomic
def uphold(claim: Claim, ground: str, *, why: str, actor: UUID) -> Claim:
    """Let a refusal stand. Raises Invalid for who decided before; so does the database."""
    claim = _by_another(_locked(claim), actor)
    claim.state = MACHINE.next(claim.state, "uphold")
    claim.decided_at, claim.appeal_by = timezone.now(), actor
    return _kept(claim, "uphold", ground, tags.reason(why), actor)


@transaction.atomic
def overturn(
    claim: Claim, *, starts: dt.date, ends: dt.date | None, why: str, actor: UUID
) -> Claim:
    """Take a refusal back and tag. Raises Invalid for who decided before; so does the database."""
    claim = _by_another(_locked(claim), actor)
    claim.appeal_by = actor
    return _tagged(claim, "overturn", starts, ends, tags.reason(why), actor)


@transaction.atomic
def close(origin_ids: Iterable[UUID], *, why: str, actor: UUID | None) -> int:
    """Close what is still undecided, as when an application is withdrawn; how many."""
    return _close(Claim.objects.filter(origin_id__in=list(origin_ids)), why, actor)


def close_of_dead(person_id: UUID, *, actor: UUID | None) -> int:
    """Close what is still undecided about somebody who died, in that transaction."""
    records = one_human(survivor(person_id))
    return _close(Claim.objects.filter(person__in=records), "died", actor)


def settle(found: Sequence[Tag], *, actor: UUID | None) -> int:
    """Diagnoses of whom the ministry's registry tagged meanwhile are decided with that tag, in the
    caller's transaction; how many. 5 statements, beside what follows in other rooms."""
    today = timezone.localdate()
    holding = [one for one in found if one.starts <= today and (not one.ends or one.ends > today)]
    by_owner = {(one.person_id, one.disease_id): one for one in holding}
    merged = merged_into([one.person_id for one in holding])
    persons = [*(one.person_id for one in holding), *merged]
    rows = Claim.objects.select_for_update().filter(person__in=persons, state__in=LIVE)
    matched = []
    for claim in rows:
        owner = merged.get(claim.person_id, claim.person_id)
        claim.tag = by_owner.get((owner, claim.disease_id))
        if claim.tag is not None:
            claim.state = MACHINE.next(claim.state, "registry")
            claim.decided_at = timezone.now()
            matched.append(claim)
    if not matched:
        return 0
    Claim.objects.bulk_update(matched, ["state", "tag", "decided_at"])
    ClaimStep.objects.bulk_create(
        ClaimStep(claim=one, verb="registry", actor=actor) for one in matched
    )
    audit.record(
        "disease.claim_registry", actor=actor, kind="claim", content={"claims": len(matched)},
        persons=[one.person_id for one in matched],
    )  # fmt: skip
    for one in matched:
        claim_moved.send(sender=Claim, claim=one, outcome="tagged", why="", actor=actor)
    return len(matched)


def _close(rows: QuerySet[Claim], why: str, actor: UUID | None) -> int:
    found = list(rows.select_for_update().filter(state__in=LIVE))
    for claim in found:
        claim.state = MACHINE.next(claim.state, "close")
        claim.decided_at = timezone.now()
        _kept(claim, "close", "", clean(why), actor)
    return len(found)


def _locked(claim: Claim) -> Claim:
    return Claim.objects.select_for_update(of=("self",)).select_related("disease").get(pk=claim.pk)


def _by_another(claim: Claim, actor: UUID) -> Claim:
    judged = ClaimStep.objects.filter(claim=claim, verb__in=JUDGED, actor=actor)
    if actor == claim.refused_by or judged.exists():
        raise Invalid("disease.same_person")
    return claim


def _tagged(
    claim: Claim, verb: str, starts: dt.date, ends: dt.date | None, why: str, actor: UUID | None
) -> Claim:
    claim.state = MACHINE.next(claim.state, verb)
    claim.decided_at = timezone.now()
    held = _held(claim, starts, ends)
    if held is None:
        person = Person.objects.get(pk=survivor(claim.person_id))
        new = tags.NewTag(person, claim.disease_id, starts, ends)
        claim.tag = tags.issue(new, why=why, actor=actor)
    else:
        claim.tag = tags.renew(held, ends, why=why, actor=actor)
    return _kept(claim, verb, "", clean(why), actor)


def _held(claim: Claim, starts: dt.date, ends: dt.date | None) -> Tag | None:
    """The tag of the disease that holds on some of these days: it is renewed, not doubled."""
    records = one_human(survivor(claim.person_id))
    term = (
        TagTerm.objects.known()
        .filter(person__in=records, disease=claim.disease_id)
        .filter(valid__overlap=from_day(starts, ends))
        .select_related("tag")
        .order_by("-valid")
        .first()
    )
    return term.tag if term else None


def _kept(claim: Claim, verb: str, ground: str, why: str, actor: UUID | None) -> Claim:
    """Keep what a verb made of a locked claim: the row, a step, an event; and tell it."""
    if verb in GROUNDS and ground not in GROUNDS[verb].values:
        raise Invalid("disease.ground")
    claim.save()
    ClaimStep.objects.create(claim=claim, verb=verb, ground=ground, why=why, actor=actor)
    audit.record(
        f"disease.claim_{verb}", actor=actor, kind="claim", object_id=claim.pk,
        content={"state": claim.state, "ground": ground}, area_path=claim.area_path,
        persons=[claim.person_id],
    )  # fmt: skip
    if verb in OUTCOMES:
        claim_moved.send(sender=Claim, claim=claim, outcome=OUTCOMES[verb], why=why, actor=actor)
    return claim
