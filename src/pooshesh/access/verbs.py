"""Commands of access."""

import secrets
import sys
from argparse import Namespace

from pooshesh.access import actions
from pooshesh.access.forms import AccountForm
from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.places import queries as places
from pooshesh.places.models import Area

explain(
    {
        "access.account": gettext_noop("%(field)s: “%(read)s” was read. %(fault)s"),
        "access.no_nation": gettext_noop(
            "The nation and its provinces are not laid yet; run ./pooshesh places seed."
        ),
    }
)


@verb(
    "admin create",
    "Open the first administrator's account over the whole nation and print its password.",
    arg("username"),
    arg("email"),
)
def admin_create(options: Namespace) -> None:
    form = AccountForm({"username": options.username, "email": options.email})
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        read = getattr(options, name)
        raise Invalid("access.account", read=read, field=form[name].label, fault=faults[0])
    try:
        nation = places.area(EVERYWHERE, "ir")
    except Area.DoesNotExist:
        raise Invalid("access.no_nation") from None
    password = secrets.token_urlsafe(12)
    actions.first_administrator(
        username=options.username,
        email=options.email,
        password=password,
        nation=nation,
    )
    sys.stdout.write(f"{options.username}  {password}\n")
