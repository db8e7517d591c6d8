"""The university's queue: diagnoses to tag, return or refuse, and appeals for other physicians."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.disease import claims, forms, queries, reading, registered, tables, tags
from pooshesh.disease.listing import answer
from pooshesh.disease.models import Claim, ClaimState
from pooshesh.disease.states import MACHINE, READ, VERIFY, ground_label
from pooshesh.documents import actions as documents
from pooshesh.documents.models import DocumentKind
from pooshesh.documents.reading import Cleaned
from pooshesh.kernel.errors import Invalid
from pooshesh.web.registry import Tone
from pooshesh.web.timeline import Event

JUDGING = ("tag", "return", "refuse", "uphold", "overturn")
FOLLOWING = ("complete", "appeal")


@require_safe
@needs(READ)
def claim_list(request: SignedIn) -> HttpResponseBase:
    """Diagnoses of one's area: what waits for the university first, by the day it is due."""
    if not queries.reach_of_persons(request.user):
        raise Http404
    narrow = forms.ClaimNarrow(request.GET, diseases=list(queries.diseases()))
    rows = queries.claims(request.user)
    state = narrow.asked("state")
    rows = rows.filter(state=state) if state else rows.filter(state__in=queries.WAITING)
    if code := narrow.asked("disease"):
        rows = rows.filter(disease=code)
    waiting = queries.to_decide(request.user)
    context = {
        "narrow": narrow, "waiting": waiting.count(),
        "late": waiting.filter(due__lt=timezone.localdate()).count(),
        "verifies": request.user.may(VERIFY),
    }  # fmt: skip
    return answer(request, tables.ClaimTable(request, rows), "disease/claims.html", context)


def _claim(request: SignedIn, claim_id: UUID) -> Claim:
    found = queries.claim(request.user, claim_id)
    if found is None:
        raise Http404
    return found


@require_safe
@needs(READ)
def claim(request: SignedIn, claim_id: UUID) -> HttpResponse:
    """One diagnosis: whose, the documents, what happened, and what can be done."""
    found = _claim(request, claim_id)
    reading.note_claim(found, actor=request.user.pk)
    return _shown(request, found)


@require_POST
@needs(VERIFY)
def claim_next(request: SignedIn) -> HttpResponse:
    """Open the diagnosis that is due first among those the viewer may decide."""
    for found in queries.to_decide(request.user)[:20]:
        if queries.may_judge(request.user, found):
            return redirect("disease:claim", found.pk)
    messages.info(request, _("No diagnosis waits for you."))
    return redirect("disease:claims")


@require_POST
@needs(READ)
def claim_act(request: SignedIn, claim_id: UUID, verb: str) -> HttpResponse:
    """Tag, return, refuse, complete, appeal, uphold or overturn."""
    found = _claim(request, claim_id)
    allowed = _forms(request, found, verb, request)
    if verb not in allowed:
        if verb in MACHINE.verbs(found.state) or verb not in (*JUDGING, *FOLLOWING):
            raise Http404
        messages.error(request, _refused(found, verb))
        return redirect("disease:claim", found.pk)
    form = allowed[verb]
    if not form.is_valid():
        return _shown(request, found, allowed, verb)
    try:
        _act(found, verb, dict(form.cleaned_data), request.user.pk)
    except Invalid as error:
        form.add_error(None, error.message())
        return _shown(request, found, allowed, verb)
    messages.success(request, _("It was recorded."))
    return redirect("disease:claim", found.pk)


def _refused(found: Claim, verb: str) -> str:
    """Why a verb is not possible any more, as when another decided meanwhile."""
    try:
        MACHINE.next(found.state, verb)
    except Invalid as error:
        return error.message()
    return ""


@transaction.atomic
def _act(found: Claim, verb: str, data: dict[str, Any], actor: UUID) -> None:
    files: list[Cleaned] = data.pop("uploads", [])
    verbs: dict[str, Callable[..., object]] = {
        "tag": claims.tag, "return": claims.return_for, "refuse": claims.refuse,
        "uphold": claims.uphold, "overturn": claims.overturn, "complete": claims.complete,
        "appeal": claims.appeal,
    }  # fmt: skip
    verbs[verb](found, actor=actor, **data)
    for file in files:
        documents.keep(
            file, owner_kind=registered.CLAIM, owner_id=found.pk, person_id=found.person_id,
            kind=DocumentKind.OTHER, area_path=found.area_path, province=found.province,
            actor=actor,
        )  # fmt: skip


def _forms(
    request: SignedIn, found: Claim, verb: str = "", sent: SignedIn | None = None
) -> dict[str, Form]:
    """The forms of what the viewer can do now; that of `verb` with what was sent."""
    possible = MACHINE.verbs(found.state)
    judges = queries.may_judge(request.user, found)
    follows = queries.may_follow(request.user, found)
    usual = {"ends": tags.usual_end(found.disease, timezone.localdate())}
    kinds: dict[str, Callable[..., Form]] = {
        "tag": partial(forms.TagForm, initial=usual),
        "return": partial(forms.GroundForm, "return"),
        "refuse": partial(forms.GroundForm, "refuse"),
        "uphold": partial(forms.GroundForm, "uphold"),
        "overturn": partial(forms.OverturnForm, initial=usual),
        "complete": forms.CompleteForm,
        "appeal": partial(forms.AppealForm, "appeal"),
    }  # fmt: skip
    made = {}
    for name, make in kinds.items():
        if name not in possible or not (judges if name in JUDGING else follows):
            continue
        given = (sent.POST, _files(sent, name)) if sent and name == verb else ()
        made[name] = make(*given, prefix=name)
    return made


def _files(sent: SignedIn, name: str) -> Any:
    """Several files of one box, as the field reads them."""
    field = f"{name}-uploads"
    return {field: sent.FILES.getlist(field)} if field in sent.FILES else {}


def _shown(
    request: SignedIn, found: Claim, made: dict[str, Form] | None = None, open_form: str = ""
) -> HttpResponse:
    made = _forms(request, found) if made is None else made
    titles = {step.verb: step.title for step in MACHINE.transitions}
    appealed = found.state == ClaimState.APPEALED
    context = {
        "claim": found, "today": timezone.localdate(),
        "forms": [(verb, titles[verb], form, verb == open_form) for verb, form in made.items()],
        "events": [_event(step) for step in queries.claim_steps(found)],
        "documents": registered.documents_of(found),
        "needed": queries.checklist(found.disease_id, "tag", timezone.localdate()),
        "for_others": appealed and request.user.may(VERIFY)
        and not queries.may_judge(request.user, found),
        "held": queries.tags_of([found.person_id]),
    }  # fmt: skip
    return render(request, "disease/claim.html", context, status=400 if open_form else 200)


_TONES: dict[str, Tone] = {
    "tag": "good", "overturn": "good", "registry": "good", "return": "warn", "refuse": "bad",
    "uphold": "bad", "appeal": "info",
}  # fmt: skip


def _event(step: Any) -> Event:
    titles = {one.verb: one.title for one in MACHINE.transitions} | {"open": _("Came in")}
    ground = ground_label(step.verb, step.ground)
    text = " · ".join(part for part in (ground, step.why) if part)
    return Event(
        titles.get(step.verb, step.verb), step.at, text, step.who or "",
        _TONES.get(step.verb, "quiet"),
    )  # fmt: skip
