"""What is done with documents: kept, opened, deleted, each with an event of the audit trail."""

import datetime as dt
import io
from collections.abc import Iterable
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.documents.models import Document
from pooshesh.documents.reading import Cleaned, Upload, cleaned
from pooshesh.documents.registry import known
from pooshesh.documents.retention import VAULT
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import clean

SHORTEST_REASON = 5

explain(
    {
        "documents.twice": gettext_noop("“%(file)s” was brought before; it is kept once."),
        "documents.why": gettext_noop(
            "Write why the document is deleted, in at least %(least)s letters."
        ),
    }
)


def keep(
    upload: Upload | Cleaned,
    *,
    owner_kind: str,
    owner_id: UUID,
    person_id: UUID | None,
    kind: str,
    area_path: str,
    province: str,
    actor: UUID | None,
) -> Document:
    """Make a file anew, seal it and write its row. Raises Invalid, and then nothing is kept.

    A file that `reading.cleaned` judged already is taken as it is. The same file brought twice to
    one row is refused.
    """
    if not known(owner_kind):
        raise ValueError(f"no room keeps documents of {owner_kind!r}")
    made = upload if isinstance(upload, Cleaned) else cleaned(upload)
    pk = uuid7()
    sha256 = VAULT.keep(pk, io.BytesIO(made.body))
    try:
        with transaction.atomic():
            row = Document.objects.create(
                id=pk, owner_kind=owner_kind, owner_id=owner_id, person_id=person_id, kind=kind,
                name=made.name, content_type=made.content_type, size=len(made.body),
                sha256=sha256, brought_sha256=made.brought, pages=made.pages, scan=made.scan,
                uploaded_by=actor, area_path=area_path, province=province,
            )  # fmt: skip
            _record("documents.keep", row, actor, content={"sha256": sha256, "kind": kind})
    except BaseException as error:
        VAULT.delete([pk])
        if isinstance(error, IntegrityError) and "document_once" in str(error):
            raise Invalid("documents.twice", file=made.name) from error
        raise
    return row


@transaction.atomic
def discard(document: Document, *, why: str, actor: UUID | None) -> None:
    """Delete the bytes of a document; that it was there and why it went stays."""
    why = clean(why)
    if len(why) < SHORTEST_REASON:
        raise Invalid("documents.why", least=SHORTEST_REASON)
    gone = Document.objects.filter(pk=document.pk, deleted_at=None).update(
        deleted_at=timezone.now(), why_deleted=why[:200]
    )
    if gone:
        _record("documents.discard", document, actor, content={"why": why})
        # After the commit: a file must not go while its row may still come back.
        transaction.on_commit(lambda: VAULT.delete([document.pk]))


def delete_later(owner_kind: str, owner_ids: Iterable[UUID], day: dt.date | None) -> int:
    """Set the day on which documents go, as their matter ends; None takes it back. How many."""
    return Document.objects.filter(
        owner_kind=owner_kind, owner_id__in=list(owner_ids), deleted_at=None
    ).update(delete_by=day)


def note_opened(document: Document, *, actor: UUID | None, purpose: str = "") -> None:
    """Note that somebody opened a document."""
    _record("documents.open", document, actor, purpose=purpose)


def _record(
    action: str,
    row: Document,
    actor: UUID | None,
    *,
    content: dict[str, str] | None = None,
    purpose: str = "",
) -> None:
    audit.record(
        action, actor=actor, kind="document", object_id=row.pk, content=content, purpose=purpose,
        area_path=row.area_path, persons=[row.person_id] if row.person_id else [],
    )  # fmt: skip
