"""The shipped packs, each loaded, its cases run, or the defects that keep it from being used."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pooshesh import rules
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.rules.load import law_files
from pooshesh.rules.pack import Law

explain(
    {
        "shelf.unknown": gettext_noop(
            "There is no rule pack “%(read)s”; expected one of: %(expected)s."
        )
    }
)

Stamp = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Shelved:
    """A pack by its name: loaded with the results of its cases, or None with its defects."""

    name: str
    pack: rules.Pack | None
    results: tuple[rules.CaseResult, ...] = ()
    defects: tuple[rules.Defect, ...] = ()

    @property
    def failed(self) -> int:
        """How many cases do not come out as written."""
        return sum(not result.passed for result in self.results)

    @property
    def parent(self) -> str:
        """The pack it is nested in, whose laws it uses beside its own; nothing for most."""
        return self.name.rpartition(".")[0]

    @property
    def laws(self) -> list[Law]:
        """Its own laws, not its parent's."""
        laws = self.pack.laws.values() if self.pack else ()
        return [law for law in laws if law.mark.file.count("/") == self.name.count(".")]


def shelf() -> list[Shelved]:
    """Every shipped pack, by name."""
    return [_shelved(name, path) for name, path in rules.list_packs().items()]


def shelved(name: str) -> Shelved:
    """One pack. Raises Invalid for a name that is not shipped."""
    packs = rules.list_packs()
    if name not in packs:
        raise Invalid("shelf.unknown", read=name, expected=tuple(packs))
    return _shelved(name, packs[name])


def _shelved(name: str, path: Path) -> Shelved:
    try:
        files = law_files(path)
    except rules.PackError as error:
        return Shelved(name, None, defects=error.defects)
    # A law that was edited is read anew: who writes a pack sees at once what is wrong with it.
    return _read(name, path, tuple((law, file.stat().st_mtime_ns) for law, file in files.items()))


@lru_cache(maxsize=32)
def _read(name: str, path: Path, stamp: Stamp) -> Shelved:
    try:
        pack = rules.load_pack(path)
    except rules.PackError as error:
        return Shelved(name, None, defects=error.defects)
    return Shelved(name, pack, tuple(rules.run_cases(pack)))
