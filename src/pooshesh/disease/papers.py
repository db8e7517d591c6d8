"""What the certificate of a tag says; `print/tag.typ` lays it out."""

import io

import segno
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.coverage import codes
from pooshesh.disease.models import Tag
from pooshesh.disease.tags import code_of
from pooshesh.people.tables import full_name
from pooshesh.web.format import digits, jdate
from pooshesh.web.pdf import pdf


def certificate(tag: Tag, address: str) -> bytes:
    """The certificate of a tag, with a card to cut out whose code says whether it holds."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", xmldecl=False, border=2)
    number = digits(str(tag.number))
    ends = jdate(tag.ends, "prose") if tag.ends else _("without end")
    name = full_name(tag.person)
    systems = (("ICD-10", tag.disease.icd10), ("ORPHA", tag.disease.orpha))
    rows = [
        [_("Patient"), name],
        [_("Father's name"), tag.person.father_name or "—"],
        [_("Birth date"), jdate(tag.person.birth_date, "prose") or "—"],
        [_("Disease"), str(tag.disease)],
        [_("Codes"), " · ".join(f"{system} {code}" for system, code in systems if code) or "—"],
        [_("Number of the tag"), number],
        [_("Tagged from"), jdate(tag.starts, "prose")],
        [_("Holds until before"), ends],
        [_("Source"), tag.get_source_display()],
    ]
    said = [
        _(
            "Whoever is shown this paper scans the square, or types the code at the address below "
            "it, and reads whether the tag holds at that moment. The page names nobody."
        )
    ]
    if not tag.disease.confirmed_on:
        said.append(
            _("To be confirmed by a clinician: that this name and these codes belong together.")
        )
    data = {
        "facts": rows, "said": said,
        "printed": _("Printed on %(day)s") % {"day": jdate(timezone.localdate(), "prose")},
        "card": [[_("Patient"), name], [_("Disease"), str(tag.disease)],
                 [_("Number of the tag"), number], [_("Holds until before"), ends]],
        "card_title": _("Disease tag"), "fund": _("Patients' fund"),
        "code": {"svg": drawn.getvalue().decode(), "written": codes.written(code_of(tag)),
                 "address": address},
    }  # fmt: skip
    return pdf("disease/print/tag.typ", _("Certificate of a disease tag"), data)
