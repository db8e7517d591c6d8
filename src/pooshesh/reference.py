"""`./pooshesh docs`: reference pages written from the code, so that they cannot be out of date."""

import inspect
from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.translation import gettext as _

from pooshesh.__main__ import load_verbs
from pooshesh.access.roles import INCOMPATIBLE, PERMISSIONS, ROLES
from pooshesh.kernel import jobs, retention
from pooshesh.kernel.config import PROJECT, SETTINGS
from pooshesh.kernel.messages import first_line
from pooshesh.kernel.verbs import verb, verbs
from pooshesh.operations import say

LANGUAGES = ("en", "fa")
MARK = "<!-- Written by ./pooshesh docs from the code: do not edit. -->"


@dataclass(frozen=True)
class Address:
    """A page somebody can open."""

    path: str
    name: str
    purpose: str


def addresses() -> list[Address]:
    """Every page of our own rooms."""
    return sorted(_walk(get_resolver().url_patterns, "/", ""), key=lambda a: a.path)


def _walk(patterns: Iterable[object], path: str, space: str) -> Iterator[Address]:
    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, path + str(one.pattern), inner)
        elif isinstance(one, URLPattern):
            view = inspect.unwrap(one.callback)
            if view.__module__.startswith("pooshesh."):
                yield Address(
                    path + str(one.pattern), f"{space}{one.name}", first_line(view.__doc__)
                )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)


def pages_md() -> str:
    rows = [(f"`{a.path}`", f"`{a.name}`", _(a.purpose)) for a in addresses()]
    return _page(_("Pages"), _table((_("Address"), _("Name"), _("Purpose")), rows))


def commands_md() -> str:
    parts = []
    for one in verbs():
        words = " ".join(names[0] if names[0][0] == "-" else names[0].upper()
                         for names, _options in one.arguments)  # fmt: skip
        parts.append(f"### `./pooshesh {one.name} {words}".rstrip() + f"`\n\n{_(one.purpose)}")
    return _page(_("Commands"), "\n\n".join(parts))


def settings_md() -> str:
    rows = [(f"`{name}`", _(purpose)) for name, purpose in SETTINGS.items()]
    return _page(_("Settings"), _table((_("Variable"), _("Purpose")), rows))


def permissions_md() -> str:
    rights = _table(
        (_("Permission"), _("Allows"), _("Roles")),
        [
            (f"`{code}`", str(text),
             "، ".join(str(r.title) for r in ROLES.values() if code in r.permissions))
            for code, text in PERMISSIONS.items()
        ],
    )  # fmt: skip
    pairs = sorted(" – ".join(sorted(str(ROLES[r].title) for r in pair)) for pair in INCOMPATIBLE)
    apart = "\n".join(f"- {pair}" for pair in pairs)
    return _page(
        _("Permissions"), f"{rights}\n\n## {_('Roles one person must not unite')}\n\n{apart}"
    )


def jobs_md() -> str:
    rows = [
        (f"`{kind}`", str(every) if every else _("when started"), _(first_line(jobs.purpose(kind))))
        for kind, every in jobs.kinds().items()
    ]
    return _page(_("Background jobs"), _table((_("Job"), _("Every"), _("Purpose")), rows))


def _when_deleted(one: retention.DataClass) -> str:
    if one.days is None and not one.delete:
        return str(one.event) or _("kept as a record")
    days = _("on the day of each row") if one.days is None else f"{one.days} {_('days')}"
    return f"{days} ({one.event})" if one.event else days


def data_md() -> str:
    heads = (_("Class of data"), _("Purpose"), _("Basis"), _("Deleted after"), _("Tables"))
    rows = sorted(
        (str(one.title), str(one.purpose), str(one.basis), _when_deleted(one),
         ", ".join(f"`{table}`" for table in one.tables))
        for one in retention.classes().values()
    )  # fmt: skip
    return _page(_("How long data is kept"), _table(heads, rows))


def _page(title: str, body: str) -> str:
    return f"{MARK}\n# {title}\n\n{body}\n"


PAGES = {
    "pages": pages_md,
    "commands": commands_md,
    "settings": settings_md,
    "permissions": permissions_md,
    "jobs": jobs_md,
    "data": data_md,
}


def written() -> dict[Path, str]:
    """Every reference page as it should be."""
    load_verbs()
    made = {}
    for language in LANGUAGES:
        with translation.override(language):
            for name, write in PAGES.items():
                made[PROJECT / "docs" / language / "reference" / f"{name}.md"] = write()
    return made


@verb("docs", "Write the reference pages of docs/ from the code.", database=False)
def write_docs(options: Namespace) -> None:
    for path, text in written().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    say(f"{len(written())} pages")
