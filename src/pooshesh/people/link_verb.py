"""`./pooshesh link`: link two files of people, or find the doubles of one. No database."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.verbs import arg, verb

if TYPE_CHECKING:
    import polars as pl

_PARQUET = b"PAR1"
#: Words of clerks, as the product's own pages say them.
TOLD = {"same": True, "different": False}
UNTOLD = {"", "open", "unsure"}

explain(
    {
        "link.parquet": gettext_noop(
            "“%(file)s” cannot be read as Parquet; the file is damaged or of another kind."
        ),
        "link.input": gettext_noop(
            "“%(file)s” is one of the files to be linked; expected another name for the result."
        ),
        "link.judged": gettext_noop(
            "“%(file)s” needs the columns left_row, right_row and judged; read: %(read)s."
        ),
        "link.word": gettext_noop(
            "“%(file)s”, row %(row)s: “%(read)s” was read; expected two row numbers, and the word"
            " same, different, or nothing."
        ),
    }
)


@verb(
    "link",
    "Link two files of people, or find the doubles of one (CSV, XLSX or Parquet). Writes"
    " left_row, right_row, score, class (match or review), sorted by rows; the first row below the"
    " headers is row 1.",
    arg("left", metavar="A", type=Path, help="the file; alone, its doubles are sought"),
    arg("right", metavar="B", type=Path, nargs="?", help="the file to link it to"),
    arg("--out", type=Path, required=True, metavar="LINKS.csv",
        help="where the links go; a file that is there is replaced once all is done"),
    arg("--map", default="", metavar="FIELD=HEADER,...",
        help="columns that are not recognised by their headers; fields: first_name, last_name,"
        " father_name, birth_date, national_id, foreign_id, sex, postal_code, mobile, household."
        " In B too, as far as B has these headers"),
    arg("--judged", type=Path, metavar="JUDGED.csv",
        help="pairs somebody looked at: left_row, right_row as in LINKS.csv, judged (same,"
        " different, or nothing). They teach the model and stay as judged"),
    arg("--map-b", metavar="FIELD=HEADER,...", help="the same for B alone"),
    database=False,
)  # fmt: skip
def link(options: Namespace) -> int:
    from pooshesh.kernel.sheets import header_key
    from pooshesh.people.linkage.columns import chosen, people_of
    from pooshesh.people.linkage.files import link_files

    out = options.out.resolve()
    files = [file for file in (options.left, options.right, options.judged) if file]
    if out in [file.resolve() for file in files]:
        raise Invalid("link.input", file=out.name)
    choice, choice_b = chosen(options.map), chosen(options.map_b or "")
    if not out.parent.is_dir() or out.is_dir():
        (out if out.is_dir() else out.parent / out.name).open("ab").close()  # says what is wrong
    _say(_("reading"))
    words = judgements(options.judged) if options.judged else None
    frames = []
    for number, file in enumerate(file for file in (options.left, options.right) if file):
        frame = read(file)
        if number:
            has = {header_key(header) for header in frame.columns}
            shared = {f: h for f, h in choice.items() if header_key(h) in has}
            choice = {**shared, **choice_b}
        numbered = people_of(frame.drop("__row"), file.name, choice)
        frames.append(numbered.with_columns(row=frame["__row"]))
    steps = {
        "keys": _("normalising names and numbers"), "pairs": _("comparing likely pairs"),
        "model": _("learning from identifiers"), "clusters": _("joining rows to persons"),
    }  # fmt: skip
    right = frames[1] if options.right else None
    links = link_files(frames[0], right, words, progress=lambda step: _say(steps[step]))
    partial = out.with_name(f".{out.name}.new")
    try:
        links.write_csv(partial, float_precision=6)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    matches = links["class"].eq("match").sum()
    _say(
        _("%(matches)s pairs match, %(review)s are for a clerk; written to %(file)s")
        % {"matches": f"{matches:,}", "review": f"{len(links) - matches:,}", "file": options.out}
    )
    return 0


def judgements(file: Path) -> pl.DataFrame:
    """The pairs of a file that were judged: left, right, same, as `link_files` takes them.

    What was left open, or was not clear, is no lesson. Raises OSError or Invalid.
    """
    import polars as pl

    from pooshesh.people.linkage.files import JUDGED_SCHEMA

    frame = read(file)
    names = ("left_row", "right_row", "judged")
    if not set(names) <= set(frame.columns):
        headers = ", ".join(name for name in frame.columns if name != "__row")
        raise Invalid("link.judged", file=file.name, read=headers)
    found = []
    for row, *cells in frame.select("__row", *names).iter_rows():
        left, right, word = (str("" if cell is None else cell).strip() for cell in cells)
        if word.lower() in UNTOLD:
            continue
        if not (left.isdecimal() and right.isdecimal() and word.lower() in TOLD):
            raise Invalid("link.word", file=file.name, row=row, read=f"{left}, {right}, {word}")
        found.append((int(left), int(right), TOLD[word.lower()]))
    return pl.DataFrame(found, JUDGED_SCHEMA, orient="row")


def read(file: Path) -> pl.DataFrame:
    """The file as text columns with `__row`, the place of each row below the headers.

    Raises OSError or Invalid.
    """
    import polars as pl

    from pooshesh.kernel.sheets import read_table

    with file.open("rb") as opened:
        parquet = opened.read(len(_PARQUET)) == _PARQUET
    if not parquet:
        table = read_table(file)
        return table.frame.with_columns(__row=table.rows.cast(pl.Int64) - 1)
    try:
        frame = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError):
        raise Invalid("link.parquet", file=file.name) from None
    if frame.is_empty():
        raise Invalid("sheet.no_rows", file=file.name)
    return frame.with_columns(__row=pl.int_range(1, len(frame) + 1))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
