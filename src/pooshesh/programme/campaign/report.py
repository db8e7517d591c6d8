"""What a campaign hands out: people.csv, summary.json and a report that stands alone.

All three are made from the campaign's rows, so the same rows give the same bytes; only timings
differ between two runs of one input on two machines.
"""

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from pooshesh.coverage.models import Scheme
from pooshesh.kernel.calendar import format_jalali
from pooshesh.kernel.text import formula_safe
from pooshesh.programme import titles
from pooshesh.programme.campaign.figures import Figures, Share, figures
from pooshesh.programme.campaign.findings import Findings
from pooshesh.programme.models import (
    Campaign,
    CampaignFile,
    CampaignRow,
    CampaignState,
    FileRole,
    WorkKind,
)
from pooshesh.web.charts import Change

PEOPLE = ("census_row", "person_id", "match", "roll", "roll_row", "score", "scheme", "decision",
          "reasons")  # fmt: skip
FINDINGS = ("row", "sheet", "field", "read", "expected", "severity")


def write(campaign: Campaign, folder: Path) -> list[Path]:
    """Write the three files; each appears whole or not at all. Their paths."""
    folder.mkdir(exist_ok=True)
    found = figures(campaign)
    contents = {
        "people.csv": people_csv(campaign),
        "summary.json": summary_json(campaign, found),
        "report.html": report_html(campaign, found),
    }
    return [_write(folder / name, content) for name, content in contents.items()]


def write_findings(found: Findings, folder: Path) -> Path:
    """Write findings.csv beside the report; its path. It may come before there is a report."""
    folder.mkdir(exist_ok=True)
    return _write(folder / "findings.csv", findings_csv(found))


def _write(path: Path, content: str) -> Path:
    """A file that appears whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(content, encoding="utf-8", newline="")
    return part.replace(path)


def findings_csv(found: Findings) -> str:
    """One line per finding, the gravest first; the columns are `FINDINGS`, its sentences in the
    active language. The mark in front lets a spreadsheet read Persian."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FINDINGS)
    for one in found.listed:
        texts = (one.sheet, one.field, one.read, one.expected, one.effect)
        writer.writerow([one.row, *map(formula_safe, texts)])
    return out.getvalue()


def people_csv(campaign: Campaign) -> str:
    """One line per census row, in its order; the columns are `PEOPLE`."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(PEOPLE)
    rows = CampaignRow.objects.filter(campaign=campaign).order_by("census_row")
    for row in rows.values_list(*PEOPLE).iterator():
        writer.writerow([formula_safe(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def summary(campaign: Campaign, found: Figures) -> dict[str, Any]:
    """The figures of a campaign as plain data. Shares are ratios, counts are persons but for
    those named rows."""
    low, high = found.bounds
    return {
        "campaign": campaign.key,
        "synthetic": campaign.synthetic,
        "neighbourhood": {"code": campaign.area.code, "name_fa": campaign.area.name_fa},
        "sponsor": campaign.sponsor.code,
        "pack": campaign.pack,
        "on": campaign.on.isoformat(),
        "on_jalali": format_jalali(campaign.on, lang="en"),
        "closed": campaign.state == CampaignState.CLOSED,
        "census_rows": found.rows,
        "duplicate_rows": found.duplicate_rows,
        "residents": found.residents,
        "not_resident_then": found.not_resident_then,
        "not_resident_then_rows": found.not_resident_then_rows,
        "rolls_searched": _rolls(campaign),
        "uninsured_means": "on none of the rolls searched",
        "insured_before": found.insured_before,
        "insured_before_total": found.insured,
        "uninsured": found.uninsured,
        "review": found.review,
        "uninsured_share": {
            **_share(found.uninsured_share),
            "interval_95": _rounded(found.uninsured_share.interval),
            "method": "Wilson score, of residents whose match is certain",
            "bounds": [_share(low), _share(high)],
            "bounds_mean": "all under review insured, none under review insured",
        },
        "decisions": found.decisions,
        "enrolled": found.enrolled_total,
        "enrolled_by_scheme": found.enrolled,
        "people_per_day": found.enrolled_by_day,
        "worklists": {"open": found.work_open, "done": found.work_done},
        "timings": dict(sorted(campaign.timings.items())),
    }


def summary_json(campaign: Campaign, found: Figures) -> str:
    return json.dumps(summary(campaign, found), ensure_ascii=False, indent=1) + "\n"


def report_html(campaign: Campaign, found: Figures) -> str:
    """A page without any outside asset, in Persian and English, to be printed or mailed."""
    bodies = {}
    for language in ("fa", "en"):
        with translation.override(language):
            bodies[language] = render_to_string(
                "programme/report_body.html", report_context(campaign, found)
            )
    return render_to_string(
        "programme/report.html", {"bodies": bodies, "campaign": campaign, "area": campaign.area}
    )


def report_context(campaign: Campaign, found: Figures) -> dict[str, Any]:
    """What the report and the result page both show, titles in the active language."""
    schemes, kinds = dict(Scheme.choices), dict(WorkKind.choices)
    insurers = titles.insurers()
    low, high = found.bounds
    return {
        "campaign": campaign,
        "found": found,
        "share": found.uninsured_share,
        "low": low,
        "high": high,
        "changes": changes(found),
        "rolls": _rolls(campaign),
        "insured_before": [
            (insurers.get(code, code), n) for code, n in found.insured_before.items()
        ],
        "enrolled": [(schemes.get(code, code), n) for code, n in found.enrolled.items()],
        "worklists": [
            (kind, kinds[kind], found.work_open.get(kind, 0), found.work_done.get(kind, 0))
            for kind in WorkKind.values
            if kind in found.work_open or kind in found.work_done
        ],
        "days": list(found.enrolled_by_day.items()),
    }


def changes(found: Figures) -> list[Change]:
    """Residents by what is known of their cover, before and after the campaign, in persons.

    They add up to the residents, so those under review stand by themselves.
    """
    both = [
        Change(_("Residents with cover"), found.covered_before, found.covered_after),
        Change(_("Residents without cover"), found.bare_before, found.bare_after),
    ]
    review = Change(_("Match under review, not known"), found.review, found.review)
    return [*both, review] if found.review else both


def _rolls(campaign: Campaign) -> list[dict[str, Any]]:
    """The rolls searched: digest and size stay when the rows are deleted."""
    names = titles.insurers()
    return [
        {"insurer": code, "name": names.get(code, code), "rows": rows, "sha256": sha256, **origin}
        for code, rows, sha256, origin in CampaignFile.objects.filter(
            campaign=campaign, role=FileRole.ROLL
        )
        .order_by("insurer")
        .values_list("insurer", "rows", "sha256", "origin")
    ]


def _share(share: Share) -> dict[str, Any]:
    value = share.value
    return {
        "numerator": share.part,
        "denominator": share.whole,
        "value": None if value is None else round(value, 6),
    }


def _rounded(interval: tuple[float, float] | None) -> list[float] | None:
    return None if interval is None else [round(edge, 6) for edge in interval]
