"""Households whose decile was raised are told before they pay more: they go on the worklist."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from pooshesh.people.models import Membership
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.renewal import deciding, terms
from pooshesh.renewal.days import next_farvardin
from pooshesh.renewal.items import open_items
from pooshesh.renewal.models import Outcome, Row, Why


def tell(households: Sequence[UUID]) -> int:
    """Put the insured of these households who would pay more on the worklist; how many persons.

    In the caller's transaction; a constant number of statements. Cover itself is not touched.
    """
    if not households:
        return 0
    today = timezone.localdate()
    members = Membership.objects.on(today).filter(household__in=list(households))
    held = deciding.held_of(list(members.values_list("person_id", flat=True)), today, today)
    said = zip(held, deciding.verdicts(bound_pack(PACK, today), held), strict=True)
    rows = [
        Row(
            on=next_farvardin(today), person_id=one.person_id, household_id=one.household_id,
            spell_id=one.spell_id, area_id=one.area_id, area_path=one.area_path,
            province=one.province, reason=Why.DECILE_RAISED, outcome=Outcome.CANNOT,
        )
        for one, then in said
        if then.percent is not None and then.percent > (one.percent or 0)
    ]  # fmt: skip
    open_items(None, rows, today + terms.ITEM)
    return len(rows)
