"""Commands of access."""

import secrets
import sys
from argparse import Namespace

from pooshesh.access import actions
from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.verbs import arg, verb
from pooshesh.places import queries as places


@verb(
    "admin create",
    "Open the first administrator's account over the whole nation and print its password.",
    arg("username"),
    arg("email"),
)
def admin_create(options: Namespace) -> None:
    password = secrets.token_urlsafe(12)
    actions.first_administrator(
        username=options.username,
        email=options.email,
        password=password,
        nation=places.area(EVERYWHERE, "ir"),
    )
    sys.stdout.write(f"{options.username}  {password}\n")
