"""What an answer does: it changes what is known, and the households it touches are decided anew.

One answer is one transaction, and the answers of a campaign follow one another: an answer reads
and decides whole households, of which another clerk may hold the next item. The decision follows
from the same functions as the first run.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.coverage import actions as coverage
from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.time import state
from pooshesh.people import actions as people
from pooshesh.people import links
from pooshesh.people.held import noted
from pooshesh.people.merged import survivor
from pooshesh.people.models import (
    Identifier,
    IdentifierKind,
    LegalStatus,
    LinkOrigin,
    Membership,
    Person,
    Standing,
    Verdict,
)
from pooshesh.people.queries import WRITE
from pooshesh.people.queries import household as household_within
from pooshesh.people.queries import person as person_within
from pooshesh.programme import queries
from pooshesh.programme.campaign import record
from pooshesh.programme.models import (
    Campaign,
    CampaignRow,
    CampaignState,
    Match,
    WorkItem,
    WorkKind,
    WorkState,
)
from pooshesh.programme.worklists import forms, queue
from pooshesh.web.format import number

explain(
    {
        "worklist.still_unknown": gettext_noop(
            "The rule still does not know its value for this date; leave the item or skip it."
        ),
        "worklist.no_household": gettext_noop(
            "This person belonged to no household on the day of the campaign; register one first."
        ),
        "worklist.misuse_first": gettext_noop(
            "It is still open whose the identifier of this person is; answer that item of the "
            "worklist “ID misuse” first."
        ),
        "worklist.elsewhere": gettext_noop(
            "One of the two persons is registered outside your area, so you may not change that "
            "record. Pass the item on: it then waits for somebody whose area covers both."
        ),
        "worklist.nothing_to_undo": gettext_noop(
            "There is no decision of yours in the last hours that can be taken back here. That two "
            "records are one person is taken back on the page of the person."
        ),
        "worklist.no_permission": gettext_noop("You may not change this person's record."),
    }
)

Fields = dict[str, Any]

UNDO_WITHIN = dt.timedelta(hours=12)

#: The outcome of a question that another answer settled.
VOID = "void"


def answer(user: User, item: WorkItem, form: forms.Answer) -> None:
    """Keep a clerk's decision and decide anew. Raises Invalid, and then nothing is changed.

    `Held` is raised for a number that somebody else holds; that it was asked for stays noted.
    """
    with noted(user.id):
        _answer(user, item, form)


def _answer(user: User, item: WorkItem, form: forms.Answer) -> None:
    given = form.cleaned_data
    # Nothing of the campaign is read before the lock, so nothing stale is decided on.
    campaign = Campaign.objects.select_for_update(no_key=True).get(id=item.campaign_id)
    item = queue.finish(user, item.id, form.outcome(), given["note"])
    row = CampaignRow.objects.get(campaign=campaign, census_row=item.census_row)
    touched = _EFFECTS[WorkKind(item.kind)](user, item, row, given)
    audit.record(
        "worklist.answer", actor=user.id, kind="work_item", object_id=item.id,
        content={"kind": item.kind, "outcome": item.outcome}, area_path=item.area_path,
        persons=[item.person_id],
    )  # fmt: skip
    record.settle(campaign, user.id, touched)
    if item.kind == WorkKind.VALUE_UNKNOWN and item.outcome == forms.AGAIN:
        row.refresh_from_db()
        if row.decision == WorkKind.VALUE_UNKNOWN:
            raise Invalid("worklist.still_unknown")


@transaction.atomic
def undo_last(user: User, kind: WorkKind) -> WorkItem:
    """Take one's last answer back that told two records apart: the item is open again and one's
    own, and its household decided anew.

    Raises Invalid when the last answer of the kind in these hours was another. That two are one
    person is taken back on the person's page, where it shows what hangs on it.
    """
    lately = timezone.now() - UNDO_WITHIN
    last = (
        queue.items(user)
        .filter(kind=kind, done_by=user.id, done_at__gt=lately, campaign__state=CampaignState.DONE)
        .order_by("-done_at")
        .first()
    )
    if last is None or last.outcome != forms.DIFFERENT:
        raise Invalid("worklist.nothing_to_undo")
    campaign = Campaign.objects.select_for_update(no_key=True).get(id=last.campaign_id)
    row = CampaignRow.objects.get(campaign=campaign, census_row=last.census_row)
    touched = {row.census_row}
    if kind == WorkKind.POSSIBLE_MATCH:
        _back_to_review(row, last, user)
    else:
        other = _other(last)
        assert other is not None
        touched.add(other.census_row)
        if row.person_id != other.person_id:
            people.judge_persons(
                row.person_id, other.person_id, Verdict.OPEN, origin=LinkOrigin.CAMPAIGN,
                actor=user.id,
            )  # fmt: skip
    item = queue.reopen(user, last)
    record.settle(campaign, user.id, touched)
    return item


def _back_to_review(row: CampaignRow, item: WorkItem, user: User) -> None:
    """Whether a person is the row of a roll is open again; what was given since is taken back."""
    shown = record.evidence(item)
    _take_back(row, _("Whether this person stands on an insurer's roll is open again."), user)
    row.match, row.roll, row.roll_row = Match.REVIEW, shown["roll"], int(shown["roll_row"])
    row.save(update_fields=["match", "roll", "roll_row"])
    CampaignRow.objects.filter(campaign=item.campaign, duplicate_of=row.census_row).update(
        roll=row.roll, roll_row=row.roll_row
    )


def _decile(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    home = Membership.objects.on(item.campaign.on).filter(person=row.person_id).first()
    if home is None:
        raise Invalid("worklist.no_household")
    household = household_within(user, home.household_id, WRITE)
    if household is None:
        raise Invalid("worklist.no_permission")
    people.set_decile(
        household, given["decile"], source=given["source"], since=given["since"], actor=user.id
    )
    return {row.census_row}


def _identity(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    person = _person(user, row.person_id)
    for name, kind in (
        ("national_id", IdentifierKind.NATIONAL),
        ("foreign_code", IdentifierKind.FOREIGN),
    ):
        if given[name]:
            people.set_identifier(person, kind, given[name].value, actor=user.id)
    return {row.census_row}


def _dependant(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    row.not_dependant = given["choice"] == forms.DENIED
    row.save(update_fields=["not_dependant"])
    if not row.not_dependant:
        _take_back(row, _("The other insurer covers this person as a dependant."), user)
    return {row.census_row}


def _standing(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    person = _person(user, row.person_id)
    met = Standing.objects.on(item.campaign.on).filter(person=person, status=LegalStatus.FOUND)
    for one in met if given["until"] is None else ():
        # That a census met them is no status to keep against what the office decided.
        state(Standing, {"person": person}, None, one.valid.lower, one.valid.upper)
    people.set_standing(
        person, LegalStatus(given["status"]), nationality=given["nationality"],
        source=given["source"], since=given["since"], until=given["until"], actor=user.id,
    )  # fmt: skip
    return {row.census_row}


def _misuse(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    """Take the number away from whom it is not; they then need an identity of their own."""
    other = _other(item)
    second = other.person_id if other else item.holder_id
    shared = {bytes(one.blind) for one in _shared(item, row.person_id, second)}
    losers = [row.person_id] if given["choice"] != forms.THIS else []
    if second and given["choice"] != forms.OTHER:
        losers.append(second)
    for loser in losers:
        _of_two(user, loser)
    for one in queries.identifiers(losers):
        if bytes(one.blind) in shared:
            people.withdraw_identifier(one, actor=user.id)
    return {row.census_row} | ({other.census_row} if other else set())


def _double(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    other = _other(item)
    assert other is not None
    if given["choice"] == forms.SAME and other.pk != row.pk:
        if row.match == Match.INSURED and other.match != Match.INSURED:
            _found_on_roll(other, row.roll, row.roll_row, user, item)
        _merge(user, row, other, given["note"])
        _make_double(row, other, user)
    elif row.person_id != other.person_id:
        people.judge_persons(
            row.person_id, other.person_id, Verdict.DIFFERENT, origin=LinkOrigin.CAMPAIGN,
            actor=user.id, note=given["note"],
        )  # fmt: skip
    return {row.census_row, other.census_row}


def _merge(user: User, row: CampaignRow, other: CampaignRow, note: str) -> None:
    """The record of a double stands under that of its original from now on."""
    first, second = survivor(row.person_id), survivor(other.person_id)
    if first == second:
        return
    said = _("Confirmed as a double: census rows %(row)s and %(other)s.") % {
        "row": number(row.census_row), "other": number(other.census_row),
    }  # fmt: skip
    people.merge(
        _of_two(user, first), _of_two(user, second), reason=f"{said} {note}", actor=user.id,
        origin=LinkOrigin.CAMPAIGN,
    )  # fmt: skip


def _match(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    if given["choice"] == forms.SAME:
        _found_on_roll(row, row.roll, row.roll_row, user, item)
    else:
        row.match, row.roll, row.roll_row = Match.UNINSURED, "", None
        row.save(update_fields=["match", "roll", "roll_row"])
        CampaignRow.objects.filter(campaign=item.campaign, duplicate_of=row.census_row).update(
            roll="", roll_row=None
        )
    return {row.census_row}


def _again(user: User, item: WorkItem, row: CampaignRow, given: Fields) -> set[int]:
    return {row.census_row}


_EFFECTS: dict[WorkKind, Callable[[User, WorkItem, CampaignRow, Fields], set[int]]] = {
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


def _of_two(user: User, person_id: UUID) -> Person:
    """One of the two persons of an item, if the user may change the record."""
    found = person_within(user, person_id, WRITE)
    if found is None:
        raise Invalid("worklist.elsewhere")
    return found


def _other(item: WorkItem) -> CampaignRow | None:
    """The census row on the other side, by now perhaps through its original; None for none."""
    if item.other_row is None:
        return None
    rows = CampaignRow.objects.filter(campaign=item.campaign_id)
    found = rows.get(census_row=item.other_row)
    return rows.get(census_row=found.duplicate_of) if found.duplicate_of else found


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
    _take_back(row, _("This person was found on an insurer's roll afterwards."), user)
    row.match, row.roll, row.roll_row = Match.INSURED, roll, roll_row
    row.save(update_fields=["match", "roll", "roll_row"])
    CampaignRow.objects.filter(campaign=item.campaign, duplicate_of=row.census_row).update(
        roll=roll, roll_row=roll_row
    )
    _void(_open(row).filter(kind=WorkKind.POSSIBLE_MATCH, census_row=row.census_row), user)
    others = CampaignRow.objects.filter(
        campaign=item.campaign, roll=roll, roll_row=roll_row, match=Match.INSURED
    ).exclude(person=row.person_id)
    for other in others:  # one row of a roll is one person
        links.linked(row.person_id, other.person_id, LinkOrigin.ROLL)
    record.record_seen(item.campaign, roll, [row.person_id], user.id)


def _make_double(row: CampaignRow, original: CampaignRow, user: User) -> None:
    """A row and its duplicates become duplicates of another, and their open questions end.

    Whether the person is on a roll stays a question, now about the original, unless that was
    asked before. Raises Invalid while it is open whether somebody else bears their identifier.
    """
    family = Q(census_row=row.census_row) | Q(duplicate_of=row.census_row)
    rows = CampaignRow.objects.filter(family, campaign=row.campaign_id)
    doubles = list(rows.values_list("census_row", flat=True))
    theirs = _open(row).filter(Q(census_row__in=doubles) | Q(other_row__in=doubles))
    one_person = [*doubles, original.census_row]
    among = Q(census_row__in=one_person, other_row__in=one_person)
    if theirs.filter(kind=WorkKind.ID_MISUSE).exclude(among).exists():
        raise Invalid("worklist.misuse_first")
    matches = WorkItem.objects.filter(campaign=row.campaign_id, kind=WorkKind.POSSIBLE_MATCH)
    asked = matches.filter(census_row=original.census_row).exists()
    if row.match == Match.REVIEW and original.match == Match.UNINSURED and not asked:
        original.match, original.roll, original.roll_row = row.match, row.roll, row.roll_row
        original.save(update_fields=["match", "roll", "roll_row"])
        matches.filter(census_row=row.census_row).update(
            census_row=original.census_row, person=original.person_id,
            locked_by=None, locked_until=None,
        )  # fmt: skip
    rows.update(match=Match.DUPLICATE, duplicate_of=original.census_row, person=original.person_id)
    CampaignRow.objects.filter(campaign=row.campaign_id, duplicate_of=original.census_row).update(
        roll=original.roll, roll_row=original.roll_row
    )
    _void(theirs.filter(Q(census_row__in=doubles) | among), user)


def _open(row: CampaignRow) -> QuerySet[WorkItem]:
    """The open items of the campaign of a row."""
    return WorkItem.objects.filter(campaign=row.campaign_id, state=WorkState.OPEN)


def _void(items: QuerySet[WorkItem], user: User) -> None:
    """End questions that an answer to another has settled."""
    items.update(
        state=WorkState.DONE, outcome=VOID, done_by=user.id, done_at=timezone.now(),
        locked_by=None, locked_until=None,
    )  # fmt: skip
