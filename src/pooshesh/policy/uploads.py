"""Law files as somebody uploads them: one archive of a whole pack, or some of its files.

Nothing is unpacked to a disk: names are only names, sizes are read no further than allowed.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Protocol

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.rules.load import MAX_FILES
from pooshesh.rules.source import MAX_BYTES

MOST = 4 << 20  # bytes of an upload; a pack of a nation's laws is a hundredth of it

explain(
    {
        "upload.kind": gettext_noop(
            "“%(file)s” is neither a law file (.yaml) nor an archive of them (.zip)."
        ),
        "upload.mixed": gettext_noop(
            "Bring either one archive (.zip) of the whole pack or law files (.yaml), not both."
        ),
        "upload.size": gettext_noop("“%(file)s” is larger than %(most)s KiB."),
        "upload.zip": gettext_noop("“%(file)s” cannot be read as a zip archive."),
        "upload.count": gettext_noop("More than %(most)s files; a pack holds no more."),
        "upload.name": gettext_noop(
            "“%(file)s” is no name of a law file: folders and names of Latin letters, digits, “_”"
            " and “-”, ending in .yaml, are expected."
        ),
        "upload.twice": gettext_noop("“%(file)s” was brought twice."),
        "upload.empty": gettext_noop("There is no law file (.yaml) in it."),
    }
)


class Brought(Protocol):
    """An uploaded file."""

    name: str | None
    size: int | None

    def read(self) -> bytes: ...


def read_upload(
    brought: Sequence[Brought], name: str, held: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The files of pack `name` that an upload makes; `held` are those it has now.

    An archive is the whole pack. Law files take the place of the held ones of their names, the
    others stay. Errors: Invalid for a kind, a name, a size or a count that is not allowed.
    """
    archives = [one for one in brought if (one.name or "").lower().endswith(".zip")]
    if archives and len(brought) > 1:
        raise Invalid("upload.mixed")
    for one in brought:
        if (one.size or 0) > MOST:
            raise Invalid("upload.size", file=one.name, most=MOST >> 10)
    if archives:
        return _unpacked(archives[0], name)
    return {**held, **_alone(brought, name, held)}


def _alone(brought: Sequence[Brought], name: str, held: Mapping[str, bytes]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for one in brought:
        said = one.name or ""
        if not said.endswith(".yaml"):
            raise Invalid("upload.kind", file=said)
        file = _place(_checked(said), name, held)
        if file in found:
            raise Invalid("upload.twice", file=file)
        content = one.read()
        _check_size(file, len(content))
        found[file] = content
    return found


def _place(file: str, name: str, held: Mapping[str, bytes]) -> str:
    """Where a file without its folder belongs: over the held one, or beside the pack's own."""
    same = [one for one in held if PurePosixPath(one).name == file]
    if len(same) == 1:
        return same[0]
    return "/".join([*name.split(".")[1:], file])


def _unpacked(archive: Brought, name: str) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive.read())) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            if len(entries) > MAX_FILES:
                raise Invalid("upload.count", most=MAX_FILES)
            found: dict[str, bytes] = {}
            for entry in entries:
                file = _checked(entry.filename)
                if file in found:
                    raise Invalid("upload.twice", file=file)
                _check_size(file, entry.file_size)
                with opened.open(entry) as content:
                    # What the archive says of its sizes is not believed.
                    found[file] = content.read(MAX_BYTES + 1)
                _check_size(file, len(found[file]))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Invalid("upload.zip", file=archive.name) from error
    if not found:
        raise Invalid("upload.empty")
    root = name.partition(".")[0]
    if all(file.startswith(f"{root}/") for file in found):
        return {file.removeprefix(f"{root}/"): content for file, content in found.items()}
    return found


def _checked(file: str) -> str:
    parts = file.split("/")
    plain = all(
        part and part.isascii() and part.replace("_", "a").replace("-", "a").isalnum()
        for part in [*parts[:-1], parts[-1].removesuffix(".yaml")]
    )
    if not plain or not file.endswith(".yaml") or len(file) > 100:
        raise Invalid("upload.name", file=file[:100])
    return file


def _check_size(file: str, size: int) -> None:
    if size > MAX_BYTES:
        raise Invalid("upload.size", file=file, most=MAX_BYTES >> 10)
