"""How much of the memory the database takes."""

from pathlib import Path

import pytest

from pooshesh.kernel.memory import MB, available, for_the_database


@pytest.mark.parametrize(
    ("gigabytes", "megabytes"), [(1, 256), (2, 256), (16, 2_048), (512, 8_192)]
)
def test_it_takes_an_eighth_within_limits(gigabytes: int, megabytes: int) -> None:
    assert for_the_database(gigabytes * 1_024 * MB) == megabytes


def test_a_container_counts_by_its_limit(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text(f"{64 * MB}\n")

    assert available(limit) == 64 * MB


def test_a_container_without_a_limit_has_all(tmp_path: Path) -> None:
    limit = tmp_path / "memory.max"
    limit.write_text("max\n")

    assert available(limit) == available(tmp_path / "none") > 64 * MB
