"""A request on one sheet: what the body reads before it votes; blind, it names nobody."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from pooshesh.documents.models import Document
from pooshesh.documents.queries import attached
from pooshesh.kernel.calendar import age
from pooshesh.kernel.money import Rial
from pooshesh.people.tables import full_name
from pooshesh.requests import evidence, explained, queries
from pooshesh.requests.explained import Said
from pooshesh.requests.models import Appeal, Request
from pooshesh.requests.queries import Year


@dataclass(frozen=True)
class Sheet:
    """What a body sees of a request; `name` "" when it is read blind."""

    request: Request
    name: str
    lines: list[Said]

    @property
    def years(self) -> int | None:
        """The patient's age, which treatment depends on."""
        born = self.request.person.birth_date
        return age(born, timezone.localdate()) if born else None

    @property
    def sex(self) -> str:
        return str(self.request.person.get_sex_display()) if self.request.person.sex else ""

    @property
    def waits(self) -> int:
        """Days since it was brought."""
        return (timezone.localdate() - self.request.on).days

    @cached_property
    def documents(self) -> list[Document]:
        """Documents to the request; blind they are counted only, for they carry names."""
        owners = [self.request.pk, *filter(None, [self.request.parted_from_id])]
        return [one for some in attached(evidence.OWNER, owners).values() for one in some]

    @cached_property
    def use(self) -> Year | None:
        """What the fund granted the patient for that year already."""
        years = queries.years_of(self.request.person_id)
        return next((one for one in years if one.year == self.request.year), None)

    @property
    def left(self) -> int | None:
        return self.use.left if self.use else None

    @property
    def left_rial(self) -> Rial | None:
        return self.use.left_rial if self.use else None

    @cached_property
    def appeals(self) -> list[Appeal]:
        return queries.appeals_of(self.request)

    @property
    def on(self) -> dt.date:
        return self.request.on


def sheet_of(request: Request, *, blind: bool) -> Sheet:
    """The sheet of a request."""
    lines = [explained.line(line) for line in queries.lines(request)]
    return Sheet(request, "" if blind else full_name(request.person), lines)
