"""The documents of a request: what its disease asks for, and what is missing before it goes on."""

from pooshesh.disease.queries import EvidenceNeeded, checklist
from pooshesh.documents.models import DocumentKind
from pooshesh.documents.queries import attached
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.requests.models import Kind, Request, State

OWNER = "fund.request"
STILL = (State.DRAFT, State.RETURNED)  # states in which documents are asked for

explain(
    {
        "request.evidence": gettext_noop(
            "Before the request can be submitted these documents are needed: %(missing)s."
        ),
    }
)


def needed(request: Request) -> list[EvidenceNeeded]:
    """What its disease asks for; a cost to come has no invoice yet. 1 statement."""
    found = checklist(request.disease_id, "request", request.on)
    if request.kind == Kind.APPROVAL:
        return [one for one in found if one.kind != DocumentKind.INVOICE]
    return found


def missing(request: Request) -> list[EvidenceNeeded]:
    """Required documents that nobody has brought; 2 statements."""
    own = {one.kind for some in attached(OWNER, [request.pk]).values() for one in some}
    return [one for one in needed(request) if one.required and one.kind not in own]


def check(request: Request) -> None:
    """Raises Invalid("request.evidence") while a required document is missing."""
    found = missing(request)
    if found:
        raise Invalid("request.evidence", missing=tuple(one.title for one in found))
