"""What the tests of policy share."""

from pathlib import Path

import pytest

from pooshesh.kernel import config


@pytest.fixture(autouse=True)
def _own_populations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Populations that a test counts lie in its own folder."""
    home = config.config()
    monkeypatch.setattr(
        "pooshesh.policy.effects.config",
        lambda: type(home)(**{**vars(home), "home": tmp_path / "home"}),
    )
