"""Tables of the portal: visits of patients, who may act for whom, codes, drafts, messages."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.models import Person
from pooshesh.places.models import Placed


class MandateKind(models.TextChoices):
    """Why somebody may act for a patient."""

    GUARDIAN = "guardian", _("Guardian of a child")
    HEIR = "heir", _("Heir")
    DELEGATE = "delegate", _("Delegate of the patient")


class Mandate(Placed):
    """Somebody may act for a patient, by a document the desk has seen; when, say its terms."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=MandateKind.choices)
    holder_name = models.BinaryField(max_length=400)  # sealed
    holder_number = models.BinaryField(max_length=80)  # sealed
    holder_blind = models.BinaryField(max_length=16)  # keyed index of the number
    holder_mobile = models.BinaryField(max_length=80)  # sealed
    made_at = models.DateTimeField(default=timezone.now)
    actor = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["holder_blind"], name="mandate_holder")]


class Term(Bitemporal):
    """When a mandate holds, as known at a moment; who wrote it and why."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="terms")
    actor = models.UUIDField(null=True)
    why = models.TextField(blank=True)

    class Meta:
        constraints = [no_overlap("mandate_term_once", "mandate")]


class Sits(models.TextChoices):
    """Who sits at the screen."""

    PATIENT = "patient", _("I myself")
    HELPER = "helper", _("A helper sits here with me")


class Ended(models.TextChoices):
    """How a visit ended."""

    OUT = "out", _("Signed out")
    IDLE = "idle", _("Nobody was there any more")
    MANDATE = "mandate", _("The right to act had ended")


class Visit(models.Model):
    """One stay at the portal, opened by one code; its id is the actor of what is done in it.

    `mandate` is by which right somebody else acts. It ends by signing out, or when nothing was
    asked for a while.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    sits = models.CharField(max_length=7, choices=Sits.choices, default=Sits.PATIENT)
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=7, choices=Ended.choices, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-began_at"], name="visit_person")]


class Code(models.Model):
    """A one-time code that was asked for. The code itself is kept nowhere: `codes.of` works it out
    of the row's id with the data key.

    `person` is null where nobody of that number may be let in; such a row is made alike, so that
    the answer tells nothing. `typed` is what somebody not on record wrote about themselves.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    asked_blind = models.BinaryField(max_length=16)  # keyed index of the number as typed
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, related_name="+")
    sits = models.CharField(max_length=7, choices=Sits.choices, default=Sits.PATIENT)
    typed = models.BinaryField(null=True)  # sealed
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_blind", "made_at"], name="code_asked")]


class Draft(models.Model):
    """What was typed when a visit had ended already; it stands in the form again next time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    content = models.BinaryField()  # sealed
    made_at = models.DateTimeField(default=timezone.now)


class Told(models.TextChoices):
    """What a patient is told of by message."""

    CODE = "code", _("One-time code")
    RECEIVED = "received", _("Application received")
    INCOMPLETE = "incomplete", _("Something is missing")
    VERIFYING = "verifying", _("With the university")
    TAGGED = "tagged", _("Diagnosis confirmed")
    REFUSED = "refused", _("Diagnosis not confirmed")
    CLOSED = "closed", _("Application closed")
    SUBMITTED = "submitted", _("Request received")
    RETURNED = "returned", _("Request returned")
    COMMITTEE = "in_committee", _("Request before the committee")
    APPROVED = "approved", _("Request approved")
    PART = "part", _("Request approved in part")
    REJECTED = "rejected", _("Request rejected")
    DEFERRED = "deferred", _("Decision put off")
    PAID = "paid", _("Money paid")
    MONEY_BACK = "money_back", _("Payment came back")
    APPEALED = "appealed", _("Appeal received")
    APPEAL_ASKED = "appeal_asked", _("Question about an appeal")
    APPEAL_WON = "appeal_won", _("Appeal granted")
    APPEAL_LOST = "appeal_lost", _("Appeal not granted")
    APPEAL_ANEW = "appeal_anew", _("Appeal decided anew")
    LET_IN = "let_in", _("Identity confirmed at the desk")


class Template(models.Model):
    """A message's words from a moment on; the newest of an event are used."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.CharField(max_length=12, choices=Told.choices)
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    actor = models.UUIDField(null=True)


class Message(models.Model):
    """A text to a patient, once. The number stays sealed until it was sent, then masked only.

    Words of a code are made when it is sent and are not kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=12, choices=Told.choices)
    about = models.UUIDField()  # what it is about: an application, request, code
    step = models.UUIDField(null=True)  # what moved a request; told once to each number
    text = models.TextField(blank=True)
    mobile = models.BinaryField(max_length=80, null=True)  # sealed
    masked = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["made_at"], name="message_waits", condition=models.Q(sent_at=None)
            ),
            models.Index(
                fields=["made_at"], name="message_code_waits",
                condition=models.Q(sent_at=None, event=Told.CODE),
            ),
            models.Index(fields=["person", "-made_at"], name="message_person"),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["step", "masked"], name="told_once", condition=models.Q(step__isnull=False)
            )
        ]


class NewcomerState(models.TextChoices):
    """Where somebody who knocked stands."""

    OPEN = "open", _("Identity to be seen")
    LET_IN = "let_in", _("Identity confirmed")
    REFUSED = "refused", _("Not let in")


class Newcomer(Placed):
    """Somebody applied from the portal for the first time, and the desk is to see who they are.

    `person` is the record it is about: registered by themselves (`fresh`), or one on record whose
    mobile was another, so that nothing was opened. `typed` is what they wrote.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    fresh = models.BooleanField()
    state = models.CharField(
        max_length=7, choices=NewcomerState.choices, default=NewcomerState.OPEN
    )
    typed = models.BinaryField(null=True)  # sealed; gone when the desk has decided
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    actor = models.UUIDField(null=True)
    why = models.TextField(blank=True)
