"""The demo of the programme: "2020" with its neighbourhoods, and a campaign already run.

Everything is synthetic and labelled so; the number of neighbourhoods is as reported.
"""

import datetime as dt
import tempfile
from pathlib import Path

from django.db import transaction

from pooshesh.access.reach import EVERYWHERE
from pooshesh.kernel.time import from_day
from pooshesh.people.synthetic.neighbourhood import PROFILES, draw, write
from pooshesh.places.models import Area, AreaKind
from pooshesh.programme import actions
from pooshesh.programme.campaign import run
from pooshesh.programme.models import Campaign, FileRole, Programme, ProgrammePlace

NEIGHBOURHOOD = "darvazeh_ghar"
ON = dt.date(2022, 2, 11)  # 22 Bahman 1400
BEGAN = dt.date(2021, 9, 23)  # 1 Mehr 1400
DECLARED = 2_020
SEED = 2020


def load(folder: Path | None = None) -> None:
    """Programme and campaign, unless they are there already.

    `folder` holds census.csv and roll_INSURER.csv files; without it a neighbourhood is drawn.
    """
    load_programme()
    if Campaign.objects.filter(area__code=NEIGHBOURHOOD, synthetic=True).exists():
        return
    if folder:
        _campaign(folder)
        return
    with tempfile.TemporaryDirectory(prefix="pooshesh-") as drawn:
        write(draw(SEED, PROFILES["usual"]), Path(drawn))
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
    run.run(campaign.id, lambda *_step: None, None, read)
