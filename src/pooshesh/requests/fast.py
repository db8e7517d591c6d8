"""The fast track: an urgent request is granted before the meeting, by two members at least.

A chair cannot grant alone. What was granted so is on the agenda of the next meeting, where the
body confirms it, changes it or takes it back.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.meetings.models import Conflict, Matter, MatterState, Member, Role, Term
from pooshesh.meetings.quorum import FEWEST
from pooshesh.requests import committee
from pooshesh.requests.models import Consent, Request, State

explain(
    {
        "request.not_urgent": gettext_noop(
            "The fast track is for urgent requests that wait for the committee."
        ),
        "request.no_vote": gettext_noop(
            "“%(member)s” has no vote in the body before which this request is."
        ),
        "request.interest": gettext_noop(
            "“%(member)s” declared an interest in this request and takes no part."
        ),
        "request.consent_twice": gettext_noop("“%(member)s”, or their seat, agreed already."),
        "request.consent_amount": gettext_noop(
            "The other member agreed to %(amount)s rial; agree to the same, or bring it before the"
            " meeting."
        ),
    }
)


@transaction.atomic
def agree(
    request: Request, member: Member, amount: Rial, *, on_paper: bool = False, actor: UUID | None
) -> Request:
    """A member agrees to grant an urgent request; the second one grants it, to be confirmed.

    Raises Invalid for who has no vote today, has an interest, or agrees to another amount.
    """
    found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not found.urgent or found.state != State.IN_COMMITTEE:
        raise Invalid("request.not_urgent")
    if not 0 < amount.amount <= found.asked:
        raise Invalid("request.proposal", number=found.number, read=amount.amount,
                      asked=found.asked)  # fmt: skip
    seat = _seat(found, member)
    before = list(Consent.objects.filter(request=found))
    if any(one.amount != amount.amount for one in before):
        raise Invalid("request.consent_amount", amount=before[0].amount)
    try:
        with transaction.atomic():
            Consent.objects.create(
                request=found, province=found.province, member=member, organisation_id=seat,
                amount=amount.amount, on_paper=on_paper, given_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("request.consent_twice", member=member.name) from error
    audit.record(
        "requests.agree", actor=actor, kind="request", object_id=found.pk,
        content={"member": member.pk, "amount": amount.amount, "on_paper": on_paper},
        area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
    if len(before) + 1 >= FEWEST:
        committee.grant_fast(found, amount, actor)
    return found


def _seat(request: Request, member: Member) -> UUID:
    """Whose seat the member holds today in the body the request waits before."""
    matter = Matter.objects.filter(
        object_id=request.pk, state=MatterState.WAITING, body=member.body_id
    ).first()
    term = (
        Term.objects.on(timezone.localdate())
        .filter(body=member.body_id, member=member)
        .exclude(role=Role.SECRETARY)
        .first()
    )
    if matter is None or term is None:
        raise Invalid("request.no_vote", member=member.name)
    if Conflict.objects.filter(matter=matter, member=member).exists():
        raise Invalid("request.interest", member=member.name)
    return term.organisation_id
