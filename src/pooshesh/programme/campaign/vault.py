"""Uploaded sheets at rest: sealed with the data key, block by block, until they are deleted.

The number of a block and whether it is the last are bound in, so that a file that was cut short
or put together anew does not open.
"""

import base64
import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from pooshesh.kernel.config import config
from pooshesh.kernel.crypto import CannotOpen, keyring

BLOCK = 3 * 2**20  # bytes; a multiple of three, so that base64 adds no padding


def keep(file_id: UUID, source: BinaryIO) -> str:
    """Seal everything `source` holds; its sha256 in hex. Memory: a few blocks.

    What stood under the id before stays until all is sealed; a source that breaks leaves nothing.
    """
    digest = hashlib.sha256()
    path = _path(file_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as target:
            block, number = source.read(BLOCK), 0
            while True:
                following = source.read(BLOCK)
                digest.update(block)
                sealed = keyring().seal(
                    base64.b64encode(block).decode(), _field(file_id, number, last=not following)
                )
                target.write(len(sealed).to_bytes(4) + sealed)
                if not following:
                    break
                block, number = following, number + 1
            target.flush()
            os.fsync(target.fileno())  # before it takes the place of what was there
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


@contextmanager
def opened(file_id: UUID) -> Iterator[Path]:
    """A readable copy that only this process can reach, and that ends with it however it ends.

    It has no name in any folder: its path leads through the open descriptor, and may be opened as
    often as one likes. Raises FileNotFoundError when the file was deleted and CannotOpen when it
    was changed.
    """
    path = _path(file_id)
    with path.open("rb") as sealed, tempfile.TemporaryFile(dir=path.parent) as target:
        size, number = sealed.read(4), 0
        while size:
            block = sealed.read(int.from_bytes(size))
            size = sealed.read(4)
            text = keyring().open(block, _field(file_id, number, last=not size))
            target.write(base64.b64decode(text))
            number += 1
        if not number:
            raise CannotOpen(f"file {file_id} is empty")
        target.flush()
        yield Path(f"/proc/self/fd/{target.fileno()}")


def version(file_id: UUID) -> int | None:
    """The version of the data key that sealed a file; None when it was deleted."""
    try:
        with _path(file_id).open("rb") as sealed:
            head = sealed.read(5)  # the length of the first block, then its key
    except FileNotFoundError:
        return None
    return head[4] if len(head) == 5 else None


def reseal(file_id: UUID) -> None:
    """Seal a file with the newest key; who reads it meanwhile reads on in the old one.

    Raises as `opened` does, and then the file is as it was.
    """
    with opened(file_id) as plain, plain.open("rb") as source:
        keep(file_id, source)


def delete(file_ids: Iterable[UUID]) -> None:
    """Remove the sealed bytes; no error when they are gone already."""
    for file_id in file_ids:
        _path(file_id).unlink(missing_ok=True)


def strays(known: Iterable[UUID], before: dt.datetime) -> list[Path]:
    """Sealed files last written before a moment whose ids are not known, half-written ones too."""
    names = {file_id.hex for file_id in known}
    return [
        path
        for path in _folder().glob("*")
        if path.name not in names and path.stat().st_mtime < before.timestamp()
    ]


def _path(file_id: UUID) -> Path:
    return _folder() / file_id.hex


def _folder() -> Path:
    return config().home / "uploads" / "campaigns"


def _field(file_id: UUID, number: int, *, last: bool) -> str:
    return f"campaign file {file_id} block {number}{' last' if last else ''}"
