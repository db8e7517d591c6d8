"""Pages anybody may open: whether a tag holds, and which diseases people wish to have listed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from pooshesh.coverage import codes
from pooshesh.disease import forms, tables, tags, wishes, worklist_queries
from pooshesh.kernel.errors import Invalid
from pooshesh.web.limits import too_many

TRIES, WINDOW = 30, 300  # codes of one address, and seconds
WISHES, WISH_WINDOW = 10, 3600  # many telephones share the address of their network


@require_safe
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Asks for the code of a tag."""
    form = forms.CodeForm(request.GET or None)
    state = ""
    if form.is_valid():
        code = codes.read(form.cleaned_data["code"])
        if code:
            return redirect("disease:check_code", code)
        state = "mistyped"
    return render(request, "disease/check.html", {"form": form, "state": state})


@require_safe
@never_cache
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    """Says whether a code's tag holds today, of which disease and until when; never whose."""
    if too_many(request, "disease.check", TRIES, WINDOW):
        context = {"form": forms.CodeForm(), "state": "many"}
        return render(request, "disease/check.html", context, status=429)
    known = codes.read(code)
    found = tags.check(known) if known else None
    context = {
        "form": forms.CodeForm(), "found": found,
        "state": "mistyped" if known is None else "valid" if found else "invalid",
        "code": codes.written(known) if known else "",
    }  # fmt: skip
    return render(request, "disease/check.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest) -> HttpResponseBase:
    """Asks for a disease to be added, without a name; shows what was asked and answered."""
    form = forms.WishForm(request.POST or None, provinces=worklist_queries.provinces())
    status = 200
    if form.is_valid():
        if too_many(request, "disease.wish", WISHES, WISH_WINDOW):
            form.add_error(None, _("Too many wishes came from this network; try in an hour."))
            status = 429
        else:
            data = form.cleaned_data
            try:
                wishes.wish(data["name"], words=data["words"], province=data["province"])
            except Invalid as error:
                form.add_error("name", error.message())
            else:
                messages.success(request, _("Your wish was counted. Thank you."))
                return redirect("disease:public_wishes")
    unread, asked = worklist_queries.unread_wishes()
    table = tables.PublicWishTable(request, worklist_queries.public_wishes())
    context = {"form": form, "unread": unread, "asked": asked}
    response = table.respond("disease/wish.html", context)
    response.status_code = status
    return response
