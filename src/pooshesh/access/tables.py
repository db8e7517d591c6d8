"""Tables of access."""

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.access.models import User
from pooshesh.kernel import jobs
from pooshesh.kernel.messages import first_line
from pooshesh.kernel.models import Event, Job, JobState
from pooshesh.web.format import number
from pooshesh.web.registry import codes_named, name_of
from pooshesh.web.table import Column, Table


def _user_link(row: User) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("access:user", args=[row.id]), row.username)


class UserTable(Table[User]):
    name = "users"
    caption = _("Users")
    columns = (
        Column("username", _("Username"), "username", sort="username", render=_user_link),
        Column("full_name", _("Full name"), "full_name", sort="full_name"),
        Column("email", _("E-mail"), "email"),
        Column("active", _("May sign in"), lambda row: _("Yes") if row.is_active else _("No")),
    )
    order = "username"

    def search(self, rows: QuerySet[User], text: str) -> QuerySet[User]:
        return rows.filter(username__icontains=text) | rows.filter(full_name__icontains=text)


class EventTable(Table[Event]):
    name = "audit"
    caption = _("Audit trail")
    columns = (
        Column("at", _("When"), "at", kind="moment", sort="at"),
        Column("actor", _("User"), "username"),
        Column("action", _("Action"), lambda row: name_of(row.action), sort="action"),
        Column("code", _("Code of the action"), "action", kind="id", hidden=True),
        Column("kind", _("About"), lambda row: name_of(row.kind)),
        Column("object", _("Identifier"), "object_id", kind="id"),
        Column("fields", _("Fields"), lambda row: " ".join(row.fields), kind="id", hidden=True),
        Column("purpose", _("Purpose"), lambda row: name_of(row.purpose)),
        Column("area", _("Area"), "area_path", kind="id", hidden=True),
    )
    order = "-at"

    def search(self, rows: QuerySet[Event], text: str) -> QuerySet[Event]:
        named = Q(action__istartswith=text) | Q(action__in=codes_named(text))
        return rows.filter(named | Q(object_id=text))


def job_title(kind: str) -> str:
    """What a job is for, in the reader's language; the kind itself where nobody wrote it."""
    purpose = first_line(jobs.purpose(kind))
    return gettext(purpose).rstrip(".") if purpose else kind


def result_of(job: Job) -> list[tuple[str, str]]:
    """What a job returned, in words: (name, value); empty texts and lists are left out."""
    found = job.result if isinstance(job.result, dict) else {}
    return [(name_of(name), _said(value)) for name, value in found.items() if value not in ("", [])]


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(one) for one in value)
    return number(value) if isinstance(value, int | float) else str(value)


class JobTable(Table[Job]):
    name = "jobs"
    caption = _("Background jobs")
    columns = (
        Column("created", _("When"), "created_at", kind="moment", sort="created_at"),
        Column(
            "kind", _("Job"), "kind", sort="kind",
            render=lambda row: format_html(
                '<a href="{}">{}</a>', reverse("access:job", args=[row.id]), job_title(row.kind)
            ),
        ),
        Column("state", _("State"), lambda row: JobState(row.state), kind="state", sort="state"),
        Column("step", _("Step"), lambda row: name_of(row.step)),
        Column("attempts", _("Attempts"), "attempts", kind="number"),
    )  # fmt: skip
    order = "-created"
