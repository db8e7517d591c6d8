"""The demo: a synthetic country, one account per role, a campaign already run."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation

from pooshesh.access import actions as access
from pooshesh.access.models import Grant, User
from pooshesh.access.roles import ROLES
from pooshesh.kernel.config import config, kept_secret
from pooshesh.places.models import Area, AreaSet

#: user name → role and scope: an area's code, or "set:" and the code of a catchment or sponsor.
ACCOUNTS: dict[str, list[tuple[str, str]]] = {
    "field": [("field_worker", "darvazeh_ghar")],
    "clerk": [("clerk", "p23")],
    "lorestan": [("clerk", "p15")],
    "lead": [("campaign_lead", "p23")],
    "national": [("campaign_lead", "ir")],
    "director": [("director", "ir")],
    "head": [("programme_head", "ir")],
    "sponsor": [("sponsor_officer", "set:welfare")],
    "relief": [("sponsor_officer", "set:relief")],
    "municipality": [("municipal_officer", "t230101")],
    "secretary": [("secretary", "ir")],
    "member": [("member", "ir")],
    "provider": [("care_provider", "p23")],
    "university": [("university_officer", "set:iums")],
    "desk": [("fund_clerk", "p15")],
    "secretary15": [("secretary", "p15")],
    "clinic": [("clinic", "p15")],
    "verifier": [("university_officer", "p15")],
    "finance": [("finance_clerk", "p15")],
    "finance2": [("finance_clerk", "p15")],
    "releaser": [("releaser", "p15")],
    "fund": [("fund_manager", "ir")],
    "director15": [("director", "p15")],
    "figures": [("statistician", "ir")],
    "policy": [("policy_officer", "ir")],
    "auditor": [("auditor", "ir")],
    "registrar": [("registrar", "ir")],
    "admin": [("administrator", "ir")],
}


def has_areas() -> bool:
    """Whether the area tree has been laid."""
    return Area.objects.exists()


def seed() -> None:
    """What production needs too, such as the nation and its provinces; each room's once."""
    for module in _modules("seed"):
        module.seed()


def loaded() -> bool:
    """Whether the demo is here; its last step marks it."""
    return User.objects.filter(username="admin", is_demo=True).exists()


@translation.override("fa")
def load() -> None:
    """What each room shows, left to right, then the accounts and what these have done.

    In Persian, whatever the terminal speaks: titles are kept as they are written.
    """
    for module in _modules("demo"):
        if hasattr(module, "load"):
            module.load()
    _open_accounts()
    for module in _modules("demo"):
        if hasattr(module, "with_users"):
            module.with_users()


def _modules(name: str) -> Iterator[Any]:
    """A module that rooms may have, left to right."""
    for room in settings.ROOMS:
        if find_spec(f"pooshesh.{room}.{name}"):
            yield import_module(f"pooshesh.{room}.{name}")


@transaction.atomic
def _open_accounts() -> None:
    hashed = make_password(password())  # once: it is slow on purpose, and the password is one
    for username, grants in ACCOUNTS.items():
        with translation.override("fa"):
            title = str(ROLES[grants[0][0]].title)
        user = User.objects.create(
            username=username, password=hashed, full_name=title, is_demo=True
        )
        for role, scope in grants:
            kind, _, code = scope.rpartition(":")
            where: dict[str, object] = (
                {"area_set": AreaSet.objects.get(code=code)}
                if kind
                else {"area": Area.objects.get(code=code)}
            )
            access.give(actor=None, user=user, role=role, **where)  # type: ignore[arg-type]
    for module in _modules("demo"):
        if hasattr(module, "meet_accounts"):  # what a room shows of somebody's work
            module.meet_accounts()


def password() -> str:
    """The one password of all demo accounts, made for this installation."""
    return kept_secret(config().secrets / "demo_password", 9)


def accounts() -> Iterator[tuple[str, str, str]]:
    """(user name, password, roles) of each demo account."""
    users = User.objects.filter(is_demo=True).order_by("created_at")
    for user in users:
        roles = Grant.objects.filter(user=user).values_list("role", flat=True)
        yield user.username, password(), ", ".join(str(ROLES[r].title) for r in roles)
