"""`./pooshesh admin create`."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from pooshesh.access import verbs as access_verbs
from pooshesh.access.models import User
from pooshesh.conftest import Country
from pooshesh.kernel import verbs

assert access_verbs  # registers the commands


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_first_administrator_gets_a_password(
    country: Country, capsys: pytest.CaptureFixture[str]
) -> None:
    status = verbs.main(["admin", "create", "first", "first@example.org"])

    username, password = capsys.readouterr().out.split()
    user = User.objects.get(username=username)
    assert status == 0
    assert user.may("access.manage")
    assert user.check_password(password)


@pytest.mark.parametrize(
    ("username", "email", "field"),
    [
        ("", "first@example.org", "Username"),
        ("First Last", "first@example.org", "Username"),
        ("x" * 61, "first@example.org", "Username"),
        ("first", "example.org", "E-mail"),
        ("first", "", "E-mail"),
    ],
)
def test_a_name_or_address_that_is_none_is_refused(
    country: Country, capsys: pytest.CaptureFixture[str], username: str, email: str, field: str
) -> None:
    status = verbs.main(["admin", "create", username, email])

    assert status == 2
    assert capsys.readouterr().err.startswith(f"pooshesh: {field}: “")
    assert not User.objects.exists()


def test_without_a_nation_the_next_step_is_said(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    status = verbs.main(["admin", "create", "first", "first@example.org"])

    assert status == 2
    assert "./pooshesh places seed" in capsys.readouterr().err
