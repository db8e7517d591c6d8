"""The writers of eligibility: a check leaves its trace; passes are given and revoked."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.access.queries import visible
from pooshesh.eligibility import queries
from pooshesh.eligibility.decide import CARD_GONE, Answer, answer
from pooshesh.eligibility.models import PER_MINUTE, Pass
from pooshesh.eligibility.queries import CHECK, MANAGE, Holder
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.places.models import Area

EARLIEST = dt.date(1979, 3, 21)  # 1 Farvardin 1358
LONGEST = dt.timedelta(days=731)
AHEAD = dt.timedelta(days=366)
PURPOSE = "point_of_care"

explain(
    {
        "eligibility.empty": gettext_noop("Give an identity number or the code of a card."),
        "eligibility.question": gettext_noop(
            'Expected JSON such as {"number": "0079577618", "on": "1404-09-01"}, with a whole day.'
        ),
        "eligibility.day": gettext_noop(
            "%(read)s is too far away to ask about; expected a day from %(first)s to %(last)s."
        ),
        "eligibility.account": gettext_noop(
            "“%(read)s” may not check cover; give the account the role of a care provider first."
        ),
        "eligibility.area": gettext_noop("“%(read)s” is not in your area."),
        "eligibility.until": gettext_noop(
            "A pass ends on a day between tomorrow and two years from now; read %(read)s."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer with the little that is told of who it is about."""

    on: dt.date
    answer: Answer
    holder: Holder | None = None  # nobody, or several


def check(text: str, on: dt.date | None, *, actor: UUID, by: str = "page") -> Checked:
    """Whether who holds a number or a card is covered on a day (default: today); 2 statements.

    Raises Invalid for an empty number or a day too far away. The check is written down, beside
    the person when one was found, before it is answered; the caller has made sure that the actor
    may ask. One statement reads and one writes: a transaction around them would be two more.
    """
    today = timezone.localdate()
    day = on or today
    if not text.strip():
        raise Invalid("eligibility.empty")
    if not EARLIEST <= day <= today + AHEAD:
        raise Invalid("eligibility.day", read=day, first=EARLIEST, last=today + AHEAD)
    found = queries.holders(text, day)
    given = answer([one.known for one in found.people], by_card=found.by_card)
    only = found.people[0] if len(found.people) == 1 else None
    audit.record(
        "eligibility.check", actor=actor, kind="person",
        object_id=only.person if only else "",
        content={"on": day, "covered": given.covered, "by": by}, purpose=PURPOSE,
        persons=[one.person for one in found.people], waits=False,
    )  # fmt: skip
    return Checked(day, given, None if given.reasons == (CARD_GONE,) else only)


@transaction.atomic
def give_pass(
    *, actor: User, user: User, name: str, area: Area, until: dt.date, per_minute: int = PER_MINUTE
) -> Pass:
    """Let a provider's program check cover in the name of an account, up to and with a day."""
    today = timezone.localdate()
    if not user.is_active or not user.may(CHECK):
        raise Invalid("eligibility.account", read=str(user))
    if not visible(actor, MANAGE).covers(area.path, area.pk):
        raise Invalid("eligibility.area", read=area.code)
    if not today < until <= today + LONGEST:
        raise Invalid("eligibility.until", read=until)
    made = Pass.objects.create(
        user=user, name=clean(name), area=area, area_path=area.path, province=area.province,
        per_minute=per_minute, given_by=actor.pk, expires_on=until,
    )  # fmt: skip
    audit.record(
        "eligibility.give_pass", actor=actor.pk, kind="pass", object_id=made.pk,
        content={"user": user.pk, "until": until, "per_minute": per_minute}, area_path=area.path,
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_pass(one: Pass, *, actor: User) -> bool:
    """End a pass now; False when it had been revoked already."""
    ended = Pass.objects.filter(pk=one.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=actor.pk
    )
    if ended:
        audit.record(
            "eligibility.revoke_pass", actor=actor.pk, kind="pass", object_id=one.pk,
            area_path=one.area_path,
        )  # fmt: skip
    return bool(ended)
