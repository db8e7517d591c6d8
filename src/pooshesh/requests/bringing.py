"""Requests are brought, and decided by the rules at once where the rules can.

    bring(Asked(file, "sma", [LineAsked(…), …]), actor=…)

What the package gives is decided in the same transaction; what lies outside the rules parts off
as a request of its own and comes before the committee; where something is missing all of it goes
back. Nobody but a body rejects on its own judgement: the rules reject by law, with the reason.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from pooshesh.fund.models import PatientFile
from pooshesh.kernel import audit
from pooshesh.kernel.crypto import keyring
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.once import made_before
from pooshesh.kernel.text import clean
from pooshesh.requests import checking, settling
from pooshesh.requests.checking import LineAsked, Payee
from pooshesh.requests.models import (
    Doubt,
    DoubtState,
    Hold,
    Kind,
    Letter,
    Request,
    RequestLine,
    State,
)
from pooshesh.requests.near import digest, number_key, provider_key
from pooshesh.requests.writing import Rows

SHEBA = "requests.sheba"  # what a sealed account is bound to
NO_CREDIT = frozenset({"ledger.exceeded", "ledger.no_purse"})

explain(
    {
        "request.invoice_twice": gettext_noop(
            "The invoice %(invoice)s of %(provider)s was brought before, in request %(number)s."
        ),
        "request.gone": gettext_noop(
            "Somebody was before you: request %(number)s is in the state “%(state)s” already."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a patient asks for; `letter`: the prior approval that the invoices go by; `once`: the
    request's id, drawn with its form."""

    file: PatientFile
    disease: str
    lines: Sequence[LineAsked]
    kind: Kind = Kind.EXPENSE
    urgent: bool = False
    payee: Payee = field(default_factory=Payee)
    channel: str = "desk"
    facility_id: UUID | None = None  # of the clinic that brings it
    letter: Letter | None = None
    once: UUID | None = None


def before(asked: Asked, actor: UUID | None) -> Request | None:
    """The request that the same form brought when it was sent before, in a transaction.

    Raises Invalid where it said something else then.
    """
    return made_before(
        Request, asked.once, file_id=asked.file.pk, kind=asked.kind, disease_id=asked.disease,
        asked=sum(line.asked for line in asked.lines), made_by=actor,
    )  # fmt: skip


def bring(
    asked: Asked, *, actor: UUID | None, draft: bool = False, at: dt.datetime | None = None
) -> Request:
    """Bring a request, and unless it is a draft submit it. 6 statements inside the package.

    Where the province's credit does not suffice it is kept as submitted and waits for credit.
    Raises Invalid for what cannot be brought, as an invoice that was brought before.
    """
    now = at or timezone.now()
    year = checking.check(asked.kind, asked.lines, timezone.localdate(now))
    for hold in ("", Hold.CREDIT):
        made = new(asked, year, actor, now)
        rows = lines_of(made, asked.lines)
        try:
            with transaction.atomic(), audit.gathered():
                return _bring(made, rows, asked, draft, hold, actor, now)
        except IntegrityError as error:
            raise twice(error, rows) from error
        except Invalid as error:
            if error.code not in NO_CREDIT or hold:
                raise
    raise AssertionError("a request waits for credit once")


def _bring(
    made: Request, rows: list[RequestLine], asked: Asked, draft: bool, hold: str,
    actor: UUID | None, now: dt.datetime,
) -> Request:  # fmt: skip
    if draft:
        made.state = State.DRAFT
        settling.keep(Rows([made], rows, [settling.step(made, "draft", actor, now)]), {})
    else:
        settling.settle(made, rows, asked.letter, fresh=True, hold=hold, actor=actor, now=now)
    audit.record(
        "requests.bring", actor=actor, kind="request", object_id=made.pk,
        content={"kind": made.kind, "lines": len(rows), "asked": made.asked, "state": made.state},
        area_path=made.area_path, persons=[made.person_id],
    )  # fmt: skip
    return made


def new(asked: Asked, year: int, actor: UUID | None, now: dt.datetime) -> Request:
    """The request as it is brought, not yet kept."""
    file, payee = asked.file, asked.payee
    return Request(
        id=asked.once or uuid7(), kind=asked.kind, file_id=file.pk, person_id=file.person_id,
        disease_id=asked.disease, state=State.SUBMITTED, year=year,
        on=timezone.localdate(now), urgent=asked.urgent,
        channel=asked.channel, facility_id=asked.facility_id,
        approval_id=asked.letter.request_id if asked.letter else None,
        payee=payee.kind, payee_name=clean(payee.name)[:160],
        sheba=keyring().seal(payee.sheba, SHEBA) if payee.sheba else None,
        asked=sum(line.asked for line in asked.lines), made_by=actor, made_at=now, since=now,
        area_id=file.area_id, area_path=file.area_path, province=file.province,
    )  # fmt: skip


def lines_of(request: Request, lines: Sequence[LineAsked]) -> list[RequestLine]:
    """The lines as they are kept, with the keys that doubles are found by."""
    rows = []
    before: Counter[UUID] = Counter()  # services of one invoice that cost the same
    for position, line in enumerate(lines, 1):
        provider = provider_key(line.facility_id, line.provider)[:160]
        number = number_key(line.invoice)[:60]
        same = digest(provider, number, line.asked, line.on)
        place, before[same] = before[same], before[same] + 1
        once = digest(provider, number, line.asked, line.on, place) if place else same
        rows.append(
            RequestLine(
                request_id=request.pk, province=request.province, person_id=request.person_id,
                position=position, code=line.code, title=clean(line.title)[:200], on=line.on,
                facility_id=line.facility_id, provider=clean(line.provider)[:160],
                provider_key=provider, invoice=clean(line.invoice)[:60], invoice_key=number,
                digest=once if number else None,
                count=line.count, asked=line.asked,
            )
        )  # fmt: skip
    return rows


def twice(error: IntegrityError, rows: Sequence[RequestLine]) -> Exception:
    """The sentence for an invoice that the database refused; other errors as they are."""
    if "invoice_once" not in str(error):
        return error
    digests = {row.digest: row for row in rows if row.digest}
    found = (
        RequestLine.objects.filter(digest__in=list(digests), live=True)
        .exclude(request__in={row.request_id for row in rows})
        .select_related("request").first()
    )  # fmt: skip
    if found is None or found.digest is None:  # withdrawn meanwhile
        return error
    return Invalid(
        "request.invoice_twice", invoice=found.invoice, provider=digests[found.digest].provider,
        number=found.request.number,
    )  # fmt: skip


@transaction.atomic
def change(
    request: Request, lines: Sequence[LineAsked], *, payee: Payee | None = None,
    urgent: bool | None = None, actor: UUID | None, at: dt.datetime | None = None,
) -> Request:  # fmt: skip
    """Other lines of a draft, or of a request that was returned. Raises Invalid for others.

    What stands in a doubt is kept as it was; a doubt about the lines themselves is closed, and
    found anew where the new ones look alike again.
    """
    now = at or timezone.now()
    found = settling.locked(request, State.DRAFT, State.RETURNED)
    found.year = checking.check(found.kind, lines, timezone.localdate(now))
    found.asked = sum(line.asked for line in lines)
    if payee:
        found.payee, found.payee_name = payee.kind, clean(payee.name)[:160]
        found.sheba = keyring().seal(payee.sheba, SHEBA) if payee.sheba else found.sheba
    found.urgent = found.urgent if urgent is None else urgent
    found.save(update_fields=["year", "asked", "payee", "payee_name", "sheba", "urgent"])
    _replace(found, actor, now)
    rows = lines_of(found, lines)
    try:
        with transaction.atomic():
            RequestLine.objects.bulk_create(rows)
    except IntegrityError as error:
        raise twice(error, rows) from error
    audit.record(
        "requests.change", actor=actor, kind="request", object_id=found.pk,
        content={"lines": len(rows), "asked": found.asked}, area_path=found.area_path,
        persons=[found.person_id],
    )  # fmt: skip
    return found


def _replace(request: Request, actor: UUID | None, now: dt.datetime) -> None:
    """The request's lines stand no longer; those somebody was asked about are kept as they were."""
    rows = RequestLine.objects.filter(request=request)
    doubts = Doubt.objects.filter(Q(line__in=rows) | Q(other__in=rows))
    pairs = doubts.values_list("line_id", "other_id")
    asked_about = {pk for pair in pairs for pk in pair}
    Doubt.objects.filter(line__in=rows, state=DoubtState.OPEN).update(
        state=DoubtState.CHANGED, decided_by=actor, decided_at=now
    )
    rows.exclude(pk__in=asked_about).delete()
    rows.update(live=False, replaced_at=now)


def submit(request: Request, *, actor: UUID | None, at: dt.datetime | None = None) -> Request:
    """Submit a draft or what was returned; decided as in `bring`."""
    return decide_again(request, "submit", (State.DRAFT, State.RETURNED), actor=actor, at=at)


def decide_again(
    request: Request, verb: str, states: tuple[State, ...], *, actor: UUID | None,
    at: dt.datetime | None = None,
) -> Request:  # fmt: skip
    """Decide a kept request by the rules as they are now; without credit it waits for it."""
    now = at or timezone.now()
    for hold in ("", Hold.CREDIT):
        try:
            with transaction.atomic(), audit.gathered():
                found = settling.locked(request, *states)
                rows = list(RequestLine.objects.filter(request=found).order_by("position"))
                letter = Letter.objects.filter(request=found.approval_id).first()
                settling.settle(
                    found, rows, letter, fresh=False, hold=hold, actor=actor, now=now, verb=verb
                )
                audit.record(
                    f"requests.{verb}", actor=actor, kind="request", object_id=found.pk,
                    content={"state": found.state}, area_path=found.area_path,
                    persons=[found.person_id],
                )  # fmt: skip
                return found
        except Invalid as error:
            if error.code not in NO_CREDIT or hold:
                raise
    raise AssertionError("a request waits for credit once")
