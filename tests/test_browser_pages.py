"""Every page in Chromium, on a screen and on a telephone: readable, reachable, not too wide."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from pooshesh.conftest import Cast, Country
from pooshesh.coverage.models import Spell
from pooshesh.kernel import jobs
from pooshesh.people.models import Membership
from pooshesh.places.facilities import Facts, create_facility
from pooshesh.places.models import FacilityKind
from pooshesh.policy.models import Population, Scenario, Version
from pooshesh.policy.queries import decisions_of, files_in_force, pack_in_force
from pooshesh.policy.scenarios import try_out
from pooshesh.policy.versions import propose
from pooshesh.programme.models import Campaign, WorkItem
from pooshesh.reference import addresses
from pooshesh.rules.reform import Change, Reform, reformed
from tests.conftest import Open, overflows, serious

# One worker: it has the one browser.
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
REAL_DATABASE = pytest.mark.django_db(transaction=True, serialized_rollback=True)

SCREEN, TELEPHONE = 1280, 390

#: Who looks at which plain pages; "" is nobody signed in. Each page once, by who works there.
LOOKED_AT_BY: dict[str, list[str]] = {
    "": ["/accounts/login/", "/accounts/password/reset/", "/verify/", "/voice/",
         "/voice/status/", "/my/", "/my/first/", "/tag/", "/wishes/", "/open/",
         "/open/corrections/", "/open/covered/", "/open/data/", "/open/rights/"],
    "fund_clerk": ["/portal/mandates/", "/portal/newcomers/", "/portal/words/", "/diseases/",
                   "/tags/", "/tags/registry/", "/tags/registry/rows/", "/diseases/wishes/",
                   "/fund/applications/", "/fund/apply/", "/fund/desk/", "/fund/files/",
                   "/fund/sheets/", "/fund/requests/", "/fund/requests/appeals/",
                   "/fund/requests/doubts/", "/fund/requests/find/"],
    "clinic": ["/fund/applications/mine/", "/fund/requests/brought/"],
    "verifier": ["/diagnoses/"],
    "field_worker": ["/field/"],
    "tehran_lead": ["/", "/campaigns/", "/campaigns/new/", "/worklists/", "/persons/",
                    "/persons/new/", "/persons/?q=بهرام", "/census/", "/census/new/",
                    "/campaigns/board/", "/campaigns/loads/", "/campaigns/plans/",
                    "/campaigns/plans/new/", "/benefits/", "/benefits/new/", "/benefits/sheet/",
                    "/needs/", "/needs/new/"],
    "tehran_clerk": ["/check/", "/cover/arrears/bill/", "/persons/pairs/",
                     "/renewal/", "/renewal/appeals/", "/renewal/deciles/", "/renewal/entitled/",
                     "/renewal/entitled/areas/", "/renewal/items/",
                     "/cover/schemes/", "/cover/spells/", "/cover/arrears/", "/cover/notices/",
                     "/cover/double/", "/cover/births/", "/persons/emergency/",
                     "/households/new/", "/accounts/sessions/", "/accounts/password/change/",
                     "/accounts/2fa/", "/gaps/", "/gaps/new/", "/load/", "/load/numbers/",
                     "/reports/", "/reports/satisfaction/"],
    "lorestan_clerk": ["/nationals/", "/nationals/cases/", "/nationals/pseudo/",
                       "/nationals/look/", "/cover-differences/"],
    "programme_head": ["/console/", "/programmes/", "/programmes/new/", "/scorecards/",
                       "/sponsors/", "/agreements/", "/agreements/new/", "/hand-overs/",
                       "/hand-overs/new/", "/organisations/", "/organisations/new/", "/tasks/",
                       "/tasks/new/"],
    "secretary": ["/fund/committees/", "/meetings/", "/meetings/mine/", "/meetings/new/"],
    "tehran_mayor": ["/nationals/sheets/", "/nationals/brought/"],
    "national_director": ["/places/", "/places/map/", "/places/completeness/",
                          "/places/facilities/", "/fund/funnel/", "/fund/funnel/rows/",
                          "/fund/funnel/reported/", "/fund/funnel/deciles/",
                          "/fund/funnel/meetings/", "/figures/", "/figures/ask/",
                          "/figures/book/", "/figures/league/", "/figures/map/", "/briefings/",
                          "/briefings/new/"],
    "registrar": ["/places/import/"],
    "policy_officer": ["/rules/", "/versions/", "/scenarios/", "/scenarios/new/", "/style/"],
    "auditor": ["/audit/", "/campaigns/retention/", "/jobs/", "/ledger/journal/",
                "/ledger/proof/"],
    "fund_manager": ["/ledger/", "/ledger/law/", "/ledger/allocate/", "/ledger/close/",
                     "/ledger/allocations/", "/ledger/limits/", "/diseases/new/",
                     "/fund/funnel/credit/", "/fund/funnel/diseases/", "/fund/funnel/simulator/",
                     "/fund/reasons/", "/fund/reasons/new/"],
    "finance": ["/ledger/decisions/", "/ledger/vouchers/", "/ledger/orders/",
                "/ledger/orders/new/", "/ledger/statements/", "/ledger/lines/",
                "/ledger/unanswered/", "/ledger/payees/", "/ledger/advances/",
                "/ledger/advances/new/"],
    "administrator": ["/users/", "/users/new/", "/roles/", "/passes/", "/passes/new/"],
    "statistician": ["/reconciliation/", "/statements/", "/statements/new/", "/figures/lake/",
                     "/figures/months/", "/figures/checks/", "/figures/corrections/",
                     "/briefings/templates/", "/briefings/templates/new/"],
    "outsider": ["/", "/nothing/here/"],
}  # fmt: skip
IN_ENGLISH = {"": ["/open/en/", "/open/en/corrections/", "/open/en/covered/", "/open/en/data/",
                   "/open/en/rights/"],
              "field_worker": ["/field/"],
              "tehran_lead": ["/", "/campaigns/new/", "/places/", "/households/new/", "/census/"],
              "policy_officer": ["/rules/iran/"], "auditor": ["/audit/"]}  # fmt: skip
#: Addresses that only take what is sent to them, or speak to machines.
NO_PAGE = {"/api/eligibility/", "/audit/verify/", "/briefings/key.pem", "/figures/ask/save/",
           "/figures/checks/run/", "/open/data/datapackage.json", "/field/app.webmanifest",
           "/field/devices/",
           "/field/state/", "/field/sync/", "/field/worker.js", "/health/", "/persons/doubles/",
           "/persons/nations/", "/persons/pairs/next/", "/persons/pairs/undo/",
           "/ledger/advances/providers/", "/ledger/decisions/draw/", "/diagnoses/next/",
           "/figures/lake/export/", "/fund/apply/doubles/", "/fund/desk/next/",
           "/fund/sheets/template.xlsx",
           "/my/out/", "/persons/purpose/", "/places/choices/", "/renewal/entitled/send/",
           "/renewal/items/next/", "/reports/next/",
           "/scenarios/compare/"}  # fmt: skip

#: Looked at by a patient, in `test_a_patient`.
OF_PATIENTS = {"/my/apply/", "/my/code/", "/my/ended/", "/my/file/", "/my/messages/",
               "/my/money/", "/my/print/", "/my/readers/", "/my/requests/new/"}  # fmt: skip


#: What a narrow window can break that a wide one has in order.
NARROW = ("scrollable-region-focusable", "color-contrast")


def faults_of(page: Page, path: str, lang: str) -> list[str]:
    """What is wrong with the look of a page: on a screen, then as narrow as a telephone."""
    page.set_viewport_size({"width": SCREEN, "height": 900})
    page.goto(path)
    direction = {"fa": "rtl", "en": "ltr"}[lang]
    speaks = page.eval_on_selector("html", "e => [e.lang, e.dir]")
    faults = [(f"is {speaks}", speaks != [lang, direction])]
    for width, rules in ((SCREEN, ()), (TELEPHONE, NARROW)):
        page.set_viewport_size({"width": width, "height": 900})
        faults.append((f"is wider than {width}", overflows(page)))
        faults += [(f"{width}: {finding}", True) for finding in serious(page, *rules)]
    return [f"{path}: {fault}" for fault, there in faults if there]


def reforms(cast: Cast) -> tuple[Version, Scenario]:
    """A version and a scenario, counted: decile 6 pays nothing from tomorrow on."""
    changes = (Change("share_by_decile", 6, 0),)
    actor, day = cast.policy_officer.pk, timezone.localdate() + dt.timedelta(1)
    files, pack = files_in_force("iran", day), pack_in_force("iran", day)
    version = propose(
        "iran", reformed(files, pack, Reform(day, changes)), valid_from=day,
        note="سهم دهک ششم صفر می‌شود", actor=actor,
    )  # fmt: skip
    tried = try_out(
        title="دهک ششم رایگان", pack="iran", on=dt.date(2025, 5, 1), changes=changes,
        other_on=None, population=Population.REGISTERED, actor=actor,
    )  # fmt: skip
    return version, tried


@pytest.fixture
def details(campaign: Campaign, cast: Cast, country: Country) -> dict[str, list[str]]:
    """Who → addresses of one thing of each kind."""
    resident = Spell.objects.filter(campaign_id=campaign.id, source="enrolment").earliest("id")
    home = Membership.objects.get(person_id=resident.person_id).household_id
    facts = Facts(code="f1", kind=FacilityKind.HOSPITAL, level=2, name_fa="بیمارستان ضیائیان")
    create_facility(actor=None, area=country.darvazeh_ghar, facts=facts)
    kinds = WorkItem.objects.order_by("kind").distinct("kind")
    seal = jobs.start("audit.seal", actor=cast.auditor.id)
    decided = decisions_of(resident.person_id)[0]
    version, tried = reforms(cast)
    return {
        "tehran_lead": [
            f"/campaigns/{campaign.id}/",
            f"/campaigns/{campaign.id}/people/",
            f"/campaigns/{campaign.id}/findings/",
            f"/campaigns/{campaign.id}/mapping/",
            f"/campaigns/{campaign.id}/close/",
            f"/households/{home}/",
        ],
        "tehran_clerk": [
            f"/persons/{resident.person_id}/",
            f"/persons/{resident.person_id}/move/",
            f"/persons/{resident.person_id}/decisions/{decided.id}/letter/",
            f"/cover/{resident.id}/undo/",
            *(f"/worklists/items/{item.id}/" for item in kinds),
        ],
        "registrar": ["/places/areas/n0001/", "/places/areas/n0001/change/",
                      "/places/facilities/f1/", "/places/import/facilities/"],
        "policy_officer": [
            "/rules/iran/",
            "/rules/iran/rule/decision/",
            "/rules/iran/try/",
            "/rules/iran/change/",
            f"/versions/{version.id}/",
            f"/scenarios/{tried.id}/",
            f"/scenarios/compare/?first={tried.id}&second={tried.id}",
            "/rules/iran/upload/",
            "/rules/iran/try/?decile=5&on-first=1401/10/01&on-second=1404/01/01",
        ],
        "auditor": [f"/jobs/{seal.id}/"],
        "administrator": [f"/users/{cast.tehran_clerk.id}/"],
    }  # fmt: skip


def look(browse: Open, cast: Cast, by: dict[str, list[str]], lang: str) -> list[str]:
    """The faults of all pages, each opened by who sees it; "" is nobody signed in."""
    faults = []
    for who, paths in by.items():
        page = browse(getattr(cast, who, None), "/accounts/login/", width=SCREEN, lang=lang)
        faults += [fault for path in paths for fault in faults_of(page, path, lang)]
        page.context.close()  # else its connections stay open until the last page
    return faults


def test_no_plain_page_is_forgotten() -> None:
    plain = {a.path for a in addresses() if "<" not in a.path}
    by = [*LOOKED_AT_BY.values(), *IN_ENGLISH.values()]
    looked_at = {path.partition("?")[0] for paths in by for path in paths}

    assert plain - looked_at - NO_PAGE - OF_PATIENTS == set()


@REAL_DATABASE
def test_plain_pages_are_without_fault(browse: Open, cast: Cast) -> None:
    faults = look(browse, cast, LOOKED_AT_BY, "fa")

    assert faults == []


@REAL_DATABASE
def test_pages_of_one_thing_are_without_fault(
    browse: Open, cast: Cast, details: dict[str, list[str]]
) -> None:
    faults = look(browse, cast, details, "fa")

    assert faults == []


@REAL_DATABASE
def test_pages_in_english_are_without_fault(browse: Open, cast: Cast) -> None:
    faults = look(browse, cast, IN_ENGLISH, "en")

    assert faults == []


SHEET = """code,name_fa,kind,level,area,beds,remark
f1,درمانگاه شوش,clinic,2,n0001,12,
f2,بیمارستان,palace,3,nowhere-with-a-code-as-long-as-can-be-0123456789,-4,
"""


@REAL_DATABASE
def test_what_a_sheet_would_change_is_read_on_a_telephone(
    browse: Open, cast: Cast, country: Country
) -> None:
    page = browse(cast.registrar, "/places/import/facilities/", width=TELEPHONE)
    page.set_input_files(
        "input[type=file]", {"name": "f.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    )
    page.get_by_role("button", name="بررسی").click()
    expect(page.get_by_role("heading", name="موارد ردشده")).to_be_visible(timeout=20_000)

    faults = faults_of(page, "/places/import/facilities/", "fa")

    assert faults == []
    expect(page.get_by_role("cell", name="عدد صحیح لازم است")).to_have_css("text-align", "start")
    tops = "all => [...new Set(all.map(one => one.offsetTop))].length"
    assert page.eval_on_selector_all(".steps li", tops) == 1
