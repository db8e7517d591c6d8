"""The demo holds passes that work and one that does not."""

from pooshesh.conftest import Cast, Country
from pooshesh.eligibility import demo
from pooshesh.eligibility.models import Pass
from pooshesh.places.models import Area


def test_the_demo_has_passes_and_loads_once(country: Country, cast: Cast) -> None:
    Area.objects.filter(pk=country.tehran_city.pk).update(code=demo.CITY)
    for name, user in (("admin", cast.administrator), ("provider", cast.provider)):
        type(user).objects.filter(pk=user.pk).update(username=name, is_demo=True)

    demo.with_users()
    demo.with_users()

    assert sorted(one.revoked_at is None for one in Pass.objects.all()) == [False, True, True]
