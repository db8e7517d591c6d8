"""Tables of meetings: bodies with dated members and rules, sessions, votes, minutes, action items.

What a body decides about is a *matter*: a kind and the id of somebody's object (`registry`), so
other rooms bring theirs. A matter stands on the agenda of a session as an *item*; a *motion* asks
about one item or many, and every item gets a *decision* of its own.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pooshesh.kernel.fields import PathField
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.time import Bitemporal, no_overlap
from pooshesh.partners.models import Organisation
from pooshesh.places.models import Area, Named, in_language


class BodyKind(models.TextChoices):
    WORKING_GROUP = "working_group", _("Working group")
    COMMITTEE = "committee", _("Committee")


class Role(models.TextChoices):
    """What a member does; an alternate counts while the member of the seat is absent."""

    CHAIR = "chair", _("Chair")
    MEMBER = "member", _("Member")
    ALTERNATE = "alternate", _("Alternate")
    SECRETARY = "secretary", _("Secretary, without a vote")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    INVITED = "invited", _("Invited")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    SIGNED = "signed", _("Minutes signed")
    CANCELLED = "cancelled", _("Cancelled")


class MatterState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DECIDED = "decided", _("Decided")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class MotionState(models.TextChoices):
    OPEN = "open", _("Open")
    COUNTED = "counted", _("Counted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Choice(models.TextChoices):
    FOR = "for", _("In favour")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstains")


class Outcome(models.TextChoices):
    PENDING = "pending", _("Being voted on")
    CARRIED = "carried", _("Carried")
    LOST = "lost", _("Lost")
    NO_QUORUM = "no_quorum", _("No quorum")


class ActionState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class OfProvince(models.Model):
    """Mixin: every row says whose it is; "" is the nation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    province = models.CharField(max_length=2, blank=True)

    class Meta:
        abstract = True


class Placed(OfProvince):
    """Mixin: rows that are read by area."""

    area_path = PathField()

    class Meta:
        abstract = True


class Body(Named, Placed):
    """A working group or committee; `capacity` is how many matters one session takes."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=13, choices=BodyKind.choices)
    remit_fa = models.TextField()
    remit_en = models.TextField(blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    capacity = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="body_has_capacity", condition=Q(capacity__gte=1))
        ]

    @property
    def remit(self) -> str:
        remit: str = getattr(self, in_language("remit")) or self.remit_fa
        return remit


class Rule(Bitemporal):
    """A body's quorum and majority for a time; both percentages mean *more than*.

    The quorum is a number of members present or a share of the members of that day, and the
    organisations `must_attend`. A motion carries when the share of those in favour among those
    who voted for or against (and, if `abstentions_count`, abstained) is more than the majority.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    quorum_members = models.PositiveSmallIntegerField(null=True)
    quorum_percent = models.PositiveSmallIntegerField(null=True)
    must_attend = ArrayField(models.UUIDField(), default=list)  # organisations
    majority_percent = models.PositiveSmallIntegerField(default=50)
    abstentions_count = models.BooleanField(default=False)

    class Meta:
        constraints = [
            no_overlap("rule_once", "body"),
            models.CheckConstraint(
                name="rule_has_one_quorum",
                condition=Q(quorum_members__gte=2, quorum_percent__isnull=True)
                | Q(quorum_members__isnull=True, quorum_percent__range=(1, 99)),
            ),
            models.CheckConstraint(
                name="rule_is_a_majority", condition=Q(majority_percent__range=(50, 99))
            ),
        ]


class Seat(Bitemporal):
    """An organisation has a seat in a body for a time."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")

    class Meta:
        constraints = [no_overlap("seat_once", "body", "organisation")]


class Member(OfProvince):
    """A person in a body, whatever seat they hold when; `user_id` is who signs in as them."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    user_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="member_once", fields=["body", "user_id"]),
        ]
        indexes = [models.Index(fields=["user_id"], name="member_user")]

    def __str__(self) -> str:
        return self.name


class Term(Bitemporal):
    """A member sits for an organisation, in a role, for a time."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=9, choices=Role.choices)

    class Meta:
        constraints = [
            no_overlap("term_one_seat", "member"),
            no_overlap(
                "term_one_member", "body", "organisation",
                condition=Q(role__in=["chair", "member"]),
            ),
            no_overlap("term_one_alternate", "body", "organisation", condition=Q(role="alternate")),
            no_overlap("term_one_chair", "body", condition=Q(role="chair")),
            no_overlap("term_one_secretary", "body", condition=Q(role="secretary")),
        ]  # fmt: skip


class Session(Placed):
    """A meeting of a body: its number in the Jalali year, when and where."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=9, choices=SessionState.choices, default=SessionState.PLANNED
    )
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    why_cancelled = models.TextField(blank=True)
    made_by = models.UUIDField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="session_number", fields=["body", "year", "number"]),
            models.UniqueConstraint(
                name="session_one_open", fields=["body"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="session_cancelled_for_a_reason",
                condition=~Q(state="cancelled") | ~Q(why_cancelled=""),
            ),
        ]


class Matter(Placed):
    """Something a body has to decide: an object of a kind, or a topic of its own."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    object_id = models.UUIDField(null=True)
    title = models.CharField(max_length=300)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=MatterState.choices, default=MatterState.WAITING)
    verdict = models.CharField(max_length=20, blank=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="matter_waits_once",
                fields=["body", "kind", "object_id"],
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="matter_decided_somehow",
                condition=Q(state="decided") ^ Q(verdict=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["body", "submitted_at"], name="matter_waiting", condition=Q(state="waiting")
            )
        ]


class ActionItem(Placed):
    """What somebody took over in a session, by when."""

    body = models.ForeignKey(Body, models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    text = models.CharField(max_length=500)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    deadline = models.DateField()
    state = models.CharField(max_length=7, choices=ActionState.choices, default=ActionState.OPEN)
    report = models.TextField(blank=True)  # how it was done, or why it was dropped
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="action_has_one_owner",
                condition=Q(member__isnull=False) ^ Q(organisation__isnull=False),
            ),
            models.CheckConstraint(
                name="action_dropped_for_a_reason", condition=~Q(state="dropped") | ~Q(report="")
            ),
            models.CheckConstraint(
                name="action_closed_at_a_time",
                condition=Q(state="open") ^ Q(closed_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["body", "deadline"], name="action_open", condition=Q(state="open"))
        ]


class Item(OfProvince):
    """A line of a session's agenda: a matter to decide or an action item to follow up."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="+")
    action = models.ForeignKey(ActionItem, models.PROTECT, null=True, related_name="+")
    position = models.PositiveIntegerField()
    carried_over = models.BooleanField(default=False)
    note = models.TextField(blank=True)  # what was said

    class Meta:
        constraints = [
            models.UniqueConstraint(name="item_matter_once", fields=["session", "matter"]),
            models.UniqueConstraint(name="item_action_once", fields=["session", "action"]),
            models.CheckConstraint(
                name="item_is_one_thing",
                condition=Q(matter__isnull=False) ^ Q(action__isnull=False),
            ),
        ]


class Attendance(OfProvince):
    """A member was in the room from `came_at` to `left_at`; again is another row."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="attendance_in_once",
                fields=["session", "member"],
                condition=Q(left_at__isnull=True),
            ),
            models.CheckConstraint(
                name="attendance_left_after_it_came",
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
            ),
        ]


class Conflict(OfProvince):
    """A member has an interest of their own in a matter, in every session that takes it up."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    declared_at = models.DateTimeField(default=timezone.now)
    declared_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="conflict_once", fields=["matter", "member"])]


class Motion(OfProvince):
    """A question put to the vote: carried, it gives its matters the `verdict`.

    `standing` is what the count went by: members of the day, who of them was present and counted,
    how many were needed, which organisations were missing, the rule.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    verdict = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=MotionState.choices, default=MotionState.OPEN)
    put_at = models.DateTimeField(default=timezone.now)
    put_by = models.UUIDField(null=True)
    counted_at = models.DateTimeField(null=True)
    standing = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="motion_number", fields=["session", "number"]),
            models.UniqueConstraint(
                name="motion_one_open", fields=["session"], condition=Q(state="open")
            ),
            models.CheckConstraint(
                name="motion_counted_with_its_standing",
                condition=Q(state="counted") ^ Q(standing__isnull=True),
            ),
        ]


class Decision(OfProvince):
    """What a motion came to for one item; conflicts make this differ from item to item."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome.choices, default=Outcome.PENDING)
    needed = models.PositiveSmallIntegerField(default=0)  # the quorum
    counted = models.PositiveSmallIntegerField(default=0)  # present and without a conflict
    in_favour = models.PositiveSmallIntegerField(default=0)
    against = models.PositiveSmallIntegerField(default=0)
    abstained = models.PositiveSmallIntegerField(default=0)
    set_aside_at = models.DateTimeField(null=True)
    why_set_aside = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="decision_item_once", fields=["motion", "item"]),
            models.UniqueConstraint(
                name="decision_one_stands",
                fields=["matter"],
                condition=Q(outcome="carried", set_aside_at__isnull=True),
            ),
            models.CheckConstraint(
                name="decision_had_a_quorum",
                condition=~Q(outcome__in=["carried", "lost"]) | Q(counted__gte=F("needed")),
            ),
            models.CheckConstraint(
                name="decision_not_by_one_alone",
                condition=~Q(outcome="carried") | Q(in_favour__gt=F("against"), in_favour__gte=2),
            ),
        ]


class Vote(OfProvince):
    """How a member voted on a motion; `cast_by` is who entered it."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=7, choices=Choice.choices)
    cast_at = models.DateTimeField(default=timezone.now)
    cast_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="vote_once", fields=["motion", "member"])]


class Minutes(models.Model):
    """What is signed: the whole session as it is printed, and the digest of it."""

    session = models.OneToOneField(Session, models.PROTECT, primary_key=True, related_name="+")
    province = models.CharField(max_length=2, blank=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)  # sha256 of the content, `kernel.audit.digest`
    made_at = models.DateTimeField(default=timezone.now)


class Signature(OfProvince):
    """A member signed these minutes; on paper where they have no account."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    on_paper = models.BooleanField(default=False)
    signed_at = models.DateTimeField(default=timezone.now)
    signed_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="signature_once", fields=["minutes", "member"])]
