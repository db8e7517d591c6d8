"""Documents that come with an enrolment: known by their content, sealed at rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from pooshesh.coverage.models import Document
from pooshesh.kernel import audit, rotation
from pooshesh.kernel.config import config
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import clean
from pooshesh.kernel.vault import Vault, vault_rotation

LARGEST = 5 * 2**20  # bytes
MEGABYTES = LARGEST // 2**20
#: What a file begins with tells what it is; its name and what the browser says do not.
KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"),
         (b"\x89PNG\r\n\x1a\n", "image/png"))  # fmt: skip
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}

VAULT = Vault(lambda: config().home / "uploads" / "cover", "cover document")

explain(
    {
        "coverage.document_kind": gettext_noop(
            "“%(read)s” is no document that can be kept; expected a PDF, JPEG or PNG file."
        ),
        "coverage.document_size": gettext_noop(
            "“%(read)s” is larger than %(most)s megabytes; scan it with fewer dots."
        ),
        "coverage.document_empty": gettext_noop("“%(read)s” is an empty file."),
    }
)

rotation.register(
    vault_rotation("cover documents", VAULT, lambda: Document.objects.filter(deleted_at=None))
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrived."""

    kind: str
    name: str
    size: int
    source: BinaryIO


def content_type(upload: Upload) -> str:
    """What a file is, by its content. Raises Invalid for what is not kept."""
    name = clean(upload.name)[:80]
    if upload.size == 0:
        raise Invalid("coverage.document_empty", read=name)
    if upload.size > LARGEST:
        raise Invalid("coverage.document_size", read=name, most=MEGABYTES)
    upload.source.seek(0)
    head = upload.source.read(16)
    upload.source.seek(0)
    found = next((kind for start, kind in KINDS if head.startswith(start)), None)
    if found is None:
        raise Invalid("coverage.document_kind", read=name)
    return found


def keep(application_id: UUID, upload: Upload) -> Document:
    """Seal a file and write its row, in the caller's transaction; who fails deletes the file."""
    kind, file_id = content_type(upload), uuid7()
    sha256 = VAULT.keep(file_id, upload.source)
    return Document.objects.create(
        id=file_id, application_id=application_id, kind=upload.kind,
        name=clean(upload.name)[:160], content_type=kind, size=upload.size, sha256=sha256,
    )  # fmt: skip


@contextmanager
def opened(document: Document, purpose: str, *, actor: UUID) -> Iterator[Path]:
    """A readable copy; that somebody opened it is written down."""
    audit.record(
        "coverage.open_document", actor=actor, kind="document", object_id=document.pk,
        purpose=purpose, area_path=document.application.area_path,
    )  # fmt: skip
    with VAULT.opened(document.pk) as path:
        yield path
