"""Messages to patients: words from templates, one row each, handed to the sender after commit."""

import datetime as dt
import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.fund import wording
from pooshesh.kernel import audit, sending
from pooshesh.kernel.identifiers import Kind, grade
from pooshesh.kernel.jobs import Progress, job
from pooshesh.portal import codes
from pooshesh.portal.models import Code, Message, Template, Told
from pooshesh.portal.sealing import MOBILE, masked, opened, sealed

POOL = "portal.messages"
_POOL = ThreadPoolExecutor(1, thread_name_prefix=POOL)
log = logging.getLogger(__name__)
BATCH = 200
LONGEST = 400  # letters of a template: some six short messages
STALE = dt.timedelta(days=3)  # what could not be sent by then is told no more

#: What a place of a template is filled with, for who writes templates.
PLACES = {
    "code": _("the six digits"),
    "number": _("number of the application or request"),
    "day": _("the day by which something is expected, or it happened"),
    "amount": _("an amount in toman"),
    "site": _("the address of “My file”"),
}
#: The places of each message: those it may have; the first of a code must be there.
OF = {
    Told.CODE: ("code",),
    Told.PAID: ("number", "amount", "day", "site"),
    Told.APPROVED: ("number", "amount", "site"),
    Told.PART: ("number", "amount", "site"),
    Told.APPEAL_WON: ("number", "amount", "site"),
}
PLAIN = ("number", "day", "site")

#: The words until somebody writes others. None names a disease: telephones are read by others.
WORDS = {
    Told.CODE: "کد ورود شما به پرونده من: {code}\nتا پنج دقیقه. این کد را به کسی ندهید.",
    Told.RECEIVED: "درخواست شما با شماره {number} رسید. ببینید چه کم دارد: {site}",
    Told.INCOMPLETE: "درخواست {number} چیزی کم دارد. تا {day} بفرستید: {site}",
    Told.VERIFYING: "درخواست {number} برای بررسی تشخیص به دانشگاه رفت. جواب را همین‌جا می‌گوییم.",
    Told.TAGGED: "تشخیص درخواست {number} تأیید شد. حالا می‌توانید هزینه‌ها را بفرستید: {site}",
    Told.REFUSED: "تشخیص درخواست {number} تأیید نشد. دلیل و راه اعتراض: {site}",
    Told.SUBMITTED: "درخواست هزینه {number} رسید. جواب را پیامک می‌کنیم.",
    Told.RETURNED: "درخواست هزینه {number} چیزی کم دارد. ببینید و کامل کنید: {site}",
    Told.COMMITTEE: "درخواست هزینه {number} به کمیته استان رفت. زمان آن را اینجا ببینید: {site}",
    Told.APPROVED: "درخواست هزینه {number} تأیید شد: {amount} تومان. هنوز واریز نشده است.",
    Told.PART: "از درخواست هزینه {number}، {amount} تومان تأیید شد. دلیل: {site}",
    Told.REJECTED: "درخواست هزینه {number} تأیید نشد. دلیل و راه اعتراض: {site}",
    Told.DEFERRED: "تصمیم درباره درخواست هزینه {number} به جلسه بعد ماند. پرسش کمیته: {site}",
    Told.PAID: "{amount} تومان برای درخواست {number} در {day} واریز شد.",
    Told.MONEY_BACK: "واریز درخواست {number} برگشت خورد. شماره شبا را درست کنید: {site}",
    Told.APPEALED: "اعتراض شما به تصمیم درخواست {number} رسید. افراد دیگری آن را بررسی می‌کنند.",
    Told.APPEAL_ASKED: "درباره اعتراض شما به تصمیم درخواست {number} پرسشی هست. جواب دهید: {site}",
    Told.APPEAL_WON: (
        "اعتراض شما پذیرفته شد. برای درخواست {number} روی هم {amount} تومان تأیید شده است؛ "
        "مانده هنوز واریز نشده است."
    ),
    Told.APPEAL_LOST: "اعتراض شما به تصمیم درخواست {number} پذیرفته نشد. دلیل: {site}",
    Told.APPEAL_ANEW: (
        "رأی درباره اعتراض شما به تصمیم درخواست {number} کنار گذاشته شد؛ دوباره رأی می‌دهند."
    ),
    Told.CLOSED: (
        "درخواست {number} بسته شد، چون تا روز تعیین‌شده کامل نشد. دوباره می‌توانید درخواست دهید."
    ),
    Told.LET_IN: "هویت شما در میز خدمت تأیید شد. حالا با کد پیامکی وارد شوید: {site}",
}


def places(event: str) -> tuple[str, ...]:
    """The places a message may have."""
    return OF.get(Told(event), PLAIN)


def checked(event: str, text: str) -> str:
    """A template's words as kept. Raises Invalid for places it has not, or braces left open."""
    needs = ("code",) if event == Told.CODE else ()
    return wording.checked(text, places(event), most=LONGEST, needs=needs)


@transaction.atomic
def write(event: str, text: str, *, actor: UUID) -> Template:
    """Use other words for a message from now on; the old ones are kept."""
    made = Template.objects.create(event=event, text=checked(event, text), actor=actor)
    audit.record(
        "portal.write_template", actor=actor, kind="template", object_id=made.pk,
        content={"event": event, "text": made.text},
    )  # fmt: skip
    return made


def words(event: str) -> str:
    """The words of a message now."""
    newest = Template.objects.filter(event=event).order_by("-made_at", "-pk").first()
    return newest.text if newest else WORDS[Told(event)]


def code(row: Code, mobile: str) -> None:
    """Queue the message with a code; without a mobile, a row that is never sent."""
    _row(row.person_id, Told.CODE, row.pk, mobile, "").save(force_insert=True)
    _carry_on()


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell: about whom, what happened, to what, and what fills the places."""

    person_id: UUID
    event: Told
    about: UUID
    filled: Mapping[str, str] = field(default_factory=dict)
    step: UUID | None = None  # what moved it: a step is told once


def tell(notes: Sequence[Note], mobiles: Mapping[UUID, Sequence[str]]) -> None:
    """Queue messages in the caller's transaction, to each mobile of a person; 2 statements.

    Who has no mobile is told nothing.
    """
    said = {event: words(event) for event in {note.event for note in notes}}
    site = {"site": f"{settings.ALLOWED_HOSTS[0]}/my"}
    rows = [
        _row(
            note.person_id, note.event, note.about, mobile,
            said[note.event].format_map(
                {**dict.fromkeys(places(note.event), "—"), **site, **note.filled}
            ),
            note.step,
        )
        for note in notes
        for mobile in mobiles.get(note.person_id, ())
    ]  # fmt: skip
    if rows:
        Message.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
        _carry_on()


def _row(
    person_id: UUID | None, event: str, about: UUID, mobile: str, text: str,
    step: UUID | None = None,
) -> Message:  # fmt: skip
    number = grade(Kind.MOBILE, mobile).value if mobile else ""
    return Message(
        person_id=person_id, event=event, about=about, text=text, step=step,
        mobile=sealed(number or "-", MOBILE), masked=masked(number) if number else "",
        sent_at=None if number else timezone.now(),
    )  # fmt: skip


def _carry_on() -> None:
    waiting = connection.run_on_commit
    if not any(entry[1] is _carry for entry in waiting):  # once for all of a transaction
        transaction.on_commit(_carry)


def _carry() -> None:
    """Hand over what waits, beside the answer: it tells nothing by its time, and a code does not
    queue behind long jobs."""
    if getattr(settings, "POOSHESH_SEND_APART", True):
        _POOL.submit(_hand_over)
    else:
        _hand_over()


def _hand_over() -> None:
    try:
        deliver()
    except Exception as error:  # the job tries again; nothing of a message goes into a log
        log.error("messages wait: %s", type(error).__name__)
    finally:
        if threading.current_thread().name.startswith(POOL):
            connection.close()


@job("portal.messages", every=dt.timedelta(minutes=5))
def deliver_left(progress: Progress) -> dict[str, int]:
    """Send the messages to patients that could not be sent before."""
    return {"messages": deliver()}


def deliver() -> int:
    """Hand waiting messages to the sender, each once; how many. Raises OSError as it does."""
    count = 0
    while batch := _deliver_batch():
        count += batch
    return count


@transaction.atomic
def _deliver_batch() -> int:
    now = timezone.now()
    waiting = Message.objects.select_for_update(skip_locked=True).filter(
        sent_at=None, made_at__gt=now - STALE
    )
    # Who sits before the portal does not wait for the messages of a sheet.
    rows = list(waiting.filter(event=Told.CODE)[:BATCH]) or list(
        waiting.order_by("made_at")[:BATCH]
    )
    if not rows:
        return 0
    code_words = words(Told.CODE)
    alive = set(
        Code.objects.filter(
            pk__in=[r.about for r in rows if r.event == Told.CODE], ends_at__gt=now
        ).values_list("pk", flat=True)
    )
    due = [r for r in rows if r.event != Told.CODE or r.about in alive]
    Message.objects.filter(pk__in=[r.pk for r in rows]).update(sent_at=now, mobile=None)
    if due:
        sending.send([_said(row, code_words) for row in due])
    return len(rows)


def _said(row: Message, code_words: str) -> sending.Message:
    assert row.mobile is not None
    text = row.text
    if row.event == Told.CODE:
        text = code_words.format(code=codes.of(row.about))  # Latin: telephones fill it in
    return sending.Message(row.pk, opened(row.mobile, MOBILE), text)
