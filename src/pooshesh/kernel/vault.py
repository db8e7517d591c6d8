"""Uploaded files at rest: sealed with the data key, block by block, until they are deleted.

The number of a block and whether it is the last are bound in, so that a file that was cut short
or put together anew does not open. A room makes one `Vault` for each class of files it keeps, and
registers its rotation (`vault_rotation`) so that a new data key reaches them.
"""

import base64
import datetime as dt
import hashlib
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from pooshesh.kernel import rotation
from pooshesh.kernel.crypto import CannotOpen, keyring

BLOCK = 3 * 2**20  # bytes; a multiple of three, so that base64 adds no padding


@dataclass(frozen=True)
class Vault:
    """A folder of sealed files of one class; `label` is bound into every block."""

    folder: Callable[[], Path]
    label: str

    def keep(self, file_id: UUID, source: BinaryIO) -> str:
        """Seal everything `source` holds; its sha256 in hex. Memory: a few blocks.

        What stood under the id before stays until all is sealed; a source that breaks leaves
        nothing.
        """
        digest = hashlib.sha256()
        path = self.path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as target:
                block, number = source.read(BLOCK), 0
                while True:
                    following = source.read(BLOCK)
                    digest.update(block)
                    sealed = keyring().seal(
                        base64.b64encode(block).decode(),
                        self._field(file_id, number, last=not following),
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
    def opened(self, file_id: UUID) -> Iterator[Path]:
        """A readable copy that only this process can reach, and that ends with it however it ends.

        It has no name in any folder: its path leads through the open descriptor, and may be opened
        as often as one likes. Raises FileNotFoundError when the file was deleted and CannotOpen
        when it was changed.
        """
        path = self.path(file_id)
        with path.open("rb") as sealed, tempfile.TemporaryFile(dir=path.parent) as target:
            size, number = sealed.read(4), 0
            while size:
                block = sealed.read(int.from_bytes(size))
                size = sealed.read(4)
                text = keyring().open(block, self._field(file_id, number, last=not size))
                target.write(base64.b64decode(text))
                number += 1
            if not number:
                raise CannotOpen(f"file {file_id} is empty")
            target.flush()
            yield Path(f"/proc/self/fd/{target.fileno()}")

    def version(self, file_id: UUID) -> int | None:
        """The version of the data key that sealed a file; None when it was deleted."""
        try:
            with self.path(file_id).open("rb") as sealed:
                head = sealed.read(5)  # the length of the first block, then its key
        except FileNotFoundError:
            return None
        return head[4] if len(head) == 5 else None

    def reseal(self, file_id: UUID) -> None:
        """Seal a file with the newest key; who reads it meanwhile reads on in the old one.

        Raises as `opened` does, and then the file is as it was.
        """
        with self.opened(file_id) as plain, plain.open("rb") as source:
            self.keep(file_id, source)

    def delete(self, file_ids: Iterable[UUID]) -> None:
        """Remove the sealed bytes; no error when they are gone already."""
        for file_id in file_ids:
            self.path(file_id).unlink(missing_ok=True)

    def strays(self, known: Iterable[UUID], before: dt.datetime) -> list[Path]:
        """Sealed files of unknown ids last written before a moment, half-written ones too."""
        names = {file_id.hex for file_id in known}
        return [
            path
            for path in self.folder().glob("*")
            if path.name not in names and path.stat().st_mtime < before.timestamp()
        ]

    def path(self, file_id: UUID) -> Path:
        """Where the sealed bytes of a file lie."""
        return self.folder() / file_id.hex

    def _field(self, file_id: UUID, number: int, *, last: bool) -> str:
        return f"{self.label} {file_id} block {number}{' last' if last else ''}"


def vault_rotation(name: str, vault: Vault, kept: Callable[[], QuerySet[Any]]) -> rotation.Rotation:
    """The rotation of a vault; `kept()` are the rows, by their id, whose files still lie there.

    Strays are left out: nobody opens them again.
    """
    return rotation.Rotation(
        name, lambda _batch: _reseal(name, vault, kept), partial(_left, vault, kept)
    )


def _reseal(name: str, vault: Vault, kept: Callable[[], QuerySet[Any]]) -> Iterator[int]:
    """Seal files anew, one in a transaction; yields 1 for each that was."""
    for file_id in _ids(kept):
        if vault.version(file_id) not in (None, rotation.newest()):
            yield _reseal_one(name, vault, kept, file_id)


@transaction.atomic
def _reseal_one(name: str, vault: Vault, kept: Callable[[], QuerySet[Any]], file_id: UUID) -> int:
    # Held, so that a file that is deleted meanwhile does not come back.
    if not kept().filter(id=file_id).select_for_update(skip_locked=True).exists():
        return 0
    try:
        vault.reseal(file_id)
    except (CannotOpen, FileNotFoundError):
        return 0
    rotation.record(name, 1)
    return 1


def _left(vault: Vault, kept: Callable[[], QuerySet[Any]]) -> Counter[int]:
    """Version of the key → files."""
    versions = (vault.version(file_id) for file_id in _ids(kept))
    return Counter(version for version in versions if version is not None)


def _ids(kept: Callable[[], QuerySet[Any]]) -> list[UUID]:
    return list(kept().order_by("id").values_list("id", flat=True))
