"""Every read of the programme's pages, scoped to what the user may see.

Figures may be seen within `countable`, anything about single persons only within `visible`.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from pooshesh.access.models import User
from pooshesh.access.queries import countable, visible
from pooshesh.access.reach import Reach
from pooshesh.coverage.models import Insurer, Source, Spell
from pooshesh.kernel.models import Job
from pooshesh.people.models import Identifier
from pooshesh.places.models import in_language
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    Deletion,
    FileRole,
    Match,
    SavedMapping,
)
from pooshesh.web.table import Table

READ, RUN, PEOPLE = "campaign.read", "campaign.run", "people.read"
WRITE_COVER = "coverage.write"


def campaigns(user: User) -> QuerySet[Campaign]:
    """Campaigns whose figures the user may see, newest first."""
    rows = Campaign.objects.select_related("area", "sponsor").order_by("-created_at")
    return countable(user, READ).limit(rows)


def runnable(user: User) -> QuerySet[Campaign]:
    """Campaigns the user may prepare, run and close."""
    return visible(user, RUN).limit(Campaign.objects.select_related("area", "sponsor"))


def with_people(user: User) -> QuerySet[Campaign]:
    """Campaigns whose residents the user may see one by one."""
    return visible(user, PEOPLE).limit(campaigns(user))


def find(reach: Reach, text: str) -> Campaign | None:
    """The one campaign within reach whose key or id begins with a text; None for none or many."""
    rows = reach.limit(Campaign.objects.annotate(words=Cast("id", TextField())))
    found = rows.filter(Q(key__startswith=text) | Q(words__startswith=text))[:2]
    return found[0] if text and len(found) == 1 else None


def undoable(user: User) -> QuerySet[Campaign]:
    """Campaigns of whose residents the user may also take cover back."""
    return visible(user, WRITE_COVER).limit(with_people(user))


def files(campaign: Campaign) -> list[CampaignFile]:
    """The sheets of a campaign, the census first."""
    return list(CampaignFile.objects.filter(campaign=campaign).order_by("role", "insurer"))


def saved_mappings(role: FileRole) -> QuerySet[SavedMapping]:
    """Mappings kept for a kind of sheet; they hold headers, no persons."""
    return SavedMapping.objects.filter(role=role).order_by("name")


def job(campaign: Campaign) -> Job | None:
    """The newest background job of a campaign."""
    return Job.objects.filter(id=campaign.job_id).first() if campaign.job_id else None


def rows(campaign: Campaign) -> QuerySet[CampaignRow]:
    """Residents (no duplicate rows) with their person and the name of the insurer whose roll they
    are on; `enrolled` by this campaign and still so."""
    names = Insurer.objects.filter(code=OuterRef("roll")).values(in_language("name"))
    spells = Spell.objects.known().filter(
        campaign_id=campaign.id, source=Source.ENROLMENT, person=OuterRef("person")
    )
    return (
        CampaignRow.objects.filter(campaign=campaign)
        .exclude(match=Match.DUPLICATE)
        .select_related("person")
        .annotate(enrolled=Exists(spells), roll_name=Subquery(names))
        .order_by("census_row")
    )


def identifiers(persons: Sequence[UUID]) -> list[Identifier]:
    """The identifiers that are believed of persons, in the order they were recorded.

    For worklists, whose items are scoped already.
    """
    rows = Identifier.objects.filter(person_id__in=persons, replaced_at=None)
    return list(rows.select_related("person").order_by("recorded_at", "id"))


def is_enrolled(row: CampaignRow) -> bool:
    """Whether the campaign gave this resident cover that still stands."""
    return (
        Spell.objects.known()
        .filter(campaign_id=row.campaign_id, person=row.person_id, source=Source.ENROLMENT)
        .exists()
    )


def persons_shown(table: Table[CampaignRow]) -> list[UUID]:
    """Persons on the page of a table of residents, or of all its pages when it is exported."""
    if "export" in table.params and isinstance(table.rows, QuerySet):
        return list(table.rows.values_list("person_id", flat=True))
    return [row.person_id for row in table.page_rows]


def row(campaign: Campaign, census_row: int) -> CampaignRow:
    """One resident. Raises CampaignRow.DoesNotExist."""
    return rows(campaign).get(census_row=census_row)


def household(campaign: Campaign, census_row: int) -> list[CampaignRow]:
    """The residents of the household a row belongs to, by row."""
    name = (
        CampaignRow.objects.filter(campaign=campaign, census_row=census_row)
        .values_list("household", flat=True)
        .get()
    )
    found = rows(campaign).filter(household=name)
    return list(found if name else found.filter(census_row=census_row))


def person_campaigns(user: User, records: Sequence[UUID]) -> list[CampaignRow]:
    """Where campaigns the user may see met a person, under any visible record, newest first."""
    return list(
        CampaignRow.objects.filter(person_id__in=records, campaign__in=with_people(user))
        .exclude(match=Match.DUPLICATE)
        .select_related("campaign__area")
        .order_by("-campaign__created_at", "census_row")
    )


def deletions(user: User) -> QuerySet[Deletion]:
    """What was deleted, newest first: of campaigns the user may see.

    The daily job counts the whole country at once; who sees less than that sees none of it.
    """
    found = Deletion.objects.filter(campaign_id__in=campaigns(user).values("id"))
    if countable(user, READ).everywhere:
        found |= Deletion.objects.filter(campaign_id=None)
    return found.order_by("-at")
