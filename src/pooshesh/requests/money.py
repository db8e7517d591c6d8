"""What the ledger is told of requests: where a commitment leads, and who is to be paid."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.crypto import keyring
from pooshesh.ledger.registry import Kind, register_kind
from pooshesh.ledger.vouchers import Payee
from pooshesh.people.tables import full_name
from pooshesh.requests.bringing import SHEBA
from pooshesh.requests.committee import APPEAL, MATTER
from pooshesh.requests.models import Appeal, Request


def payees(ids: Sequence[UUID]) -> dict[UUID, Payee]:
    """Who is to be paid for requests, as far as it was said; 1 statement."""
    rows = Request.objects.filter(pk__in=ids).select_related("person")
    return {row.pk: _payee(row) for row in rows}


def of_appeals(ids: Sequence[UUID]) -> dict[UUID, Payee]:
    """The same for what appeals granted."""
    rows = Appeal.objects.filter(pk__in=ids).select_related("request__person")
    return {row.pk: _payee(row.request) for row in rows}


def _payee(row: Request) -> Payee:
    sheba = keyring().open(bytes(row.sheba), SHEBA) if row.sheba else ""
    return Payee(row.payee, row.payee_name or full_name(row.person), sheba, row.facility_id)


def register() -> None:
    """Let the ledger know what it pays for."""
    register_kind(
        Kind(MATTER, _("Expense request"),
             lambda pk: reverse("requests:request", args=[pk]), payees)
    )  # fmt: skip
    register_kind(
        Kind(APPEAL, _("Appeal of a request"),
             lambda pk: reverse("requests:appeal", args=[pk]), of_appeals)
    )  # fmt: skip
