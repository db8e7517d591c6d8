"""Pages of the reasons for which applications go back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.fund import queries, reasons
from pooshesh.fund.forms import WordsForm
from pooshesh.fund.models import ReturnTemplate
from pooshesh.fund.states import WORDS

VERBS = {"retire": reasons.retire, "revive": reasons.revive}
FIELDS = ("title_fa", "title_en", "text_fa", "text_en", "days", "order")


def _for_the_nation(request: SignedIn) -> None:
    """Reasons hold everywhere, so who writes them writes for the nation."""
    if not request.user.reach(WORDS).everywhere:
        raise Http404


@require_safe
@needs(WORDS)
def reason_list(request: SignedIn) -> HttpResponse:
    """Every reason with its words, days and whether it is in use."""
    _for_the_nation(request)
    return render(request, "fund/reasons.html", {"rows": queries.all_templates()})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WORDS)
def new(request: SignedIn) -> HttpResponse:
    """Adds a reason."""
    _for_the_nation(request)
    form = WordsForm(request.POST or None)
    if form.is_valid():
        reasons.add(form.said(), actor=request.user.pk)
        messages.success(request, _("The clerks have this reason from now on."))
        return redirect("fund:reasons")
    return _shown(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(WORDS)
def reason(request: SignedIn, code: str) -> HttpResponse:
    """Changes a reason; what was returned before keeps its words."""
    row = _row(request, code)
    form = WordsForm(request.POST or None, initial={name: getattr(row, name) for name in FIELDS})
    if form.is_valid():
        reasons.change(code, form.said(), actor=request.user.pk)
        messages.success(request, _("These words are used from now on."))
        return redirect("fund:reasons")
    return _shown(request, form, row)


@require_POST
@needs(WORDS)
def step(request: SignedIn, code: str, verb: str) -> HttpResponse:
    """Retires a reason, or offers it again."""
    row = _row(request, code)
    if verb not in VERBS:
        raise Http404
    VERBS[verb](row.pk, actor=request.user.pk)
    messages.success(request, _("It was recorded."))
    return redirect("fund:reasons")


def _row(request: SignedIn, code: str) -> ReturnTemplate:
    _for_the_nation(request)
    found = queries.template(code)
    if found is None:
        raise Http404
    return found


def _shown(request: SignedIn, form: WordsForm, row: ReturnTemplate | None) -> HttpResponse:
    places = [(f"{{{name}}}", meaning) for name, meaning in reasons.PLACES.items()]
    return render(request, "fund/reason.html", {"form": form, "row": row, "places": places})
