"""Tables of renewal: runs and their rows, worklist items, sheets of deciles, appeals, outreach."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.coverage.models import Notice, Scheme
from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.people.models import Household, Person
from pooshesh.places.models import Area, Placed


class RunState(models.TextChoices):
    COUNTING = "counting", _("Being counted")
    COUNTED = "counted", _("Counted")
    RENEWING = "renewing", _("Being renewed")
    RENEWED = "renewed", _("Carried out")


class Run(Placed):
    """Everybody insured here who lives in an area, decided as of a day: first without effect."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    on = models.DateField()
    pack_id = models.CharField(max_length=64, blank=True)  # of the bound pack, once counted
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.COUNTING)
    job_id = models.UUIDField(null=True)
    persons = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)  # persons whose outcome differed when renewed
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    renewed_by = models.UUIDField(null=True)
    renewed_at = models.DateTimeField(null=True)


class Outcome(models.TextChoices):
    SAME = "same", _("Renews as it is")
    CHANGED = "changed", _("Renews with another share")
    CANNOT = "cannot", _("Cannot be renewed yet")


class Why(models.TextChoices):
    """Why cover cannot be renewed without a clerk."""

    DECILE_MISSING = "decile_missing", _("Decile missing")
    DECILE_RAISED = "decile_raised", _("Would pay more than now")
    APPEAL_OPEN = "appeal_open", _("Decile appeal not answered")
    STATUS_EXPIRED = "status_expired", _("Legal status expired")
    ELSEWHERE = "elsewhere", _("Covered by another insurer")
    DEPENDANT = "dependant", _("May be a dependant elsewhere")
    VALUE_UNKNOWN = "value_unknown", _("Value unknown for that date")
    SUSPENDED = "suspended", _("Cover is suspended")
    DEAD = "dead", _("Died")


class Settled(models.TextChoices):
    """What the real run did with a row."""

    RENEWED = "renewed", _("Renewed")
    HELD = "held", _("Cover held, on the worklist")
    GONE = "gone", _("No cover any more, nothing to renew")


class Row(models.Model):
    """One spell of a run and what becomes of it. `person` is who the spell was written for."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="rows")
    on = models.DateField()  # of the run
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    household_id = models.UUIDField(null=True)
    spell_id = models.UUIDField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = PathField()
    province = models.CharField(max_length=2)
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    reason = models.CharField(max_length=14, choices=Why.choices, blank=True)
    from_scheme = models.CharField(max_length=20, choices=Scheme.choices, blank=True)
    to_scheme = models.CharField(max_length=20, choices=Scheme.choices, blank=True)
    from_percent = models.PositiveSmallIntegerField(null=True)
    to_percent = models.PositiveSmallIntegerField(null=True)
    settled = models.CharField(max_length=7, choices=Settled.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "spell_id"], name="renewal_row_once"),
            models.UniqueConstraint(
                fields=["spell_id", "on"], name="renewed_once", condition=Q(settled="renewed")
            ),
            models.CheckConstraint(
                name="renewal_reason_when_it_cannot",
                condition=Q(outcome="cannot") & ~Q(reason="") | ~Q(outcome="cannot") & Q(reason=""),
            ),
            models.CheckConstraint(
                name="renewed_only_what_renews",
                condition=~Q(settled="renewed") | ~Q(outcome="cannot"),
            ),
        ]
        indexes = [models.Index(fields=["run", "outcome", "reason"], name="renewal_row_outcome")]


class ItemState(models.TextChoices):
    OPEN = "open", _("Open")
    SETTLED = "settled", _("Settled, cover goes on")
    ENDED = "ended", _("Cover ended after a notice")


class Item(Placed):
    """A household a clerk must look into: cover goes on unless a notice ends it.

    `subject` is the household, or the person where there is none.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, null=True, related_name="items")
    subject = models.UUIDField()
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=14, choices=Why.choices)
    on = models.DateField()  # the day whose renewal it is about
    deadline = models.DateField()  # by when a clerk must have looked
    state = models.CharField(max_length=7, choices=ItemState.choices, default=ItemState.OPEN)
    note = models.TextField(blank=True)
    locked_by = models.UUIDField(null=True)
    locked_until = models.DateTimeField(null=True)
    skipped_at = models.DateTimeField(null=True)
    done_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject"], name="renewal_item_open_once", condition=Q(state="open")
            )
        ]
        indexes = [
            models.Index(
                fields=["province", "deadline"], name="renewal_item_queue",
                condition=Q(state="open"),
            )
        ]  # fmt: skip


class Concerned(models.Model):
    """A person an item is about, and the notice after which cover may end."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="persons")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=14, choices=Why.choices)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+")
    settled = models.CharField(max_length=7, choices=ItemState.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "person"], name="concerned_once"),
            models.CheckConstraint(
                name="renewal_ends_after_a_notice",
                condition=~Q(settled="ended") | Q(notice__isnull=False),
            ),
        ]


class DecileSheetState(models.TextChoices):
    BROUGHT = "brought", _("Being checked")
    CHECKED = "checked", _("Checked")
    WRITTEN = "written", _("Written")


class Sheet(models.Model):
    """A sheet of deciles; its bytes lie sealed until it is written or its day has come.

    `found`: counts, what it moves and problems by row and field, without any identifier.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    state = models.CharField(
        max_length=7, choices=DecileSheetState.choices, default=DecileSheetState.BROUGHT
    )
    found = models.JSONField(default=dict)
    job_id = models.UUIDField(null=True)
    actor = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    delete_by = models.DateField()
    deleted_at = models.DateTimeField(null=True)


class AppealState(models.TextChoices):
    FILED = "filed", _("Filed")
    SENT = "sent", _("Sent to the welfare ministry")
    UPHELD = "upheld", _("Decile upheld")
    CORRECTED = "corrected", _("Decile corrected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Appeal(Placed):
    """A household contests its decile; its cover stays as it is until that is answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    decile = models.PositiveSmallIntegerField()  # the one contested
    since = models.DateField()  # from when it holds
    source = models.CharField(max_length=120)  # who said so
    text = models.TextField()
    state = models.CharField(max_length=9, choices=AppealState.choices, default=AppealState.FILED)
    filed_on = models.DateField()
    due_on = models.DateField()  # by when it must be answered
    sent_on = models.DateField(null=True)
    answered_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    corrected_to = models.PositiveSmallIntegerField(null=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                name="one_open_appeal",
                condition=Q(state__in=["filed", "sent"]),
            ),
            models.CheckConstraint(
                name="appeal_leaves_time", condition=Q(due_on__gt=F("filed_on"))
            ),
            models.CheckConstraint(
                name="corrected_to_a_decile",
                condition=~Q(state="corrected") | Q(corrected_to__gte=1, corrected_to__lte=10),
            ),
        ]


class OutreachState(models.TextChoices):
    UNTOLD = "untold", _("Not told yet")
    TOLD = "told", _("Told")
    ENROLLED = "enrolled", _("Enrolled")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Not entitled any more")


class Outreach(Placed):
    """Somebody entitled to free cover who has none here, and by when they must be told."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decision_id = models.UUIDField()
    decided_on = models.DateField()
    deadline = models.DateField()
    state = models.CharField(
        max_length=8, choices=OutreachState.choices, default=OutreachState.UNTOLD
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    told_on = models.DateField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="outreach_once", condition=Q(state__in=["untold", "told"])
            ),
            models.CheckConstraint(
                name="told_on_a_day",
                condition=~Q(state__in=["told", "declined"]) | Q(told_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["province", "state", "deadline"], name="outreach_queue"),
        ]


class Channel(models.TextChoices):
    SMS = "sms", _("Text message")
    PHONE = "phone", _("Telephone")
    VISIT = "visit", _("Visit by a neighbourhood worker")


class Result(models.TextChoices):
    TOLD = "told", _("Was told")
    SENT = "sent", _("Message sent, not confirmed")
    UNREACHED = "unreached", _("Nobody was reached")
    WRONG = "wrong", _("Wrong number or address")
    DECLINED = "declined", _("Was told and declines")


class Attempt(models.Model):
    """One attempt to tell somebody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    outreach = models.ForeignKey(Outreach, models.CASCADE, related_name="tries")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    result = models.CharField(max_length=9, choices=Result.choices)
    note = models.CharField(max_length=300, blank=True)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
