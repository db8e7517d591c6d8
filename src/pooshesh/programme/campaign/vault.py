"""Uploaded sheets at rest: sealed with the data key, block by block, until they are deleted.

The number of a block and whether it is the last are bound in, so that a file that was cut short
or put together anew does not open.
"""

import base64
import hashlib
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
    """Seal everything `source` holds; its sha256 in hex. Memory: a few blocks."""
    digest = hashlib.sha256()
    path = _path(file_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
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
    part.replace(path)
    return digest.hexdigest()


@contextmanager
def opened(file_id: UUID, name: str) -> Iterator[Path]:
    """A readable copy that only this user can read and that is gone afterwards.

    It keeps the suffix of `name`, by which the reader tells CSV from XLSX. Raises FileNotFoundError
    when the file was deleted and CannotOpen when it was changed.
    """
    with tempfile.TemporaryDirectory(prefix="pooshesh-") as folder:
        copy = Path(folder) / f"sheet{Path(name).suffix.lower()}"
        with _path(file_id).open("rb") as sealed, copy.open("wb") as target:
            size, number = sealed.read(4), 0
            while size:
                block = sealed.read(int.from_bytes(size))
                size = sealed.read(4)
                text = keyring().open(block, _field(file_id, number, last=not size))
                target.write(base64.b64decode(text))
                number += 1
            if not number:
                raise CannotOpen(f"file {file_id} is empty")
        yield copy


def delete(file_ids: Iterable[UUID]) -> None:
    """Remove the sealed bytes; no error when they are gone already."""
    for file_id in file_ids:
        _path(file_id).unlink(missing_ok=True)


def _path(file_id: UUID) -> Path:
    return config().home / "uploads" / "campaigns" / file_id.hex


def _field(file_id: UUID, number: int, *, last: bool) -> str:
    return f"campaign file {file_id} block {number}{' last' if last else ''}"
