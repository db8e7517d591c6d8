"""The writers of saved questions."""

from django.db import IntegrityError, transaction

from pooshesh.access.models import User
from pooshesh.asking import queries
from pooshesh.asking.models import View
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

MOST = 100  # views of one person

explain(
    {
        "asking.name": gettext_noop("Give the view a name."),
        "asking.taken": gettext_noop("You have a view “%(name)s” already."),
        "asking.role": gettext_noop("You do not hold that role."),
        "asking.views": gettext_noop("You keep %(most)s views; delete one first."),
    }
)


@transaction.atomic
def save(*, actor: User, name: str, query: str, role: str = "") -> View:
    """Keep a question; with `role`, for everybody who holds it. Raises Invalid."""
    if queries.own(actor).count() >= MOST:
        raise Invalid("asking.views", most=MOST)
    _may_share(actor, role)
    made = View(owner=actor, name=_named(name), query=query, role=role)
    _write(made)
    _record("save", actor, made)
    return made


@transaction.atomic
def change(*, actor: User, view: View, name: str, role: str = "") -> None:
    """Another name, shared with another role or with nobody. Raises Invalid."""
    _may_share(actor, role)
    view.name, view.role = _named(name), role
    _write(view)
    _record("change", actor, view)


@transaction.atomic
def delete(*, actor: User, view: View) -> None:
    """Give a view up."""
    _record("delete", actor, view)
    view.delete()


def _named(name: str) -> str:
    found = " ".join(name.split())[:80]
    if not found:
        raise Invalid("asking.name")
    return found


def _may_share(actor: User, role: str) -> None:
    if role and role not in dict(queries.roles(actor)):
        raise Invalid("asking.role")


def _write(view: View) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise Invalid("asking.taken", name=view.name) from error


def _record(verb: str, actor: User, view: View) -> None:
    audit.record(
        f"asking.{verb}", actor=actor.pk, kind="view", object_id=view.pk,
        content={"name": view.name, "query": view.query, "role": view.role},
    )  # fmt: skip
