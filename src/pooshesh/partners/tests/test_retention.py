"""Contacts go when their post has been over for long enough."""

import datetime as dt

import pytest
from django.utils import timezone

from pooshesh.kernel.retention import classes
from pooshesh.partners.actions import add_contact, end_contact
from pooshesh.partners.models import Contact
from pooshesh.partners.retention import CONTACT_DAYS
from pooshesh.partners.tests.conftest import Bodies

pytestmark = pytest.mark.django_db


def test_a_contact_goes_two_years_after_the_post_ended_and_one_in_post_stays(
    bodies: Bodies,
) -> None:
    kind, today = classes()["contacts"], timezone.localdate()
    assert kind.delete
    assert kind.due
    day = today + dt.timedelta(days=CONTACT_DAYS)
    for name in ("گیتی آزمونی", "بهزاد آزمونی"):
        add_contact(
            actor=None,
            organisation=bodies.welfare,
            name=name,
            post="دبیر",
            phone="021",
            since=today - dt.timedelta(days=30),
        )
    end_contact(actor=None, contact=Contact.objects.get(name="گیتی آزمونی"))
    early = kind.due(day - dt.timedelta(days=1))

    deleted = kind.delete(day)

    assert (early, deleted, kind.due(day)) == (0, 2, 0)  # as it was known before, and since
    assert Contact.objects.get().name == "بهزاد آزمونی"
