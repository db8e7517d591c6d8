"""The last vote is cast while two others count the motion and close the meeting."""

import contextlib

import pytest

from pooshesh.conftest import at_once
from pooshesh.kernel.errors import Invalid
from pooshesh.meetings import minutes, sitting
from pooshesh.meetings.models import Decision, Item, Minutes, Motion, Session, Vote
from pooshesh.meetings.tests.conftest import FOR, Group

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

CLOSED_BEFORE = ("session.gone", "transition.refused")


def test_the_last_vote_is_in_the_count_or_refused_and_the_meeting_closes_once(
    held: Session, group: Group, items: list[Item]
) -> None:
    motion = sitting.put(held, [items[0].pk], text="متن", verdict="approved", actor=None)
    early = {group.members[code].pk: FOR for code in ("interior", "welfare")}
    sitting.vote(motion, early, actor=None)

    def close() -> None:
        with contextlib.suppress(Invalid):  # the other has counted it
            sitting.count(Motion.objects.select_related("session").get(), actor=None)
        minutes.close(Session.objects.select_related("body").get(), actor=None)

    refused = at_once(
        lambda: sitting.vote(motion, {group.members["relief"].pk: FOR}, actor=None), close, close
    )

    late = Vote.objects.count() - len(early)
    # The second to close is told so: it read the meeting before the first had closed it, or after.
    assert len([code for code in refused if code in CLOSED_BEFORE]) == 1
    assert {*refused} - {"", *CLOSED_BEFORE, "motion.gone", "session.state"} == set()
    assert len([code for code in refused if code]) == 2 - late
    assert Decision.objects.get().in_favour == Vote.objects.count()
    assert Minutes.objects.count() == 1
