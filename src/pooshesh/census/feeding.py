"""Handing the accepted households of a round to a campaign, as its census sheet."""

import csv
import datetime as dt
import io
from collections.abc import Mapping
from typing import BinaryIO
from uuid import UUID

from pooshesh.access.reach import Reach
from pooshesh.census import queries
from pooshesh.census.answers import Content
from pooshesh.census.models import Feed, Round
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.programme import actions as programme
from pooshesh.programme.models import Campaign, FileRole

COLUMNS = ("household", "relation", "first_name", "last_name", "father_name", "birth_date",
           "national_id", "foreign_id", "sex", "postal_code", "mobile")  # fmt: skip
#: Which column a document's number stands in; the number of any other identifies nobody there.
BOX = {"national_id": "national_id", "foreign_code": "foreign_id"}

explain(
    {
        "round.nothing_accepted": gettext_noop(
            "No household of this round is accepted; accept some first."
        ),
    }
)


def sheet_rows(household: UUID, content: Content) -> list[dict[str, str]]:
    """The rows of one household in the columns of a campaign's census."""
    return [
        {
            "household": household.hex[-12:],
            "relation": one["relation"],
            "first_name": one["first_name"],
            "last_name": one["last_name"],
            "father_name": one["father_name"],
            "birth_date": one["birth"],
            "sex": one["sex"],
            "postal_code": content["postal_code"],
            "mobile": one["mobile"],
            **({BOX[one["document"]]: one["number"]} if one["document"] in BOX else {}),
        }
        for one in content["members"]
    ]


def sheet(round_: Round) -> tuple[bytes, int, int]:
    """The sheet as UTF-8 CSV, with how many households and persons are on it."""
    households = queries.accepted(round_)
    rows = [row for made, content in households for row in sheet_rows(made, content)]
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(), len(households), len(rows)


def feed(
    round_: Round, rolls: Mapping[str, tuple[str, BinaryIO]], *, reach: Reach, pack: str,
    on: dt.date, actor: UUID, synthetic: bool,
) -> Campaign:  # fmt: skip
    """A campaign's draft with the accepted households and insurers' rolls (code → name, bytes).

    Each feeding is a campaign of its own with all households accepted by then. Raises Invalid.
    """
    content, households, persons = sheet(round_)
    if not households:
        raise Invalid("round.nothing_accepted")
    with programme.all_or_nothing() as kept:
        campaign = programme.open_campaign(
            reach=reach, code=round_.area.code, pack=pack, on=on, actor=actor, synthetic=synthetic
        )
        name = f"census-{round_.id.hex[-6:]}.csv"
        kept.append(programme.bring_file(campaign, FileRole.CENSUS, name, io.BytesIO(content)))
        for insurer, (title, source) in rolls.items():
            kept.append(
                programme.bring_file(campaign, FileRole.ROLL, title, source, insurer=insurer)
            )
        Feed.objects.create(
            round=round_, campaign=campaign, province=round_.province, households=households,
            persons=persons, actor=actor,
        )  # fmt: skip
        audit.record(
            "census.feed", actor=actor, kind="census_round", object_id=round_.id,
            content={"campaign": str(campaign.id), "households": households},
            area_path=round_.area_path,
        )  # fmt: skip
    return campaign
