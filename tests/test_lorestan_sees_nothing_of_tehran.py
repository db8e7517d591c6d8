"""A provincial user can see nothing of another province, wherever they look."""

import pytest

from pooshesh.conftest import Cast, Country, SignIn
from pooshesh.reference import addresses

PLAIN = [a.path for a in addresses() if "<" not in a.path]


@pytest.mark.parametrize("path", PLAIN)
@pytest.mark.parametrize("export", ["", "?export=csv"])
def test_no_page_or_export_names_tehrans_places(
    cast: Cast, country: Country, as_user: SignIn, path: str, export: str
) -> None:
    answer = as_user(cast.lorestan_clerk).get(path + export)

    body = b"".join(answer) if answer.streaming else answer.content
    assert "دروازه‌غار" not in body.decode("utf-8", "replace")
    assert "n0001" not in body.decode("utf-8", "replace")
