"""Who is entitled to free cover, has none here and has not been told: found daily, told by us."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from pooshesh.kernel import audit
from pooshesh.kernel.errors import Invalid, explain, gettext_noop
from pooshesh.kernel.ids import uuid7s
from pooshesh.kernel.jobs import Progress, job
from pooshesh.kernel.sending import Message, send
from pooshesh.kernel.text import clean
from pooshesh.renewal import sending, terms
from pooshesh.renewal.models import Attempt, Channel, Outreach, OutreachState, Result

BATCH = 20_000

explain(
    {
        "renewal.outreach_over": gettext_noop(
            "This person is enrolled, declined or is not entitled any more; nothing was changed."
        ),
        "renewal.no_mobile": gettext_noop("None of the persons chosen has a mobile number."),
    }
)

#: The newest decision about each person; what is decided for a later day does not hold yet. Spells
#: of the person and of records merged into it are met apart: together they would be read whole.
_ENTITLED = """
select d.person_id, d.id, d.on, p.area_id, p.area_path::text, p.province
from people_person p
join lateral (
  select id, person_id, "on", outcome from policy_decision d
  where d.person_id = p.id and d.on <= %(today)s order by d.on desc, d.decided_at desc limit 1
) d on d.outcome = 'enrol_free'
where not exists (select 1 from people_death x where x.person_id = p.id)
  and not exists (select 1 from people_merge g where g.person_id = p.id and g.undone_at is null)
  and not exists (
    select 1 from coverage_spell s
    where s.person_id = p.id and upper_inf(s.recorded)
      and (upper_inf(s.valid) or upper(s.valid) > %(today)s))
  and not exists (
    select 1 from people_merge g join coverage_spell s on s.person_id = g.person_id
    where g.survivor_id = p.id and g.undone_at is null and upper_inf(s.recorded)
      and (upper_inf(s.valid) or upper(s.valid) > %(today)s))
"""


@job("renewal.outreach", every=dt.timedelta(days=1))
def find(progress: Progress) -> dict[str, int]:
    """Find who is entitled to free cover and has none, and settle who was enrolled meanwhile."""
    today = timezone.localdate()
    progress(_("Finding who is entitled"), 0, 2)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('renewal outreach'))")
        cursor.execute(
            f"create temp table entitled on commit drop as {_ENTITLED}", {"today": today}
        )
        cursor.execute(
            """update renewal_outreach o set state = case when exists (
                 select 1 from coverage_spell s join coverage_insurer i on i.code = s.insurer_id
                 where s.person_id = o.person_id and i.ours and upper_inf(s.recorded)
                   and (upper_inf(s.valid) or upper(s.valid) > %s)
               ) then 'enrolled' else 'lapsed' end
               where o.state in ('untold', 'told')
                 and not exists (select 1 from entitled e where e.person_id = o.person_id)""",
            [today],
        )
        settled = cursor.rowcount
        cursor.execute(
            """select e.* from entitled e where not exists (
                 select 1 from renewal_outreach o where o.person_id = e.person_id
                   and (o.state in ('untold', 'told') or o.decision_id = e.id))"""
        )
        rows = cursor.fetchall()
        cursor.execute("drop table entitled")
        Outreach.objects.bulk_create(
            [
                Outreach(
                    id=pk, person_id=person, decision_id=decision, decided_on=on,
                    deadline=max(on, today) + terms.TELL, area_id=area, area_path=path,
                    province=province,
                )
                for pk, (person, decision, on, area, path, province) in zip(
                    uuid7s(len(rows)), rows, strict=True
                )
            ],
            batch_size=2_000,
        )  # fmt: skip
    progress(_("Finding who is entitled"), 2, 2)
    return {"found_entitled": len(rows), "settled_entitled": settled}


@transaction.atomic
def attempt(
    one: Outreach, channel: Channel, result: Result, *, note: str = "", actor: UUID
) -> Attempt:
    """Write down that somebody was tried to be told, and what came of it. Raises Invalid."""
    one = Outreach.objects.select_for_update().get(pk=one.pk)
    if one.state not in (OutreachState.UNTOLD, OutreachState.TOLD):
        raise Invalid("renewal.outreach_over")
    made = Attempt.objects.create(
        outreach=one, channel=channel, result=result, note=clean(note)[:300], actor=actor
    )
    if result in (Result.TOLD, Result.DECLINED):
        one.told_on = one.told_on or timezone.localdate()
        one.state = OutreachState.TOLD if result == Result.TOLD else OutreachState.DECLINED
    one.attempts += 1
    one.save(update_fields=["told_on", "state", "attempts"])
    audit.record(
        "renewal.attempt", actor=actor, kind="outreach", object_id=one.pk,
        content={"channel": channel, "result": result}, area_path=one.area_path,
        persons=[one.person_id],
    )  # fmt: skip
    return made


@transaction.atomic
def send_messages(rows: Iterable[Outreach], text: str, *, actor: UUID) -> int:
    """Hand a message for each of these over to the sender; how many. Raises Invalid for none.

    Handed over is not told: the state stays until somebody confirms it.
    """
    chosen = [one for one in rows if one.state == OutreachState.UNTOLD]
    numbers = sending.numbers([one.person_id for one in chosen])
    sent = [one for one in chosen if one.person_id in numbers]
    if not sent:
        raise Invalid("renewal.no_mobile")
    Attempt.objects.bulk_create(
        [
            Attempt(outreach=one, channel=Channel.SMS, result=Result.SENT, actor=actor)
            for one in sent
        ]
    )
    Outreach.objects.filter(pk__in=[one.pk for one in sent]).update(attempts=F("attempts") + 1)
    audit.record(
        "renewal.send", actor=actor, kind="outreach", content={"messages": len(sent)},
        persons=[one.person_id for one in sent],
    )  # fmt: skip
    messages = [Message(one.pk, numbers[one.person_id], text) for one in sent]
    transaction.on_commit(lambda: send(messages))
    return len(sent)
