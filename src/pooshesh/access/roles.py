"""Roles, what each may do, and which may not meet in one person. Data, shown in the docs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What can be allowed. The docs test holds docs/*/permissions.md to this table.
PERMISSIONS: dict[str, Promise] = {
    "places.read": _("See areas and facilities"),
    "places.write": _("Change and import areas and facilities"),
    "people.read": _("Open records of persons"),
    "people.write": _("Register and change persons"),
    "people.break_glass": _("Open a record outside one's area in an emergency"),
    "rules.read": _("Read rule packs and decide a made-up person"),
    "rules.simulate": _("Try reforms on the population"),
    "rules.propose": _("Propose versions of rule packs"),
    "rules.approve": _("Approve or refuse versions that others proposed"),
    "coverage.read": _("See cover spells"),
    "coverage.write": _("Enrol and undo enrolments"),
    "campaign.read": _("See campaigns and their reports"),
    "campaign.run": _("Start, run and close campaigns"),
    "worklist.work": _("Work through worklists"),
    "jobs.read": _("See background jobs"),
    "audit.read": _("Read and verify the audit trail"),
    "access.manage": _("Manage users and grants"),
}


@dataclass(frozen=True)
class Role:
    """A job in the programme with the permissions it needs."""

    code: str
    title: Promise
    permissions: frozenset[str]


def _role(code: str, title: Promise, *permissions: str) -> Role:
    unknown = set(permissions) - set(PERMISSIONS)
    assert not unknown, unknown
    return Role(code, title, frozenset(permissions))


_READ = ("places.read", "rules.read", "campaign.read")

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        _role("field_worker", _("Field worker"), "places.read", "people.read", "people.write"),
        _role(
            "clerk", _("Provincial clerk"), *_READ, "people.read", "people.write",
            "coverage.read", "coverage.write", "worklist.work", "people.break_glass",
        ),
        _role(
            "campaign_lead", _("Campaign lead"), *_READ, "people.read", "people.write",
            "coverage.read", "coverage.write", "campaign.run", "worklist.work", "jobs.read",
        ),
        _role(
            "director", _("Director general"), *_READ, "people.read", "coverage.read", "jobs.read",
            "rules.simulate", "rules.approve",
        ),
        _role("sponsor_officer", _("Sponsor's officer"), *_READ),
        _role("university_officer", _("University officer"), *_READ),
        _role(
            "policy_officer", _("Policy officer"), *_READ, "rules.simulate", "rules.propose",
            "rules.approve", "jobs.read",
        ),
        _role("auditor", _("Auditor"), *_READ, "audit.read", "jobs.read"),
        _role(
            "registrar", _("Registrar of places"), "places.read", "places.write", "rules.read",
        ),
        _role("administrator", _("Administrator"), "access.manage", "jobs.read", "places.read"),
    )
}  # fmt: skip

#: Who checks must not be whom they check.
INCOMPATIBLE: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("auditor", "administrator"),
        ("auditor", "clerk"),
        ("auditor", "campaign_lead"),
        ("administrator", "clerk"),
        ("administrator", "campaign_lead"),
        ("sponsor_officer", "clerk"),
    )
)
