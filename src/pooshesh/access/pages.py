"""Pages of access: accounts, roles, the audit trail, background jobs."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pooshesh.access import actions, queries
from pooshesh.access.forms import GrantForm, UserForm
from pooshesh.access.guard import SignedIn, needs
from pooshesh.access.roles import INCOMPATIBLE, PERMISSIONS, ROLES
from pooshesh.access.tables import EventTable, JobTable, UserTable, job_title, result_of
from pooshesh.kernel import jobs as kernel_jobs
from pooshesh.kernel.errors import Invalid
from pooshesh.web.progress import JobView


@needs("access.manage")
def user_list(request: SignedIn) -> HttpResponseBase:
    """Accounts of one's area."""
    return UserTable(request, queries.users(request.user)).respond("access/users.html")


@needs("access.manage")
def user_new(request: SignedIn) -> HttpResponse:
    """Open an account."""
    form = UserForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.create_user(actor=request.user, password=None, **form.cleaned_data)
        except Invalid as error:
            form.add_error("username", error.message())
        else:
            messages.success(request, _("The account is open; give it a role."))
            return redirect("access:user", made.id)
    return render(request, "access/user_new.html", {"form": form})


@needs("access.manage")
def user(request: SignedIn, user_id: UUID) -> HttpResponse:
    """One account with its grants, and the form that gives another."""
    shown = get_object_or_404(queries.users(request.user), id=user_id)
    form = GrantForm(
        request.POST or None,
        reach=request.user.reach("access.manage"),
        sets=queries.grantable_sets(request.user),
    )
    if form.is_valid():
        try:
            actions.give(actor=request.user, user=shown, **form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The role was given."))
            return redirect("access:user", shown.id)
    grants = queries.grants_of(request.user, shown)
    return render(request, "access/user.html", {"shown": shown, "form": form, "grants": grants})


@require_POST
@needs("access.manage")
def grant_end(request: SignedIn, user_id: UUID, grant_id: UUID) -> HttpResponse:
    """End a role today."""
    shown = get_object_or_404(queries.users(request.user), id=user_id)
    if grant_id not in {g.id for g in queries.grants_of(request.user, shown)}:
        raise Http404
    actions.end_grant(actor=request.user, grant_id=grant_id)
    messages.success(request, _("The role ended."))
    return redirect("access:user", user_id)


@require_POST
@needs("access.manage")
def user_lock(request: SignedIn, user_id: UUID) -> HttpResponse:
    """Lock or unlock an account."""
    shown = get_object_or_404(queries.users(request.user), id=user_id)
    try:
        actions.set_active(actor=request.user, user_id=shown.id, active=not shown.is_active)
    except Invalid as error:
        messages.error(request, error.message())
    return redirect("access:user", user_id)


def roles(request: SignedIn) -> HttpResponse:
    """Which role may do what, and which must not meet."""
    return render(
        request,
        "access/roles.html",
        {
            "roles": [
                (role.title, [PERMISSIONS[p] for p in PERMISSIONS if p in role.permissions])
                for role in ROLES.values()
            ],
            "incompatible": [[ROLES[code].title for code in sorted(pair)] for pair in INCOMPATIBLE],
        },
    )


@needs("audit.read")
def trail(request: SignedIn) -> HttpResponseBase:
    """The audit trail with the state of its seals."""
    table = EventTable(request, queries.events(request.user))
    return table.respond("access/trail.html", {"state": queries.seals(request.user)})


@require_POST
@needs("audit.read")
def trail_verify(request: SignedIn) -> HttpResponse:
    """Verify the audit chain in the background."""
    job = kernel_jobs.start("audit.verify", actor=request.user.id)
    return redirect("access:job", job.id)


def job_list(request: SignedIn) -> HttpResponseBase:
    """The viewer's background jobs; everybody's for who may see them."""
    return JobTable(request, queries.jobs(request.user)).respond("access/jobs.html")


def job(request: SignedIn, job_id: UUID) -> HttpResponse:
    """One job; htmx asks for the card alone while it runs."""
    row = get_object_or_404(queries.jobs(request.user), id=job_id)
    own = row.actor == request.user.id
    here, alone = reverse("access:job", args=[row.id]), bool(getattr(request, "htmx", None))
    view = JobView(
        row, job_title(row.kind), here,
        cancel_address=reverse("access:job_cancel", args=[row.id]) if own else "",
        result_address=here if alone and row.result else "",
    )  # fmt: skip
    if alone:
        return render(request, "web/job.html", {"view": view})
    return render(request, "access/job.html", {"view": view, "result": result_of(row)})


@require_POST
def job_cancel(request: SignedIn, job_id: UUID) -> HttpResponse:
    """Ask a job to stop."""
    row = get_object_or_404(queries.own_jobs(request.user), id=job_id)
    kernel_jobs.cancel(row.id, request.user.id)
    return redirect("access:job", row.id)
