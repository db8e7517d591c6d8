"""Reads of verification calls. Figures for who sees the campaign; persons only for callers."""

from uuid import UUID

from django.db.models import Count, QuerySet

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.coverage.models import Source, Spell
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.identifiers import Grade, Identifier, Kind, mask
from pooshesh.people.merged import survivors
from pooshesh.programme.calls.draw import Answers
from pooshesh.programme.calls.models import Call, Sample
from pooshesh.programme.models import Campaign
from pooshesh.programme.queries import with_people

CALL = "worklist.work"


def insured(campaign: Campaign) -> list[UUID]:
    """Persons a campaign insured and who still are, each once, whatever records they have."""
    spells = Spell.objects.known().filter(campaign_id=campaign.id, source=Source.ENROLMENT)
    stands = survivors(spells.values("person_id"))
    return sorted({stands.get(one, one) for one in spells.values_list("person_id", flat=True)})


def sample(campaign: Campaign) -> Sample | None:
    """The sample of a campaign."""
    return Sample.objects.filter(campaign=campaign).first()


def answers(one: Sample) -> Answers:
    """What the calls of a sample told so far."""
    counts = dict(
        Call.objects.filter(sample=one).values_list("outcome").annotate(n=Count("id")).order_by()
    )
    waiting = counts.pop("", 0)
    return Answers(counts, waiting)


def to_call(user: User) -> QuerySet[Campaign]:
    """Campaigns whose sample the viewer may call through: sees persons and works on them."""
    return visible(user, CALL).limit(with_people(user))


def calls(user: User, campaign: Campaign) -> QuerySet[Call]:
    """The persons to call of a campaign, within the viewer's area, in the order drawn."""
    rows = Call.objects.filter(sample__campaign=campaign, sample__campaign__in=to_call(user))
    return rows.select_related("person").order_by("place")


def call(user: User, call_id: UUID) -> Call | None:
    """One call the viewer may make."""
    rows = Call.objects.filter(id=call_id, sample__campaign__in=to_call(user))
    return rows.select_related("person", "sample__campaign__area").first()


def next_call(user: User, campaign: Campaign, after: int = 0) -> Call | None:
    """The next person not called yet, after a place in the order."""
    return calls(user, campaign).filter(outcome="", place__gt=after).first()


def mobile(one: Call) -> str:
    """The mobile number of the person of a call, "" where none is known."""
    sealed = one.person.mobile
    return keyring().open(bytes(sealed), Kind.MOBILE) if sealed else ""


def masked(one: Call) -> str:
    """The last digits of it."""
    number = mobile(one)
    return mask(Identifier(Kind.MOBILE, number, Grade.CHECKSUM)) if number else ""
