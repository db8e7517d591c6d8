"""One address asks so often in a window, and no more."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import RequestFactory
from pytest_django import Settings

from pooshesh.web import limits

TRIES, WINDOW = 3, 3600
DATABASE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache"}
Ask = Callable[..., bool]


@pytest.fixture
def ask(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """`ask("10.0.0.1", at=…)` asks once behind the proxy: whether that is too often."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def once(forwarded: str, at: float = 36_000.0, use: str = "look") -> bool:
        monkeypatch.setattr("pooshesh.web.limits.time", lambda: at)
        request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
        return limits.too_many(request, use, TRIES, WINDOW)

    return once


def test_who_asks_too_often_waits_for_the_next_window(ask: Ask) -> None:
    asked = [ask("10.0.0.1") for _ in range(TRIES + 2)]

    assert asked == [False] * TRIES + [True] * 2
    assert not ask("10.0.0.2")
    assert not ask("10.0.0.1", use="send")
    assert not ask("10.0.0.1", at=36_000.0 + WINDOW)


def test_only_what_our_own_proxy_says_counts(ask: Ask) -> None:
    asked = [ask(f"1.2.3.{n}, 10.0.0.1") for n in range(TRIES + 1)]

    assert asked[-1]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("", "unknown", False),
    ],
)
def test_the_addresses_of_one_connection_are_one(one: str, other: str, same: bool) -> None:
    assert (limits.connection_of(one) == limits.connection_of(other)) is same


@pytest.mark.django_db
def test_the_databases_cache_keeps_the_count_to_the_windows_end_and_no_address(
    ask: Ask, settings: Settings
) -> None:
    settings.CACHES = {"default": {**DATABASE, "LOCATION": "kernel_cache"}}
    asked = [ask("10.0.0.1") for _ in range(TRIES + 1)]

    with connection.cursor() as cursor:
        cursor.execute(
            "select cache_key, expires > now() + interval '50 minutes' from kernel_cache"
        )
        kept = dict(cursor.fetchall())
    assert asked[-1]
    assert set(kept.values()) == {True}
    assert len(kept) == 2
    assert "10.0.0.1" not in str(kept)
