"""Pages of eligibility: the check, and the passes of providers' programs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access.guard import SignedIn, needs
from pooshesh.eligibility import actions, passes, queries, tables
from pooshesh.eligibility.forms import CheckForm, PassForm
from pooshesh.eligibility.models import PER_MINUTE
from pooshesh.eligibility.sentences import scheme, sentences
from pooshesh.kernel.errors import Invalid
from pooshesh.web.format import digits, language


@needs("eligibility.check")
def check(request: SignedIn) -> HttpResponse:
    """Whether a person is covered on a day, and why; every check is written down."""
    form = CheckForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        if passes.gate.wait(request.user.pk, PER_MINUTE):
            form.add_error(None, _("Too many checks; ask again in a moment."))
        else:
            try:
                made = actions.check(*form.cleaned(), actor=request.user.pk)
            except Invalid as error:
                form.add_error(
                    "on" if error.code == "eligibility.day" else "number", error.message()
                )
            else:
                names = queries.insurer_names(language())
                context |= {
                    "made": made,
                    "scheme": scheme(made.answer),
                    "sentences": sentences(made.answer, names),
                    "born": made.holder and digits(str(made.holder.birth_year or "")),
                    "insurer": made.answer.cover and names.get(made.answer.cover.insurer),
                }
    return render(request, "eligibility/check.html", context)


@needs("eligibility.manage")
def pass_list(request: SignedIn) -> HttpResponseBase:
    """Passes by which providers' programs check cover."""
    table = tables.PassTable(request, queries.passes(request.user))
    return table.respond("eligibility/passes.html")


@needs("eligibility.manage")
def pass_new(request: SignedIn) -> HttpResponse:
    """Give a provider's program a pass; it is shown once."""
    form = PassForm(
        request.POST or None,
        reach=request.user.reach("eligibility.manage"),
        accounts=queries.accounts_to_give(request.user),
    )
    if form.is_valid():
        asked = dict(form.cleaned_data)
        user = queries.account(request.user, UUID(asked.pop("user")))
        try:
            made = actions.give_pass(actor=request.user, user=user, **asked)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            return render(
                request, "eligibility/pass_shown.html",
                {"made": made, "written": passes.written(made.pk)},
            )  # fmt: skip
    return render(request, "eligibility/pass_new.html", {"form": form})


@needs("eligibility.manage")
def one_pass(request: SignedIn, pass_id: UUID) -> HttpResponse:
    """One pass: whose it is, and how to end it."""
    shown = get_object_or_404(queries.passes(request.user), pk=pass_id)
    state = tables.state(shown)
    context = {"shown": shown, "state": state, "state_name": tables.STATES[state]}
    return render(request, "eligibility/pass.html", context)


@require_POST
@needs("eligibility.manage")
def pass_revoke(request: SignedIn, pass_id: UUID) -> HttpResponse:
    """Revoke a pass."""
    shown = get_object_or_404(queries.passes(request.user), pk=pass_id)
    if actions.revoke_pass(shown, actor=request.user):
        messages.success(request, _("The pass was revoked; within a minute nothing answers it."))
    return redirect("eligibility:pass", pass_id)
