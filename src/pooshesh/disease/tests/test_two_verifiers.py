"""Two people at the very same time: one of them is told."""

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from pooshesh.conftest import Cast, at_once
from pooshesh.disease import claims, tags
from pooshesh.disease.models import Claim, ClaimState, ClaimStep, Disease, Tag
from pooshesh.disease.tags import NewTag
from pooshesh.disease.tests.conftest import WHY
from pooshesh.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
TODAY = timezone.localdate()


def test_of_two_verifiers_at_once_one_decides(claim: Claim, cast: Cast) -> None:
    refused = at_once(
        lambda: claims.tag(claim, starts=TODAY, ends=None, actor=cast.verifier.pk),
        lambda: claims.refuse(claim, "another", why=WHY, actor=uuid4()),
    )

    assert sorted(refused)[0] == ""
    assert sorted(refused)[1].startswith("transition.")
    assert ClaimStep.objects.exclude(verb="open").count() == 1
    assert Tag.objects.count() == Claim.objects.filter(state=ClaimState.TAGGED).count()


def test_one_disease_is_tagged_once_at_once(patient: Person, listed: Disease) -> None:
    def issue() -> object:
        return tags.issue(NewTag(patient, "SMA", TODAY - dt.timedelta(days=1), None), actor=None)

    refused = at_once(issue, issue)

    assert sorted(refused) == ["", "disease.tag_there"]
    assert Tag.objects.count() == 1
