"""The printed certificate of a hand-over."""

from uuid import UUID

from django.utils.translation import gettext as _

from pooshesh.access.models import User
from pooshesh.kernel.audit import digest
from pooshesh.partners import hand_over_queries as queries
from pooshesh.partners.models import HandOver
from pooshesh.partners.queries import names_of
from pooshesh.web.format import jdate, number
from pooshesh.web.pdf import pdf

PAPER = "partners/print/certificate.typ"


def certificate(user: User, one: HandOver) -> bytes:
    """The PDF with the neighbourhoods the viewer sees, both signatures, and a digest of them."""
    areas = list(queries.lines(user, one))
    signed = [(one.giver, one.given_by, one.given_at)] if one.giver else []
    signed.append((one.receiver, one.received_by, one.received_at))
    names = names_of({by for _side, by, _at in signed if by})
    content = {
        "areas": sorted(area.code for area in areas), "on": one.on, "until": one.until,
        "signed": [(str(side.pk), str(by), str(at)) for side, by, at in signed if side],
    }  # fmt: skip
    facts = [
        (_("Giving side"), str(one.giver or _("Nobody: first assignment"))),
        (_("Receiving side"), str(one.receiver)),
        (_("In force from"), jdate(one.on, "prose")),
    ]
    if one.until:
        facts.append((_("Until"), jdate(one.until, "prose")))
    if one.agreement:
        facts.append((_("Under the agreement"), f"{one.agreement.title} ({one.agreement.number})"))
    facts.append((_("Neighbourhoods"), number(len(areas))))
    return pdf(
        PAPER, _("Certificate of the hand-over of neighbourhoods"),
        {
            "facts": facts,
            "hidden": _hidden(one, len(areas)),
            "head": ["", _("Neighbourhood"), _("Code"), _("Lies in")],
            "rows": [
                [number(place), str(area), area.code, str(area.parent or "")]
                for place, area in enumerate(areas, start=1)
            ],
            "signatures": [
                [str(side), _name(names, by), jdate(at, "moment")] for side, by, at in signed
            ],
            "signatures_title": _("Signatures"),
            "digest_title": _("Digest of the content"),
            "digest": digest(content),
        },
        foot=str(one.id), on=one.on,
    )  # fmt: skip


def _hidden(one: HandOver, shown: int) -> str:
    """That some neighbourhoods lie outside the viewer's area, when they do."""
    rest: int = one.places - shown  # type: ignore[attr-defined]
    text = _("Neighbourhoods outside your area, not listed here: %(count)s")
    return text % {"count": number(rest)} if rest else ""


def _name(names: dict[UUID, str], by: UUID | None) -> str:
    return names.get(by, "") if by else ""
