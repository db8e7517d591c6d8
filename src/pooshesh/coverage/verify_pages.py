"""The public page that says whether a card covers: nobody signs in, nobody is named."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from pooshesh.coverage import codes, proofs
from pooshesh.coverage.forms import CodeForm
from pooshesh.coverage.models import Scheme
from pooshesh.web.limits import too_many

TRIES, WINDOW = 30, 300  # codes of one address, and seconds


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Asks for the code of a card."""
    form = CodeForm(request.GET or None)
    if form.is_valid():
        code = codes.read(form.cleaned_data["code"])
        if code:
            return redirect("coverage:verify_code", code)
        return render(request, "coverage/verify.html", {"form": form, "state": "mistyped"})
    return render(request, "coverage/verify.html", {"form": form, "state": ""})


@require_safe
@never_cache
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Says whether a code covers today, in which fund and until when; never whom."""
    if too_many(request, "coverage.verify", TRIES, WINDOW):
        return render(request, "coverage/verify.html", {"form": CodeForm(), "state": "many"},
                      status=429)  # fmt: skip
    known = codes.read(code)
    found = proofs.check(known) if known else None
    context = {
        "form": CodeForm(),
        "state": "mistyped" if known is None else "valid" if found else "invalid",
        "scheme": Scheme(found.scheme).label if found else "",
        "until": found.until if found else None,
        "code": codes.written(known) if known else "",
    }
    return render(request, "coverage/verify.html", context)
