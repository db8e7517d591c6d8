"""The fast track: an urgent request is granted before the meeting, by two members at least.

A member agrees by their own account; who has none agrees on a paper that one person brings and
another confirms. Nobody grants alone, a chair neither, nor a clerk for two members. What was
granted so is not paid before the next meeting, where the body confirms it, changes it or takes it
back.
"""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.documents import actions as documents
from pooshesh.documents.reading import Cleaned
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.money import Rial
from pooshesh.meetings.models import Conflict, Matter, MatterState, Member, Role, Term
from pooshesh.meetings.quorum import FEWEST
from pooshesh.requests import verdicts, worked
from pooshesh.requests.models import Consent, Request, State

PAPER = "fund.consent"  # what the papers are kept under, with the consent's id

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
        "request.consent_own": gettext_noop(
            "“%(member)s” has an account and agrees with it; nobody agrees for them."
        ),
        "request.consent_second": gettext_noop(
            "Whoever brought a paper does not also confirm it; expected another person."
        ),
        "request.consent_gone": gettext_noop("Somebody has looked at this paper already."),
    }
)


@transaction.atomic
def agree(request: Request, member: Member, amount: Rial, *, actor: UUID) -> Request:
    """A member agrees by their own account to grant an urgent request; the second one grants it.

    Raises Invalid for who has no vote today, has an interest, worked on the request, or agrees to
    another amount than who agreed before.
    """
    found = _urgent(request)
    if member.user_id != actor:
        raise Invalid("request.consent_own", member=member.name)
    worked.refuse([found.pk], actor)
    _write(found, member, amount, actor)
    _grant(found, actor)
    return found


@transaction.atomic
def agree_on_paper(
    request: Request, member: Member, amount: Rial, paper: Cleaned, *, actor: UUID | None
) -> Consent:
    """Bring the paper on which a member without an account agreed; another person confirms it.

    Raises Invalid as `agree` does, and for a member who has an account.
    """
    found = _urgent(request)
    if member.user_id is not None:
        raise Invalid("request.consent_own", member=member.name)
    made = _write(found, member, amount, actor, on_paper=True)
    made.paper = documents.keep(
        paper, owner_kind=PAPER, owner_id=made.pk, person_id=found.person_id, kind="other",
        area_path=str(found.area_path), province=found.province, actor=actor,
    )  # fmt: skip
    made.save(update_fields=["paper"])
    return made


@transaction.atomic
def confirm(consent: Consent, *, accept: bool = True, actor: UUID | None) -> Request:
    """A second person read the paper: it counts from now on, or it is taken away again."""
    found = _urgent(consent.request)
    now = Consent.objects.filter(pk=consent.pk, on_paper=True, confirmed_at=None).first()
    if now is None:
        raise Invalid("request.consent_gone")
    if actor is not None and actor == now.given_by:
        raise Invalid("request.consent_second")
    if accept:
        now.confirmed_by, now.confirmed_at = actor, timezone.now()
        now.save(update_fields=["confirmed_by", "confirmed_at"])
    else:
        paper = now.paper
        now.delete()
        if paper:
            documents.discard(paper, why="does not say so", actor=actor)
    _note(found, "requests.confirm", now.member, now.amount, actor, accept=accept)
    _grant(found, actor)
    return found


def _urgent(request: Request) -> Request:
    found = Request.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if not found.urgent or found.state != State.IN_COMMITTEE:
        raise Invalid("request.not_urgent")
    return found


def _write(
    found: Request, member: Member, amount: Rial, actor: UUID | None, *, on_paper: bool = False
) -> Consent:
    if not 0 < amount.amount <= found.asked:
        raise Invalid("request.proposal", number=found.number, read=amount.amount,
                      asked=found.asked)  # fmt: skip
    seat = _seat(found, member)
    before = Consent.objects.filter(request=found).first()
    if before and before.amount != amount.amount:
        raise Invalid("request.consent_amount", amount=before.amount)
    try:
        with transaction.atomic():
            made = Consent.objects.create(
                request=found, province=found.province, member=member, organisation_id=seat,
                amount=amount.amount, on_paper=on_paper, given_by=actor,
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid("request.consent_twice", member=member.name) from error
    _note(found, "requests.agree", member, amount.amount, actor, on_paper=on_paper)
    return made


def _grant(found: Request, actor: UUID | None) -> None:
    """Grant it once enough agreed who still have a vote and no interest."""
    given = Consent.objects.filter(request=found).select_related("member")
    standing = [one for one in given if one.counts and _may(found, one.member)]
    if len(standing) >= FEWEST:
        verdicts.grant_fast(found, Rial(standing[0].amount), actor)


def _may(found: Request, member: Member) -> bool:
    try:
        _seat(found, member)
    except Invalid:
        return False
    return True


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


def _note(
    found: Request, action: str, member: Member, amount: int, actor: UUID | None, **more: object
) -> None:
    audit.record(
        action, actor=actor, kind="request", object_id=found.pk,
        content={"member": member.pk, "amount": amount, **more},
        area_path=found.area_path, persons=[found.person_id],
    )  # fmt: skip
