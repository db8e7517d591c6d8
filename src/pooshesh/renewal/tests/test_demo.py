"""The demo shows every screen of renewal."""

from pooshesh.conftest import Cast, Country
from pooshesh.kernel.models import Event
from pooshesh.places.models import Area
from pooshesh.renewal import demo
from pooshesh.renewal.models import Appeal, Item, Outreach, Run, Sheet


def test_the_demo_has_something_on_every_list_and_loads_once(country: Country, cast: Cast) -> None:
    Area.objects.filter(pk=country.tehran_city.pk).update(code=demo.CITY)
    here = country.tehran_city
    Area.objects.create(
        code="t2302", name_fa="شهر کنار", kind=here.kind, parent=here.parent, path=f"{here.path}_2",
        province=here.province, valid=here.valid,
    )  # fmt: skip
    Area.objects.filter(pk=country.unsponsored.pk).update(code=demo.NEIGHBOURHOOD)
    type(cast.tehran_clerk).objects.filter(pk=cast.tehran_clerk.pk).update(username="clerk")

    demo.load()
    demo.with_users()
    events = Event.objects.count()
    demo.load()
    demo.with_users()

    assert Event.objects.count() == events
    runs = set(Run.objects.values_list("state", "persons"))
    assert runs == {("renewed", 3), ("counted", 4)}
    assert set(Item.objects.values_list("reason", flat=True)) == {"decile_missing", "decile_raised"}
    assert Sheet.objects.count() == 1
    assert Appeal.objects.get().state == "sent"
    assert set(Outreach.objects.values_list("attempts", flat=True)) == {0, 1}
