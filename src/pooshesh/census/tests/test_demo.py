"""The demo shows every screen of the census, and loading it twice changes nothing."""

from pooshesh.census import demo
from pooshesh.census.models import Aside, Conflict, Entry, EntryState, Round, Zone
from pooshesh.conftest import Cast, Country


def test_the_demo_shows_every_screen(country: Country, cast: Cast) -> None:
    country.darvazeh_ghar.code = demo.NEIGHBOURHOOD
    country.darvazeh_ghar.save()
    cast.field_worker.username = demo.WORKER
    cast.field_worker.save()

    demo.load()
    demo.meet_accounts()
    demo.load()
    demo.meet_accounts()

    assert (Round.objects.count(), Zone.objects.count()) == (1, 2)
    assert Entry.objects.filter(state=EntryState.ACCEPTED).exists()
    assert (Entry.objects.count(), Conflict.objects.count(), Aside.objects.count()) == (24, 1, 1)
