"""The demo shows every screen of cover, and loads once."""

from django.utils import timezone

from pooshesh.conftest import Cast, Country
from pooshesh.coverage import demo, doubles, lists
from pooshesh.coverage.models import Invoice, Proof, Spell
from pooshesh.places.models import Area


def test_the_demo_fills_every_list_once(country: Country, cast: Cast) -> None:
    Area.objects.filter(pk=country.darvazeh_ghar.pk).update(code=demo.NEIGHBOURHOOD)
    today, clerk = timezone.localdate(), cast.tehran_clerk

    demo.load()
    before = Spell.objects.count()
    demo.load()

    assert Spell.objects.count() == before
    assert (Invoice.objects.count(), Proof.objects.count()) == (3, 3)
    assert sum(age.households for age in lists.ages(clerk, today)) == 3
    assert lists.spells(clerk, today, suspended=True).count() == 1
    assert doubles.doubles(clerk, today).count() == 1
    assert lists.births(clerk, today).count() == 1
