"""Enrolling members of a household by the rules, with the documents they brought."""

import datetime as dt
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from pooshesh.coverage import documents
from pooshesh.coverage.actions import SHORTEST_REASON, Enrolment, enrol
from pooshesh.coverage.documents import VAULT, Upload
from pooshesh.coverage.models import Application, Scheme
from pooshesh.coverage.proposals import proposals
from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.text import clean
from pooshesh.people.models import Household, Membership
from pooshesh.people.registration import lock_persons
from pooshesh.people.tables import full_name
from pooshesh.policy.actions import keep_decisions
from pooshesh.policy.queries import PACK, bound_pack
from pooshesh.policy.words import lang

explain(
    {
        "coverage.nobody_chosen": gettext_noop("Choose at least one member of the household."),
        "coverage.not_a_member": gettext_noop(
            "Somebody chosen no longer belongs to this household on %(day)s; look again."
        ),
        "coverage.not_possible": gettext_noop(
            "“%(name)s” cannot be enrolled on %(day)s: the rules say “%(outcome)s”, or there is "
            "cover here already. Nobody was enrolled."
        ),
        "coverage.overrule_reason": gettext_noop(
            "You enrol somebody who is covered elsewhere, or in another fund than the rules say; "
            "write why in at least %(least)s letters."
        ),
    }
)


@transaction.atomic
def enrol_household(
    household: Household,
    members: Sequence[Membership],
    chosen: Collection[UUID],
    *,
    on: dt.date,
    scheme: str = "",
    note: str = "",
    uploads: Sequence[Upload] = (),
    actor: UUID | None,
) -> Application:
    """Enrol the chosen of `members` from a day on, in the fund the rules say or in `scheme`.

    Everybody or nobody, decided anew here by the rules of the day; the decisions are kept. Raises
    Invalid when the rules enrol somebody not, and where the clerk overrules them without a reason.
    """
    if not chosen:
        raise Invalid("coverage.nobody_chosen")
    lock_persons(chosen)
    picked = [one for one in proposals(members, on, lang()) if one.person_id in chosen]
    if len(picked) < len(set(chosen)):
        raise Invalid("coverage.not_a_member", day=on)
    for one in picked:
        if not one.possible:
            raise Invalid(
                "coverage.not_possible", name=full_name(one.membership.person), day=on,
                outcome=one.outcome_title,
            )  # fmt: skip
    note = clean(note)
    overruled = any(one.elsewhere or (scheme and scheme != one.scheme) for one in picked)
    if overruled and len(note) < SHORTEST_REASON:
        raise Invalid("coverage.overrule_reason", least=SHORTEST_REASON)
    decisions = keep_decisions(bound_pack(PACK, on), [one.made for one in picked], actor)
    made = Application.objects.create(
        household=household, since=on, note=note, actor=actor, area_id=household.area_id,
        area_path=household.area_path, province=household.province,
    )  # fmt: skip
    enrol(
        [
            Enrolment(one.person_id, Scheme(scheme or one.scheme), one.percent or 0, decision)
            for one, decision in zip(picked, decisions, strict=True)
        ],
        area=household.area, on=on, actor=actor, application_id=made.pk,
    )  # fmt: skip
    _keep(made, uploads)
    audit.record(
        "coverage.apply", actor=actor, kind="application", object_id=made.pk,
        content={"since": on, "documents": len(uploads)}, purpose=note[:200],
        area_path=household.area_path, persons=[one.person_id for one in picked],
    )  # fmt: skip
    return made


def _keep(made: Application, uploads: Sequence[Upload]) -> None:
    """Seal the documents; what was sealed goes when the rest fails."""
    for one in uploads:
        documents.content_type(one)  # all are looked at before the first is kept
    kept: list[UUID] = []
    try:
        for one in uploads:
            kept.append(documents.keep(made.pk, one).pk)
    except BaseException:
        VAULT.delete(kept)
        raise
