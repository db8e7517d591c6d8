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
    "eligibility.check": _("Check cover at the point of care"),
    "eligibility.manage": _("Give providers access to checks"),
    "renewal.work": _("Renew cover, import deciles, tell who is entitled"),
    "partners.read": _("See organisations, agreements and hand-overs"),
    "partners.write": _("Register organisations and agreements, assign neighbourhoods"),
    "partners.sign": _("Sign hand-overs for one's organisation"),
    "tasks.work": _("Send and answer tasks between organisations"),
    "meetings.read": _("See bodies, meetings and minutes"),
    "meetings.run": _("Prepare meetings and keep their minutes"),
    "meetings.vote": _("Vote in one's bodies and sign their minutes"),
    "network.read": _("See gaps, capacity and forecasts"),
    "gaps.work": _("Register and close gaps, answer residents"),
    "programme.write": _("Open programmes and name their neighbourhoods"),
    "neighbourhoods.write": _("Assess needs and record benefits"),
    "census.plan": _("Plan a field census and give out alleys"),
    "census.collect": _("Take the census on a phone"),
    "nationals.read": _("See cases of foreign nationals"),
    "nationals.work": _("Work cases of foreign nationals"),
    "nationals.census": _("Bring a municipality's census of foreign nationals"),
    "disease.read": _("See diseases, packages and tags"),
    "disease.write": _("Change diseases and packages, attach tags from the ministry's registry"),
    "disease.verify": _("Decide diagnoses of one's catchment"),
    "fund.read": _("See patient files, applications and expense requests"),
    "fund.apply": _("Bring applications and expense requests of patients"),
    "fund.work": _("Work the fund's desk: applications, expense requests, committees"),
    "fund.words": _("Write the fund's reasons for returning and the words of its messages"),
    "ledger.read": _("See budgets, vouchers and payments"),
    "ledger.budget": _("Allocate the fund's budget"),
    "ledger.order": _("Draw vouchers and order payments"),
    "ledger.release": _("Release payments that others ordered"),
    "insight.read": _("See figures, comparisons and reports"),
    "insight.keep": _("Close months, answer checks, publish and correct figures"),
    "statements.write": _("Register what somebody published"),
    "briefing.write": _("Change templates of the briefing and make it"),
    "briefing.sign": _("Sign a briefing"),
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
        _role(
            "field_worker", _("Field worker"), "places.read", "people.read", "people.write",
            "census.collect",
        ),
        _role(
            "clerk", _("Provincial clerk"), *_READ, "people.read", "people.write",
            "coverage.read", "coverage.write", "worklist.work", "people.break_glass",
            "eligibility.check", "renewal.work", "partners.read", "tasks.work", "network.read",
            "gaps.work", "nationals.read", "nationals.work",
        ),
        _role(
            "campaign_lead", _("Campaign lead"), *_READ, "people.read", "people.write",
            "coverage.read", "coverage.write", "campaign.run", "worklist.work", "jobs.read",
            "partners.read", "tasks.work", "network.read", "gaps.work", "census.plan",
            "neighbourhoods.write", "nationals.read", "insight.read",
        ),
        _role(
            "director", _("Director general"), *_READ, "people.read", "coverage.read", "jobs.read",
            "rules.simulate", "rules.approve", "partners.read", "partners.sign", "meetings.read",
            "network.read", "nationals.read", "disease.read", "fund.read", "ledger.read",
            "insight.read", "briefing.sign",
        ),
        _role(
            "programme_head", _("Head of the programme"), *_READ, "programme.write",
            "partners.read", "partners.write", "partners.sign", "tasks.work", "meetings.read",
            "network.read", "gaps.work", "neighbourhoods.write", "jobs.read", "insight.read",
        ),
        _role(
            "sponsor_officer", _("Sponsor's officer"), *_READ, "partners.read", "partners.sign",
            "tasks.work", "network.read", "neighbourhoods.write", "insight.read",
        ),
        _role(
            "municipal_officer", _("Municipal officer"), "places.read", "partners.read",
            "tasks.work", "nationals.read", "nationals.census",
        ),
        _role(
            "secretary", _("Secretary of a body"), "places.read", "partners.read", "tasks.work",
            "meetings.read", "meetings.run", "network.read", "gaps.work", "disease.read",
            "fund.read",
        ),
        _role("member", _("Member of a body"), "places.read", "meetings.read", "meetings.vote"),
        _role(
            "fund_clerk", _("Fund clerk"), *_READ, "people.read", "people.write",
            "eligibility.check", "disease.read", "disease.write", "fund.read", "fund.apply",
            "fund.work", "meetings.read", "ledger.read", "jobs.read",
        ),
        _role(
            "clinic", _("Clinic's or hospital's desk"), "places.read", "eligibility.check",
            "disease.read", "fund.apply",
        ),
        _role(
            "finance_clerk", _("Finance clerk"), "places.read", "ledger.read", "ledger.order",
            "jobs.read",
        ),
        _role(
            "releaser", _("Releaser of payments"), "places.read", "ledger.read", "ledger.release",
        ),
        _role(
            "fund_manager", _("Manager of the fund"), *_READ, "disease.read", "disease.write",
            "fund.read", "fund.words", "ledger.read", "ledger.budget", "meetings.read",
            "jobs.read", "insight.read",
        ),
        _role("care_provider", _("Care provider"), "eligibility.check"),
        _role(
            "university_officer", _("University officer"), *_READ, "partners.read", "tasks.work",
            "network.read", "disease.read", "disease.verify",
        ),
        _role(
            "policy_officer", _("Policy officer"), *_READ, "rules.simulate", "rules.propose",
            "rules.approve", "jobs.read", "insight.read",
        ),
        _role(
            "auditor", _("Auditor"), *_READ, "audit.read", "jobs.read", "disease.read",
            "fund.read", "ledger.read", "insight.read",
        ),
        _role(
            "statistician", _("Keeper of figures"), *_READ, "insight.read", "insight.keep",
            "statements.write", "briefing.write", "meetings.read", "network.read", "jobs.read",
        ),
        _role(
            "registrar", _("Registrar of places"), "places.read", "places.write", "rules.read",
        ),
        _role(
            "administrator", _("Administrator"), "access.manage", "jobs.read", "places.read",
            "eligibility.manage",
        ),
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
        ("municipal_officer", "clerk"),
        ("municipal_officer", "campaign_lead"),
        ("municipal_officer", "care_provider"),
        ("secretary", "member"),
        ("finance_clerk", "releaser"),
        ("finance_clerk", "fund_clerk"),
        ("releaser", "fund_clerk"),
        ("finance_clerk", "fund_manager"),
        ("releaser", "fund_manager"),
        ("university_officer", "fund_clerk"),
        ("clinic", "fund_clerk"),
        ("auditor", "fund_clerk"),
        ("auditor", "finance_clerk"),
        ("auditor", "releaser"),
        ("auditor", "fund_manager"),
        ("auditor", "statistician"),
        ("municipal_officer", "fund_clerk"),
    )
)
