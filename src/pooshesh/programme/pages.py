"""Pages of campaigns: list, new, mapping, dry run, progress, result, closing, undo."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.access.models import User
from pooshesh.coverage import actions as coverage
from pooshesh.coverage.forms import UndoForm
from pooshesh.coverage.queries import insurers
from pooshesh.kernel import audit, jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.programme import actions, queries, tables, titles
from pooshesh.programme.calls import queries as calls
from pooshesh.programme.calls.forms import SampleForm
from pooshesh.programme.campaign import quality, report
from pooshesh.programme.campaign.figures import Figures, figures
from pooshesh.programme.campaign.findings import Effect
from pooshesh.programme.counts import queries as counts
from pooshesh.programme.counts.curve import curves
from pooshesh.programme.forms import (
    CampaignForm,
    MappingForm,
    RunForm,
    chosen_mappings,
)
from pooshesh.programme.models import Campaign, CampaignRow, CampaignState, FileRole, Match
from pooshesh.programme.plans import queries as plans
from pooshesh.programme.plans.money import per_person
from pooshesh.programme.retention import CLASSES, last_run, overview
from pooshesh.web import charts
from pooshesh.web.format import number
from pooshesh.web.progress import JobView

Page = Callable[..., HttpResponseBase]


def of_campaign(scope: Callable[[User], QuerySet[Campaign]]) -> Callable[[Page], Page]:
    """Give a page its campaign, or 404 when it lies outside what `scope` lets the user see."""

    def wrap(page: Page) -> Page:
        @wraps(page)
        def guarded(request: SignedIn, campaign_id: UUID, **kwargs: Any) -> HttpResponseBase:
            campaign = get_object_or_404(scope(request.user), id=campaign_id)
            return page(request, campaign, **kwargs)

        return guarded

    return wrap


@needs("campaign.read")
def campaign_list(request: SignedIn) -> HttpResponseBase:
    """Campaigns whose figures one may see."""
    return tables.CampaignTable(request, queries.campaigns(request.user)).respond(
        "programme/campaigns.html", {"may_run": request.user.may(queries.RUN)}
    )


@needs("campaign.run")
def campaign_new(request: SignedIn) -> HttpResponse:
    """Choose place and day, bring the sheets."""
    form = CampaignForm(
        request.POST or None,
        request.FILES or None,
        reach=request.user.reach(queries.RUN),
        insurers=insurers(),
    )
    if form.is_valid():
        campaign = _bring(request, form)
        if campaign:
            return redirect("programme:mapping", campaign.id)
    return render(request, "programme/new.html", {"form": form})


def _bring(request: SignedIn, form: CampaignForm) -> Campaign | None:
    """The draft with its files; None after an error was put on the form, and nothing is kept."""
    given = form.cleaned_data
    sheets = [("census", FileRole.CENSUS, "")] + [
        (f"roll_{i.code}", FileRole.ROLL, i.code) for i in form.insurers
    ]
    field: str | None = "neighbourhood"
    try:
        with actions.all_or_nothing() as kept:
            campaign = actions.open_campaign(
                reach=request.user.reach(queries.RUN),
                code=given["neighbourhood"].code,
                pack=given["pack"],
                on=given["on"],
                actor=request.user.id,
                synthetic=settings.POOSHESH_SYNTHETIC,
            )
            for field, role, insurer in sheets:
                if file := given[field]:
                    kept.append(
                        actions.bring_file(campaign, role, file.name, file, insurer=insurer)
                    )
    except Invalid as error:
        form.add_error(field, error.message())
        return None
    return campaign


@of_campaign(queries.runnable)
def mapping(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Which header stands for which column; then the dry run begins."""
    names = titles.sheets()
    forms = [
        MappingForm(
            request.POST or None,
            file=file,
            matching=actions.matching(file),
            saved=queries.saved_mappings(FileRole(file.role)),
            title=names[file.insurer or file.role],
        )
        for file in queries.files(campaign)
        if file.deleted_at is None
    ]
    error = ""
    valid = [form.is_valid() for form in forms]  # all of them, so that each shows its errors
    if request.method == "POST" and all(valid):
        try:
            with transaction.atomic():
                mapped = actions.map_columns(campaign, chosen_mappings(forms), request.user.id)
                for form in forms:
                    if name := form.cleaned_data["save_as"]:
                        actions.save_mapping(name, form.file, form.chosen(), request.user.id)
                if mapped.id == campaign.id:
                    actions.start_check(mapped, request.user.id)
        except Invalid as refusal:
            error = refusal.message()
        else:
            if mapped.id != campaign.id:
                messages.info(request, _("These very sheets were brought before; this is it."))
            return redirect("programme:campaign", mapped.id)
    return render(
        request, "programme/mapping.html", {"campaign": campaign, "forms": forms, "error": error}
    )


@require_safe
@of_campaign(queries.campaigns)
def campaign(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Where a campaign stands: what to do next, or its result."""
    may_run = queries.runnable(request.user).filter(id=campaign.id).exists()
    context: dict[str, Any] = {"campaign": campaign, "may_run": may_run}
    if campaign.state in (CampaignState.DONE, CampaignState.CLOSED):
        context |= _result(request, campaign)
        return render(request, "programme/result.html", context)
    if may_run:
        names = titles.sheets()
        context |= {
            "files": [(names[f.insurer or f.role], f) for f in queries.files(campaign)],
            "found": _found(campaign),
            "form": RunForm(),
            "view": _job_view(campaign),
        }
    return render(request, "programme/campaign.html", context)


def _found(campaign: Campaign) -> dict[str, int] | None:
    """How many findings of the dry run have which effect; None when there was none."""
    found = actions.findings(campaign)
    return {effect.value: found.number(effect) for effect in Effect} if found else None


def _result(request: SignedIn, campaign: Campaign) -> dict[str, Any]:
    found = figures(campaign)
    context = report.report_context(campaign, found)
    changes: list[charts.Change] = context["changes"]
    chart = charts.figure(
        charts.before_after(_("Cover before and after the campaign"), changes),
        _("Cover before and after the campaign, in persons"),
        ["", _("Before"), _("After")],
        [[change.label, number(change.before), number(change.after)] for change in changes],
    )
    decisions = [(code, titles.decision(code), n) for code, n in found.decisions.items()]
    return {
        **context,
        "chart": chart,
        "decisions": decisions,
        "may_see_people": queries.with_people(request.user).filter(id=campaign.id).exists(),
        "may_work": request.user.may("worklist.work"),
        **_scale(request, campaign, found),
    }


def _scale(request: SignedIn, campaign: Campaign, found: Figures) -> dict[str, Any]:
    """Pace, cost, what was published, and what the calls told."""
    sample = calls.sample(campaign)
    spent = plans.spent(plans.costs(campaign))
    alone = counts.alone(campaign)
    return {
        "measures": [(_("Before"), found.before), (_("After"), found.after)],
        "curves": curves(None, counts.days(alone)),
        "work": counts.work(alone),
        "spent": spent,
        "each": per_person(spent, found.enrolled_total),
        "sees_figures": request.user.may("insight.read"),
        "errors": quality.kept(campaign),
        "sample": sample,
        "answers": calls.answers(sample) if sample else None,
        "sample_form": SampleForm(),
        "may_call": calls.to_call(request.user).filter(id=campaign.id).exists(),
    }


def _job_view(campaign: Campaign) -> JobView | None:
    job = queries.job(campaign)
    if job is None:
        return None
    here = [campaign.id]
    title = _("Dry run") if job.kind == "campaign.check" else _("Run of the campaign")
    return JobView(
        job,
        title,
        reverse("programme:progress", args=here),
        reverse("programme:cancel", args=here),
        reverse("programme:campaign", args=here),
    )


@require_safe
@of_campaign(queries.runnable)
def progress(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """The progress card alone, asked for each second."""
    view = _job_view(campaign)
    if view is None:
        raise Http404
    return render(request, "web/job.html", {"view": view})


@require_POST
@of_campaign(queries.runnable)
def cancel(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Ask the dry run or the run to stop."""
    if campaign.job_id and jobs.cancel(campaign.job_id, request.user.id):
        messages.info(request, _("It stops at the next step; nothing is half-written."))
    return redirect("programme:campaign", campaign.id)


@require_POST
@of_campaign(queries.runnable)
def start(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Start the run of a checked campaign."""
    form = RunForm(request.POST)
    skip = form.is_valid() and form.cleaned_data["skip_bad_rows"]
    try:
        actions.start(campaign, request.user.id, skip_bad_rows=skip)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("programme:campaign", campaign.id)


@require_safe
@of_campaign(queries.runnable)
def findings(request: SignedIn, campaign: Campaign) -> HttpResponseBase:
    """Row-level findings of the dry run, to correct the sheet by.

    They quote the sheet; its people are not registered yet, so the event names no persons.
    """
    audit.record(
        "campaign.findings", actor=request.user.id, kind="campaign", object_id=campaign.id,
        purpose=request.GET.get("export", ""), area_path=campaign.area_path,
    )  # fmt: skip
    found, names = actions.findings(campaign), titles.sheets()
    rows = [replace(one, sheet=names[one.sheet]) for one in found.listed] if found else []
    kinds = [
        (
            names[kind.sheet],
            kind.title,
            count,
            titles.EFFECTS[kind.effect],
            first[0].expected if first else "",
        )
        for kind, count, first in (found.kinds(1) if found else [])
    ]
    return tables.FindingTable(request, rows).respond(
        "programme/findings.html", {"campaign": campaign, "kinds": kinds}
    )


@require_safe
@of_campaign(queries.with_people)
def people(request: SignedIn, campaign: Campaign) -> HttpResponseBase:
    """The residents one by one, filtered by match and decision."""
    rows = queries.rows(campaign)
    match, decision = request.GET.get("match", ""), request.GET.get("decision", "")
    if match in Match.values:
        rows = rows.filter(match=match)
    if decision in titles.DECISIONS:
        rows = rows.filter(decision=decision)
    if request.GET.get("enrolled"):
        rows = rows.filter(enrolled=True)  # type: ignore[misc]
    may_undo = queries.undoable(request.user).filter(id=campaign.id).exists()
    table = (tables.UndoableTable if may_undo else tables.ResidentTable)(request, rows)
    audit.record(
        "campaign.people", actor=request.user.id, kind="campaign", object_id=campaign.id,
        purpose=request.GET.get("export", ""), area_path=campaign.area_path,
        persons=queries.persons_shown(table),
    )  # fmt: skip
    return table.respond(
        "programme/people.html",
        {
            "campaign": campaign,
            "matches": [choice for choice in Match.choices if choice[0] != Match.DUPLICATE],
            "decisions": titles.DECISIONS.items(),
            "match": match,
            "decision": decision,
            "enrolled": bool(request.GET.get("enrolled")),
        },
    )


@require_safe
@of_campaign(queries.with_people)
def people_csv(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """What became of each census row, to download."""
    actions.people_handed_out(campaign, request.user.id)
    return _download(report.people_csv(campaign), "people.csv", "text/csv")


@require_safe
@of_campaign(queries.campaigns)
def summary_json(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """The figures of a campaign, to download."""
    content = report.summary_json(campaign, figures(campaign))
    return _download(content, "summary.json", "application/json")


@require_safe
@of_campaign(queries.campaigns)
def report_html(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """The report that stands alone, to download."""
    content = report.report_html(campaign, figures(campaign))
    return _download(content, "report.html", "text/html")


def _download(content: str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@of_campaign(queries.runnable)
def close(request: SignedIn, campaign: Campaign) -> HttpResponse:
    """Ask once, then delete what is no longer needed."""
    if request.method == "POST":
        try:
            actions.close(campaign, request.user.id)
        except Invalid as error:
            messages.error(request, error.message())
        else:
            messages.success(
                request, _("The campaign is closed; rolls, census sheet and evidence are deleted.")
            )
        return redirect("programme:campaign", campaign.id)
    classes = [c for c in CLASSES.values() if c.event]
    return render(request, "programme/close.html", {"campaign": campaign, "classes": classes})


@of_campaign(queries.undoable)
def undo(request: SignedIn, campaign: Campaign, census_row: int) -> HttpResponse:
    """Take the cover of one resident back, with a reason."""
    try:
        row = queries.row(campaign, census_row)
    except CampaignRow.DoesNotExist:
        raise Http404 from None
    form = UndoForm(request.POST or None)
    if form.is_valid():
        try:
            coverage.undo_enrolment(
                row.person_id,
                campaign_id=campaign.id,
                reason=form.cleaned_data["reason"],
                actor=request.user.id,
            )
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The enrolment was taken back; the reason is kept."))
            return redirect("programme:people", campaign.id)
    return render(request, "programme/undo.html", {"campaign": campaign, "row": row, "form": form})


@needs("campaign.read")
def retention(request: SignedIn) -> HttpResponseBase:
    """How long each class of data is kept, and what was deleted."""
    return tables.DeletionTable(request, queries.deletions(request.user)).respond(
        "programme/retention.html",
        {
            "kept": (kept := overview()),
            "overdue": sum(one.overdue or 0 for one in kept),
            "run": last_run(),
        },
    )
