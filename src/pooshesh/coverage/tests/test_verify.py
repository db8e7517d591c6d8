"""The public page of cards: how often it may be asked."""

import pytest
from django.test import Client
from pytest_django import Settings

from pooshesh.coverage import codes
from pooshesh.coverage.verify_pages import TRIES, WINDOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def behind_the_proxy(settings: Settings) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


def ask(client: Client, forwarded: str) -> int:
    address = f"/verify/{codes.new()}/"
    return client.get(address, headers={"x-forwarded-for": forwarded}).status_code


def test_a_counter_that_asks_all_day_is_let_in_again_in_the_next_window(
    client: Client, behind_the_proxy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = [1_000_000 * WINDOW + n * WINDOW / TRIES for n in range(3 * TRIES)]
    clock = iter(moments)
    monkeypatch.setattr("pooshesh.web.limits.time", lambda: next(clock))

    answers = {ask(client, "10.0.0.1") for _ in moments}

    assert answers == {200}


def test_who_chooses_among_the_addresses_of_one_connection_is_one(
    client: Client, behind_the_proxy: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pooshesh.web.limits.time", lambda: 1_000_000.0 * WINDOW)

    answers = [ask(client, f"2001:db8::{n:x}") for n in range(TRIES + 1)]

    assert answers == [200] * TRIES + [429]
