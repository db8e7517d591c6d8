"""The writers of agreements: register, renew, end early, keep the signed paper, warn."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit, jobs, rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean, search_key
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.kernel.vault import Vault, vault_rotation
from pooshesh.partners.agreement_queries import data_exchange_allowed, ending_soon
from pooshesh.partners.models import (
    Agreement,
    AgreementDocument,
    AgreementTerm,
    DataClass,
    Organisation,
    Scope,
)
from pooshesh.partners.queries import OURS, by_code
from pooshesh.places.models import Area

explain(
    {
        "agreement.number": gettext_noop("There is an agreement with the number “%(read)s”."),
        "agreement.parties": gettext_noop(
            "%(read)s organisations were given; an agreement has two parties or more."
        ),
        "agreement.classes": gettext_noop(
            "An agreement on data exchange names the classes of data; none was chosen."
        ),
        "agreement.no_classes": gettext_noop(
            "Classes of data were chosen, but not data exchange as what the agreement is for."
        ),
        "agreement.order": gettext_noop("The end %(end)s does not lie after the start %(start)s."),
        "agreement.overlap": gettext_noop(
            "The agreement holds on some of these days already; a renewal begins when it ends."
        ),
        "agreement.over": gettext_noop(
            "The agreement does not hold on %(day)s; there is nothing to end."
        ),
        "agreement.ended": gettext_noop("The agreement was ended early on %(day)s."),
        "agreement.reason": gettext_noop("No reason was given; expected one."),
        "agreement.paper": gettext_noop(
            "“%(read)s” is neither a PDF nor a JPEG or PNG picture; expected one of these."
        ),
        "agreement.large": gettext_noop("The file is larger than %(megabytes)s megabytes."),
    }
)

explain(
    {
        "exchange.none": gettext_noop(
            "There is no valid agreement on %(on)s under which “%(name)s” gives this insurer its"
            " %(data_class)s; register or renew one first."
        )
    }
)

LARGEST = 20  # megabytes
SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}
PAPERS = Vault(lambda: config().home / "uploads" / "agreements", "agreement paper")
rotation.register(vault_rotation("agreement papers", PAPERS, AgreementDocument.objects.all))


@transaction.atomic
def register(
    *,
    actor: UUID | None,
    number: str,
    title: str,
    parties: Sequence[Organisation],
    scopes: Iterable[Scope],
    legal_basis: str,
    signed_on: dt.date,
    since: dt.date,
    until: dt.date | None = None,
    data_classes: Iterable[DataClass] = (),
    areas: Iterable[Area] = (),
) -> Agreement:
    """Put an agreement into the register, in force from `since` up to, not including, `until`.

    Raises Invalid for fewer than two parties, a taken number, classes of data without an
    exchange or the other way round, an end before the start.
    """
    between = {party.pk: party for party in parties}
    scopes, data_classes, areas = sorted({*scopes}), sorted({*data_classes}), list(areas)
    if len(between) < 2:
        raise Invalid("agreement.parties", read=len(between))
    if Scope.DATA_EXCHANGE in scopes and not data_classes:
        raise Invalid("agreement.classes")
    if data_classes and Scope.DATA_EXCHANGE not in scopes:
        raise Invalid("agreement.no_classes")
    _in_order(since, until)
    provinces = {area.province for area in areas}
    made, new = Agreement.objects.get_or_create(
        number=clean(number),
        defaults={
            "title": clean(title), "search_key": f"{search_key(title)} {search_key(number)}",
            "scopes": scopes, "data_classes": data_classes, "legal_basis": clean(legal_basis),
            "signed_on": signed_on, "actor": actor,
            "province": provinces.pop() if len(provinces) == 1 else "",
        },
    )  # fmt: skip
    if not new:
        raise Invalid("agreement.number", read=clean(number))
    made.parties.set(between.values())
    made.areas.set(areas)
    _add_term(made, signed_on, since, until)
    _record("agree", actor, made, number=made.number, parties=sorted(p.code for p in parties),
            scopes=scopes, data_classes=data_classes, since=since, until=until)  # fmt: skip
    return made


def require_data_exchange(
    code: str, data_class: DataClass, on: dt.date, area: Area | None = None
) -> Agreement | None:
    """The agreement under which an organisation's data may come in; None for our own data.

    Raises Invalid that names the organisation and what is missing.
    """
    if code == OURS:
        return None
    organisation = by_code(code)
    found = data_exchange_allowed(organisation, data_class, on, area)
    if found is None:
        raise Invalid(
            "exchange.none", name=str(organisation or code), on=on, data_class=data_class.label
        )
    return found


@transaction.atomic
def renew(
    *,
    actor: UUID | None,
    agreement: Agreement,
    signed_on: dt.date,
    since: dt.date,
    until: dt.date | None,
) -> None:
    """The agreement holds for another term. Raises Invalid when it holds then already."""
    agreement = _locked(agreement)
    _in_order(since, until)
    _add_term(agreement, signed_on, since, until)
    # What was ended early and is renewed after that stands on its feet again.
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=None, end_reason="")
    _record("renew", actor, agreement, since=since, until=until)


@transaction.atomic
def end_early(*, actor: UUID | None, agreement: Agreement, on: dt.date, reason: str) -> None:
    """The agreement holds no longer from a day on, with the reason. What was stays known."""
    agreement = _locked(agreement)
    if not clean(reason):
        raise Invalid("agreement.reason")
    if agreement.ended_on:
        raise Invalid("agreement.ended", day=agreement.ended_on)
    known = AgreementTerm.objects.known().filter(agreement=agreement)
    if not known.filter(valid__overlap=from_day(on)).exists():
        raise Invalid("agreement.over", day=on)
    state(AgreementTerm, {"agreement": agreement}, None, on)
    Agreement.objects.filter(pk=agreement.pk).update(ended_on=on, end_reason=clean(reason))
    _record("end_agreement", actor, agreement, on=on)


def keep_paper(
    *, actor: UUID | None, agreement: Agreement, name: str, source: BinaryIO, size: int
) -> AgreementDocument:
    """Seal a signed paper (PDF, JPEG or PNG by its content, up to 20 MB)."""
    head = source.read(8)
    source.seek(0)
    kind = next((kind for sign, kind in SIGNS.items() if head.startswith(sign)), None)
    if kind is None:
        raise Invalid("agreement.paper", read=name)
    if size > LARGEST * 2**20:
        raise Invalid("agreement.large", megabytes=LARGEST)
    paper = AgreementDocument(agreement=agreement, name=name[-200:], content_type=kind)
    paper.sha256 = PAPERS.keep(paper.id, source)
    try:
        with transaction.atomic():
            paper.save()
            _record("keep_paper", actor, agreement, sha256=paper.sha256)
    except BaseException:
        PAPERS.delete([paper.id])
        raise
    return paper


@transaction.atomic
def read_paper(*, actor: UUID, paper: AgreementDocument) -> bytes:
    """The signed paper, opened; that it was read is written down."""
    _record("read_paper", actor, paper.agreement, sha256=paper.sha256)
    with PAPERS.opened(paper.id) as path:
        return path.read_bytes()


@jobs.job("partners.expiring", every=dt.timedelta(days=1))
def warn(progress: jobs.Progress) -> dict[str, int]:
    """Warn of agreements that end within sixty days."""
    warned = 0
    with transaction.atomic():
        for term in ending_soon(timezone.localdate()).select_for_update(of=("self",)):
            follows = AgreementTerm.objects.known().filter(
                agreement=term.agreement_id, valid__contains=term.valid.upper
            )
            if follows.exists():
                continue
            AgreementTerm.objects.filter(pk=term.pk).update(warned_at=timezone.now())
            _record("warn", None, term.agreement, until=term.valid.upper)
            warned += 1
    return {"agreements": warned}


def _in_order(since: dt.date, until: dt.date | None) -> None:
    if until is not None and until <= since:
        raise Invalid("agreement.order", start=since, end=until)


def _locked(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def _add_term(
    agreement: Agreement, signed_on: dt.date, since: dt.date, until: dt.date | None
) -> None:
    try:
        with transaction.atomic():
            AgreementTerm.objects.create(
                agreement=agreement, signed_on=signed_on, valid=from_day(since, until),
                recorded=from_now(),
            )  # fmt: skip
    except IntegrityError:
        raise Invalid("agreement.overlap") from None


def _record(verb: str, actor: UUID | None, agreement: Agreement, **content: object) -> None:
    audit.record(
        f"partners.{verb}", actor=actor, kind="agreement", object_id=agreement.id, content=content
    )
