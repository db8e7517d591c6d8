"""How a lake lies in its folder, and what its columns mean. Pure.

    manifest.json                               which files hold which month; written last
    facts/province=15/month=1401-10/2.parquet   revision 2 of a month, one file a province
    areas.parquet                               path, code, kind, province, name_fa, name_en
    book/DIGEST/*.yaml                          measures and indicators the months closed with
    dictionary.csv                              every column in both languages

What belongs to no province lies under `province=ir`.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from pooshesh.indicators.book import DIMENSIONS
from pooshesh.insight.months import code_of
from pooshesh.kernel.errors import Invalid, explain, gettext_noop

NATION = "ir"
MANIFEST = "manifest.json"
VERSION = 1

explain(
    {
        "lake.none": gettext_noop("There is no lake in “%(folder)s”; export one first."),
        "lake.broken": gettext_noop("“%(file)s” of the lake is not what was written."),
        "lake.month": gettext_noop("The lake does not hold %(month)s."),
        "lake.busy": gettext_noop("Somebody else writes to “%(folder)s” in this moment."),
        "lake.area": gettext_noop("The lake knows no area “%(read)s”."),
    }
)

#: column → type, Persian, English
COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "province": ("text", "کد دورقمی استان؛ ir برای کل کشور", "two-digit province; ir: the nation"),
    "month": ("text", "ماه جلالی", "Jalali month"),
    "path": ("text", "جای ناحیه در درخت نواحی", "the area's place in the tree of areas"),
    "source": ("text", "دستوری که شمرده است", "the statement that counted"),
    "measure": ("text", "سنجه؛ در دفتر شاخص‌ها تعریف شده است", "measure, defined in the book"),
    "sponsor": ("text", "کد دستگاه حامی", "code of the accountable sponsor"),
    "decile": ("text", "دهک درآمدی، ۱ تا ۱۰", "income decile, 1 to 10"),
    "sex": ("text", "جنس", "sex"),
    "age": ("text", "گروه سنی", "age group"),
    "nationality": ("text", "ملیت", "nationality"),
    "scheme": ("text", "صندوق بیمه؛ none یعنی بدون پوشش", "insurance fund; none: not covered"),
    "disease": ("text", "کد بیماری", "code of the disease"),
    "value": ("int64", "تعداد یا ریال، عدد صحیح", "a whole number of what the measure counts"),
}
assert set(DIMENSIONS) < set(COLUMNS)


@dataclass(frozen=True)
class Month:
    """A month in the lake: its revision, as of when, its digest and its files with their rows."""

    month: str
    revision: int
    as_of: str
    digest: str
    definitions: str
    files: Mapping[str, int]  # address below the folder → rows

    @property
    def rows(self) -> int:
        return sum(self.files.values())


@dataclass(frozen=True)
class Manifest:
    """What a lake holds."""

    made_at: str
    synthetic: bool
    months: Mapping[str, Month] = field(default_factory=dict)


def address(province: str, month: dt.date, revision: int) -> str:
    """Where the facts of a province lie, below the folder."""
    return f"facts/province={province or NATION}/month={code_of(month)}/{revision}.parquet"


def read_manifest(folder: Path) -> Manifest | None:
    """What a lake holds; None where there is none. Errors: Invalid when it cannot be read."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        read = json.loads(path.read_text("utf-8"))
        if read.pop("version") != VERSION:
            raise ValueError("version")
        months = {code: Month(**month) for code, month in read.pop("months").items()}
        return Manifest(months=months, **read)
    except (ValueError, TypeError, KeyError) as error:
        raise Invalid("lake.broken", file=MANIFEST) from error


def written(manifest: Manifest) -> str:
    """The manifest as it is written."""
    return json.dumps({"version": VERSION, **asdict(manifest)}, ensure_ascii=False, indent=1)
