"""A round in Darvazeh-Ghar with a zone of twelve alleys, and what a phone sends."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE
from pooshesh.census import actions, receiving
from pooshesh.census.models import Alley, Device, Round
from pooshesh.census.receiving import Answer, Sent
from pooshesh.conftest import Cast, Country
from pooshesh.programme.tests.conftest import _own_uploads, programme  # noqa: F401
from pooshesh.programme.tests.sheets import national_id

TODAY = timezone.localdate()


@dataclass(frozen=True)
class Field:
    """An open round with its alleys; those of `given` are the field worker's."""

    round: Round
    alleys: list[Alley]
    given: list[Alley]


@pytest.fixture
def field(country: Country, cast: Cast) -> Field:
    """Twelve alleys, the first eleven given to the field worker."""
    round_ = actions.plan_round(
        reach=EVERYWHERE, area=country.darvazeh_ghar, name="سرشماری پاییز",
        start=TODAY - dt.timedelta(20), end=TODAY + dt.timedelta(20), programme=None, actor=None,
    )  # fmt: skip
    zone = actions.add_zone(round_, "ناحیه ۱", [(f"کوچه {n:02}", 40) for n in range(12)], None)
    alleys = list(Alley.objects.filter(zone=zone).order_by("name"))
    give(round_, alleys[:11], cast.field_worker)
    return Field(round_, alleys, alleys[:11])


def give(round_: Round, alleys: list[Alley], user: User | None) -> None:
    """Give alleys from today on."""
    worker = user.pk if user else None
    actions.give(round_, alleys, worker, TODAY, None, None, frozenset([worker] if worker else []))


@pytest.fixture
def device(cast: Cast) -> Device:
    """The field worker's phone."""
    return receiving.register_device(cast.field_worker, "گوشی")[0]


def member(**said: str) -> dict[str, str]:
    """A member as the phone writes it."""
    return {
        "id": str(uuid4()), "relation": "head", "first_name": "بهرام", "last_name": "کاظمی",
        "father_name": "رضا", "birth": "1350/02/03", "sex": "M", "nation": "IR",
        "document": "national_id", "number": national_id(11), "mobile": "09121234567", **said,
    }  # fmt: skip


def content(*members: dict[str, str], **said: Any) -> dict[str, Any]:
    """What a household says."""
    return {
        "outcome": "met", "address": "پلاک ۱۲", "postal_code": "1234567890", "decile": "",
        "notes": "", "consent": True, "members": list(members or (member(),)), **said,
    }  # fmt: skip


def sent(alley: Alley, said: object, *, made: UUID | None = None, base: int = 0) -> Sent:
    """A household on its way."""
    return Sent(made or uuid4(), alley.id, base, timezone.now(), said)


Receive = Callable[..., Answer]


@pytest.fixture
def receive(cast: Cast, device: Device) -> Receive:
    """`receive(sent)` is the server's answer to the field worker's phone."""

    def send(one: Sent, *, phone: Device | None = None, user: User | None = None) -> Answer:
        return receiving.receive(user or cast.field_worker, (phone or device).id, [one])[0]

    return send
