"""What the ledger is told of requests: where a commitment leads, and who is to be paid."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.crypto import keyring
from pooshesh.ledger.payees import Payee
from pooshesh.ledger.registry import Kind, register_kind
from pooshesh.meetings.models import Motion, SessionState
from pooshesh.people.merged import died
from pooshesh.people.tables import full_name
from pooshesh.requests.bringing import SHEBA
from pooshesh.requests.committee import APPEAL, MATTER
from pooshesh.requests.models import Appeal, PayeeKind, Request
from pooshesh.requests.models import Kind as RequestKind
from pooshesh.web.registry import Text


def payees(ids: Sequence[UUID]) -> dict[UUID, Payee]:
    """Who is to be paid for requests, as far as it was said; nobody for a patient who died, whose
    heirs have not brought their account. 4 statements."""
    rows = list(Request.objects.filter(pk__in=ids).select_related("person"))
    return _payees({row.pk: row for row in rows})


def of_appeals(ids: Sequence[UUID]) -> dict[UUID, Payee]:
    """The same for what appeals granted."""
    rows = Appeal.objects.filter(pk__in=ids).select_related("request__person")
    return _payees({row.pk: row.request for row in rows})


def _payees(rows: dict[UUID, Request]) -> dict[UUID, Payee]:
    dead = died({row.person_id for row in rows.values() if row.payee == PayeeKind.PATIENT})
    return {
        pk: _payee(row)
        for pk, row in rows.items()
        if row.payee != PayeeKind.PATIENT or row.person_id not in dead
    }


def _payee(row: Request) -> Payee:
    sheba = keyring().open(bytes(row.sheba), SHEBA) if row.sheba else ""
    return Payee(row.payee, row.payee_name or full_name(row.person), sheba, row.facility_id)


def held() -> list[tuple[Text, QuerySet[Any]]]:
    """Why money of requests is bound and not to be paid yet, and of which."""
    rows = Request.objects.all()
    return [
        (_("a prior approval is paid by its invoice"), rows.filter(kind=RequestKind.APPROVAL)),
        (_("the committee has not confirmed it"), rows.filter(provisional=True)),
        (_NOT_SIGNED, rows.filter(motion_id__in=_unsigned())),
    ]


def held_of_appeals() -> list[tuple[Text, QuerySet[Any]]]:
    """The same for what appeals granted."""
    return [(_NOT_SIGNED, Appeal.objects.filter(motion_id__in=_unsigned()))]


_NOT_SIGNED = _("the members have not signed the minutes")


def _unsigned() -> QuerySet[Any]:
    return Motion.objects.exclude(session__state=SessionState.SIGNED).values("pk")


def register() -> None:
    """Let the ledger know what it pays for."""
    register_kind(
        Kind(MATTER, _("Expense request"),
             lambda pk: reverse("requests:request", args=[pk]), payees, held)
    )  # fmt: skip
    register_kind(
        Kind(APPEAL, _("Appeal of a request"),
             lambda pk: reverse("requests:appeal", args=[pk]), of_appeals,
             held_of_appeals)
    )  # fmt: skip
