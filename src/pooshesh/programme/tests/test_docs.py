"""The guides say what the code says: options, states, worklists, retention, decisions."""

from pathlib import Path

import pytest
from django.utils import translation

from pooshesh.kernel.config import PROJECT
from pooshesh.kernel.text import to_persian_digits
from pooshesh.kernel.verbs import verbs
from pooshesh.programme import titles
from pooshesh.programme import verbs as _campaign_verbs  # noqa: F401 - registers them
from pooshesh.programme.models import WorkKind
from pooshesh.programme.retention import CLASSES
from pooshesh.programme.states import CAMPAIGN

GUIDES = {lang: PROJECT / "docs" / lang / "campaign.md" for lang in ("en", "fa")}
BOTH = pytest.mark.parametrize(("lang", "path"), GUIDES.items())


@BOTH
def test_every_option_is_documented(lang: str, path: Path) -> None:
    (run,) = [verb for verb in verbs() if verb.name == "campaign run"]
    text = path.read_text(encoding="utf-8")

    assert [name for (name, *_), _ in run.arguments if f"`{name}" not in text] == []


@BOTH
def test_every_state_worklist_and_class_of_data_is_documented(lang: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    with translation.override(lang):
        words = [str(kind.label) for kind in WorkKind]
        words += [f"| {row.title} | {', '.join(row.sources)}" for row in CAMPAIGN.table()]
        rows = [f"| {c.title} | {c.days or ''}" for c in CLASSES.values()]
    words += [to_persian_digits(row) if lang == "fa" else row for row in rows]
    expected = [word.replace(", ", "، ") if lang == "fa" else word for word in words]

    assert [word for word in expected if word not in text] == []


@BOTH
def test_every_decision_is_documented(lang: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert [code for code in titles.DECISIONS if f"`{code}`" not in text] == []
