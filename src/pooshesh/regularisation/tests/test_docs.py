"""The guide says what the table of steps says, and the command what the page says."""

from pathlib import Path

import pytest
from django.utils import timezone, translation

from pooshesh.kernel import verbs
from pooshesh.kernel.config import PROJECT
from pooshesh.regularisation import demo, retention
from pooshesh.regularisation import verbs as _retention_verbs  # noqa: F401 - registers them
from pooshesh.regularisation.models import Case, Document
from pooshesh.regularisation.states import CASE
from pooshesh.regularisation.tests.conftest import days

GUIDES = {lang: PROJECT / "docs" / lang / "regularisation.md" for lang in ("en", "fa")}


@pytest.mark.parametrize(("lang", "path"), GUIDES.items())
def test_every_step_is_documented(lang: str, path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    with translation.override(lang):
        comma = "، " if lang == "fa" else ", "
        rows = [
            f"| `{row.verb}` | {row.title} | {comma.join(row.sources)} | {row.target} |"
            for row in CASE.table()
        ]
    assert [row for row in rows if row not in text] == []


@pytest.mark.django_db
def test_what_is_overdue_ends_the_command_with_status_1_until_it_is_deleted(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    Document.objects.create(
        case=case, kind="amayesh", sealed=b"x", blind=b"y", issued=days(-400), delete_by=days(-1)
    )

    before = verbs.main(["retention", "verify"])
    run = verbs.main(["retention", "run"])
    after = verbs.main(["retention", "verify"])

    said = capsys.readouterr().out
    assert (before, run, after) == (1, 0, 0)
    assert f"{retention.DOCUMENTS}: 1 overdue" in said
    assert f"{retention.DOCUMENTS}: 1 deleted" in said
    assert Document.objects.get().sealed is None
    assert Document.objects.get().deleted_at <= timezone.now()  # type: ignore[operator]


@pytest.mark.django_db
def test_the_demo_of_an_empty_country_makes_nothing(case: Case) -> None:
    demo.load()

    assert Case.objects.count() == 1
