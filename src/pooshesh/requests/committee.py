"""Requests before the fund's bodies: brought, proposed, shown. `verdicts` has what follows."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pooshesh.disease.models import Disease
from pooshesh.kernel import audit
from pooshesh.kernel.bulk import copy_in
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.money import Rial, format_rial
from pooshesh.meetings import agenda, sitting
from pooshesh.meetings.agenda import Brought
from pooshesh.meetings.models import Matter, MatterState
from pooshesh.meetings.registry import Shown
from pooshesh.requests import bodies
from pooshesh.requests.models import (
    Decider,
    Kind,
    Request,
    RequestStep,
    State,
)
from pooshesh.web.format import digits, language

MATTER, POLICY, APPEAL = "fund.request", "fund.policy", "fund.appeal"
KIND_OF = {Decider.COMMITTEE: MATTER, Decider.GROUP: POLICY}

explain(
    {
        "request.not_waiting": gettext_noop(
            "These requests do not wait for this body any more: %(numbers)s. Withdraw the motion"
            " and leave them out."
        ),
        "request.voted_on": gettext_noop(
            "Request %(number)s is being voted on; what is proposed changes only when the motion is"
            " withdrawn."
        ),
        "request.proposal": gettext_noop(
            "Request %(number)s: “%(read)s” rial was read; expected more than zero and less than"
            " the %(asked)s rial that were asked."
        ),
    }
)


def title_of(request: Request, disease: str) -> str:
    """How an agenda names a request; never by the patient's name, so that it may be read blind."""
    with translation.override("fa"):
        return _("Request %(number)s · %(disease)s · %(amount)s") % {
            "number": digits(str(request.number)), "disease": disease,
            "amount": format_rial(Rial(request.asked), "fa"),
        }  # fmt: skip


def bring_before(
    requests: Sequence[Request],
    of: Decider,
    *,
    actor: UUID | None,
    at: dt.datetime | None = None,
) -> list[Matter]:
    """Requests come before the committee or the working group of their province."""
    if not requests:
        return []
    names = dict(
        Disease.objects.filter(pk__in={one.disease_id for one in requests})
        .values_list("code", "name_fa")
    )  # fmt: skip
    matters = []
    for province, some in groupby(sorted(requests, key=lambda r: r.province),
                                  key=lambda r: r.province):  # fmt: skip
        brought = [
            Brought(title_of(one, names[one.disease_id]), one.pk, one.urgent) for one in some
        ]
        body = bodies.body_of(province, of)
        matters += agenda.submit(body, KIND_OF[of], brought, actor=actor, at=at)
    return matters


def take_back(requests: Iterable[Request], *, actor: UUID | None) -> None:
    """Requests need no decision any more: they stand on no agenda to come."""
    waiting = Matter.objects.filter(
        object_id__in=[one.pk for one in requests], kind__in=KIND_OF.values(),
        state=MatterState.WAITING,
    )  # fmt: skip
    for matter in waiting.select_related("body"):
        agenda.withdraw(matter, actor=actor)


@transaction.atomic
def propose(request: Request, amount: Rial, *, actor: UUID | None) -> None:
    """Set what a part would be, before it is put to the vote: what is voted on stands.

    Raises Invalid for no part of it, and while it is being voted on.
    """
    if not 0 < amount.amount < request.asked:
        raise Invalid("request.proposal", number=request.number, read=amount.amount,
                      asked=request.asked)  # fmt: skip
    not_voted_on(request.pk, request.number)
    moved = Request.objects.filter(pk=request.pk, state=State.IN_COMMITTEE).update(
        proposed=amount.amount
    )
    if not moved:
        raise Invalid("request.not_waiting", numbers=(request.number,))
    proposed(request, State.IN_COMMITTEE, amount, actor)
    audit.record(
        "requests.propose", actor=actor, kind="request", object_id=request.pk,
        content={"amount": amount.amount}, area_path=request.area_path,
        persons=[request.person_id],
    )  # fmt: skip


def not_voted_on(object_id: UUID, number: int) -> None:
    """Raises Invalid while an open motion is about a request or an appeal."""
    for matter in Matter.objects.filter(object_id=object_id, state=MatterState.WAITING):
        if sitting.voted_on(matter):
            raise Invalid("request.voted_on", number=number)


def proposed(request: Request, state: State, amount: Rial, actor: UUID | None) -> None:
    """Who proposed how much stands in the history; they keep no meeting about it."""
    said = format_rial(amount, "fa")
    steps([request], "propose", state, said, actor, timezone.now())


def show(ids: Sequence[UUID]) -> dict[UUID, Shown]:
    """What an agenda says of requests beside the title, and where their sheet is; no name."""
    found = {}
    for one in Request.objects.filter(pk__in=ids):
        said = [str(Kind(one.kind).label)]
        if one.proposed:
            said.append(_("proposed: %(amount)s") % {"amount": money(one.proposed)})
        if one.provisional:
            said.append(
                _("granted on the fast track, to be confirmed")
                if one.decided_by == Decider.FAST
                else _("to be confirmed: an interest was declared after the vote")
            )
        found[one.pk] = Shown(reverse("requests:sheet", args=[one.pk]), " · ".join(said))
    return found


def money(amount: int) -> str:
    """An amount as it is written in the active language."""
    return format_rial(Rial(amount), language())


def locked(ids: Sequence[UUID]) -> list[Request]:
    return list(Request.objects.filter(pk__in=ids).select_for_update(of=("self",)).order_by("pk"))


def steps(
    requests: Sequence[Request], verb: str, state: str, why: str, actor: UUID | None,
    at: dt.datetime,
) -> None:  # fmt: skip
    columns = ("id", "request_id", "province", "verb", "state", "why", "actor", "at")
    copy_in(RequestStep, columns, (
        (key, one.pk, one.province, verb, str(state), why, actor, at)
        for key, one in zip(uuid7s(len(requests)), requests, strict=True)
    ))  # fmt: skip
