"""The guide says what the code says: the states of a version, the explanation for programs."""

from pathlib import Path

import pytest
from django.utils import translation

from pooshesh.kernel.config import PROJECT
from pooshesh.policy.states import VERSION

GUIDES = {lang: PROJECT / "docs" / lang / "policy.md" for lang in ("en", "fa")}


@pytest.mark.parametrize(("lang", "path"), GUIDES.items())
def test_every_transition_of_a_version_is_documented(lang: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    with translation.override(lang):
        rows = [
            f"| {row.title} | {', '.join(row.sources)} | {row.target} | `{row.permission}`"
            for row in VERSION.table()
        ]

    assert [row for row in rows if row not in text] == []
