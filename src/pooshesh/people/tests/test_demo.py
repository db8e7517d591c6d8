"""The demo holds pairs that a clerk compares."""

from pooshesh.conftest import Country
from pooshesh.people import demo
from pooshesh.people.models import Link, Person, Verdict
from pooshesh.places.models import Area


def test_the_demo_has_possible_doubles_and_loads_once(country: Country) -> None:
    Area.objects.filter(pk=country.unsponsored.pk).update(code=demo.NEIGHBOURHOOD)

    demo.load()
    demo.load()

    assert Person.objects.count() == 2 * len(demo.TWICE)
    assert list(Link.objects.values_list("verdict", flat=True)) == [Verdict.OPEN] * 3
