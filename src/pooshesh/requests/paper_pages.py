"""Papers of requests as PDF."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel import audit
from pooshesh.meetings import queries as meetings
from pooshesh.meetings.models import Session
from pooshesh.requests import paper, queries
from pooshesh.requests.models import OPEN, Practice, State
from pooshesh.requests.pages import seen
from pooshesh.requests.states import RUN
from pooshesh.web.pdf import pdf_response


@require_safe
def letter(request: SignedIn, request_id: UUID) -> HttpResponse:
    """The letter about what was decided; with a prior approval, the one to the provider."""
    found = seen(request, request_id)
    if found.state in OPEN and found.state not in (State.RETURNED, State.DEFERRED):
        raise Http404
    _note(request, "request", found.pk, str(found.area_path), {found.person_id})
    return pdf_response(paper.letter_of(found), f"request-{found.number}")


@require_safe
def appeal_letter(request: SignedIn, appeal_id: UUID) -> HttpResponse:
    """The letter about an appeal."""
    found = queries.appeal(request.user, appeal_id)
    if found is None:
        raise Http404
    _note(request, "appeal", found.pk, str(found.area_path), {found.request.person_id})
    return pdf_response(paper.appeal_letter(found), f"appeal-{found.number}")


@require_safe
@needs("meetings.read")
def sheets(request: SignedIn, session_id: UUID) -> HttpResponse:
    """The summary sheets of an agenda, for the members."""
    session, practice = _session(request, session_id, "meetings.read")
    persons = {row.person_id for row in queries.on_agenda(session)}
    _note(request, "session", session.pk, str(session.area_path), persons)
    return pdf_response(paper.sheets(session, practice), f"sheets-{session.year}-{session.number}")


@require_safe
@needs(RUN)
def papers(request: SignedIn, session_id: UUID) -> HttpResponse:
    """One press: agenda, decisions and letters of a meeting."""
    session, _practice = _session(request, session_id, RUN)
    persons = {row.person_id for row in queries.on_agenda(session)}
    _note(request, "session", session.pk, str(session.area_path), persons)
    return pdf_response(paper.papers(session), f"papers-{session.year}-{session.number}")


def _session(request: SignedIn, session_id: UUID, permission: str) -> tuple[Session, Practice]:
    session = meetings.session(request.user, session_id)
    practices = queries.practices(request.user, permission)
    found = next((one for one in practices if session and one.pk == session.body_id), None)
    if session is None or found is None:
        raise Http404
    return session, found


def _note(
    request: SignedIn, kind: str, object_id: UUID, area_path: str, persons: set[UUID]
) -> None:
    audit.record(
        "requests.papers", actor=request.user.pk, kind=kind, object_id=object_id,
        area_path=area_path, persons=persons,
    )  # fmt: skip
