"""Messages: plain words from templates, each once, to a number that is not kept."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from pooshesh.conftest import Cast, SignIn
from pooshesh.disease.models import Disease
from pooshesh.fund import applications
from pooshesh.fund.models import Application, Channel
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid
from pooshesh.people.models import Person
from pooshesh.portal import messages, visits
from pooshesh.portal.models import MandateKind, Message, Told
from pooshesh.portal.tests.conftest import MOBILE, NUMBER, ComeIn
from pooshesh.portal.tests.test_mandates import PARENT_MOBILE, given_to


def outbox() -> set[Path]:
    folder = config().home / "outbox"
    return set(folder.glob("*.jsonl")) if folder.exists() else set()


def test_who_applies_is_told_and_the_message_goes_once(applied: Application) -> None:
    before = outbox()

    counts = messages.deliver(), messages.deliver()

    (path,) = outbox() - before
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    row = Message.objects.get()
    assert counts == (1, 0)
    assert [(line["to"], line["id"]) for line in lines] == [(MOBILE, str(row.pk))]
    assert applied.disease.name_fa not in lines[0]["text"]
    assert (row.mobile, row.masked[-4:], row.sent_at is not None) == (None, MOBILE[-4:], True)


class Broken:
    """A gateway that is down."""

    def send(self, messages: object) -> None:
        raise OSError("no gateway")


def test_what_could_not_be_sent_stays_to_be_sent(applied: Application, settings: Settings) -> None:
    settings.POOSHESH_SENDER = f"{__name__}.Broken"

    with pytest.raises(OSError, match="no gateway"):
        messages.deliver()

    del settings.POOSHESH_SENDER
    assert Message.objects.get().mobile is not None
    assert messages.deliver() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_message_goes_beside_the_answer_not_behind_long_jobs(
    applied: Application, settings: Settings
) -> None:
    settings.POOSHESH_SEND_APART = True
    before = outbox()

    visits.ask(NUMBER)
    messages._POOL.submit(int).result(timeout=10)  # one thread: what was queued before is done

    assert len(outbox() - before) == 1
    assert Message.objects.filter(sent_at=None).count() == 0


def test_each_move_is_told_in_the_words_of_now(
    applied: Application, cast: Cast, come_in: ComeIn
) -> None:
    messages.write(Told.INCOMPLETE, "چیزی کم است؛ تا {day} وقت دارید.", actor=cast.fund_manager.pk)
    applications.return_for(applied.pk, text="ناخوانا است", days=20, actor=cast.fund_clerk.pk)
    applications.complete(applied.pk, actor=cast.fund_clerk.pk)
    applications.send_to_university(applied.pk, actor=cast.fund_clerk.pk)

    told = Message.objects.exclude(event="code").order_by("pk")

    assert [row.event for row in told] == ["received", "incomplete", "verifying"]
    assert told[1].text.startswith("چیزی کم است؛ تا ")
    page = come_in(NUMBER).get("/my/messages/").content.decode()
    assert "چیزی کم است" in page


def test_of_a_child_the_guardian_is_told(child: Person, sma: Disease, cast: Cast) -> None:
    given_to(child, MandateKind.GUARDIAN, cast)

    applications.apply(child, sma, channel=Channel.DESK, actor=cast.fund_clerk.pk)

    assert Message.objects.get().masked[-4:] == PARENT_MOBILE[-4:]


@pytest.mark.parametrize(
    ("event", "text", "said"),
    [
        (Told.RECEIVED, "درخواست {nummer} رسید", "no place"),
        (Told.RECEIVED, "درخواست {number رسید", "Braces"),
        (Told.RECEIVED, "{number.__class__} رسید است", "no place"),
        (Told.RECEIVED, "{number!r} رسید است این", "no place"),
        (Told.CODE, "کد شما را فرستادیم", "missing"),
        (Told.RECEIVED, "کوتاه", "letters"),
    ],
)
def test_a_template_with_a_wrong_place_is_refused(event: Told, text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        messages.checked(event, text)


@pytest.mark.parametrize("event", list(Told))
def test_every_event_has_words_whose_places_exist(event: Told) -> None:
    assert messages.checked(event, messages.WORDS[event]) == messages.WORDS[event]


def test_only_who_manages_the_fund_writes_words(cast: Cast, as_user: SignIn) -> None:
    desk = as_user(cast.fund_clerk)
    read, write = desk.get("/portal/words/"), desk.get("/portal/words/received/")

    manager = as_user(cast.fund_manager)
    wrong = manager.post("/portal/words/received/", {"text": "سلام {you}، درخواست رسید"})
    right = manager.post("/portal/words/received/", {"text": "درخواست {number} را داریم."})

    assert (read.status_code, write.status_code) == (200, 404)
    assert (wrong.status_code, right.status_code) == (200, 302)
    assert messages.words(Told.RECEIVED) == "درخواست {number} را داریم."


def test_an_old_message_is_told_no_more(applied: Application) -> None:
    Message.objects.update(made_at=timezone.now() - dt.timedelta(days=4))

    assert messages.deliver() == 0
