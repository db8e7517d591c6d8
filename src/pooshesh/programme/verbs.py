"""`./pooshesh campaign …`: the same functions as the pages."""

import datetime as dt
import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.programme import actions, places, queries
from pooshesh.programme.campaign import report, run
from pooshesh.programme.campaign.read import Sheet
from pooshesh.programme.models import Campaign, CampaignState, FileRole

SHOWN = 20  # findings printed; all are in the dry run's CSV

explain(
    {
        "campaign.no_file": gettext_noop("There is no file “%(read)s”; expected a CSV or XLSX."),
        "campaign.roll_argument": gettext_noop(
            "“%(read)s” is not a roll; expected INSURER=FILE such as sso=roll.csv."
        ),
        "campaign.roll_twice": gettext_noop("The roll of “%(read)s” was given twice."),
        "campaign.mapping_form": gettext_noop(
            "“%(read)s” is not a mapping; expected JSON of sheets (census, roll or an insurer's"
            " code), each of columns and headers."
        ),
        "campaign.no_day": gettext_noop(
            "“%(read)s” names no day; expected one such as 1400-11-22."
        ),
        "campaign.no_user": gettext_noop("There is no user “%(read)s”."),
        "campaign.unknown": gettext_noop(
            "There is no campaign “%(read)s”; expected the start of its key or id."
        ),
    }
)


@verb(
    "campaign run",
    "Set a census against insurers' rolls: match, register, decide, enrol, report.",
    arg("--census", required=True, type=Path, metavar="FILE", help="CSV or XLSX"),
    arg("--roll", required=True, action="append", metavar="INSURER=FILE",
        help="once per insurer, e.g. ihio=… sso=…"),
    arg("--neighbourhood", required=True, metavar="CODE"),
    arg("--pack", default="iran", help="rule pack (default: iran)"),
    arg("--on", required=True, metavar="DATE", help="day of the campaign, Jalali or ISO"),
    arg("--out", required=True, type=Path, metavar="DIR"),
    arg("--mapping", type=Path, metavar="FILE", help="JSON: sheet → column → header"),
    arg("--save-mapping", type=Path, metavar="FILE", help="write the mapping that was used"),
    arg("--skip-bad-rows", action="store_true", help="go on without rows that cannot be read"),
    arg("--as", dest="user", metavar="USER", help="act as this user, within their area"),
)  # fmt: skip
def campaign_run(options: Namespace) -> int:
    on = _day(options.on)
    user = _user(options.user)
    campaign = _prepare(options, on, user)
    if campaign.state not in (CampaignState.DONE, CampaignState.CLOSED):
        read = None
        # A run that goes on, or was killed, has been checked and allowed before.
        if campaign.state != CampaignState.RUNNING:
            read = _check(campaign, user)
            actions.allow(campaign, skip_bad_rows=options.skip_bad_rows)
        campaign = run.run(campaign.id, _tell, user.id if user else None, read)
    if options.save_mapping:
        _save_mapping(campaign, options.save_mapping)
    actions.people_handed_out(campaign, user.id if user else None)
    for path in report.write(campaign, options.out):
        print(path)  # noqa: T201
    return 0


@verb(
    "campaign close",
    "End a campaign: delete rolls and evidence, keep digests, counts and match results.",
    arg("campaign", help="the start of its key (summary.json) or id"),
    arg("--as", dest="user", metavar="USER", help="act as this user, within their area"),
)
def campaign_close(options: Namespace) -> None:
    user = _user(options.user)
    campaign = _find(options.campaign, _reach(user))
    for data_class, count in actions.close(campaign, user.id if user else None).items():
        print(f"{data_class}: {count}")  # noqa: T201


@verb(
    "programme open",
    "Register a programme for under-served neighbourhoods.",
    arg("code"),
    arg("name_fa"),
    arg("name_en"),
    arg("--declared", type=int, help="how many neighbourhoods it is said to have"),
)
def programme_open(options: Namespace) -> None:
    places.open_programme(
        code=options.code, name_fa=options.name_fa, name_en=options.name_en,
        declared=options.declared, actor=None,
    )  # fmt: skip


@verb(
    "programme join",
    "Neighbourhoods take part in a programme: their residents are then covered free.",
    arg("code", help="of the programme"),
    arg("neighbourhoods", nargs="+", help="codes; see ./pooshesh places list"),
    arg("--since", required=True, help="first day, Jalali or ISO"),
    arg("--until", help="first day it no longer holds"),
)
def programme_join(options: Namespace) -> None:
    count = places.join(
        code=options.code, neighbourhoods=options.neighbourhoods, since=_day(options.since),
        until=_day(options.until) if options.until else None, reach=EVERYWHERE, actor=None,
    )  # fmt: skip
    sys.stdout.write(_("New to the programme: %(count)s") % {"count": count} + "\n")


def _day(typed: str) -> dt.date:
    day = parse_date(typed).date
    if day is None:
        raise Invalid("campaign.no_day", read=typed)
    return day


def _prepare(options: Namespace, on: dt.date, user: User | None) -> Campaign:
    """The campaign of this very input: a new draft with its files, or one made before."""
    files = [(FileRole.CENSUS, "", options.census)]
    for text in options.roll:
        insurer, equals, path = text.partition("=")
        if not equals or not insurer or not path:
            raise Invalid("campaign.roll_argument", read=text)
        if any(insurer == given for _role, given, _path in files):
            raise Invalid("campaign.roll_twice", read=insurer)
        files.append((FileRole.ROLL, insurer, Path(path)))
    for _role, _insurer, path in files:
        if not path.is_file():
            raise Invalid("campaign.no_file", read=str(path))
    mapping = _mapping(options.mapping)
    draft = actions.open_campaign(
        reach=_reach(user), code=options.neighbourhood, pack=options.pack, on=on,
        actor=user.id if user else None, synthetic=settings.POOSHESH_SYNTHETIC,
    )  # fmt: skip
    try:
        chosen = {}
        for role, insurer, path in files:
            with path.open("rb") as source:
                file = actions.bring_file(draft, role, path.name, source, insurer=insurer)
            chosen[file.id] = mapping.get(insurer or role, mapping.get(role, {}))
        return actions.map_columns(draft, chosen, draft.actor)
    except BaseException:
        actions.discard(draft, draft.actor)
        raise


def _check(campaign: Campaign, user: User | None) -> dict[str, Sheet]:
    """The dry run; what stops rows goes to stderr."""
    read = actions.check(campaign, user.id if user else None)
    stopping = [finding for sheet in read.values() for finding in sheet.findings if finding.stops]
    for finding in stopping[:SHOWN]:
        print(  # noqa: T201
            _("%(sheet)s, row %(row)s, %(field)s: %(expected)s")
            % {
                "sheet": finding.sheet, "row": finding.row, "field": finding.title,
                "expected": finding.expected,
            },
            file=sys.stderr,
        )  # fmt: skip
    return read


def _tell(step: str, number: int, of: int) -> None:
    print(f"{number + 1}/{of} {_(step)}", file=sys.stderr)  # noqa: T201


def _user(name: str | None) -> User | None:
    """Who acts; None is the operator of the machine, who holds the database anyway."""
    if name is None:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise Invalid("campaign.no_user", read=name)
    return user


def _reach(user: User | None) -> Reach:
    return user.reach("campaign.run") if user else EVERYWHERE


def _find(text: str, reach: Reach) -> Campaign:
    found = queries.find(reach, text)
    if found is None:
        raise Invalid("campaign.unknown", read=text)
    return found


def _mapping(path: Path | None) -> dict[str, dict[str, str]]:
    if path is None:
        return {}
    if not path.is_file():
        raise Invalid("campaign.no_file", read=str(path))
    try:
        read: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        raise Invalid("campaign.mapping_form", read=path.name) from None
    sheets = read.values() if isinstance(read, dict) else [None]
    if not all(
        isinstance(sheet, dict) and all(isinstance(header, str) for header in sheet.values())
        for sheet in sheets
    ):
        raise Invalid("campaign.mapping_form", read=path.name)
    return dict(read)


def _save_mapping(campaign: Campaign, path: Path) -> None:
    used = {file.insurer or file.role: file.mapping for file in queries.files(campaign)}
    path.write_text(json.dumps(used, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
