"""The demo of the programme: "2020" with its neighbourhoods, and a campaign already run.

Everything is synthetic and labelled so; the number of neighbourhoods is as reported.
"""

import datetime as dt
import tempfile
from pathlib import Path

from django.db import transaction
from django.db.models import QuerySet

from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.money import Rial
from pooshesh.kernel.time import from_day
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw, write
from pooshesh.places.models import Area, AreaKind
from pooshesh.programme import actions, places
from pooshesh.programme.calls import actions as calls
from pooshesh.programme.calls.models import Call, Outcome
from pooshesh.programme.campaign import run
from pooshesh.programme.models import Campaign, FileRole, Programme, ProgrammePlace
from pooshesh.programme.plans import actions as plans
from pooshesh.programme.plans.models import CostKind, Plan

NEIGHBOURHOOD = "darvazeh_ghar"
ON = dt.date(2022, 2, 11)  # 22 Bahman 1400
BEGAN = dt.date(2021, 9, 23)  # 1 Mehr 1400
DECLARED = 2_020
SEED = 2020
ELSEWHERE = 12_000  # persons on the rolls who live elsewhere: the first start waits for each
RIVAL = "worn"
PLANNED = 12  # neighbourhoods beside Darvazeh-Ghar
CALLED = 30  # persons
TOLD = (Outcome.CONFIRMED, Outcome.CONFIRMED, Outcome.UNAWARE, Outcome.CONFIRMED,
        Outcome.NOT_REACHED, Outcome.CONFIRMED, Outcome.WRONG_PERSON)  # fmt: skip


def load(folder: Path | None = None) -> None:
    """Programme and campaign, unless they are there already.

    `folder` holds census.csv and roll_INSURER.csv files; without it a neighbourhood is drawn.
    """
    load_programme()
    load_rival()
    load_plan()
    if Campaign.objects.filter(area__code=NEIGHBOURHOOD, synthetic=True).exists():
        return
    if folder:
        _campaign(folder)
        return
    with tempfile.TemporaryDirectory(prefix="pooshesh-") as drawn:
        write(draw(SEED, PROFILES["usual"], insured_elsewhere=ELSEWHERE), Path(drawn))
        _campaign(Path(drawn))


@transaction.atomic
def load_programme() -> None:
    """The programme with every neighbourhood of the demo country in it."""
    programme, made = Programme.objects.get_or_create(
        code="2020",
        defaults={
            "name_fa": "طرح تحول ۲۰۲۰ محله",
            "name_en": "“2020” neighbourhoods programme",
            "declared_neighbourhoods": DECLARED,
        },
    )
    if made:
        ProgrammePlace.objects.bulk_create(
            ProgrammePlace(programme=programme, area=area, valid=from_day(BEGAN))
            for area in Area.objects.filter(kind=AreaKind.NEIGHBOURHOOD)
        )


def load_rival() -> None:
    """A second programme over some of the same neighbourhoods of Tehran."""
    if Programme.objects.filter(code=RIVAL).exists():
        return
    places.open_programme(
        code=RIVAL, name_fa="بافت فرسوده شهری", name_en="Worn-out urban fabric", declared=None,
        actor=None,
    )  # fmt: skip
    codes = list(_neighbours().values_list("code", flat=True)[:PLANNED])
    places.join(
        code=RIVAL, neighbourhoods=codes, since=BEGAN, until=None, reach=EVERYWHERE, actor=None
    )


def load_plan() -> None:
    """A plan under way: Darvazeh-Ghar and some neighbourhoods of its city, with costs."""
    if Plan.objects.exists():
        return
    home = Area.objects.select_related("parent").get(code=NEIGHBOURHOOD)
    city = home.parent or home
    aim = plans.Aim(
        "پویش زمستان ۱۴۰۰", None, dt.date(2022, 1, 21), dt.date(2022, 3, 20), 9_000,
        Rial(13_500_000_000),
    )  # fmt: skip
    plan = plans.make_plan(city, aim, actor=None)
    others = _neighbours().filter(path__within=city.path).exclude(code=NEIGHBOURHOOD)
    codes = [NEIGHBOURHOOD, *others.values_list("code", flat=True)[:PLANNED]]
    plans.add_places(plan, codes, reach=EVERYWHERE, actor=None)
    plans.move_plan(plan, "open", actor=None)
    plans.write_cost(plan, CostKind.PRINTING, Rial(380_000_000), ON, "", actor=None)


def load_calls(campaign: Campaign) -> None:
    """Costs of the campaign, and a sample of whom it insured, some of them called."""
    plans.write_cost(campaign, CostKind.WAGES, Rial(2_140_000_000), ON, "", actor=None)
    plans.write_cost(campaign, CostKind.TRAVEL, Rial(320_000_000), ON, "", actor=None)
    sample = calls.draw_sample(campaign, 10, actor=None, seed="1400")
    for call in Call.objects.filter(sample=sample).order_by("place")[:CALLED]:
        calls.keep_call(call, TOLD[call.place % len(TOLD)], "", actor=None)


def _neighbours() -> QuerySet[Area]:
    """Neighbourhoods of Tehran, in the order of their codes."""
    return Area.objects.filter(kind=AreaKind.NEIGHBOURHOOD, province="23").order_by("code")


def _campaign(folder: Path) -> None:
    """Bring the sheets of a folder and run them, as `campaign run` does."""
    draft = actions.open_campaign(
        reach=EVERYWHERE, code=NEIGHBOURHOOD, pack="iran", on=ON, actor=None, synthetic=True
    )
    sheets = [(FileRole.CENSUS, "", folder / "census.csv")] + [
        (FileRole.ROLL, path.stem.removeprefix("roll_"), path)
        for path in sorted(folder.glob("roll_*.csv"))
    ]
    for role, insurer, path in sheets:
        with path.open("rb") as source:
            actions.bring_file(draft, role, path.name, source, insurer=insurer)
    campaign = actions.map_columns(draft, {}, actor=None)
    read = actions.check(campaign, actor=None)
    load_calls(run.run(campaign.id, lambda *_step: None, None, read))
