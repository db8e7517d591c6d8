"""Tables of coverage: insurers, spells of cover, and what may happen to a spell.

Money: invoices, payments and refunds of a household, with an account that triggers keep. What
must never happen is refused by the database (`0003_cover`).
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.people.models import Household, Person
from pooshesh.places.models import Area, Named, Placed


class Scheme(models.TextChoices):
    """The insurer's funds, and what other insurers give."""

    CIVIL_SERVANTS = "civil_servants", _("Civil servants' fund")
    RURAL = "rural", _("Rural and nomads' fund")
    UNIVERSAL = "universal", _("Universal fund")
    OTHER_STRATA = "other_strata", _("Other-strata fund")
    FOREIGN_NATIONALS = "foreign_nationals", _("Foreign nationals")


class Insurer(Named):
    """A basic insurer: this one (ihio) or another (Social Security, armed forces)."""

    code = models.CharField(max_length=20, primary_key=True)
    ours = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ours"], condition=Q(ours=True), name="one_is_ours")
        ]


class Source(models.TextChoices):
    """How we know of a spell."""

    ROLL = "roll", _("Found on a roll")
    ENROLMENT = "enrolment", _("Enrolled here")
    NEWBORN = "newborn", _("Newborn's grace")


class Spell(Bitemporal):
    """A time for which a person is covered; two spells of one insurer never overlap.

    A spell found on a roll has no known beginning: its `valid` starts the day it was seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=20, choices=Scheme.choices, blank=True)
    premium_percent = models.PositiveSmallIntegerField(null=True)  # the household's share
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")  # where it was given
    area_path = PathField()
    province = models.CharField(max_length=2)
    decision_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    application_id = models.UUIDField(null=True)
    source = models.CharField(max_length=9, choices=Source.choices)

    class Meta:
        constraints = [
            no_overlap("spell_one_at_a_time", "person", "insurer"),
            models.CheckConstraint(
                name="premium_is_a_percentage", condition=Q(premium_percent__lte=100)
            ),
        ]
        indexes = [
            GistIndex(fields=["area_path"], name="spell_path"),
            models.Index(fields=["campaign_id"], name="spell_campaign"),
            models.Index(fields=["province", "insurer", "scheme"], name="spell_count"),
        ]


class Undo(models.Model):
    """An enrolment taken back, with the reason."""

    spell = models.OneToOneField(Spell, models.PROTECT, related_name="undo", primary_key=True)
    reason = models.TextField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


# --- what may happen to a spell ----------------------------------------------------------


class Reason(models.TextChoices):
    """Why somebody is told that cover will stop, and why it then does."""

    ARREARS = "arrears", _("Premium not paid")
    DOUBLE_COVER = "double_cover", _("Covered by another insurer")
    DOCUMENTS = "documents", _("Documents missing")
    DECISION = "decision", _("The decision changed")
    NEWBORN = "newborn", _("Newborn's grace ends")
    RENEWAL = "renewal", _("Not renewed")


class Notice(Placed):
    """Somebody was told that cover will stop from `deadline` on unless something is done.

    No suspension stands without one, and none begins before its deadline.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    given_on = models.DateField()
    deadline = models.DateField()
    text = models.TextField(blank=True)  # what is to be done
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notice_leaves_time", condition=Q(deadline__gt=F("given_on"))
            )
        ]
        indexes = [
            GistIndex(fields=["area_path"], name="notice_path"),
            models.Index(fields=["deadline"], name="notice_deadline"),
        ]


class Suspension(Bitemporal):
    """Days of a spell of ours on which it does not cover; a revival ends them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=Reason.choices)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="suspensions")
    actor = models.UUIDField(null=True)

    class Meta:
        constraints = [no_overlap("suspension_one_at_a_time", "person")]


class Cause(models.TextChoices):
    """What ended a spell before its time."""

    DEATH = "death", _("Death")
    DOUBLE_COVER = "double_cover", _("Covered by another insurer")
    NOTICE = "notice", _("After a notice")
    OTHER_ENDED = "other_ended", _("The other insurer's cover ended")


class Ending(models.Model):
    """Cover of one insurer (None: of all) was ended from a day on; `at` finds what it changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    insurer = models.ForeignKey(Insurer, models.PROTECT, null=True, related_name="+")
    start = models.DateField()  # the first day without
    cause = models.CharField(max_length=12, choices=Cause.choices)
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="+")
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.TextField(blank=True)
    undone_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ended_after_a_notice", condition=~Q(cause="notice") | Q(notice__isnull=False)
            )
        ]


class Resolution(Placed):
    """A clerk decided which of two insurers stays, from a day on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    insurer = models.ForeignKey(Insurer, models.PROTECT, related_name="+")  # the other one
    stays_ours = models.BooleanField()
    since = models.DateField()  # the first day of one insurer alone
    reason = models.TextField()
    ending = models.OneToOneField(Ending, models.PROTECT, related_name="+")
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class Birth(Placed):
    """A newborn who is covered with the parent for a grace time, without premium."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="+", primary_key=True)
    parent = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()
    grace_until = models.DateField()  # the first day without grace
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="+")
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="grace_after_birth", condition=Q(grace_until__gt=F("on")))
        ]
        indexes = [GistIndex(fields=["area_path"], name="birth_path")]


# --- enrolment of a household ------------------------------------------------------------


class Application(Placed):
    """A household asked to be enrolled, as a clerk took it down."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    since = models.DateField()
    note = models.TextField(blank=True)  # why something else than the rules say
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)


class DocumentKind(models.TextChoices):
    """What a document shows."""

    IDENTITY = "identity", _("Identity")
    RESIDENCE = "residence", _("Residence")
    INCOME = "income", _("Income")
    OTHER = "other", _("Other document")


class Document(models.Model):
    """A sealed file that came with an application; its bytes lie in the vault."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=9, choices=DocumentKind.choices)
    name = models.CharField(max_length=160)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)


# --- proof of cover ------------------------------------------------------------------------


class Proof(Placed):
    """A card with a code that says on a public page whether it covers; one at a time a person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)  # sha256 of the code
    sealed = models.BinaryField(max_length=80)  # the code, to print the card again
    issued_on = models.DateField()
    expires_on = models.DateField()  # the first day it is worth nothing
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], name="one_live_proof", condition=Q(revoked_at=None)
            ),
            models.CheckConstraint(
                name="proof_expires_later", condition=Q(expires_on__gt=F("issued_on"))
            ),
        ]


# --- money -----------------------------------------------------------------------------------


class Account(Placed):
    """What a household was billed and paid, in rial; only triggers write the sums."""

    household = models.OneToOneField(Household, models.PROTECT, related_name="+", primary_key=True)
    billed = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_never_negative",
                condition=Q(billed__gte=0, refunded__gte=0, paid__gte=F("refunded")),
            )
        ]
        indexes = [GistIndex(fields=["area_path"], name="account_path")]


class Invoice(Placed):
    """Premium a household owes for some days; `amount` is the sum of its lines."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.BigIntegerField(
        unique=True,
        db_default=models.Func(models.Value("coverage_invoice_number"), function="nextval"),
    )
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    period = DateRangeField()
    amount = models.BigIntegerField()  # rial
    issued_on = models.DateField()
    due_on = models.DateField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    run = models.UUIDField(null=True)  # the job that billed a whole area
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="invoice_asks_something", condition=Q(amount__gt=0))
        ]
        indexes = [models.Index(fields=["run"], name="invoice_run", condition=Q(run__isnull=False))]


class InvoiceLine(models.Model):
    """One member and days at one premium; nobody is asked twice for the same day."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    days = DateRangeField()
    yearly = models.BigIntegerField()  # rial, of one person before it is shared
    percent = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()  # rial
    live = models.BooleanField(default=True)  # its invoice was not cancelled

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="billed_once_a_day",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
                condition=Q(live=True),
            ),
            models.CheckConstraint(
                name="line_is_a_share", condition=Q(amount__gte=0, percent__lte=100)
            ),
        ]


class Method(models.TextChoices):
    """How somebody paid."""

    BANK = "bank", _("Bank transfer")
    CARD = "card", _("Card reader")
    ONLINE = "online", _("Online")


class _Paid(models.Model):
    """Mixin: an amount of money that changed hands."""

    amount = models.BigIntegerField()  # rial

    class Meta:
        abstract = True

    @property
    def rial(self) -> Rial:
        """The amount as money."""
        return Rial(self.amount)


class Payment(_Paid):
    """Money received from a household; a reference number is taken once. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, unique=True)  # of the bank
    paid_on = models.DateField()
    method = models.CharField(max_length=6, choices=Method.choices)
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(name="payment_is_money", condition=Q(amount__gt=0))]


class Refund(_Paid):
    """Credit given back to a household. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=40, unique=True)
    refunded_on = models.DateField()
    reason = models.TextField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(name="refund_is_money", condition=Q(amount__gt=0))]
