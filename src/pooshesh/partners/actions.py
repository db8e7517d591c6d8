"""The only writers of organisations, their offices, contacts and officers.

Agreements are written in `agreements.py`, hand-overs in `handing_over.py`, tasks in `tasks.py`.
`actor` is the id of who acts, None for the product itself.
"""

import datetime as dt
import re
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.kernel.time import from_day, from_now, state
from pooshesh.partners.models import Contact, Office, Officer, Organisation, OrganisationKind
from pooshesh.places.models import Area, AreaSet, SetKind

explain(
    {
        "organisation.code": gettext_noop(
            "“%(read)s” is not a code; expected 2 to 40 of a–z, 0–9 and _ (underscore)."
        ),
        "organisation.taken": gettext_noop("There is an organisation with the code “%(read)s”."),
        "organisation.name": gettext_noop("The organisation has no Persian name; expected one."),
        "organisation.municipality": gettext_noop(
            "A municipality needs the city or county it governs."
        ),
        "contact.there": gettext_noop("“%(name)s” stands there in this post already."),
        "officer.there": gettext_noop("“%(name)s” speaks for the organisation already."),
        "officer.unknown": gettext_noop("There is no account “%(read)s”; expected a user name."),
        "partners.ended": gettext_noop("This has ended already."),
    }
)

CODE = re.compile(r"[a-z0-9_]{2,40}")


@transaction.atomic
def create_organisation(
    *,
    actor: UUID | None,
    code: str,
    kind: OrganisationKind,
    name_fa: str,
    name_en: str = "",
    area: Area | None = None,
) -> Organisation:
    """Register an organisation; a sponsor gets the set of its neighbourhoods with it.

    Raises Invalid for a malformed or taken code, a missing name, a municipality without its city.
    """
    if not CODE.fullmatch(code):
        raise Invalid("organisation.code", read=code)
    if not clean(name_fa):
        raise Invalid("organisation.name")
    if kind == OrganisationKind.MUNICIPALITY and area is None:
        raise Invalid("organisation.municipality")
    made, new = Organisation.objects.get_or_create(
        code=code,
        defaults={
            "kind": kind, "name_fa": clean(name_fa), "name_en": clean(name_en), "area": area,
        },
    )  # fmt: skip
    if not new:
        raise Invalid("organisation.taken", read=code)
    bind_set(made)
    audit.record(
        "partners.create_organisation", actor=actor, kind="organisation", object_id=made.id,
        content={"code": code, "kind": kind, "name_fa": made.name_fa},
        area_path=area.path if area else "",
    )  # fmt: skip
    return made


def bind_set(one: Organisation) -> None:
    """Give a sponsor or university its set of areas: the one of its code, made where missing."""
    kinds = {OrganisationKind.SPONSOR: SetKind.SPONSOR,
             OrganisationKind.UNIVERSITY: SetKind.CATCHMENT}  # fmt: skip
    kind = kinds.get(OrganisationKind(one.kind))
    if kind is None or one.area_set_id:
        return
    one.area_set, made = AreaSet.objects.get_or_create(
        code=one.code, defaults={"kind": kind, "name_fa": one.name_fa, "name_en": one.name_en}
    )
    if not made and one.area_set.kind != kind:
        raise Invalid("organisation.taken", read=one.code)
    one.save(update_fields=["area_set"])


@transaction.atomic
def change_organisation(
    *, actor: UUID | None, one: Organisation, name_fa: str, name_en: str, area: Area | None
) -> None:
    """Correct the names and the area of an organisation; its set is called like it."""
    if not clean(name_fa):
        raise Invalid("organisation.name")
    if one.kind == OrganisationKind.MUNICIPALITY and area is None:
        raise Invalid("organisation.municipality")
    one.name_fa, one.name_en, one.area = clean(name_fa), clean(name_en), area
    one.save()
    if one.area_set_id:
        AreaSet.objects.filter(pk=one.area_set_id).update(name_fa=one.name_fa, name_en=one.name_en)
    audit.record(
        "partners.change_organisation", actor=actor, kind="organisation", object_id=one.id,
        content={"name_fa": one.name_fa, "name_en": one.name_en, "area": one.area_id},
    )  # fmt: skip


@transaction.atomic
def open_office(
    *,
    actor: UUID | None,
    organisation: Organisation,
    name: str,
    area: Area | None = None,
    address: str = "",
    phone: str = "",
) -> Office:
    """Note where an organisation is found."""
    office = Office.objects.create(
        organisation=organisation, name=clean(name), address=clean(address), phone=phone.strip(),
        area=area, area_path=area.path if area else None, province=area.province if area else "",
    )  # fmt: skip
    audit.record(
        "partners.open_office", actor=actor, kind="organisation", object_id=organisation.id,
        fields=["name", "area", "address", "phone"], area_path=area.path if area else "",
    )  # fmt: skip
    return office


@transaction.atomic
def close_office(*, actor: UUID | None, office: Office) -> None:
    """The office is closed from today on."""
    today = timezone.localdate()
    if not Office.objects.filter(pk=office.pk, closed_on=None).update(closed_on=today):
        raise Invalid("partners.ended")
    audit.record(
        "partners.close_office", actor=actor, kind="organisation",
        object_id=office.organisation_id, fields=["closed_on"],
    )  # fmt: skip


@transaction.atomic
def add_contact(
    *,
    actor: UUID | None,
    organisation: Organisation,
    name: str,
    post: str,
    phone: str = "",
    email: str = "",
    since: dt.date | None = None,
) -> Contact:
    """Somebody is reached there in a post from a day on (default: today)."""
    try:
        with transaction.atomic():
            made = Contact.objects.create(
                organisation=organisation, name=clean(name), post=clean(post),
                phone=phone.strip(), email=email.strip(),
                valid=from_day(since or timezone.localdate()), recorded=from_now(),
            )  # fmt: skip
    except IntegrityError:
        raise Invalid("contact.there", name=clean(name)) from None
    audit.record(
        "partners.add_contact", actor=actor, kind="organisation", object_id=organisation.id,
        fields=["name", "post", "phone", "email"],
    )  # fmt: skip
    return made


@transaction.atomic
def end_contact(*, actor: UUID | None, contact: Contact) -> None:
    """They are reached there no longer from today on; who stood there stays known."""
    key = {"organisation_id": contact.organisation_id, "name": contact.name, "post": contact.post}
    state(Contact, key, None, timezone.localdate())
    audit.record(
        "partners.end_contact", actor=actor, kind="organisation",
        object_id=contact.organisation_id, fields=["valid"],
    )  # fmt: skip


@transaction.atomic
def name_officer(
    *,
    actor: UUID | None,
    organisation: Organisation,
    user_id: UUID,
    name: str = "",
    head: bool = False,
    since: dt.date | None = None,
) -> Officer:
    """A user speaks for an organisation from a day on (default: today)."""
    try:
        with transaction.atomic():
            made = Officer.objects.create(
                organisation=organisation, user_id=user_id, head=head,
                valid=from_day(since or timezone.localdate()), recorded=from_now(),
            )  # fmt: skip
    except IntegrityError:
        raise Invalid("officer.there", name=name) from None
    audit.record(
        "partners.name_officer", actor=actor, kind="organisation", object_id=organisation.id,
        content={"user": user_id, "head": head},
    )  # fmt: skip
    return made


@transaction.atomic
def end_officer(*, actor: UUID | None, officer: Officer) -> None:
    """The user speaks for the organisation no longer from today on."""
    key = {"organisation_id": officer.organisation_id, "user_id": officer.user_id}
    state(Officer, key, None, timezone.localdate())
    audit.record(
        "partners.end_officer", actor=actor, kind="organisation",
        object_id=officer.organisation_id, content={"user": officer.user_id},
    )  # fmt: skip
