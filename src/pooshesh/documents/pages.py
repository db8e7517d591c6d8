"""Serving a document to who may see what it belongs to."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn
from pooshesh.documents import actions, queries
from pooshesh.documents.models import Document


@require_safe
def document(request: SignedIn, document_id: UUID) -> HttpResponse:
    """A document; that it was opened is noted. To all others it does not exist."""
    found = queries.document(request.user, document_id)
    if found is None:
        raise Http404
    return serve(found, actor=request.user.pk)


def serve(found: Document, *, actor: UUID | None, purpose: str = "") -> HttpResponse:
    """The bytes of a document, for a caller who has asked whether they may be seen."""
    try:
        body = queries.body(found)
    except FileNotFoundError:
        raise Http404 from None
    actions.note_opened(found, actor=actor, purpose=purpose)
    response = HttpResponse(body, content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(False, found.name) or "inline"
    response["Cache-Control"] = "private, no-store"
    # Even if something slipped through, it has no origin and runs nothing.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response
