"""Pages of tasks between organisations: inbox and outbox, a new one, one with its history."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from pooshesh.access.guard import SignedIn, needs
from pooshesh.kernel.errors import Invalid
from pooshesh.partners import forms, tables, tasks
from pooshesh.partners import task_queries as queries
from pooshesh.partners.models import StepKind, Task, TaskState
from pooshesh.partners.queries import names_of, organisations, own_ids
from pooshesh.partners.states import TASK
from pooshesh.partners.subjects import subject
from pooshesh.partners.titles import LEVELS
from pooshesh.web.format import jdate
from pooshesh.web.registry import Tone
from pooshesh.web.timeline import Event


@needs("tasks.work")
def task_list(request: SignedIn) -> HttpResponseBase:
    """Tasks handed to and by one's organisations: inbox, outbox, overdue, escalated."""
    user, asked = request.user, request.GET
    rows = queries.tasks(user)
    boxes = {"in": queries.inbox, "out": queries.outbox}
    if box := boxes.get(asked.get("box", "")):
        rows = box(user, rows)
    state = asked.get("state", "")
    if state == forms.OPEN:
        rows = rows.filter(state__in=queries.OPEN)
    elif state == forms.OVERDUE:
        rows = queries.overdue(rows)
    elif state == forms.ESCALATED:
        rows = queries.escalated(rows)
    elif state in TaskState.values:
        rows = rows.filter(state=state)
    if area := asked.get("area", ""):
        rows = rows.filter(area__code=area)
    return tables.TaskTable(request, rows).respond(
        "partners/tasks.html",
        {"narrow": forms.TaskNarrow(asked), "may_send": bool(own_ids(user))},
    )


@needs("tasks.work")
def task_new(request: SignedIn) -> HttpResponse:
    """Hand a task to another organisation."""
    user = request.user
    if not own_ids(user):
        raise Http404
    asked = request.GET
    form = forms.TaskForm(
        request.POST or None, reach=user.reach("places.read"), senders=queries.senders(user),
        receivers=organisations(user),
        initial={"area": asked.get("area", ""), "title": asked.get("title", "")[:200]},
    )  # fmt: skip
    if form.is_valid():
        try:
            made = tasks.send(user=user, **form.cleaned_data)
        except Invalid as error:
            form.add_error(None, error.message())
        else:
            messages.success(request, _("The task was sent."))
            return redirect("partners:task", made.id)
    title = _("Hand out a task")
    return render(request, "partners/form.html", {"form": form, "title": title})


def found(request: SignedIn, task_id: UUID) -> Task:
    """The task, or 404 where the viewer does not see it."""
    try:
        return queries.task(request.user, task_id)
    except Task.DoesNotExist as error:
        raise Http404 from error


@require_safe
@needs("tasks.work")
def task(request: SignedIn, task_id: UUID) -> HttpResponse:
    """One task with its clock and history, and what the viewer may do."""
    one = found(request, task_id)
    verbs = queries.verbs(request.user, one)
    titles = {t.verb: t.title for t in TASK.transitions}
    form_class = forms.ResendForm if "resend" in verbs else forms.AnswerForm
    context = {
        "one": one, "events": _events(one), "late": tables.days_overdue(one),
        "level": LEVELS.get(one.level, ""),
        "about": subject(request.user, one.about_kind, one.about_id),
        "verbs": [(verb, titles[verb]) for verb in verbs],
        "may_reply": queries.takes_part(request.user, one)
        and one.state not in (TaskState.DONE, TaskState.WITHDRAWN),
        "form": form_class(),
    }  # fmt: skip
    return render(request, "partners/task.html", context)


def _events(one: Task) -> list[Event]:
    """The history of a task, newest first."""
    steps = queries.history(one)
    names = names_of({step.by for step in steps if step.by})
    events = []
    for step in steps:
        words = [step.text] if step.text else []
        if step.level:
            words.append(str(LEVELS[step.level]))
        if step.due and step.kind != StepKind.ESCALATED:
            words.append(_("Due %(day)s") % {"day": jdate(step.due)})
        by = [str(step.organisation)] if step.organisation else []
        if step.by and step.by in names:
            by.append(names[step.by])
        events.append(
            Event(
                StepKind(step.kind).label, step.at, " · ".join(words),
                "، ".join(by), TONES.get(StepKind(step.kind), "quiet"),
            )
        )  # fmt: skip
    return events


TONES: dict[StepKind, Tone] = {
    StepKind.SENT: "info", StepKind.ACCEPTED: "good", StepKind.DONE: "good",
    StepKind.RETURNED: "warn", StepKind.ESCALATED: "warn", StepKind.MOVED: "info",
}  # fmt: skip


@require_POST
@needs("tasks.work")
def task_act(request: SignedIn, task_id: UUID, verb: str) -> HttpResponse:
    """Accept, finish, return, send again, take back or answer; `seen` is the state shown."""
    one = found(request, task_id)
    seen = request.POST.get("seen", one.state)
    if seen in TaskState.values:
        one.state = seen
    form = forms.ResendForm(request.POST) if verb == "resend" else forms.AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(e) for errors in form.errors.values() for e in errors))
        return redirect("partners:task", task_id)
    given = form.cleaned_data
    try:
        if verb == "reply":
            tasks.reply(one, request.user, given["text"])
        else:
            tasks.act(one, verb, request.user, text=given["text"], due=given.get("due"))
    except Invalid as error:
        messages.error(request, error.message())
    else:
        messages.success(request, _("Saved."))
    return redirect("partners:task", task_id)
