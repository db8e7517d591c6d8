"""The demo of eligibility: programs of providers with a pass, one of them revoked."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from pooshesh.access.models import User
from pooshesh.eligibility import actions
from pooshesh.eligibility.models import Pass
from pooshesh.places.models import Area

CITY = "t230101"
PROGRAMS = ("نمونه: نوبت‌دهی درمانگاه", "نمونه: نسخه‌پیچی داروخانه", "نمونه: پذیرش بیمارستان")


@transaction.atomic
def with_users() -> None:
    """Three passes of the demo's provider, unless there are some."""
    admin = User.objects.filter(username="admin", is_demo=True).first()
    provider = User.objects.filter(username="provider", is_demo=True).first()
    city = Area.objects.filter(code=CITY).first()
    if admin is None or provider is None or city is None or Pass.objects.exists():
        return
    today = timezone.localdate()
    made = [
        actions.give_pass(
            actor=admin, user=provider, name=name, area=city,
            until=today + dt.timedelta(days=30 * months),
        )
        for months, name in zip((12, 6, 2), PROGRAMS, strict=True)
    ]  # fmt: skip
    actions.revoke_pass(made[-1], actor=admin)
