"""What the trail's codes of this room are called."""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "disease.seed": _("Laid the list of diseases"),
    "disease.add": _("Added a disease"),
    "disease.change": _("Changed a disease"),
    "disease.confirm": _("Confirmed names and codes of a disease"),
    "disease.ask_for": _("Asked for evidence of a disease"),
    "disease.ask_no_more": _("Asked for evidence no longer"),
    "disease.issue_tag": _("Issued a disease tag"),
    "disease.tag_renewed": _("Renewed a disease tag"),
    "disease.tag_revoked": _("Revoked a disease tag"),
    "disease.tag_died": _("Ended a disease tag by death"),
    "disease.tag_revived": _("Let a disease tag hold again"),
    "disease.check_tag": _("Checked a disease tag on the public page"),
    "disease.open_claim": _("Asked a university to decide a diagnosis"),
    "disease.claim_tag": _("Found a disease and tagged"),
    "disease.claim_return": _("Returned a diagnosis for completion"),
    "disease.claim_reopen": _("Asked a university again about a diagnosis"),
    "disease.claim_complete": _("Completed a diagnosis"),
    "disease.claim_refuse": _("Refused a diagnosis"),
    "disease.claim_appeal": _("Appealed a refused diagnosis"),
    "disease.claim_uphold": _("Upheld a refused diagnosis"),
    "disease.claim_overturn": _("Overturned a refused diagnosis"),
    "disease.claim_close": _("Closed a diagnosis without a decision"),
    "disease": _("Disease"),
    "tag": _("Disease tag"),
    "claim": _("Diagnosis to decide"),
    "codes of tags": _("Codes of disease tags"),
}
