"""The writes of verification calls: drawing the sample, keeping what a call told."""

import secrets
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.programme.calls import queries
from pooshesh.programme.calls.draw import digest, draw, size
from pooshesh.programme.calls.models import Call, Outcome, Sample
from pooshesh.programme.models import Campaign, CampaignState

WIDTHS = (2, 3, 5, 10)  # percentage points that may be wanted

explain(
    {
        "sample.early": gettext_noop(
            "A sample is drawn once a campaign has a result; this one is in the state “%(state)s”."
        ),
        "sample.nobody": gettext_noop("The campaign insured nobody, so there is nobody to call."),
        "sample.drawn": gettext_noop(
            "The sample of this campaign was drawn before; drawing until one likes it would no"
            " longer be random."
        ),
    }
)


@transaction.atomic
def draw_sample(
    campaign: Campaign, half_width: int, *, actor: UUID | None, seed: str | None = None
) -> Sample:
    """Draw whom to call of those a campaign insured. Raises Invalid with a sample.* code.

    `half_width` is how well the share is to be known, in percentage points.
    """
    campaign = Campaign.objects.select_for_update(no_key=True).get(id=campaign.id)
    if campaign.state not in (CampaignState.DONE, CampaignState.CLOSED):
        raise Invalid("sample.early", state=campaign.get_state_display())
    if Sample.objects.filter(campaign=campaign).exists():
        raise Invalid("sample.drawn")
    frame = queries.insured(campaign)
    if not frame:
        raise Invalid("sample.nobody")
    sample = Sample.objects.create(
        campaign=campaign, seed=seed or secrets.token_hex(8), frame=len(frame),
        digest=digest(frame), size=size(len(frame), half_width), half_width=half_width, actor=actor,
    )  # fmt: skip
    Call.objects.bulk_create(
        Call(
            sample=sample, place=place, person_id=person, area_id=campaign.area_id,
            area_path=campaign.area_path, province=campaign.province,
        )
        for place, person in enumerate(draw(sample.seed, frame, sample.size), 1)
    )  # fmt: skip
    audit.record(
        "sample.draw", actor=actor, kind="campaign", object_id=campaign.id,
        content={"seed": sample.seed, "frame": sample.digest, "size": sample.size},
        area_path=campaign.area_path,
    )  # fmt: skip
    return sample


@transaction.atomic
def keep_call(call: Call, outcome: str, note: str, *, actor: UUID | None) -> None:
    """Keep what a call told; a later one takes its place, and the trail keeps both."""
    Call.objects.filter(id=call.id).update(
        outcome=Outcome(outcome), note=clean(note)[:200], called_by=actor,
        called_at=timezone.now(), tries=F("tries") + 1,
    )  # fmt: skip
    audit.record(
        "sample.call", actor=actor, kind="call", object_id=call.id, content={"outcome": outcome},
        area_path=call.area_path, persons=[call.person_id],
    )  # fmt: skip


@transaction.atomic
def show_number(call: Call, *, actor: UUID | None) -> str:
    """The mobile number of somebody to call, "" where none is known; that it was shown is kept."""
    audit.record(
        "sample.reveal", actor=actor, kind="call", object_id=call.id, fields=["mobile"],
        area_path=call.area_path, persons=[call.person_id],
    )  # fmt: skip
    return queries.mobile(call)
