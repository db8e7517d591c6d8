"""Pages of programmes: list, new, members, completeness."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.places.models import AreaKind
from pooshesh.places.queries import EVERYWHERE, areas
from pooshesh.programme import places
from pooshesh.programme.codes import codes_of
from pooshesh.programme.models import Programme
from pooshesh.programme.programmes import queries
from pooshesh.programme.programmes.forms import MembersForm, ProgrammeForm
from pooshesh.programme.programmes.tables import MemberTable
from pooshesh.programme.queries import READ
from pooshesh.web.format import number

WRITE = "programme.write"


@require_safe
@needs("campaign.read")
def programme_list(request: SignedIn) -> HttpResponse:
    """Every programme with its meter, and which share neighbourhoods."""
    reach = request.user.counts(READ)
    rows = [(one, queries.meter(reach, one)) for one in queries.programmes()]
    context = {
        "rows": rows, "overlaps": queries.overlaps(reach), "may_write": _may_write(request),
    }  # fmt: skip
    return render(request, "programme/programmes.html", context)


@needs("programme.write")
def programme_new(request: SignedIn) -> HttpResponse:
    """Open a programme; one of the nation is opened by who writes for the nation."""
    if not _may_write(request):
        raise Http404
    form = ProgrammeForm(request.POST or None)
    if form.is_valid():
        try:
            made = places.open_programme(**form.cleaned_data, actor=request.user.id)
        except Invalid as error:
            form.add_error("code", error.message())
        else:
            messages.success(request, _("The programme is open; let its neighbourhoods join."))
            return redirect("programme:programme", made.code)
    return render(request, "programme/programme_new.html", {"form": form})


@require_safe
@needs("campaign.read")
def programme(request: SignedIn, code: str) -> HttpResponseBase:
    """One programme: meter, provinces, neighbourhoods."""
    found = _programme(code)
    reach = request.user.counts(READ)
    names = {area.province: str(area) for area in areas(EVERYWHERE).filter(kind=AreaKind.PROVINCE)}
    rows = queries.members(reach, found)
    if province := request.GET.get("province", ""):
        rows = rows.filter(area__province=province)
    if step := request.GET.get("step", ""):
        rows = rows.filter(queries.STEPS.get(step, Q()))
    if other := request.GET.get("also", ""):
        rows = queries.also_in(rows, other)
    provinces = [(names.get(one.code, one.code), one) for one in queries.by_province(reach, found)]
    return MemberTable(request, rows).respond(
        "programme/programme.html",
        {
            "programme": found,
            "meter": queries.meter(reach, found),
            "provinces": provinces,
            "narrowed": [
                *filter(None, [names.get(province, ""), queries.STEP_NAMES.get(step, "")]),
                *[f"{_('Also in')} {one}" for one in queries.programmes() if one.code == other],
            ],
            "may_write": request.user.may(WRITE),
        },
    )


@needs("programme.write")
def members(request: SignedIn, code: str) -> HttpResponse:
    """Let neighbourhoods join or leave, by a list of codes or a sheet."""
    found = _programme(code)
    form = MembersForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        given = form.cleaned_data
        reach = request.user.reach(WRITE)
        try:
            codes = given["codes"]
            if given["sheet"]:
                codes = codes + codes_of(given["sheet"].name, given["sheet"])
            if given["verb"] == "join":
                count = places.join(
                    code=code, neighbourhoods=codes, since=given["on"], until=None, reach=reach,
                    actor=request.user.id,
                )  # fmt: skip
            else:
                count = places.leave(
                    code=code, neighbourhoods=codes, on=given["on"], reach=reach,
                    actor=request.user.id,
                )  # fmt: skip
        except Invalid as error:
            form.add_error("sheet" if given["sheet"] else "codes", error.message())
        else:
            messages.success(
                request, _("Neighbourhoods written: %(count)s.") % {"count": number(count)}
            )
            return redirect("programme:programme", code)
    return render(request, "programme/members.html", {"programme": found, "form": form})


def _programme(code: str) -> Programme:
    found = queries.programme(code)
    if found is None:
        raise Http404
    return found


def _may_write(request: SignedIn) -> bool:
    return request.user.may(WRITE) and request.user.reach(WRITE).everywhere
