"""`./pooshesh campaign …`: the same functions as the pages."""

import datetime as dt
import json
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.access.reach import EVERYWHERE, Reach
from pooshesh.kernel.calendar import parse_date
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.programme import actions, places, queries, titles
from pooshesh.programme.campaign import report, run
from pooshesh.programme.campaign.findings import Effect
from pooshesh.programme.campaign.read import Sheet
from pooshesh.programme.loads import actions as loads
from pooshesh.programme.loads import folder
from pooshesh.programme.loads import queries as load_queries
from pooshesh.programme.models import Campaign, CampaignState, FileRole
from pooshesh.web.format import number

FIRST = 3  # findings printed of each kind; all are in findings.csv

explain(
    {
        "campaign.no_file": gettext_noop("There is no file “%(read)s”; expected a CSV or XLSX."),
        "campaign.no_mapping": gettext_noop(
            "There is no file “%(read)s”; expected a mapping in JSON."
        ),
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
        "campaign.no_right": gettext_noop(
            "The user “%(read)s” may not run campaigns anywhere; expected a user whose role allows"
            " it, such as a campaign lead."
        ),
        "campaign.unreadable": gettext_noop(
            "“%(read)s” cannot be read; expected a file that your account on this machine may open."
        ),
        "campaign.no_folder": gettext_noop(
            "There is no folder “%(read)s”; make it first, or choose another."
        ),
        "campaign.not_writable": gettext_noop(
            "“%(read)s” cannot be written; expected a folder that takes new files."
        ),
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
    _takes_files(options.out)
    if options.save_mapping:
        _takes_files(options.save_mapping.parent)
    campaign, made = _prepare(options, on, user)
    read: dict[str, Sheet] | None = None
    if campaign.state in actions.BEFORE_RUN:
        read, written = _checked(campaign, options, user, made=made)
    else:  # A run that goes on, was killed or is done has been checked and allowed before.
        written = _tell_findings(campaign, options.out)
    if campaign.state not in (CampaignState.DONE, CampaignState.CLOSED):
        campaign = _ran(campaign, user, read)
    if options.save_mapping:
        _save_mapping(campaign, options.save_mapping)
    actions.people_handed_out(campaign, user.id if user else None)
    with _writing(options.out):
        written += report.write(campaign, options.out)
    for path in written:
        print(path)  # noqa: T201
    return 0


@verb(
    "campaign load",
    "Bring a folder or ZIP of censuses, one per neighbourhood, and the rolls once; run each.",
    arg("folder", type=Path, help="CODE.csv for each census, roll_INSURER.csv for each roll"),
    arg("--on", required=True, metavar="DATE", help="day of the campaigns, Jalali or ISO"),
    arg("--pack", default="iran", help="rule pack (default: iran)"),
    arg("--skip-bad-rows", action="store_true", help="go on without rows that cannot be read"),
    arg("--here", action="store_true", help="run the campaigns in this process, not the worker"),
    arg("--as", dest="user", metavar="USER", help="act as this user, within their area"),
)  # fmt: skip
def campaign_load(options: Namespace) -> int:
    on = _day(options.on)
    user = _user(options.user)
    with folder.opened(options.folder) as found:
        load = loads.bring(
            found, pack=options.pack, on=on, reach=_reach(user), actor=user.id if user else None,
            synthetic=settings.POOSHESH_SYNTHETIC, skip_bad_rows=options.skip_bad_rows,
            tell=_tell_brought,
        )  # fmt: skip
    if options.here:
        loads.run_here(load)
    how = load_queries.progress(load)
    _say(
        _("Sheets: %(sheets)s; done: %(done)s; refused: %(refused)s; in work: %(work)s")
        % {
            "sheets": number(how.sheets), "done": number(how.done),
            "refused": number(how.refused), "work": number(how.brought),
        }
    )  # fmt: skip
    for item in load_queries.refused(load):
        print(f"{item.name}: {item.message}")  # noqa: T201
    return 1 if how.refused else 0


def _tell_brought(done: int, of: int) -> None:
    _say(_("Brought: %(done)s of %(of)s") % {"done": number(done), "of": number(of)})


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


def _prepare(options: Namespace, on: dt.date, user: User | None) -> tuple[Campaign, bool]:
    """The campaign of this very input, and whether it was made now or before."""
    files = [(FileRole.CENSUS, "", options.census)]
    for text in options.roll:
        insurer, equals, path = text.partition("=")
        if not equals or not insurer or not path:
            raise Invalid("campaign.roll_argument", read=text)
        if any(insurer == given for _role, given, _path in files):
            raise Invalid("campaign.roll_twice", read=insurer)
        files.append((FileRole.ROLL, insurer, Path(path)))
    for _role, _insurer, path in files:
        _can_be_read(path)
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
        campaign = actions.map_columns(draft, chosen, draft.actor)
    except BaseException:
        actions.discard(draft, draft.actor)
        raise
    return campaign, campaign.id == draft.id


def _checked(
    campaign: Campaign, options: Namespace, user: User | None, *, made: bool
) -> tuple[dict[str, Sheet], list[Path]]:
    """The sheets of a dry run that may go on, and the file of its findings.

    What was made now and is refused leaves nothing else behind.
    """
    actor = user.id if user else None
    try:
        read = actions.check(campaign, actor)
        written = _tell_findings(campaign, options.out)
        try:
            actions.allow(campaign, skip_bad_rows=options.skip_bad_rows)
        except Invalid:
            for path in written:
                _say(_("All findings: %(path)s") % {"path": path})
            _say(_("“--skip-bad-rows” goes on without the rows that findings stop."))
            raise
    except BaseException:
        if made:
            actions.discard(campaign, actor)
            _say(_("Nothing of the campaign was kept."))
        else:
            _say(_("These sheets were brought before; that campaign is kept as it was."))
        raise
    return read, written


def _ran(campaign: Campaign, user: User | None, read: dict[str, Sheet] | None) -> Campaign:
    """The campaign, run."""
    try:
        return run.run(campaign.id, _tell, user.id if user else None, read)
    except BaseException:
        _say(
            _(
                "The run did not end, and nothing of it was written. The sheets are kept: the same"
                " command begins it anew."
            )
        )
        raise


def _tell_findings(campaign: Campaign, folder: Path) -> list[Path]:
    """Say how many findings there are of each kind, with the first of each; the file of all."""
    found = actions.findings(campaign)
    if found is None:
        _say(_("The findings of the dry run have been deleted, as their day had come."))
        return []
    sheets = titles.sheets()
    for kind, count, first in found.kinds(FIRST):
        _say(
            _("%(sheet)s, %(field)s (%(effect)s): %(count)s")
            % {
                "sheet": sheets[kind.sheet], "field": kind.title, "count": number(count),
                "effect": titles.EFFECTS[kind.effect],
            }
        )  # fmt: skip
        for one in first:
            _say(
                "  "
                + _("row %(row)s: “%(read)s” was read; %(expected)s")
                % {"row": number(one.row), "read": one.read, "expected": one.expected}
            )
    _say(
        _("Findings that stop their row: %(stops)s; not resident then: %(then)s; to know: %(note)s")
        % {
            "stops": number(found.number(Effect.STOPS)),
            "then": number(found.number(Effect.NOT_RESIDENT_THEN)),
            "note": number(found.number(Effect.NOTE)),
        }
    )
    with _writing(folder):
        return [report.write_findings(found, folder)]


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


def _tell(step: str, place: int, of: int) -> None:
    _say(f"{place + 1}/{of} {_(step)}")


def _user(name: str | None) -> User | None:
    """Who acts; None is the operator of the machine, who holds the database anyway."""
    if name is None:
        return None
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise Invalid("campaign.no_user", read=name)
    if not user.may(queries.RUN):
        raise Invalid("campaign.no_right", read=name)
    return user


def _can_be_read(path: Path, missing: str = "campaign.no_file") -> None:
    """Raises Invalid with the path, before anything is begun; `missing` is the code of no file."""
    if not path.is_file():
        raise Invalid(missing, read=str(path))
    try:
        with path.open("rb") as source:
            source.read(1)
    except OSError as error:
        raise Invalid("campaign.unreadable", read=str(path)) from error


def _takes_files(folder: Path) -> None:
    """Raises Invalid with the path where a folder neither takes files nor can be made.

    It is tried: rights do not tell of a disk that is mounted to be read.
    """
    there = folder if folder.exists() else folder.parent
    if not there.exists():
        raise Invalid("campaign.no_folder", read=str(there))
    with _writing(there), tempfile.TemporaryFile(dir=there):
        pass


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Say with the path that a folder could not be written."""
    try:
        yield
    except OSError as error:
        raise Invalid("campaign.not_writable", read=str(folder)) from error


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
    _can_be_read(path, missing="campaign.no_mapping")
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
