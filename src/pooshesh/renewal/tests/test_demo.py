"""The demo shows every screen of renewal."""

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.models import Event
from pooshesh.places.models import Area
from pooshesh.renewal import demo
from pooshesh.renewal.models import Appeal, Outreach, Run


def test_the_demo_has_something_on_every_list_and_loads_once(country: Country, cast: Cast) -> None:
    Area.objects.filter(pk=country.unsponsored.pk).update(code=demo.NEIGHBOURHOOD)
    type(cast.tehran_clerk).objects.filter(pk=cast.tehran_clerk.pk).update(username="clerk")

    demo.load()
    demo.with_users()
    events = Event.objects.count()
    demo.load()
    demo.with_users()

    assert Event.objects.count() == events
    assert Run.objects.get().persons == 4
    assert Appeal.objects.get().state == "sent"
    assert set(Outreach.objects.values_list("attempts", flat=True)) == {0, 1}
