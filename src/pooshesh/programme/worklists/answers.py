"""What an answer does: it changes what is known, and the households it touches are decided anew.

One answer is one transaction. The decision follows from the same functions as the first run.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from pooshesh.access.models import User
from pooshesh.coverage import actions as coverage
from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.people import actions as people
from pooshesh.people.models import Identifier, IdentifierKind, LegalStatus, Membership, Person
from pooshesh.people.queries import person as person_within
from pooshesh.programme import queries
from pooshesh.programme.campaign import record
from pooshesh.programme.models import CampaignRow, Match, WorkItem, WorkKind
from pooshesh.programme.worklists import forms, queue

explain(
    {
        "worklist.still_unknown": gettext_noop(
            "The rule still does not know its value for this date; leave the item or skip it."
        ),
        "worklist.no_household": gettext_noop(
            "This person belonged to no household on the day of the campaign; register one first."
        ),
        "worklist.no_permission": gettext_noop("You may not change this person's record."),
    }
)

Fields = dict[str, Any]


@transaction.atomic
def answer(user: User, item: WorkItem, form: forms.Answer) -> None:
    """Keep a clerk's decision and decide anew. Raises Invalid, and then nothing is changed."""
    given = form.cleaned_data
    item = queue.finish(user, item.id, form.outcome(), given["note"])
    row = CampaignRow.objects.select_for_update().get(
        campaign=item.campaign, census_row=item.census_row
    )
    touched = _EFFECTS[WorkKind(item.kind)](user, item, row, given)
    audit.record(
        "worklist.answer", actor=user.id, kind="work_item", object_id=item.id,
        content={"kind": item.kind, "outcome": item.outcome}, area_path=item.area_path,
        persons=[item.person_id],
    )  # fmt: skip
    record.settle(item.campaign, user.id, touched)
    if item.kind == WorkKind.VALUE_UNKNOWN and item.outcome == forms.AGAIN:
        row.refresh_from_db()
        if row.decision == WorkKind.VALUE_UNKNOWN:
            raise Invalid("worklist.still_unknown")


def _decile(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    home = (
        Membership.objects.on(item.campaign.on)
        .filter(person=row.person_id)
        .select_related("household")
        .first()
    )
    if home is None:
        raise Invalid("worklist.no_household")
    people.set_decile(
        home.household, given["decile"], source=given["source"], since=given["since"],
        actor=user.id,
    )  # fmt: skip
    return {row.household}


def _identity(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    person = _person(user, row.person_id)
    for name, kind in (
        ("national_id", IdentifierKind.NATIONAL),
        ("foreign_code", IdentifierKind.FOREIGN),
    ):
        if given[name]:
            people.set_identifier(person, kind, given[name].value, actor=user.id)
    return {row.household}


def _dependant(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    row.not_dependant = given["choice"] == forms.DENIED
    row.save(update_fields=["not_dependant"])
    if not row.not_dependant:
        _take_back(row, "The other insurer covers this person as a dependant.", user)
    return {row.household}


def _standing(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    person = _person(user, row.person_id)
    people.set_standing(
        person, LegalStatus(given["status"]), nationality=given["nationality"],
        source=given["source"], since=given["since"], until=given["until"], actor=user.id,
    )  # fmt: skip
    return {row.household}


def _misuse(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    """Take the number away from whom it is not; they then need an identity of their own."""
    other = _other(item)
    second = other.person_id if other else item.holder_id
    shared = {bytes(one.blind) for one in _shared(item, row.person_id, second)}
    losers = [row.person_id] if given["choice"] != forms.THIS else []
    if second and given["choice"] != forms.OTHER:
        if item.holder_id:
            _person(user, second)
        losers.append(second)
    for one in queries.identifiers(losers):
        if bytes(one.blind) in shared:
            people.withdraw_identifier(one, actor=user.id)
    return {row.household} | ({other.household} if other else set())


def _double(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    if given["choice"] == forms.DIFFERENT:
        return {row.household}
    other = _other(item)
    assert other is not None
    if row.match == Match.INSURED and other.match != Match.INSURED:
        _found_on_roll(other, row.roll, row.roll_row, user, item)
    _make_double(row, other)
    return {other.household}


def _match(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    if given["choice"] == forms.SAME:
        _found_on_roll(row, row.roll, row.roll_row, user, item)
    else:
        row.match, row.roll, row.roll_row = Match.UNINSURED, "", None
        row.save(update_fields=["match", "roll", "roll_row"])
        CampaignRow.objects.filter(campaign=item.campaign, duplicate_of=row.census_row).update(
            roll="", roll_row=None
        )
    return {row.household}


def _again(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[str]:
    return {row.household}


_EFFECTS: dict[WorkKind, Callable[[User, WorkItem, CampaignRow, Fields], set[str]]] = {
    WorkKind.NEEDS_DECILE: _decile,
    WorkKind.NEEDS_IDENTITY: _identity,
    WorkKind.DEPENDANT: _dependant,
    WorkKind.REGULARISE: _standing,
    WorkKind.ID_MISUSE: _misuse,
    WorkKind.POSSIBLE_DOUBLE: _double,
    WorkKind.POSSIBLE_MATCH: _match,
    WorkKind.VALUE_UNKNOWN: _again,
}


def _person(user: User, person_id: UUID) -> Person:
    """A person, if the user may change the record."""
    found = person_within(user, person_id, "people.write")
    if found is None:
        raise Invalid("worklist.no_permission")
    return found


def _other(item: WorkItem) -> CampaignRow | None:
    """The census row on the other side, locked; None when there is none."""
    if item.other_row is None:
        return None
    return CampaignRow.objects.select_for_update().get(
        campaign=item.campaign, census_row=item.other_row
    )


def _shared(item: WorkItem, first: UUID, second: UUID | None) -> list[Identifier]:
    """The identifiers of the first person that the other side bears as well."""
    mine = queries.identifiers([first])
    if second:
        theirs = {bytes(one.blind) for one in queries.identifiers([second])}
        return [one for one in mine if bytes(one.blind) in theirs]
    shown = record.evidence(item)
    texts = {Kind.NATIONAL_ID: "national_id", Kind.FOREIGN_CODE: "foreign_id"}
    on_roll = {kind.value: grade(kind, shown.get(name, "")).value for kind, name in texts.items()}
    keys = keyring()
    return [one for one in mine if keys.open(bytes(one.sealed), one.kind) == on_roll.get(one.kind)]


def _take_back(row: CampaignRow, reason: str, user: User) -> None:
    """Undo what the campaign gave to somebody who turns out to be insured elsewhere."""
    if queries.is_enrolled(row):
        coverage.undo_enrolment(
            row.person_id, campaign_id=row.campaign_id, reason=reason, actor=user.id
        )


def _found_on_roll(
    row: CampaignRow, roll: str, roll_row: int | None, user: User, item: WorkItem
) -> None:
    """The person of a row stands on a roll after all, and their duplicate rows with them."""
    _take_back(row, "This person was found on an insurer's roll afterwards.", user)
    row.match, row.roll, row.roll_row = Match.INSURED, roll, roll_row
    row.save(update_fields=["match", "roll", "roll_row"])
    CampaignRow.objects.filter(campaign=item.campaign, duplicate_of=row.census_row).update(
        roll=roll, roll_row=roll_row
    )
    record.record_seen(item.campaign, roll, [row.person_id], user.id)


def _make_double(row: CampaignRow, original: CampaignRow) -> None:
    """A row and its duplicates become duplicates of another."""
    CampaignRow.objects.filter(
        Q(pk=row.pk) | Q(campaign=row.campaign_id, duplicate_of=row.census_row)
    ).update(
        match=Match.DUPLICATE, duplicate_of=original.census_row, person=original.person_id,
        roll=original.roll, roll_row=original.roll_row,
    )  # fmt: skip
