"""What is known now about the residents of a campaign: what a decision looks at.

The first run and every later decision of a clerk read the same facts here.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from pooshesh.coverage.models import Spell
from pooshesh.kernel.time import from_day
from pooshesh.people.merged import merged_into, of_humans
from pooshesh.people.models import (
    LAWFUL,
    Decile,
    Identifier,
    IdentifierGrade,
    IdentifierKind,
    LegalStatus,
    Membership,
    Standing,
)
from pooshesh.programme.campaign.decide import Resident
from pooshesh.programme.models import Campaign, CampaignRow, Match, WorkItem, WorkKind, WorkState

#: Open questions about who somebody is: nothing is decided before the answer. First wins.
HOLDS = (WorkKind.ID_MISUSE, WorkKind.POSSIBLE_DOUBLE, WorkKind.POSSIBLE_MATCH)
TRUSTED = (IdentifierGrade.VERIFIED, IdentifierGrade.CHECKSUM)


def residents(campaign: Campaign, households: Iterable[str] | None = None) -> list[Resident]:
    """The persons of whole households (as the sheet names them), or of the whole census.

    Duplicate rows are not persons. What stands in a record that was merged into a resident's is
    the resident's as well. Eight queries, three more where records were merged, however many
    people.
    """
    rows = CampaignRow.objects.filter(campaign=campaign).exclude(match=Match.DUPLICATE)
    if households is not None:
        rows = rows.filter(household__in=list(households))
    persons = rows.values("person_id")
    merged = merged_into(persons)
    held = _held(campaign)
    members = Membership.objects.on(campaign.on).filter(person_id__in=persons)
    homes = dict(members.values_list("person_id", "household_id"))
    kinds: dict[UUID, set[str]] = {}
    identities = Identifier.objects.filter(
        replaced_at=None,
        grade__in=TRUSTED,
        kind__in=[IdentifierKind.NATIONAL, IdentifierKind.FOREIGN],
    ).values_list("person_id", "kind")
    for person, kind in of_humans(identities, persons, merged):
        kinds.setdefault(merged.get(person, person), set()).add(kind)
    statuses = Standing.objects.on(campaign.on).values_list("person_id", "status", "valid")
    stated = {
        person: (status, valid) for person, status, valid in of_humans(statuses, persons, merged)
    }
    standings = {merged[person]: stated[person] for person in stated if person in merged} | stated
    deciles = {
        home: (decile, valid.lower)
        for home, decile, valid in Decile.objects.on(campaign.on)
        .filter(household_id__in=members.values("household_id"))
        .values_list("household_id", "decile", "valid")
    }
    spells = (
        Spell.objects.known()
        .filter(insurer__ours=True, valid__overlap=from_day(campaign.on))
        .exclude(campaign_id=campaign.id)
        .values_list("person_id", flat=True)
    )
    covered = {merged.get(person, person) for person in of_humans(spells, persons, merged)}
    found = []
    for row, household, relation, person, match, roll, not_dependant, born in rows.order_by(
        "census_row"
    ).values_list(
        "census_row", "household", "relation", "person_id", "match", "roll", "not_dependant",
        "person__birth_date",
    ):  # fmt: skip
        status, valid = standings.get(person, ("", None))
        lawful = status in LAWFUL
        has = kinds.get(person, set())
        home = homes.get(person)
        decile, decile_date = deciles[home] if home in deciles else (None, None)  # noqa: SIM401
        found.append(
            Resident(
                row=row,
                household=household or f"\0{row}",  # who is in no household lives alone
                person_id=person,
                relation=relation,
                match=match,
                roll=roll,
                identified=bool(has),
                foreign=status != LegalStatus.CITIZEN
                and (bool(status) or IdentifierKind.FOREIGN in has),
                status=status,
                lawful=(valid.lower, valid.upper) if lawful and valid else (None, None),
                decile=decile,
                decile_date=decile_date,
                not_dependant=not_dependant,
                covered=person in covered,
                unborn=born is not None and born > campaign.on,
                held=held.get(row),
            )
        )
    return found


def _held(campaign: Campaign) -> dict[int, WorkKind]:
    """Census rows with an open question about who they are. Both sides of a misused ID wait."""
    held: dict[int, WorkKind] = {}
    items = WorkItem.objects.filter(
        Q(campaign=campaign), Q(state=WorkState.OPEN), Q(kind__in=HOLDS)
    ).values_list("kind", "census_row", "other_row")
    for kind, row, other in sorted(items, key=lambda item: HOLDS.index(WorkKind(item[0]))):
        held.setdefault(row, WorkKind(kind))
        if kind == WorkKind.ID_MISUSE and other is not None:
            held.setdefault(other, WorkKind(kind))
    return held
