"""What follows by itself: reminders, the ministry's registry, days of deletion."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast
from pooshesh.disease.models import Claim, ClaimState, Tag
from pooshesh.disease.signals import tags_attached
from pooshesh.fund import applications, reminders
from pooshesh.fund.models import Application, State
from pooshesh.fund.retention import CLASSES
from pooshesh.fund.tests.conftest import Apply, MakePatient
from pooshesh.kernel.config import config
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.jobs import Progress

pytestmark = pytest.mark.django_db


def _outbox() -> set[Path]:
    return set((config().home / "outbox").glob("*.jsonl"))


def _return(row: Application, days: int, cast: Cast) -> None:
    applications.return_for(row.pk, text="bring it", days=days, actor=cast.fund_clerk.pk)


def test_patients_are_reminded_once_before_the_last_day(
    application: Apply, patient: MakePatient, cast: Cast
) -> None:
    soon = application(mobile="09123456789")
    silent = application(patient("سارا", "کوهدشتی"))
    later = application(patient("رضا", "ازنایی"), mobile="09120000000")
    _return(soon, 3, cast)
    _return(silent, 2, cast)
    _return(later, 40, cast)
    before = _outbox()

    first = reminders.remind(Progress(uuid7()))
    second = reminders.remind(Progress(uuid7()))

    (file,) = _outbox() - before
    (line,) = [json.loads(one) for one in file.read_text().splitlines()]
    assert first == {"reminded": 1, "unreached": 1}
    assert second == {"reminded": 0, "unreached": 0}
    assert line["to"] == "09123456789"
    assert "مینا" not in line["text"]
    assert Application.objects.get(pk=later.pk).reminded_at is None


def test_what_the_ministrys_registry_tags_needs_no_university(
    application: Apply, patient: MakePatient, cast: Cast
) -> None:
    row, other = application(), application(patient("سارا", "کوهدشتی"))
    applications.send_to_university(row.pk, actor=cast.fund_clerk.pk)
    tag = Tag(person_id=row.file.person_id, disease=row.disease, starts=timezone.localdate())

    tags_attached.send(sender=Tag, tags=[tag], actor=None)

    assert Application.objects.get(pk=row.pk).state == State.TAGGED
    assert Application.objects.get(pk=other.pk).state == State.RECEIVED
    assert Claim.objects.get().state == ClaimState.CLOSED


def test_a_mobile_number_goes_half_a_year_after_the_end(application: Apply, cast: Cast) -> None:
    row = application(mobile="09123456789")
    applications.withdraw(row.pk, text="moved abroad", actor=cast.fund_clerk.pk)
    (held,) = [one for one in CLASSES if one.code == "fund_mobiles"]
    assert held.delete
    today = timezone.localdate()

    early = held.delete(today + dt.timedelta(days=179))
    due = held.delete(today + dt.timedelta(days=180))

    assert (early, due) == (0, 1)
    assert applications.mobile_of(Application.objects.get()) == ""
