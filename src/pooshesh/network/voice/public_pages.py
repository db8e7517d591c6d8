"""What a resident sees, without an account: report something, and read the answer with a code."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pooshesh.kernel.errors import Invalid
from pooshesh.network.models import ReportKind
from pooshesh.network.voice import actions, codes, forms, queries
from pooshesh.places.models import Area
from pooshesh.web.format import digits
from pooshesh.web.limits import too_many

LOOKS, LOOK_WINDOW = 60, 300  # codes asked for by one address in so many seconds
SENDS, SEND_WINDOW = 30, 3600  # reports; many telephones share the address of their network


@require_safe
def voice(request: HttpRequest) -> HttpResponse:
    """Asks what a resident wants: say something, or read an answer."""
    return render(request, "network/voice.html", {"kinds": ReportKind.choices})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, kind: str) -> HttpResponse:
    """Asks for the neighbourhood, then for what is to be said; answers the tracking code."""
    if kind not in ReportKind:
        raise Http404
    chosen = ReportKind(kind)
    area = queries.neighbourhood(request.GET.get("area", ""))
    if area is None:
        return _search(request, chosen)
    form = forms.ResidentForm(chosen, request.POST or None)
    status = 200
    if form.is_valid():
        if too_many(request, "voice.send", SENDS, SEND_WINDOW):
            form.add_error(None, _("Too many reports came from this network; try in an hour."))
            status = 429
        else:
            try:
                code = _received(form, chosen, area)
            except Invalid as error:
                form.add_error(_field_of(error), error.message())
            else:
                return render(request, "network/voice_code.html", {"groups": _read_out(code)})
    context = {"form": form, "kind": chosen, "area": area}
    return render(request, "network/voice_say.html", context, status=status)


def _read_out(code: str) -> list[str]:
    return [digits(group) for group in codes.groups(code)]


def _received(form: forms.ResidentForm, kind: ReportKind, area: Area) -> str:
    asked = {k: v for k, v in form.cleaned_data.items() if k != "website"}
    return actions.receive(kind=kind, area=area, **asked)


def _field_of(error: Invalid) -> str | None:
    fields = {"report.short": "text", "report.long": "text", "report.phone": "phone"}
    return fields.get(error.code)


def _search(request: HttpRequest, kind: ReportKind) -> HttpResponse:
    typed = request.GET.get("q", "")
    found = queries.neighbourhoods(typed)
    context = {
        "form": forms.SearchForm({"q": typed} if typed else None), "kind": kind, "found": found,
        "nothing": bool(typed.strip()) and not found,
    }  # fmt: skip
    return render(request, "network/voice_place.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """Says how far a report is; the code is posted, so that no log keeps it."""
    form = forms.CodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "network/voice_status.html", {"form": form, "state": ""})
    if too_many(request, "voice.look", LOOKS, LOOK_WINDOW):
        return render(request, "network/voice_status.html", {"form": form, "state": "many"},
                      status=429)  # fmt: skip
    code = forms.code_of(form)
    found = queries.status(codes.digest(code)) if code else None
    context = {
        "form": form, "found": found,
        "state": "mistyped" if code is None else "found" if found else "unknown",
        "groups": _read_out(code) if code else [],
    }  # fmt: skip
    return render(request, "network/voice_status.html", context)
