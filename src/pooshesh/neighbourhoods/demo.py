"""Synthetic needs of some neighbourhoods, and benefits given to households of the demo campaign."""

import datetime as dt
from random import Random
from uuid import UUID

from django.utils import timezone

from pooshesh.kernel.money import Rial
from pooshesh.neighbourhoods import actions
from pooshesh.neighbourhoods.actions import Given
from pooshesh.neighbourhoods.models import Assessment
from pooshesh.neighbourhoods.needs import WORST, questionnaire
from pooshesh.partners.models import Organisation
from pooshesh.people.models import Household
from pooshesh.places.models import Area, AreaKind

#: Nobody's account: who assessed and confirmed before accounts were opened.
ASSESSOR, CONFIRMER = UUID(int=1), UUID(int=2)
PLACES, HOUSEHOLDS, SEED = 12, 30, 1400


def load() -> None:
    """Assessments and benefits, unless there are any."""
    if Assessment.objects.exists():
        return
    random, today = Random(SEED), timezone.localdate()  # noqa: S311 - the same every time
    areas = Area.objects.filter(kind=AreaKind.NEIGHBOURHOOD).order_by("path")[:PLACES]
    for place, area in enumerate(areas):
        one = actions.begin_assessment(area, today - dt.timedelta(days=place), actor=ASSESSOR)
        answers = {q.code: random.randint(0, WORST) for q in questionnaire().questions}
        actions.answer(one, answers, actor=ASSESSOR)
        actions.move(one, "submit", actor=ASSESSOR)
        if place % 3:
            actions.move(one, "confirm", actor=CONFIRMER)
    giver = Organisation.objects.filter(code="welfare").first()
    homes = list(Household.objects.select_related("area").order_by("pk")[:HOUSEHOLDS])
    if giver and homes:
        actions.give(
            [
                Given(
                    home, random.choice(["food", "school", "equipment"]),
                    today - dt.timedelta(days=random.randint(0, 90)),
                )
                for home in homes
            ]
            + [Given(homes[0], "cash", today, amount=Rial(20_000_000))],
            organisation=giver, actor=ASSESSOR,
        )  # fmt: skip
