"""Accounts are opened bare, roles are given over an area and end; who checks is not checked."""

import datetime as dt

import pytest

from pooshesh.access import actions
from pooshesh.access.models import Grant, User
from pooshesh.conftest import Cast, Country
from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.models import Event


def test_a_given_role_opens_its_area(cast: Cast, country: Country) -> None:
    actions.give(actor=cast.administrator, user=cast.outsider, role="clerk", area=country.lorestan)

    assert cast.outsider.may("people.read")
    assert Event.objects.get(action="access.give").actor == cast.administrator.id


def test_an_ended_role_closes_it_again(cast: Cast) -> None:
    grant = Grant.objects.get(user=cast.tehran_clerk)

    ended = actions.end_grant(actor=cast.administrator, grant_id=grant.id)

    assert ended
    assert not User.objects.get(id=cast.tehran_clerk.id).may("people.read")


def test_ending_twice_changes_nothing_the_second_time(cast: Cast) -> None:
    grant = Grant.objects.get(user=cast.tehran_clerk)
    actions.end_grant(actor=cast.administrator, grant_id=grant.id)

    again = actions.end_grant(actor=cast.administrator, grant_id=grant.id)

    assert not again


def test_an_auditor_cannot_become_a_clerk(cast: Cast, country: Country) -> None:
    with pytest.raises(Invalid, match="must not meet") as caught:
        actions.give(actor=cast.administrator, user=cast.auditor, role="clerk", area=country.tehran)

    assert caught.value.code == "access.incompatible"


def test_roles_that_check_each_other_may_follow_in_time(cast: Cast, country: Country) -> None:
    user = User.objects.create_user("moves_on")
    actions.give(
        actor=cast.administrator, user=user, role="auditor", area=country.nation,
        since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1),
    )  # fmt: skip

    actions.give(actor=cast.administrator, user=user, role="clerk", area=country.tehran)

    assert user.may("people.write")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("access.scope", {"area": None}),
        ("access.end_before_start", {"until": dt.date(2020, 1, 1)}),
    ],
)
def test_a_grant_needs_one_scope_and_a_future(
    cast: Cast, country: Country, code: str, change: dict[str, object]
) -> None:
    grant = {"role": "clerk", "area": country.tehran, "since": dt.date(2021, 1, 1), **change}

    with pytest.raises(Invalid) as caught:
        actions.give(actor=cast.administrator, user=cast.outsider, **grant)  # type: ignore[arg-type]

    assert caught.value.code == code


def test_nobody_gives_a_role_to_themselves(cast: Cast, country: Country) -> None:
    with pytest.raises(Invalid) as caught:
        actions.give(
            actor=cast.administrator, user=cast.administrator, role="director",
            area=country.nation,
        )  # fmt: skip

    assert caught.value.code == "access.not_yourself"


def test_a_user_name_is_taken_in_any_case(cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        actions.create_user(
            actor=cast.administrator, username="AUDITOR", full_name="", email="", password=None
        )

    assert caught.value.code == "access.username_taken"


def test_whoever_sits_at_the_server_opens_the_first_account(country: Country) -> None:
    user = actions.first_administrator(
        username="first", email="", password="a long password", nation=country.nation
    )

    assert user.may("access.manage")
    assert user.check_password("a long password")
