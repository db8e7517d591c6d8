"""Two connections at once: the ceiling is never exceeded, an invoice is paid once."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from pooshesh.conftest import at_once as both_at_once
from pooshesh.fund.models import PatientFile
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.ids import uuid7
from pooshesh.requests import bringing
from pooshesh.requests.bringing import Asked
from pooshesh.requests.checking import LineAsked
from pooshesh.requests.models import CeilingUse, Kind, Request
from pooshesh.requests.tests.conftest import CEILING, MILLION, Bring, line

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
MANY = 8


def at_once(bring: Bring, lines: list[LineAsked]) -> list[str]:
    """Each line brought on a connection of its own: its state, or the code of the refusal."""
    together = Barrier(len(lines))

    def go(one: LineAsked) -> str:
        together.wait()
        try:
            return bring(one).state
        except Invalid as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(lines)) as pool:
        return list(pool.map(go, lines))


def test_who_asks_at_once_never_gets_more_than_the_ceiling(bring: Bring, file: PatientFile) -> None:
    third = CEILING // 3
    asked = [line(third + n, invoice=f"{n}00{n}77") for n in range(MANY)]

    said = at_once(bring, asked)

    use = CeilingUse.objects.get()
    granted = Request.objects.filter(payable__gt=0)
    assert use.used == CEILING == sum(one.payable for one in granted)
    assert sorted(set(said)) == ["approved", "part", "rejected"]


def test_an_approval_pressed_twice_at_once_is_one(file: PatientFile, credit: int) -> None:
    soon = timezone.localdate() + dt.timedelta(days=9)
    asked = Asked(
        file, "SMA", [replace(line(invoice=""), on=soon)], kind=Kind.APPROVAL, once=uuid7()
    )

    def press() -> None:
        with transaction.atomic():
            _ = bringing.before(asked, None) or bringing.bring(asked, actor=None, draft=True)

    refused = both_at_once(press, press)

    assert refused == ["", ""]
    assert Request.objects.get().pk == asked.once


def test_the_same_invoice_brought_at_once_is_paid_once(bring: Bring) -> None:
    said = at_once(bring, [line(invoice="55501")] * MANY)

    assert sorted(said) == ["approved"] + ["request.invoice_twice"] * (MANY - 1)
    assert CeilingUse.objects.get().used == 10 * MILLION


def test_the_database_refuses_more_than_the_ceiling_whoever_writes(bring: Bring) -> None:
    bring(line())

    with pytest.raises(IntegrityError, match="ceiling_holds"), connection.cursor() as cursor:
        cursor.execute("update requests_ceilinguse set used = ceiling + 1")
