"""The guide says what the table of steps says, and the demo shows every screen."""

from pathlib import Path

import pytest
from django.utils import translation

from pooshesh.disease.models import Disease
from pooshesh.documents.models import Document
from pooshesh.fund import demo
from pooshesh.fund.models import Application, State
from pooshesh.fund.states import APPLICATION
from pooshesh.kernel.config import PROJECT

GUIDES = {lang: PROJECT / "docs" / lang / "fund.md" for lang in ("en", "fa")}


@pytest.mark.parametrize(("lang", "path"), GUIDES.items())
def test_every_step_is_documented(lang: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    with translation.override(lang):
        comma = "، " if lang == "fa" else ", "
        rows = [
            f"| `{row.verb}` | {row.title} | {comma.join(row.sources)} | {row.target} |"
            for row in APPLICATION.table()
        ]
    assert [row for row in rows if row not in text] == []


@pytest.mark.django_db
def test_the_demo_shows_applications_at_every_state_and_loads_once(sma: Disease) -> None:
    demo.load()
    count = Application.objects.count()
    demo.load()

    states = set(Application.objects.values_list("state", flat=True))
    assert states == set(State.values) - {State.CLOSED}
    assert Application.objects.count() == count == demo.PATIENTS
    assert Document.objects.exists()
