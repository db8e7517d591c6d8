"""Commands of briefings."""

import datetime as dt
import sys
from argparse import Namespace
from pathlib import Path

from pooshesh.access.reach import EVERYWHERE
from pooshesh.briefing import actions, queries, signing
from pooshesh.insight import figures
from pooshesh.insight.months import of_code
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb
from pooshesh.places.models import Area

explain(
    {
        "briefing.no_template": gettext_noop("There is no template “%(read)s”."),
        "briefing.no_month": gettext_noop(
            "“%(read)s” is no month that is counted; expected one such as 1401-10."
        ),
        "briefing.no_moment": gettext_noop(
            "“%(read)s” is no moment; expected one such as 2026-11-22T08:30+03:30."
        ),
    }
)


@verb(
    "briefing make",
    "Make the briefing of an area and month into PDF files, in both languages.",
    arg("folder", metavar="FOLDER", help="where the files are written"),
    arg("--template", default="president", help="code of the template"),
    arg("--area", default="ir", help="code of the area"),
    arg("--month", default="", help="1401-10; default: the last that is counted"),
    arg("--as-of", default="", help="as known then, 2026-11-22T08:30+03:30; default: now"),
    arg("--address", default="", help="of the installation, before figures' paths"),
)
def make(options: Namespace) -> int:
    """Writes FOLDER/briefing-AREA-MONTH-LANGUAGE.pdf; of the same inputs the same bytes."""
    template = queries.template(options.template)
    if template is None:
        raise Invalid("briefing.no_template", read=options.template)
    area = Area.objects.filter(code=options.area).first()
    if area is None:
        raise Invalid("briefing.no_area", read=options.area)
    made = actions.make(
        queries.newest(template), area, _month(options.month), reach=EVERYWHERE,
        address=options.address.rstrip("/"), actor=None, as_of=_moment(options.as_of),
    )  # fmt: skip
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for paper in made.papers.order_by("-language"):
        file = folder / f"briefing-{area.code}-{made.inputs['month']}-{paper.language}.pdf"
        file.write_bytes(bytes(paper.pdf))
        if paper.signature:
            file.with_name(f"{file.name}.sig").write_bytes(bytes(paper.signature))
        sys.stdout.write(f"{paper.sha256}  {file}\n")
    return 0


def _month(text: str) -> dt.date:
    try:
        found = of_code(text) if text else figures.latest_month()
    except ValueError as error:
        raise Invalid("briefing.no_month", read=text) from error
    if found is None:
        raise Invalid("briefing.no_month", read=text)
    return found


def _moment(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("briefing.no_moment", read=text) from error
    if moment.tzinfo is None:
        raise Invalid("briefing.no_moment", read=text)
    return moment


@verb(
    "briefing verify",
    "Check a file's detached signature, FILE.sig beside it; status 1 when it does not fit.",
    arg("file", metavar="FILE"),
    arg("--key", default="", metavar="PEM", help="public key; default: this installation's"),
    database=False,
)
def verify(options: Namespace) -> int:
    """Says in a sentence whether FILE is what was signed."""
    try:
        signing.check(Path(options.file), Path(options.key) if options.key else None)
    except Invalid as error:
        sys.stderr.write(f"{error.message()}\n")
        return 1
    sys.stdout.write(f"{signing.good()}\n")
    return 0
