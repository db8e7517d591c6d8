"""Tables of partners: organisations, who speaks for them, agreements, hand-overs, tasks."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.places.models import Area, AreaSet, Named, name_keys


class OrganisationKind(models.TextChoices):
    """What sort of body takes part in the programme."""

    SPONSOR = "sponsor", _("Sponsor")
    INSURER = "insurer", _("Insurer")
    MINISTRY = "ministry", _("Ministry or headquarters")
    UNIVERSITY = "university", _("University of medical sciences")
    MUNICIPALITY = "municipality", _("Municipality")
    OTHER = "other", _("Other organisation")


class Organisation(Named):
    """A body that answers for places, shares data or takes tasks; the list is open.

    A sponsor's neighbourhoods and a university's catchment are its `area_set`; a municipality or
    a provincial directorate has an `area`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    area_set = models.OneToOneField(AreaSet, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    province = models.CharField(max_length=2, blank=True)  # of its area, "" for the nation
    sort_key = models.CharField(max_length=330, blank=True)
    search_key = models.CharField(max_length=360, blank=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps what it is sorted and searched by in step with its names."""
        for field, found in name_keys(self.code, self.name_fa, self.name_en).items():
            setattr(self, field, found)
        self.province = self.area.province if self.area else ""
        super().save(*args, **kwargs)


class Office(models.Model):
    """Where an organisation is found."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    area_path = PathField(null=True)
    province = models.CharField(max_length=2, blank=True)
    address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation"], name="office_organisation")]


class Contact(Bitemporal):
    """Somebody at an organisation who is reached by telephone or e-mail, in a post for a time."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    post = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)

    class Meta:
        constraints = [no_overlap("contact_once", "organisation", "name", "post")]


class Officer(Bitemporal):
    """A user speaks for an organisation for a time: signs for it and works its inbox.

    What is overdue there escalates to its `head` first.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user_id = models.UUIDField()
    head = models.BooleanField(default=False)

    class Meta:
        constraints = [no_overlap("officer_once", "organisation", "user_id")]
        indexes = [models.Index(fields=["user_id"], name="officer_user")]


# --- agreements ------------------------------------------------------------------------


class Scope(models.TextChoices):
    """What an agreement is for."""

    SERVICE = "service", _("Service")
    DATA_EXCHANGE = "data_exchange", _("Data exchange")
    SPONSORSHIP = "sponsorship", _("Sponsorship of neighbourhoods")


class DataClass(models.TextChoices):
    """Classes of data that parties may exchange."""

    ROLL = "roll", _("Roll of the insured")
    NATIONALS_CENSUS = "nationals_census", _("Municipal census of foreign nationals")
    DECILE = "decile", _("Income deciles")
    VITAL_EVENTS = "vital_events", _("Births and deaths")
    BENEFITS = "benefits", _("Benefits of households")


class Agreement(models.Model):
    """What organisations have agreed on, for the whole country or for some areas.

    When it holds is in its terms: the first one, and one for each renewal. Ended early, its terms
    are cut on that day and the reason stands here.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    search_key = models.CharField(max_length=400)
    parties = models.ManyToManyField(Organisation, related_name="+")
    scopes = ArrayField(models.CharField(max_length=13, choices=Scope.choices))
    data_classes = ArrayField(models.CharField(max_length=16, choices=DataClass.choices))
    areas = models.ManyToManyField(Area, related_name="+")  # none: everywhere
    province = models.CharField(max_length=2, blank=True)  # "" for several or the nation
    legal_basis = models.TextField()
    signed_on = models.DateField()
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_with_a_reason",
                condition=Q(ended_on__isnull=True) | Q(end_reason__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="agreement_on_data_names_them",
                condition=~Q(scopes__contains=["data_exchange"]) | ~Q(data_classes=[]),
            ),
            models.CheckConstraint(name="agreement_has_a_scope", condition=~Q(scopes=[])),
        ]

    def __str__(self) -> str:
        return self.title


class AgreementTerm(Bitemporal):
    """Days for which an agreement holds; a renewal is another term."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="terms")
    signed_on = models.DateField()
    warned_at = models.DateTimeField(null=True)  # that its last days have come

    class Meta:
        constraints = [no_overlap("agreement_term_once", "agreement")]


class AgreementDocument(models.Model):
    """A signed paper of an agreement, sealed in the vault under its id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField(default=timezone.now)


# --- hand-overs ------------------------------------------------------------------------


class HandOverState(models.TextChoices):
    """How far the assignment of neighbourhoods to a sponsor has come."""

    PROPOSED = "proposed", _("Proposed")
    GIVEN = "given", _("Signed by the giving side")
    AGREED = "agreed", _("Signed by both sides")
    IN_FORCE = "in_force", _("In force")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class HandOver(models.Model):
    """Neighbourhoods go from one sponsor to another, or get their first, from a day on.

    Each side signs, by another user; without a giver only the receiver does. Who answers changes
    with the last signature, as from `on`; open work follows on the day itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    giver = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    on = models.DateField()
    until = models.DateField(null=True)  # first day it no longer holds
    state = models.CharField(
        max_length=9, choices=HandOverState.choices, default=HandOverState.PROPOSED
    )
    note = models.TextField(blank=True)
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, related_name="+")
    province = models.CharField(max_length=2, blank=True)  # "" for several
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField(default=timezone.now)
    given_by = models.UUIDField(null=True)
    given_at = models.DateTimeField(null=True)
    received_by = models.UUIDField(null=True)
    received_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)  # who refused or withdrew it
    ended_at = models.DateTimeField(null=True)  # or when it came into force
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hand_over_between_two",
                condition=Q(giver__isnull=True) | ~Q(giver=F("receiver")),
            ),
            models.CheckConstraint(
                name="hand_over_signed_by_two_users",
                condition=Q(given_by__isnull=True)
                | Q(received_by__isnull=True)
                | ~Q(given_by=F("received_by")),
            ),
            models.CheckConstraint(
                name="hand_over_in_force_is_signed",
                condition=~Q(state__in=["agreed", "in_force"])
                | (
                    Q(received_by__isnull=False)
                    & Q(agreement__isnull=False)
                    & (Q(giver__isnull=True) | Q(given_by__isnull=False))
                ),
            ),
            models.CheckConstraint(
                name="hand_over_refused_with_a_reason",
                condition=~Q(state="refused") | Q(reason__regex=r"\S"),
            ),
            models.CheckConstraint(
                name="hand_over_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(until__gt=F("on")),
            ),
        ]
        indexes = [models.Index(fields=["state", "on"], name="hand_over_state")]


class HandOverArea(models.Model):
    """A neighbourhood in a hand-over; `open` while signatures are awaited, in one at a time."""

    hand_over = models.ForeignKey(HandOver, models.PROTECT, related_name="lines")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    open = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "area"], name="hand_over_area_once"),
            models.UniqueConstraint(
                fields=["area"], condition=Q(open=True), name="area_in_one_open_hand_over"
            ),
        ]
        indexes = [GistIndex(fields=["area_path"], name="hand_over_area_path")]


# --- tasks -----------------------------------------------------------------------------


class TaskState(models.TextChoices):
    """Where a task between organisations stands."""

    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DONE = "done", _("Done")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Taken back")


class Task(models.Model):
    """Work that one organisation hands to another, with a day by which it is due.

    `about_kind` and `about_id` say of what another room holds it is about, `area` of which place.
    `promised_by` is whose promise it is: of who held it when it fell due.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sender = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    promised_by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    search_key = models.CharField(max_length=400)
    text = models.TextField(blank=True)
    about_kind = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    area_path = PathField(null=True)
    province = models.CharField(max_length=2, blank=True)
    due = models.DateField()
    state = models.CharField(max_length=9, choices=TaskState.choices, default=TaskState.SENT)
    level = models.PositiveSmallIntegerField(default=0)  # of its escalation
    done_on = models.DateField(null=True)
    sent_by = models.UUIDField(null=True)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="task_between_two", condition=~Q(sender=F("receiver"))),
            models.CheckConstraint(
                name="task_done_has_its_day",
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["receiver", "state", "due"], name="task_inbox"),
            models.Index(fields=["sender", "state", "due"], name="task_outbox"),
            models.Index(fields=["promised_by", "due"], name="task_promise"),
            models.Index(fields=["state", "due"], name="task_due"),
            GistIndex(fields=["area_path"], name="task_path"),
        ]

    def __str__(self) -> str:
        return self.title


class StepKind(models.TextChoices):
    """What happened to a task."""

    SENT = "send", _("Sent")
    ACCEPTED = "accept", _("Accepted")
    DONE = "finish", _("Done")
    RETURNED = "return", _("Returned")
    WITHDRAWN = "withdraw", _("Taken back")
    RESENT = "resend", _("Sent again")
    NOTE = "note", _("Answered")
    ESCALATED = "escalate", _("Escalated")
    MOVED = "move", _("Moved to the new sponsor")


class TaskStep(models.Model):
    """A line of a task's history; never changed."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.UUIDField(null=True)  # None: by itself
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    level = models.PositiveSmallIntegerField(null=True)
    due = models.DateField(null=True)  # the clock set by this step

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "level", "due"], condition=Q(kind="escalate"),
                name="task_escalates_once_a_level",
            ),
            models.CheckConstraint(
                name="task_returned_with_a_reason",
                condition=~Q(kind="return") | Q(text__regex=r"\S"),
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["task", "at"], name="task_step")]
