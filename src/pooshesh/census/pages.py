"""Pages of the lead: rounds, zones, households, conflicts, what is kept aside, phones, feeding."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.census import actions, answers, feeding, looking, queries, sealing, tables, titles
from pooshesh.census.forms import (
    NOBODY,
    EndForm,
    FeedForm,
    GiveForm,
    NarrowForm,
    ReasonForm,
    RoundForm,
    ZoneForm,
)
from pooshesh.census.models import AsideState, ConflictState, EntryState, Round, RoundState, Why
from pooshesh.coverage.queries import insurers
from pooshesh.kernel.errors import Invalid

Page = Callable[..., HttpResponseBase]


def of_round(page: Page) -> Page:
    """Give a page its round, or 404 where the user plans none such."""

    @needs("census.plan")
    @wraps(page)
    def guarded(request: SignedIn, round_id: UUID, **kwargs: Any) -> HttpResponseBase:
        found = queries.rounds(request.user).filter(id=round_id).first()
        if found is None:
            raise Http404
        return page(request, found, **kwargs)

    return guarded


def found(read: Callable[..., Any], *given: Any) -> Any:
    """What a query finds; 404 for what does not exist for the user."""
    try:
        return read(*given)
    except ObjectDoesNotExist:
        raise Http404 from None


@needs("census.plan")
def round_list(request: SignedIn) -> HttpResponseBase:
    """Rounds of the census in one's area."""
    table = tables.RoundTable(request, queries.rounds(request.user))
    return table.respond("census/rounds.html")


@needs("census.plan")
def round_new(request: SignedIn) -> HttpResponse:
    """Plan a round: neighbourhood, days, programme."""
    reach = request.user.reach(queries.PLAN)
    form = RoundForm(request.POST or None, reach=reach, programmes=queries.programmes())
    if form.is_valid():
        asked = form.cleaned_data
        try:
            made = actions.plan_round(
                reach=reach, area=asked["neighbourhood"], name=asked["name"],
                start=asked["start"], end=asked["end"], programme=asked["programme"],
                actor=request.user.id,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return redirect("census:round", made.id)
    return render(request, "census/round_new.html", {"form": form})


@of_round
def round_(request: SignedIn, one: Round) -> HttpResponseBase:
    """A round: progress by zone, what waits, a new zone."""
    form = ZoneForm(request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            zone = actions.add_zone(one, asked["name"], asked["alleys"], request.user.id)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("census:zone", zone.id)
    conflicts, asides = queries.waiting([one])
    context = {
        "round": one, "last_day": tables.last_day(one), "form": form,
        "conflicts": conflicts[one.id], "asides": asides[one.id],
        "outcomes": titles.outcomes(queries.outcomes(one)), "feeds": queries.feeds(one),
        "open": one.state == RoundState.OPEN,
        "may_feed": _may_feed(request, one), "end_form": EndForm(
            initial={"end": tables.last_day(one)}),
    }  # fmt: skip
    return tables.ZoneTable(request, queries.zones(one)).respond("census/round.html", context)


def _may_feed(request: SignedIn, one: Round) -> bool:
    return request.user.reach(queries.RUN).covers(one.area_path, one.area_id)


@require_POST
@of_round
def round_turn(request: SignedIn, one: Round, verb: str) -> HttpResponse:
    """Close a round, open it again, or let it end on another day."""
    form = EndForm(request.POST)
    try:
        if verb != "prolong":
            actions.turn(one, verb, request.user.id)
        elif form.is_valid():
            actions.prolong(one, form.cleaned_data["end"], request.user.id)
        else:
            messages.error(request, " ".join(map(str, form.errors["end"])))
            return redirect("census:round", one.id)
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("census:round", one.id)


@needs("census.plan")
def zone(request: SignedIn, zone_id: UUID) -> HttpResponseBase:
    """A zone: progress by alley, and to whom its alleys are given."""
    one = found(queries.zone, request.user, zone_id)
    rows = queries.alleys(one)
    workers = queries.workers(one.round.area)
    form = GiveForm(request.POST or None, alleys=list(rows.order_by("name")), workers=workers)
    if form.is_valid():
        asked = form.cleaned_data
        worker = None if asked["worker"] == NOBODY else UUID(asked["worker"])
        try:
            actions.give(
                one.round, form.chosen(), worker, asked["start"], asked["end"],
                request.user.id, frozenset(user.id for user in workers),
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("census:zone", one.id)
    context = {"zone": one, "round": one.round, "form": form, "workers": workers,
               "open": one.round.state == RoundState.OPEN}  # fmt: skip
    return tables.AlleyTable(request, rows).respond("census/zone.html", context)


@of_round
def households(request: SignedIn, one: Round) -> HttpResponseBase:
    """The households of a round, to look through and accept."""
    narrow = NarrowForm(request.GET, states=EntryState.choices, zones=list(queries.zones(one)))
    rows = queries.entries(one)
    for name, field in (("state", "state"), ("outcome", "outcome"), ("zone", "alley__zone")):
        if value := narrow.asked(name):
            rows = rows.filter(**{field: value})
    table = tables.EntryTable(request, rows)
    if request.method == "POST":
        fitting = table.search(rows, table.text) if table.text else rows
        # What came, or was written anew, since the page was shown has not been looked at.
        chosen = fitting.filter(state=EntryState.RECEIVED, received_at__lte=_seen(request))
        ids = list(chosen.values_list("id", flat=True))
        count = actions.accept(ids, one, request.user.id)
        messages.success(request, titles.accepted(count))
        return redirect(request.get_full_path())
    looking.listed(request, one)
    return table.respond(
        "census/households.html", {"round": one, "narrow": narrow, "seen": timezone.now()}
    )


def _seen(request: SignedIn) -> dt.datetime:
    """When the list was shown that is acted upon; long ago where that is not told."""
    try:
        told = parse_datetime(request.POST.get("seen", ""))
    except ValueError:
        told = None
    return told if told and told.tzinfo else dt.datetime.min.replace(tzinfo=dt.UTC)


@needs("census.plan")
def entry(request: SignedIn, entry_id: UUID) -> HttpResponseBase:
    """One household: what it said, every version, photos; accept it or leave it out."""
    one = found(queries.entry, request.user, entry_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        verb = "accept" if "accept" in request.POST else "exclude"
        try:
            actions.decide(one, verb, form.cleaned_data["reason"], request.user.id)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("census:entry", one.id)
    looking.opened(request, one.id, one.area_path)
    return render(request, "census/entry.html", _shown(one) | {"form": form})


def _shown(one: Any) -> dict[str, Any]:
    """What the page of a household says."""
    versions = queries.revisions(one)
    content = sealing.open_(one.content)
    return {
        "entry": one, "round": one.round, "state": EntryState(one.state),
        "said": titles.said(content) if content else None,
        "members": titles.members(content) if content else [],
        "events": titles.versions(versions, queries.names(v.user_id for v in versions)),
        "photos": queries.photos(one.id),
        "is_left_out": one.state == EntryState.EXCLUDED,
        "is_accepted": one.state == EntryState.ACCEPTED,
    }  # fmt: skip


@require_safe
@needs("census.plan")
def photo(request: SignedIn, entry_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photographed document."""
    image = found(queries.photo, request.user, entry_id, photo_id)
    looking.opened(request, entry_id, "", photo=photo_id)
    answer = HttpResponse(image, content_type="image/jpeg")
    answer["Cache-Control"] = "no-store"
    return answer


@of_round
def conflict_list(request: SignedIn, one: Round) -> HttpResponseBase:
    """Conflicts that wait for a choice."""
    looking.listed(request, one)
    table = tables.ConflictTable(request, queries.conflicts(one))
    return table.respond(
        "census/waiting.html", {"round": one, "title": tables.ConflictTable.caption}
    )


@needs("census.plan")
def conflict(request: SignedIn, conflict_id: UUID) -> HttpResponse:
    """Two versions of a household side by side; the value of each field is chosen."""
    one = found(queries.conflict, request.user, conflict_id)
    ours, theirs = sealing.open_(one.entry.content), sealing.open_(one.content)
    lines = queries.compared(ours, theirs) if ours and theirs else []
    error = ""
    if request.method == "POST":
        taken = {path for path, _our, _their in lines if request.POST.get(path) == "theirs"}
        try:
            seen = int(request.POST.get("seen", "0") or 0)
            entry = actions.resolve(one, taken, seen, request.user.id)
        except (Invalid, ValueError) as refusal:
            error = refusal.message() if isinstance(refusal, Invalid) else _("Choose again.")
        else:
            messages.success(request, _("Saved."))
            return redirect("census:entry", entry.id)
    looking.opened(request, one.entry_id, one.entry.area_path)
    who = queries.names([one.user_id, one.entry.user_id])
    return render(
        request, "census/conflict.html",
        {
            "conflict": one, "round": one.entry.round, "error": error,
            "lines": titles.lines(lines, ours, theirs),
            "is_open": one.state == ConflictState.OPEN,
            "ours": who.get(one.entry.user_id, ""), "theirs": who.get(one.user_id, ""),
        },
    )  # fmt: skip


@of_round
def aside_list(request: SignedIn, one: Round) -> HttpResponseBase:
    """What came late or from a wrong place."""
    looking.listed(request, one)
    table = tables.AsideTable(request, queries.asides(one))
    return table.respond("census/waiting.html", {"round": one, "title": tables.AsideTable.caption})


@needs("census.plan")
def aside(request: SignedIn, aside_id: UUID) -> HttpResponse:
    """A household kept aside: let it in, or refuse it with a note."""
    one = found(queries.aside, request.user, aside_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        verb = "accept" if "accept" in request.POST else "refuse"
        try:
            actions.decide_aside(one, verb, form.cleaned_data["reason"], request.user.id)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("Saved."))
            return redirect("census:asides", one.round_id)
    looking.opened(request, one.entry_id, one.area_path)
    content = sealing.open_(one.content)
    return render(
        request, "census/aside.html",
        {
            "aside": one, "round": one.round, "form": form,
            "said": titles.said(content) if content else None,
            "members": titles.members(content) if content else [],
            "why": Why(one.why).label, "state": AsideState(one.state),
            "waits": one.state == AsideState.WAITING, "elsewhere": one.why == Why.ELSEWHERE,
            "worker": queries.names([one.user_id]).get(one.user_id, ""),
        },
    )  # fmt: skip


@of_round
def device_list(request: SignedIn, one: Round) -> HttpResponseBase:
    """Phones of the workers of a round; one that is lost is shut out."""
    rows = queries.devices(request.user, one)
    if request.method == "POST":
        device = rows.filter(id=_uuid(request.POST.get("device"))).first()
        if device is None:
            raise Http404
        act = actions.restore if device.revoked_at else actions.revoke
        act(device, request.user.id)
        messages.success(request, _("Saved."))
        return redirect("census:devices", one.id)
    table = tables.DeviceTable(request, rows)
    return table.respond("census/devices.html", {"round": one, "phones": list(rows[:50])})


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@of_round
def feed(request: SignedIn, one: Round) -> HttpResponse:
    """Hand the accepted households to a campaign, with the insurers' rolls."""
    if not _may_feed(request, one):
        raise Http404
    form = FeedForm(request.POST or None, request.FILES or None, insurers=insurers())
    if form.is_valid():
        asked = form.cleaned_data
        rolls = {
            insurer.code: (file.name, file)
            for insurer in form.insurers
            if (file := asked[f"roll_{insurer.code}"])
        }
        try:
            campaign = feeding.feed(
                one, rolls, reach=request.user.reach(queries.RUN), pack=asked["pack"],
                on=asked["on"], actor=request.user.id, synthetic=settings.POOSHESH_SYNTHETIC,
            )  # fmt: skip
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return redirect("programme:mapping", campaign.id)
    accepted = queries.accepted(one)
    context = {
        "round": one, "form": form, "households": len(accepted),
        "persons": sum(answers.persons(content) for _made, content in accepted),
        "feeds": queries.feeds(one),
    }  # fmt: skip
    return render(request, "census/feed.html", context)
