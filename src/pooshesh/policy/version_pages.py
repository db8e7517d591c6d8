"""Pages of pack versions: proposed by one, looked at with what they do, answered by another."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh import rules
from pooshesh.access.guard import SignedIn
from pooshesh.kernel.errors import Invalid
from pooshesh.policy import drafts, queries, uploads, versions
from pooshesh.policy.counting import effect_sheet, job_view, progress_card
from pooshesh.policy.differences import Differences
from pooshesh.policy.effect_view import EffectView
from pooshesh.policy.models import Scenario, Version, VersionState
from pooshesh.policy.shelf import shelf
from pooshesh.policy.version_forms import AnswerForm, DayForm, UploadForm, ValuesForm
from pooshesh.rules.diff import compare
from pooshesh.web.format import jdate
from pooshesh.web.table import Column, Table

Page = Callable[..., HttpResponseBase]


def national(*permissions: str) -> Callable[[Page], Page]:
    """Show a page to who holds one of these with the whole nation in reach; to others it is 404.

    A pack rules everywhere, and its effect counts everybody.
    """

    def wrap(page: Page) -> Page:
        @wraps(page)
        def guarded(request: SignedIn, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.reach(one).everywhere for one in permissions):
                raise Http404
            return page(request, **kwargs)

        return guarded

    return wrap


def of_version(page: Page) -> Page:
    """Give a page its version."""

    @wraps(page)
    @national(queries.PROPOSE, queries.APPROVE)
    def opened(request: SignedIn, version_id: UUID, **kwargs: Any) -> HttpResponseBase:
        found = get_object_or_404(queries.versions(request.user), pk=version_id)
        return page(request, found, **kwargs)

    return opened


def _link(row: Version) -> SafeString:
    address = reverse("policy:version", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, row.note[:80])


class VersionTable(Table[Version]):
    """Versions, newest first."""

    name = "versions"
    caption = gettext_lazy("Versions of rule packs")
    columns = (
        Column("note", gettext_lazy("What changes"), "note", render=_link),
        Column("pack", gettext_lazy("Pack"), "name", kind="id", sort="name"),
        Column("state", gettext_lazy("State"), lambda row: VersionState(row.state), kind="state",
               sort="state"),
        Column("from", gettext_lazy("In force from"), "valid_from", kind="date",
               sort="valid_from"),
        Column("who", gettext_lazy("Proposed by"), "proposer"),
        Column("moved", gettext_lazy("Persons moved"),
               lambda row: row.effect["total"]["moved"] if row.effect else None, kind="number"),
        Column("at", gettext_lazy("Proposed at"), "proposed_at", kind="moment",
               sort="proposed_at"),
    )  # fmt: skip
    order = "-at"
    empty = gettext_lazy("Nobody has proposed a version; the shipped packs are in force.")

    def search(self, rows: QuerySet[Version], text: str) -> QuerySet[Version]:
        return rows.filter(note__icontains=text) | rows.filter(name__icontains=text)


@require_safe
@national(queries.PROPOSE, queries.APPROVE)
def version_list(request: SignedIn) -> HttpResponseBase:
    """Proposed, approved, refused and withdrawn versions of the packs."""
    context = {
        "may_propose": request.user.reach(queries.PROPOSE).everywhere,
        "packs": [one.name for one in shelf() if one.pack],
    }
    return VersionTable(request, queries.versions(request.user)).respond(
        "policy/versions.html", context
    )


# --- proposing ------------------------------------------------------------------------


@national(queries.PROPOSE)
def change(request: SignedIn, name: str) -> HttpResponse:
    """Propose other values of a pack from a day on."""
    pack_or_404(name)
    day = DayForm(request.GET)
    context: dict[str, Any] = {"name": name, "day": day}
    if day.is_valid():
        since = day.cleaned_data["since"]
        try:
            pack = queries.pack_in_force(name, since)
            begin = _begin(request, name)
        except Invalid as error:
            messages.error(request, error.message())
            return redirect("policy:versions")
        form = ValuesForm(request.POST or None, pack=pack, since=since, begin=begin)
        if form.is_valid():
            made = _proposed(request, form, lambda: versions.propose(
                name,
                drafts.draft(
                    name, since, form.wanted(), cited=form.cleaned_data["cited"],
                    source=form.cleaned_data["source"], note=form.note(),
                ),
                valid_from=since, note=form.cleaned_data["why"], actor=request.user.pk,
            ))  # fmt: skip
            if made:
                return redirect("policy:version", made.pk)
        context |= {"form": form, "since": since, "pack": pack, "begun": begin}
    return render(request, "policy/change.html", context)


def _begin(request: SignedIn, name: str) -> dict[drafts.Place, Any] | None:
    """The values of the scenario that this proposal begins with."""
    asked = request.GET.get("scenario")
    if not asked:
        return None
    try:
        row = queries.scenarios(request.user).filter(pack=name, other_on=None).get(pk=UUID(asked))
    except (ValueError, Scenario.DoesNotExist) as error:
        raise Http404 from error
    return drafts.tried_in(row)


@national(queries.PROPOSE)
def upload(request: SignedIn, name: str) -> HttpResponse:
    """Propose a version of a pack as files."""
    pack_or_404(name)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        made = _proposed(request, form, lambda: versions.propose(
            name,
            uploads.read_upload(
                given["laws"], name, queries.files_in_force(name, given["since"])
            ),
            valid_from=given["since"], note=given["why"], actor=request.user.pk,
        ))  # fmt: skip
        if made:
            return redirect("policy:version", made.pk)
    return render(request, "policy/upload.html", {"form": form, "name": name})


def pack_or_404(name: str) -> None:
    """A pack nobody ships has no page."""
    if name not in rules.list_packs():
        raise Http404


def _proposed(request: SignedIn, form: Any, make: Callable[[], Version]) -> Version | None:
    """The version, or None with every fault on the form."""
    try:
        made = make()
    except Invalid as error:
        for line in error.message().splitlines():
            form.add_error(None, line)
        return None
    messages.success(request, _("The version is proposed; somebody else decides about it."))
    return made


# --- one version ------------------------------------------------------------------------


@require_safe
@of_version
def version(request: SignedIn, version: Version) -> HttpResponse:
    """A version: what it changes, whom it moves, what it costs, and who decides."""
    pack, before = queries.version_pack(version.pk), queries.pack_before(version)
    results = rules.run_cases(pack)
    view = job_view(version)
    called = queries.people_called([version.proposed_by, version.decided_by])
    context: dict[str, Any] = {
        "version": version,
        "proposer": called.get(version.proposed_by, ""),
        "answerer": called.get(version.decided_by, "") if version.decided_by else "",
        "own": version.proposed_by == request.user.pk,
        "open": version.state == VersionState.PROPOSED,
        "may_approve": request.user.reach(queries.APPROVE).everywhere,
        "changes": _nested(Differences(before, pack).lines(compare(before, pack))),
        "pack": pack,
        "results": results,
        "files": sorted(version.content.items()),
        "form": AnswerForm(),
        "view": view,
        "counts": versions.counts(version.name),
        "counted": bool(version.effect) or not view or not view.running,
    }
    if version.effect:
        context["effect"] = EffectView(version.effect, pack)
    return render(request, "policy/version.html", context)


@require_safe
@of_version
def version_progress(request: SignedIn, version: Version) -> HttpResponse:
    """How far the count of a version is, asked for each second."""
    return progress_card(request, version)


@require_POST
@of_version
def version_count(request: SignedIn, version: Version) -> HttpResponse:
    """Count again whom a version moves."""
    versions.count(version, actor=request.user.pk)
    return redirect("policy:version", version.pk)


@require_safe
@of_version
def version_effect(request: SignedIn, version: Version) -> HttpResponseBase:
    """The effect of a version as a sheet, to download."""
    return effect_sheet(version, queries.version_pack(version.pk), f"version-{version.valid_from}")


@require_POST
@of_version
def version_answer(request: SignedIn, version: Version) -> HttpResponse:
    """Approve or refuse what somebody else proposed, or take one's own back."""
    form, verb = AnswerForm(request.POST), request.POST.get("verb")
    holds = request.user.reach(queries.PROPOSE if verb == "withdraw" else queries.APPROVE)
    if verb not in VERBS or not holds.everywhere:
        raise Http404
    text = form.cleaned_data["answer"] if form.is_valid() else ""
    if verb == "refuse" and not text:
        messages.error(request, _("Say why: who proposed it reads the reason."))
        return redirect("policy:version", version.pk)
    try:
        answered = VERBS[verb](version.pk, answer=text, actor=request.user.pk)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _said(answered))
    return redirect("policy:version", version.pk)


VERBS: dict[str, Callable[..., Version]] = {
    "approve": versions.approve,
    "refuse": versions.refuse,
    "withdraw": versions.withdraw,
}


def _nested(lines: Any, indent: str = "  ") -> list[tuple[str, list[Any]]]:
    """Indented lines as (text, lines below it)."""
    top: list[tuple[str, list[Any]]] = []
    at: list[list[Any]] = [top]
    for line in lines:
        text = line.lstrip(" ")
        depth = (len(line) - len(text)) // len(indent)
        if get_language_bidi():  # what comes after stands on the left
            text = text.replace("→", "←")
        del at[depth + 1 :]
        entry: tuple[str, list[Any]] = (text, [])
        at[-1].append(entry)
        at.append(entry[1])
    return top


def _said(version: Version) -> str:
    if version.state == VersionState.APPROVED:
        said = _("Approved; in force from %(day)s. Those it moves are decided again by themselves.")
        return said % {"day": jdate(version.valid_from)}
    if version.state == VersionState.REFUSED:
        return _("Refused; the reason is kept and nothing changes.")
    return _("Withdrawn; nothing changes.")
