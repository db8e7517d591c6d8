"""Reasons for which applications go back: who may write them for the nation, and what they say.

A reason that is changed or retired changes nothing that was said: an application keeps the words it
was returned with.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pooshesh.documents.models import DocumentKind
from pooshesh.fund.models import ReturnTemplate
from pooshesh.fund.wording import checked
from pooshesh.kernel import audit
from pooshesh.kernel.ids import uuid7
from pooshesh.kernel.text import clean
from pooshesh.web.format import jdate

LONGEST = 600  # letters of a reason
#: What a place of a reason is filled with, for who writes reasons.
PLACES = {
    "missing": _("the documents that are missing"),
    "day": _("the last day to bring them"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What somebody wrote: titles for the clerks, texts for the patients, days to complete it."""

    title_fa: str
    title_en: str
    text_fa: str
    text_en: str
    days: int
    order: int | None = None  # None: the last one

    def values(self) -> dict[str, object]:
        """As kept. Raises Invalid for places a reason has not."""
        return {
            "title_fa": clean(self.title_fa), "title_en": clean(self.title_en), "days": self.days,
            "text_fa": checked(self.text_fa, PLACES, most=LONGEST),
            "text_en": checked(self.text_en, PLACES, most=LONGEST),
        }  # fmt: skip


@transaction.atomic
def add(said: Reason, *, actor: UUID) -> ReturnTemplate:
    """A new reason. Raises Invalid as `Reason.values`."""
    last = ReturnTemplate.objects.aggregate(last=Max("order"))["last"]
    order = said.order if said.order is not None else (last or 0) + 1
    made = ReturnTemplate.objects.create(
        code=f"own-{uuid7().hex[-12:]}", order=order, **said.values()
    )
    _record(made, actor, {"verb": "add", **said.values()})
    return made


@transaction.atomic
def change(code: str, said: Reason, *, actor: UUID) -> ReturnTemplate:
    """Other words from now on. Raises Invalid as `Reason.values`."""
    row = ReturnTemplate.objects.select_for_update().get(pk=code)
    for name, value in said.values().items():
        setattr(row, name, value)
    row.order = row.order if said.order is None else said.order
    row.save()
    _record(row, actor, {"verb": "change", **said.values()})
    return row


@transaction.atomic
def retire(code: str, *, actor: UUID) -> ReturnTemplate:
    """The reason is not offered any more; once retired it stays so."""
    row = ReturnTemplate.objects.select_for_update().get(pk=code)
    if row.retired_at is None:
        row.retired_at = timezone.now()
        row.save(update_fields=["retired_at"])
        _record(row, actor, {"verb": "retire"})
    return row


@transaction.atomic
def revive(code: str, *, actor: UUID) -> ReturnTemplate:
    """The reason is offered again."""
    row = ReturnTemplate.objects.select_for_update().get(pk=code)
    if row.retired_at is not None:
        row.retired_at = None
        row.save(update_fields=["retired_at"])
        _record(row, actor, {"verb": "revive"})
    return row


def _record(row: ReturnTemplate, actor: UUID, content: Mapping[str, object]) -> None:
    audit.record(
        "fund.template", actor=actor, kind="return_template", object_id=row.pk, content=content
    )


def worded(
    template: ReturnTemplate, missing: Sequence[str], titles: Mapping[str, str], last: dt.date
) -> str:
    """What the patient reads, in Persian whatever the clerk's screen speaks.

    `missing`: kinds of documents; `titles`: what the disease calls them.
    """
    with translation.override("fa"):
        kinds = dict(DocumentKind.choices)
        named = [str(titles.get(kind) or kinds.get(kind, kind)) for kind in missing]
        return template.text_fa.format(
            missing="، ".join(named) or gettext("the documents that are asked for"),
            day=jdate(last, "prose"),
        )
