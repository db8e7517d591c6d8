"""All that ever happened to a person's cover, newest first."""

import datetime as dt
from uuid import UUID

from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.coverage.models import (
    Ending,
    Invoice,
    InvoiceLine,
    Notice,
    Payment,
    Proof,
    Resolution,
    Spell,
    Suspension,
)
from pooshesh.kernel.money import Rial, format_rial
from pooshesh.people.merged import one_human
from pooshesh.web.format import jdate, language, number
from pooshesh.web.registry import Tone
from pooshesh.web.timeline import Event


def span(start: dt.date | None, end: dt.date | None) -> str:
    """“from … until before …” in words."""
    since = _("from %(day)s") % {"day": jdate(start)} if start else ""
    until = _("until before %(day)s") % {"day": jdate(end)} if end else ""
    return " ".join(part for part in (since, until) if part) or _("always")


def of_person(person_id: UUID, households: list[UUID]) -> list[Event]:
    """Spells with their ends and undos, suspensions, notices, cards, invoices and payments.

    Each stands at the moment it was written down; what was superseded is shown as such. 9
    statements and one for the names.
    """
    records = one_human(person_id)
    found: list[tuple[Event, UUID | None]] = []

    def add(
        title: str, when: dt.datetime, text: str = "", actor: UUID | None = None,
        tone: Tone = "quiet",
    ) -> None:  # fmt: skip
        found.append((Event(title, when, text, "", tone), actor))

    for spell in Spell.objects.filter(person__in=records).select_related("insurer", "undo"):
        fund = f" · {spell.get_scheme_display()}" if spell.scheme else ""
        add(
            f"{spell.insurer}{fund}", spell.recorded.lower,
            f"{spell.get_source_display()} · {span(spell.valid.lower, spell.valid.upper)}"
            + ("" if spell.recorded.upper is None else f" · {_('no longer believed')}"),
            tone="good" if spell.recorded.upper is None else "quiet",
        )  # fmt: skip
        undo = getattr(spell, "undo", None)
        if undo:
            add(_("The enrolment was undone"), undo.at, undo.reason, undo.actor, "warn")
    for pause in Suspension.objects.filter(person__in=records):
        add(
            _("Cover suspended: %(reason)s") % {"reason": pause.get_reason_display()},
            pause.recorded.lower,
            span(pause.valid.lower, pause.valid.upper)
            + ("" if pause.recorded.upper is None else f" · {_('no longer believed')}"),
            pause.actor, "bad" if pause.recorded.upper is None else "quiet",
        )  # fmt: skip
    for note in Notice.objects.filter(person__in=records):
        add(
            _("Notice: %(reason)s") % {"reason": note.get_reason_display()}, note.at,
            _("Cover may stop from %(day)s on.") % {"day": jdate(note.deadline)}
            + (f" {note.text}" if note.text else ""), note.actor, "warn",
        )  # fmt: skip
        if note.withdrawn_at:
            add(_("The notice was withdrawn"), note.withdrawn_at, note.withdrawn_reason)
    for end in Ending.objects.filter(person__in=records).select_related("insurer"):
        add(
            _("Cover ended: %(cause)s") % {"cause": end.get_cause_display()}, end.at,
            f"{end.insurer or _('all insurers')} · {span(end.start, None)}", end.actor, "bad",
        )  # fmt: skip
        if end.undone_at:
            add(_("The end was taken back"), end.undone_at, end.undone_reason, end.undone_by)
    for decided in Resolution.objects.filter(person__in=records).select_related("insurer"):
        stays = _("ours stays") if decided.stays_ours else _("the other stays")
        add(
            _("Two insurers at once: decided"), decided.at,
            f"{decided.insurer} · {stays} · {span(decided.since, None)} · {decided.reason}",
            decided.actor, "info",
        )  # fmt: skip
    for card in Proof.objects.filter(person__in=records):
        add(_("Card issued"), card.at, span(card.issued_on, card.expires_on), card.actor, "info")
        if card.revoked_at:
            add(_("Card revoked"), card.revoked_at, card.revoked_reason)
    lines = InvoiceLine.objects.filter(person__in=records).values("invoice_id")
    for bill in Invoice.objects.filter(pk__in=lines):
        add(
            _("Invoice %(number)s") % {"number": number(bill.number)}, bill.at,
            f"{format_rial(Rial(bill.amount), language())} · "
            f"{span(bill.period.lower, bill.period.upper)}", bill.actor, "info",
        )  # fmt: skip
        if bill.cancelled_at:
            add(_("Invoice cancelled"), bill.cancelled_at, bill.cancelled_reason)
    for paid in Payment.objects.filter(household_id__in=households):
        add(
            _("Payment"), paid.at,
            f"{format_rial(Rial(paid.amount), language())} · {jdate(paid.paid_on)}",
            paid.actor, "good",
        )  # fmt: skip
    who = {
        user.pk: str(user)
        for user in User.objects.filter(pk__in={actor for _event, actor in found if actor})
    }
    events = [
        Event(one.title, one.when, one.text, who.get(actor, "") if actor else "", one.tone)
        for one, actor in found
    ]
    return sorted(events, key=lambda one: one.when, reverse=True)
