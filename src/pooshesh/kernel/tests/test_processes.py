"""One product per home folder."""

from pathlib import Path

import pytest

from pooshesh.kernel.processes import AlreadyRunning, Hold, free_port, port_is_free


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


def test_a_free_port_is_free() -> None:
    assert port_is_free("127.0.0.1", free_port())
