"""What a patient prints or opens: certificates, receipts, letters, documents; each is noted."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from pooshesh.disease import papers
from pooshesh.disease.reading import note_print
from pooshesh.disease.tags import code_of
from pooshesh.documents.pages import serve
from pooshesh.fund import papers as receipts
from pooshesh.kernel import audit
from pooshesh.portal import mine
from pooshesh.portal.door import Visited, visited
from pooshesh.requests import paper
from pooshesh.web.pdf import pdf_response


@require_safe
@visited
def receipt(request: Visited, application_id: UUID) -> HttpResponse:
    """The receipt of an application with its tracking number, or the letter about where it is."""
    found = mine.application(request.visit, application_id)
    if found is None:
        raise Http404
    _note(request, "fund.receipt", "application", found.row.pk, str(found.row.area_path))
    return pdf_response(receipts.letter(found.row), f"fund-{found.row.code}")


@require_safe
@visited
def letter(request: Visited, request_id: UUID) -> HttpResponse:
    """What was decided about a request and why; of a prior approval the letter for the provider."""
    found = mine.request(request.visit, request_id)
    if found is None or not found.has_letter:
        raise Http404
    row = found.asked.row
    _note(request, "requests.papers", "request", row.pk, str(row.area_path))
    return pdf_response(paper.letter_of(row), f"request-{row.number}")


@require_safe
@visited
def appeal_letter(request: Visited, appeal_id: UUID) -> HttpResponse:
    """The letter about an appeal."""
    found = mine.appeal(request.visit, appeal_id)
    if found is None:
        raise Http404
    _note(request, "requests.papers", "appeal", found.pk, str(found.request.area_path))
    return pdf_response(paper.appeal_letter(found), f"appeal-{found.number}")


def _note(request: Visited, action: str, kind: str, object_id: UUID, area_path: str) -> None:
    audit.record(
        action, actor=request.visit.pk, kind=kind, object_id=object_id, area_path=area_path,
        persons=[request.visit.person_id],
    )  # fmt: skip


@require_safe
@visited
def certificate(request: Visited, tag_id: UUID) -> HttpResponse:
    """The certificate of a tag that holds, with a card to cut out, to print."""
    found = mine.tag(request.visit, tag_id)
    if found is None or not mine.holds(found, timezone.localdate()):
        raise Http404
    note_print(found, actor=request.visit.pk)
    address = request.build_absolute_uri(reverse("disease:check_code", args=[code_of(found)]))
    return pdf_response(papers.certificate(found, address), f"tag-{found.number}")


@require_safe
@visited
def document(request: Visited, document_id: UUID) -> HttpResponse:
    """A document that was brought with something of the patient's; that it was opened is noted."""
    found = mine.document(request.visit, document_id)
    if found is None:
        raise Http404
    return serve(found, actor=request.visit.pk)
