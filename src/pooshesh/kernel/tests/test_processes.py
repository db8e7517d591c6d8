"""One product per home folder."""

import socket
from pathlib import Path

import pytest

from pooshesh.kernel.errors import Invalid
from pooshesh.kernel.processes import AlreadyRunning, Hold, free_port, listening_address


def test_a_second_start_learns_who_runs(tmp_path: Path) -> None:
    first, second = Hold(tmp_path), Hold(tmp_path)
    first.take()
    first.say(pid=7, address="http://there/")

    with pytest.raises(AlreadyRunning) as caught:
        second.take()

    assert caught.value.said == {"pid": 7, "address": "http://there/"}


def test_a_released_home_can_be_taken(tmp_path: Path) -> None:
    first, second = Hold(tmp_path), Hold(tmp_path)
    first.take()
    first.release()

    second.take()

    assert Hold(tmp_path).holder() is not None


def test_nobody_holds_a_fresh_home(tmp_path: Path) -> None:
    assert Hold(tmp_path).holder() is None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_free_port_can_be_listened_at(host: str) -> None:
    port = free_port()

    assert listening_address(host, port) == ("127.0.0.1", port)


def test_any_free_port_is_taken_for_0() -> None:
    _host, port = listening_address("127.0.0.1", 0)

    assert 1024 <= port <= 65535


def test_a_taken_port_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Invalid) as refused:
        listening_address("127.0.0.1", taken.getsockname()[1])

    assert refused.value.code == "listen.taken"


@pytest.mark.parametrize(
    ("host", "port", "code"),
    [
        ("127.0.0.1", -1, "listen.port"),
        ("127.0.0.1", 65536, "listen.port"),
        ("192.0.2.1", 8000, "listen.host"),  # of nobody, RFC 5737
        ("no such host", 8000, "listen.host"),
        ("", 8000, "listen.host"),
        ("a..b", 8000, "listen.host"),
        ("x" * 70, 8000, "listen.host"),
    ],
)
def test_an_address_that_cannot_be_is_refused(host: str, port: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        listening_address(host, port)

    assert refused.value.code == code
    assert refused.value.message()
