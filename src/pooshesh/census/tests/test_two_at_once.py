"""Two clerks decide about the same household in the same moment."""

import pytest

from pooshesh.census import actions
from pooshesh.census.models import Entry, EntryState
from pooshesh.census.tests.conftest import Field, Receive, content, sent
from pooshesh.conftest import Cast, at_once
from pooshesh.kernel.models import Event

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_two_clerks_who_accept_the_same_household_accept_it_once(
    field: Field, receive: Receive, cast: Cast
) -> None:
    receive(sent(field.given[0], content()))
    one, accepted = Entry.objects.get(), list[int]()

    def accept() -> None:
        accepted.append(actions.accept([one.pk], field.round, cast.tehran_lead.pk))

    refused = at_once(accept, accept)

    assert (refused, sorted(accepted)) == (["", ""], [0, 1])
    assert Entry.objects.get().state == EntryState.ACCEPTED
    assert Event.objects.filter(action="census.accept").count() == 1
