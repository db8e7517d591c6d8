"""Letters of prior approval: a provider has it in writing that a cost will be paid.

What was granted is held for the patient until the letter is used by an invoice or expires; then
it counts for the invoice, or is free again.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.text import clean
from pooshesh.ledger import commitments
from pooshesh.people.merged import one_human
from pooshesh.requests import ceilings, signals
from pooshesh.requests.ceilings import Use
from pooshesh.requests.models import (
    GRANTED,
    Letter,
    LetterState,
    Request,
    RequestLine,
    RequestStep,
    State,
)
from pooshesh.requests.states import LETTER_DAYS

explain(
    {
        "request.letter_gone": gettext_noop(
            "The prior approval %(number)s is “%(state)s”; it cannot be used any more."
        ),
        "request.letter_other": gettext_noop(
            "The prior approval %(number)s is for another patient or disease."
        ),
        "request.letter_late": gettext_noop(
            "Line %(line)s is of %(read)s; the prior approval %(number)s holds until %(until)s."
        ),
        "request.letter_provider": gettext_noop(
            "Line %(line)s: the prior approval %(number)s is for “%(provider)s”."
        ),
        "request.why": gettext_noop("Say why, so that the patient understands."),
    }
)


def issue(request: Request, rows: Sequence[RequestLine], now: dt.datetime) -> Letter:
    """The letter of a granted approval, not yet kept; valid for so long after its last service."""
    first, today = rows[0], timezone.localdate(now)
    return Letter(
        request_id=request.pk, facility_id=first.facility_id, provider=first.provider,
        amount=request.payable, issued_on=today,
        until=max(row.on for row in rows) + dt.timedelta(days=LETTER_DAYS),
        area_id=request.area_id, area_path=request.area_path, province=request.province,
    )  # fmt: skip


def release(
    letter: Letter, request: Request, rows: Sequence[RequestLine], use: Use
) -> dict[str, int]:
    """Take back what the letter holds of the ceiling; rial by code that it promised.

    Raises Invalid for a letter that is not for these invoices.
    """
    letter.refresh_from_db(from_queryset=Letter.objects.select_for_update(of=("self",)))
    granted = letter.request
    number = granted.number
    if letter.state != LetterState.ISSUED:
        raise Invalid("request.letter_gone", number=number, state=LetterState(letter.state).label)
    human = one_human(request.person_id)
    if granted.person_id not in human or granted.disease_id != request.disease_id:
        raise Invalid("request.letter_other", number=number)
    promised = list(RequestLine.objects.filter(request=granted))
    providers = {row.provider_key for row in promised}
    for row in rows:
        if row.on > letter.until:
            raise Invalid("request.letter_late", line=row.position, read=row.on, number=number,
                          until=letter.until)  # fmt: skip
        if row.provider_key not in providers:
            raise Invalid("request.letter_provider", line=row.position, number=number,
                          provider=letter.provider)  # fmt: skip
    if granted.year == request.year:
        use.take_back(granted.disease_id, granted.payable, counts_of(promised))
    else:
        _give_back(granted, promised)
    by_code: Counter[str] = Counter()
    for row in promised:
        by_code[row.code] += row.payable
    return dict(by_code)


def _give_back(granted: Request, rows: Iterable[RequestLine]) -> None:
    """Give back what a letter held in its own year."""
    key = ceilings.key_of(granted)
    uses = ceilings.lock([(key, granted.province)])
    uses[key].take_back(granted.disease_id, granted.payable, counts_of(rows))
    ceilings.write(uses)


def take_again(letter: Letter, request: Request, use: Use) -> None:
    """Nothing was granted on the letter: it goes on holding its part of the ceiling."""
    granted, rows = letter.request, RequestLine.objects.filter(request=letter.request)
    if granted.year == request.year:
        use.take(granted.disease_id, granted.payable, counts_of(rows))
    else:
        key = ceilings.key_of(granted)
        uses = ceilings.lock([(key, granted.province)])
        uses[key].take(granted.disease_id, granted.payable, counts_of(rows))
        ceilings.write(uses)


def use(letter: Letter, request: Request) -> None:
    """The letter is used by an invoice: what it bound in the ledger is free for it."""
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.USED, used_by=request)
    _close(letter.request, request.number, request.made_by)


@transaction.atomic
def revoke(letter: Letter, *, why: str, actor: UUID | None) -> None:
    """Take back a letter that was not used, for a reason. Raises Invalid when it was."""
    if not clean(why):
        raise Invalid("request.why")
    _end(letter, LetterState.REVOKED, clean(why), actor)


@job("requests.letters", every=dt.timedelta(days=1))
def expire(progress: Progress) -> dict[str, int]:
    """End prior approvals whose last day has passed, so that their money is free again."""
    today, ended, stuck = timezone.localdate(), 0, 0
    for letter in Letter.objects.filter(state=LetterState.ISSUED, until__lt=today).order_by("pk"):
        try:
            with transaction.atomic():
                _end(letter, LetterState.EXPIRED, "", None)
            ended += 1
        except Invalid as error:
            stuck += 1
            _stuck(letter.request, error)
        progress("letters", ended)
    return {"letters": ended, "returned": stuck}


def _stuck(granted: Request, error: Invalid) -> None:
    """Say in the history, once, why a letter could not be ended; the others go on."""
    if RequestStep.objects.filter(request=granted, verb="stuck").exists():
        return
    with translation.override("fa"):
        RequestStep.objects.create(
            request=granted, province=granted.province, verb="stuck", state=granted.state,
            why=error.message(),
        )  # fmt: skip


def _end(letter: Letter, state: LetterState, why: str, actor: UUID | None) -> None:
    granted = letter.request
    ceilings.lock([(ceilings.key_of(granted), granted.province)])
    moved = Letter.objects.filter(pk=letter.pk, state=LetterState.ISSUED).update(state=state)
    if not moved:
        letter.refresh_from_db(fields=["state"])
        raise Invalid("request.letter_gone", number=granted.number,
                      state=LetterState(letter.state).label)  # fmt: skip
    _give_back(granted, RequestLine.objects.filter(request=granted))
    _close(granted, None, actor, why or str(state.label))
    audit.record(
        "requests.end_letter", actor=actor, kind="request", object_id=granted.pk,
        content={"state": state, "why": why}, area_path=granted.area_path,
        persons=[granted.person_id],
    )  # fmt: skip


def _close(granted: Request, used_by: int | None, actor: UUID | None, why: str = "") -> None:
    """An approval has done its work."""
    now = timezone.now()
    Request.objects.filter(pk=granted.pk, state__in=GRANTED).update(state=State.CLOSED, since=now)
    granted.state = State.CLOSED
    said = why or f"{used_by}"
    RequestStep.objects.create(
        request=granted, province=granted.province, verb="close", state=State.CLOSED,
        why=said, actor=actor, at=now,
    )  # fmt: skip
    commitments.undo([granted.pk], why=said, actor=actor)
    signals.tell([granted], State.CLOSED, "close")


def counts_of(rows: Iterable[RequestLine]) -> Counter[str]:
    """How many of each code were granted."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row.payable:
            counts[row.code] += row.count
    return counts
