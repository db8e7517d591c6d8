"""A folder (or ZIP) of sheets: census sheets named by code, rolls named roll_INSURER."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

SHEETS = (".csv", ".xlsx")
ROLL = re.compile(r"roll_(?P<insurer>[a-z][a-z0-9]*(?:_[a-z][a-z0-9]*)*?)(?:_\d+)?")
UNPACKED_BYTES = 20_000_000_000
READ = 1 << 20

explain(
    {
        "load.no_folder": gettext_noop(
            "There is no folder and no ZIP file “%(read)s”; expected census sheets named by the"
            " code of their neighbourhood, and rolls named roll_INSURER.csv."
        ),
        "load.no_census": gettext_noop(
            "“%(read)s” holds no census sheet; expected CSV or XLSX named by the code of its"
            " neighbourhood, such as darvazeh_ghar.csv."
        ),
        "load.no_roll": gettext_noop(
            "“%(read)s” holds no roll; expected at least one, such as roll_sso.csv."
        ),
        "load.zip": gettext_noop("“%(read)s” is no ZIP file that can be unpacked."),
        "load.twice": gettext_noop("There are two sheets for the neighbourhood “%(read)s”."),
    }
)


@dataclass(frozen=True)
class Folder:
    """Census sheets by code of the neighbourhood, rolls by insurer, each in parts by name."""

    name: str
    censuses: dict[str, Path]
    rolls: dict[str, list[Path]]

    def digests(self) -> dict[str, str]:
        """sha256 of every file by its name."""
        files = [*self.censuses.values(), *(one for parts in self.rolls.values() for one in parts)]
        return {path.name: _sha256(path) for path in files}


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """The sheets of a folder or ZIP. Raises Invalid with a load.* code."""
    if path.is_dir():
        yield _sorted(path, path.name)
    elif path.is_file():
        with TemporaryDirectory(dir=config().scratch()) as unpacked:
            _unpack(path, Path(unpacked))
            yield _sorted(Path(unpacked), path.name)
    else:
        raise Invalid("load.no_folder", read=str(path))


def _sorted(folder: Path, name: str) -> Folder:
    censuses: dict[str, Path] = {}
    rolls: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SHEETS or path.name.startswith("."):
            continue
        roll = ROLL.fullmatch(path.stem.lower())
        if roll:
            rolls.setdefault(roll["insurer"], []).append(path)
        elif path.stem.lower() in censuses:
            raise Invalid("load.twice", read=path.stem)
        else:
            censuses[path.stem.lower()] = path
    if not censuses:
        raise Invalid("load.no_census", read=name)
    if not rolls:
        raise Invalid("load.no_roll", read=name)
    return Folder(name, censuses, rolls)


def _unpack(archive: Path, folder: Path) -> None:
    """Sheets only, flat, by their last name: what a path in the archive says leads nowhere."""
    try:
        with zipfile.ZipFile(archive) as packed:
            members = [one for one in packed.infolist() if not one.is_dir()]
            if sum(one.file_size for one in members) > UNPACKED_BYTES:
                raise Invalid("load.zip", read=archive.name)
            for one in members:
                name = Path(one.filename.replace("\\", "/")).name
                if Path(name).suffix.lower() not in SHEETS or name.startswith("."):
                    continue
                target = folder / name
                if target.exists():
                    raise Invalid("load.twice", read=Path(name).stem)
                with packed.open(one) as source, target.open("wb") as written:
                    left = one.file_size
                    while left > 0 and (block := source.read(min(READ, left))):
                        written.write(block)
                        left -= len(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise Invalid("load.zip", read=archive.name) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
