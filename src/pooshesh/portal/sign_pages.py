"""The portal's door: ask for a code, type it, come in, go out. Nobody here has an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pooshesh.fund.queries import disease_choices
from pooshesh.kernel.errors import Invalid
from pooshesh.portal import door, drafts, newcomers, queries, visits
from pooshesh.portal.forms import AskForm, CodeForm, FirstForm
from pooshesh.portal.models import Code
from pooshesh.web.limits import too_many

ASKS, TRIES, WINDOW = 60, 120, 300  # of one address in so many seconds; networks share theirs


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Asks for a number and sends a one-time code to the mobile on record."""
    form = AskForm(request.POST or None)
    status = 200
    if form.is_valid():
        if too_many(request, "portal.ask", ASKS, WINDOW):
            form.add_error(None, _("Too many codes were asked from here; wait five minutes."))
            status = 429
        else:
            said = form.cleaned_data
            try:
                made = visits.ask(said["number"], patient=said["patient"], sits=said["sits"])
            except Invalid as error:
                form.add_error(None, error.message())
                status = 429
            else:
                request.session[door.CODE] = str(made.pk)
                return redirect("portal:code")
    return render(request, "portal/enter.html", {"form": form}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Asks for the one-time code and opens the visit."""
    code_id = door.known(request, door.CODE)
    if code_id is None:
        return redirect("portal:enter")
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_valid():
        if too_many(request, "portal.try", TRIES, WINDOW):
            form.add_error(None, _("Too many codes were tried from here; wait five minutes."))
            status = 429
        else:
            try:
                row = visits.confirm(code_id, form.cleaned_data["code"])
            except Invalid as error:
                form.add_error("code", error.message())
            else:
                return _come_in(request, row)
    return render(request, "portal/code.html", {"form": form}, status=status)


def _come_in(request: HttpRequest, row: Code) -> HttpResponse:
    if row.typed is None:
        visit = visits.enter(row)
        door.let_in(request, visit)
        return redirect(drafts.waiting(visit) or "portal:file")
    arrived = newcomers.arrive(row)
    if arrived.visit is None or arrived.application is None:
        request.session.pop(door.CODE, None)
        return render(request, "portal/handed.html")
    door.let_in(request, arrived.visit)
    return redirect("portal:application", arrived.application.pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """Takes the first application of somebody who is on record nowhere."""
    form = FirstForm(request.POST or None, diseases=disease_choices(), areas=queries.homes())
    status = 200
    if form.is_valid():
        if too_many(request, "portal.ask", ASKS, WINDOW):
            form.add_error(None, _("Too many codes were asked from here; wait five minutes."))
            status = 429
        else:
            facts = form.facts()
            try:
                made = visits.ask_first(
                    facts, number=facts["national_id"] or facts["foreign_code"],
                    mobile=facts["mobile"], sits=form.cleaned_data["sits"],
                )  # fmt: skip
            except Invalid as error:
                form.add_error(None, error.message())
                status = 429
            else:
                request.session[door.CODE] = str(made.pk)
                return redirect("portal:code")
    return render(request, "portal/first.html", {"form": form}, status=status)


@never_cache
@require_safe
def ended(request: HttpRequest) -> HttpResponse:
    """Says that a visit has ended, and that nothing typed is lost."""
    return render(request, "portal/ended.html", request.session.pop(door.ENDED, {}))


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Ends the visit in this browser."""
    visit_id = door.known(request, door.VISIT)
    if visit_id:
        visits.leave(visit_id)
        door.put_out(request)
    return redirect("portal:enter")
