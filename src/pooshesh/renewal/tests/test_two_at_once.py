"""Two clerks settle the same appeal in the same moment."""

import pytest

from pooshesh.conftest import Cast, Country, at_once
from pooshesh.kernel.models import Event
from pooshesh.people.models import Decile
from pooshesh.renewal import appeals
from pooshesh.renewal.models import Appeal
from pooshesh.renewal.tests.conftest import LONG, START, Insure, home

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_of_two_clerks_who_answer_an_appeal_the_first_counts(
    insure: Insure, country: Country, cast: Cast
) -> None:
    clerk = cast.tehran_clerk.pk
    person = insure(country.unsponsored, 1, decile=8, percent=40)
    appeal = appeals.file(home(person), LONG, actor=clerk)
    appeals.move(appeal, "send", actor=clerk)

    refused = at_once(
        lambda: appeals.move(appeal, "correct", answer=LONG, decile=2, actor=clerk),
        lambda: appeals.move(appeal, "uphold", answer=LONG, actor=cast.national_director.pk),
    )

    kept = Appeal.objects.get()
    answers = Event.objects.filter(action__in=["renewal.appeal_corrected", "renewal.appeal_upheld"])
    assert refused == ["", "transition.final"]
    assert kept.corrected_to == {"corrected": 2, "upheld": None}[kept.state]
    assert Decile.objects.on(START).get().decile == (kept.corrected_to or 8)
    assert answers.count() == 1
