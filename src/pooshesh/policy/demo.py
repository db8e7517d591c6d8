"""The demo of policy: reforms that were tried, and a version that waits for a second person.

What they do to the registered persons is counted by the jobs they start, after the first start.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.policy import drafts, scenarios, versions
from pooshesh.policy.models import Population, Scenario
from pooshesh.policy.queries import PACK
from pooshesh.rules.reform import Change

SHARE = "share_by_decile"
TRIED = (
    ("نمونه: دهک هفتم رایگان شود", (Change(SHARE, 7, to=0),)),
    ("نمونه: دهک هشتم سهم کامل بپردازد", (Change(SHARE, 8, to=100),)),
)
NOTE = "نمونه: کاهش سهم دهک هفتم به ده درصد از دو ماه دیگر، برای ارزیابی اثر آن"
AHEAD = dt.timedelta(days=60)


@transaction.atomic
def with_users() -> None:
    """Two scenarios with a remark, and a proposed version, unless somebody tried one already."""
    officer = User.objects.filter(username="policy", is_demo=True).first()
    director = User.objects.filter(username="director", is_demo=True).first()
    if officer is None or director is None or Scenario.objects.exists():
        return
    today = timezone.localdate()
    made = [
        scenarios.try_out(
            title=title, pack=PACK, on=today, changes=changes, other_on=None,
            population=Population.REGISTERED, actor=officer.pk,
        )
        for title, changes in TRIED
    ]  # fmt: skip
    scenarios.remark(made[0], "اثر آن بر استان‌های کم‌برخوردار جدا دیده شود.", actor=director.pk)
    files = drafts.draft(
        PACK, today + AHEAD, {(SHARE, 7): 10}, cited=(), source="نمونه: پیشنهاد کارشناسی", note=None
    )
    versions.propose(PACK, files, valid_from=today + AHEAD, note=NOTE, actor=officer.pk)
